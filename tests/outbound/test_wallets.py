import asyncio
import json
import time

import pytest
from outbound.servers import OK, reply, scripted

from acca.core.confirming import PlayerKnown
from acca.core.delivery import Verdict
from acca.core.operator import OperatorSettings
from acca.core.setting import Asked, change_settings
from acca.core.ticket_facts import Lane
from acca.outbound.caller import Machine
from acca.outbound.wallets import Delivery, Player, Target, Wallets
from acca_client.webhook import verify

SECRET = "a" * 64
PLAYER = {"player_id": "p-1", "currency": "KES", "lang": "en", "balance": 5}


def target(port, **settings):
    asked = {
        "pam_url": f"http://127.0.0.1:{port}/pam",
        "sms_url": f"http://127.0.0.1:{port}/sms",
        "connect_timeout": "500ms",
        "identify_timeout": "1s",
        "breaker_probe_interval": "1s",
        **settings,
    }
    changes = [Asked(name, value) for name, value in asked.items()]
    return Target("site", change_settings(OperatorSettings(), changes, lambda _: []), SECRET)


@pytest.fixture
async def wallets():
    made = Wallets(Machine(lambda: int(time.time()), time.monotonic), allow_private=True)
    yield made
    await made.close()


def identified(**changes):
    return reply(200, json.dumps({**PLAYER, **changes}).encode())


def headers_of(request):
    head, _ = request
    lines = head.decode().split("\r\n")[1:]
    pairs = (line.split(": ", 1) for line in lines if ": " in line)
    return {name.lower(): value for name, value in pairs}


async def test_a_token_is_a_player_with_its_class(wallets):
    flags = {"tax_zero": True, "tax_none": False, "vip": True}
    async with scripted(identified(feature_flags=flags, msisdn="254700000001")) as (server, port):
        player = await wallets.identify(target(port), "token")
    known = PlayerKnown("p-1", "254700000001")
    assert Player(known, "KES", "zero") == player
    request = server.requests[0]
    webhook = verify([SECRET], headers_of(request), request[1], int(time.time()))
    assert ("identify", "token") == (webhook.action, webhook.data.token)


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        (reply(403, b'{"code":101}'), Verdict.DECLINED),
        (reply(500), Verdict.UNREACHED),
        (reply(200), Verdict.UNREACHED),
        (reply(200, b"<html>"), Verdict.UNREACHED),
        (reply(200, b'{"player_id":""}'), Verdict.UNREACHED),
        (reply(302, location="/"), Verdict.UNREACHED),
    ],
    ids=["403", "500", "empty", "html", "shape", "302"],
)
async def test_what_names_no_player_is_a_verdict(wallets, script, verdict):
    async with scripted(script) as (_, port):
        assert verdict is await wallets.identify(target(port), "token")


async def test_an_answer_is_reused_only_where_the_operator_says_so(wallets):
    async with scripted(identified()) as (server, port):
        for reuse, calls in (("off", 2), ("10s", 3)):
            for _ in range(2):
                await wallets.identify(target(port, identify_reuse=reuse), "token")
            assert calls == len(server.requests)


async def test_a_delivery_says_which_it_is_and_is_signed_anew(wallets):
    body = b'{"action":"ticket_closed","data":{"operator":"site","ticket_id":"%b"}}' % (b"0" * 24)
    async with scripted(OK) as (server, port):
        for attempt in (1, 2):
            delivery = Delivery(Lane.PAM, body, f"{'0' * 24}-7", attempt)
            answer = await wallets.deliver(target(port), delivery)
            assert Verdict.ACCEPTED is answer.verdict
    webhook = verify([SECRET], headers_of(server.requests[1]), body, int(time.time()))
    assert (7, 2) == (webhook.n, webhook.attempt)
    assert server.requests[0][1] == server.requests[1][1] == body


async def test_a_notification_goes_to_the_sms_receiver_in_the_operators_name(wallets):
    async with scripted(OK) as (server, port):
        await wallets.deliver(target(port), Delivery(Lane.SMS, b"{}", "x-1", 1))
    head, _ = server.requests[0]
    assert head.startswith(b"POST /sms ")
    assert "site" == headers_of(server.requests[0])["operator-name"]


async def test_a_wallet_that_fails_is_spared_and_tried_again_when_it_lives(wallets):
    async with scripted(reply(500)) as (server, port):
        there = target(port, breaker_failures="3")
        for _ in range(3):
            assert Verdict.UNREACHED is await wallets.identify(there, "token")
        assert wallets.is_open("site")
        assert 0 == wallets.capacity("site")
        asked = len(server.requests)
        assert Verdict.UNREACHED is await wallets.identify(there, "token")
        assert asked == len(server.requests)
        server.script = identified()
        async with asyncio.timeout(10):
            while wallets.capacity("site") == 0:  # noqa: ASYNC110 - the probe looks by itself
                await asyncio.sleep(0.05)
        pings = [body for _, body in server.requests[asked:]]
        assert b'{"action":"ping","data":{"operator":"site"}}' == pings[0]
        assert "signature" not in headers_of(server.requests[asked])
        assert isinstance(await wallets.identify(there, "token"), Player)
        assert not wallets.is_open("site")


async def test_a_no_never_opens_the_breaker(wallets):
    async with scripted(reply(400)) as (_, port):
        for _ in range(20):
            assert Verdict.DECLINED is await wallets.identify(target(port), "token")
    assert not wallets.is_open("site")


async def test_one_operators_outage_is_not_anothers(wallets):
    async with scripted(reply(500)) as (_, bad), scripted(identified()) as (_, good):
        for _ in range(9):
            await wallets.identify(target(bad), "token")
        assert wallets.is_open("site")
        well = target(good)._replace(operator="well")
        assert isinstance(await wallets.identify(well, "token"), Player)


async def test_an_operator_without_a_wallet_reaches_nobody(wallets):
    there = target(1, pam_url="off", sms_url="off")
    assert Verdict.UNREACHED is await wallets.identify(there, "token")
    answer = await wallets.deliver(there, Delivery(Lane.SMS, b"{}", "x-1", 1))
    assert (Verdict.UNREACHED, False) == (answer.verdict, answer.was_sent)


async def test_a_changed_url_is_called_from_then_on(wallets):
    async with scripted(identified()) as (first, one), scripted(identified()) as (second, two):
        for port in (one, two, two):
            assert isinstance(await wallets.identify(target(port), "token"), Player)
    assert (1, 2) == (len(first.requests), len(second.requests))


async def test_more_calls_than_the_wallet_bears_wait_for_a_place(wallets):
    async def slow(_reader, writer):
        await asyncio.sleep(0.05)
        writer.write(identified())
        await writer.drain()

    async with scripted(slow) as (_, port):
        there = target(port, identify_timeout="10s")
        players = await asyncio.gather(
            *(wallets.identify(there, f"token-{number}") for number in range(120))
        )
    assert all(isinstance(player, Player) for player in players)
