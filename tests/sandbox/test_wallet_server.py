import json
import time

import httpx2
import pytest
from sandbox.wallet_calls import (
    KEY,
    OPENING,
    TICKET,
    body,
    identify_body,
    post,
    signed,
    written,
)

from acca_sandbox.wallet.running import WalletOptions, run_wallet

SMS = written("otp", {}).replace(b"action", b"type")


@pytest.fixture
async def running():
    async with run_wallet(WalletOptions(players=2, balance_cents=OPENING)) as wallet:
        yield wallet


@pytest.fixture
async def client(running):
    async with httpx2.AsyncClient(base_url=running.url, timeout=20) as opened:
        yield opened


async def control(client, method, path, **document):
    answer = await client.request(method, f"/control/{path}", json=document or None)
    return answer.status_code, answer.json()


async def fresh_token(client, **more):
    _, answer = await control(client, "POST", "tokens", player_id="player-1", **more)
    return answer["tokens"][0]


async def test_a_ping_needs_no_signature(client):
    answer = await client.post("/pam", content=written("ping", {"operator": "site"}))
    assert (200, {"message": "ok"}) == (answer.status_code, answer.json())


async def test_a_token_tells_its_player(client):
    answer = await post(client, "", identify_body(await fresh_token(client)))
    assert 200 == answer.status_code
    told = answer.json()
    assert ["player_id", "lang", "balance", "currency", "feature_flags", "msisdn"] == list(told)
    assert ("player-1", OPENING, "KES") == (told["player_id"], told["balance"], told["currency"])


async def test_an_unknown_token_is_not_found(client):
    answer = await post(client, "", identify_body("nobody's"))
    assert (400, 101) == (answer.status_code, answer.json()["code"])


async def test_a_single_use_token_serves_once(client):
    document = identify_body(await fresh_token(client, single_use=True))
    assert [200, 400] == [(await post(client, "", document)).status_code for _ in range(2)]


async def test_a_ticket_lives_its_life(client):
    for n, action in enumerate(("ticket_create", "ticket_win", "ticket_closed"), 1):
        assert 200 == (await post(client, "", body(action), n)).status_code
    _, player = await control(client, "GET", "players/player-1")
    assert OPENING - 500 + 2602 == player["balance"]
    _, ticket = await control(client, "GET", f"tickets/{TICKET}")
    assert ("won", True, 3) == (ticket["outcome"], ticket["closed"], ticket["last_n"])


@pytest.mark.parametrize(
    ("key", "behind_seconds", "reason"),
    [
        ("another", 0, "does not fit"),
        (KEY, 301, "more than 300 s"),
        (KEY, -302, "more than 300 s"),
    ],
)
async def test_a_call_that_is_not_to_be_believed_is_a_violation(
    client, running, key, behind_seconds, reason
):
    document = body("ticket_create")
    headers = signed(document, key, int(time.time()) - behind_seconds)
    headers["delivery-id"] = f"{TICKET}-1"
    answer = await client.post("/pam", content=document, headers=headers)
    assert 403 == answer.status_code
    assert reason in answer.json()["message"]
    assert ({}, 1) == (running.ledger.tickets, len(running.wallet.refused))


async def test_a_changed_body_is_refused(client):
    document = body("ticket_create")
    headers = signed(document) | {"delivery-id": f"{TICKET}-1"}
    changed = document.replace(b'"price":500', b'"price":501')
    answer = await client.post("/pam", content=changed, headers=headers)
    assert 403 == answer.status_code


async def test_a_call_without_signature_is_refused(client):
    answer = await client.post("/pam", content=body("ticket_create"))
    assert 403 == answer.status_code


@pytest.mark.parametrize("delivery_id", ["", TICKET, f"{TICKET}-0", f"{TICKET}-x", "other-1"])
async def test_a_ticket_call_without_its_number_is_a_violation(client, running, delivery_id):
    document = body("ticket_create")
    headers = signed(document) | {"delivery-id": delivery_id}
    answer = await client.post("/pam", content=document, headers=headers)
    assert (400, 1) == (answer.status_code, len(running.wallet.refused))


async def test_a_signed_body_that_is_no_call_is_a_violation(client, running):
    answer = await post(client, "", b'{"action":"ticket_win","data":{}}', 1)
    assert (400, 1) == (answer.status_code, len(running.wallet.refused))


@pytest.mark.parametrize("inner", [b"[" * 100_000, b'"\\ud800"', b"1e999999"])
async def test_hostile_json_is_refused(client, inner):
    document = b'{"action":"identify","data":{"operator":"site","token":' + inner + b"}}"
    assert 400 == (await post(client, "", document)).status_code


async def test_each_operator_has_his_own_key_and_ledger(client, running):
    await control(client, "POST", "operators", operator="other", keys=["old", "new"])
    await control(client, "POST", "players", operator="other", count=1, balance_cents=700)
    document = body("ticket_create", operator="other")
    assert 403 == (await post(client, "", document, 1, key=KEY)).status_code
    assert 200 == (await post(client, "", document, 1, key="new")).status_code
    assert 200 == (await post(client, "", document, 1, key="old")).status_code
    _, player = await control(client, "GET", "players/player-1?operator=other")
    assert (200, {}) == (player["balance"], running.ledger.tickets)


async def test_a_call_of_an_unknown_operator_is_refused(client):
    assert 403 == (await post(client, "", body("ticket_create", operator="no"), 1)).status_code


async def test_an_sms_comes_into_the_inbox(client):
    told = {"type": "otp", "data": {"code": "1234", "msisdn": "+254700000001"}}
    document = json.dumps(told).encode()
    headers = signed(document) | {"operator-name": "site", "delivery-id": "x-1"}
    answer = await client.post("/sms", content=document, headers=headers)
    assert (200, {"message": "ok"}) == (answer.status_code, answer.json())
    _, inbox = await control(client, "GET", "sms")
    assert [("otp", told["data"], "x-1")] == [
        (sms["type"], sms["data"], sms["delivery_id"]) for sms in inbox["sms"]
    ]


@pytest.mark.parametrize("operator", ["other", ""])
async def test_an_sms_of_someone_else_is_refused(client, operator):
    headers = signed(SMS) | {"operator-name": operator}
    answer = await client.post("/sms", content=SMS, headers=headers)
    assert 403 == answer.status_code


async def test_the_ledger_is_read_on_from_a_number(client):
    await post(client, "", body("ticket_create"), 1)
    _, page = await control(client, "GET", "ledger?after=2")
    assert [(3, "house:stakes"), (4, "house:ext")] == [
        (entry["n"], entry["credit"]) for entry in page["entries"]
    ]


async def test_the_export_tells_everything(client):
    await post(client, "", body("ticket_create"), 1)
    await post(client, "", body("ticket_rollback"), 2)
    await client.post("/pam", content=b"{}")
    answer = await client.get("/control/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {"kind": "wallet", "version": 1} == lines[0]
    kinds = [line.pop("kind") for line in lines]
    assert ["wallet", "player", "player", "ticket", "violation", "violation"] == kinds
    assert {
        "operator": "site",
        "ticket_id": TICKET,
        "player_id": "player-1",
        "currency": "KES",
        "taken_cents": 500,
        "given_cents": 0,
        "outcome": "none",
        "discarded": False,
        "reserved": False,
        "closed": False,
        "last_n": 1,
        "price_cents": 500,
        "net_payout_cents": 2602,
    } == lines[3]
    assert (TICKET, "ticket_rollback", 2) == tuple(
        lines[5][name] for name in ("ticket_id", "action", "n")
    )


async def test_the_stats_count_what_came(client):
    await post(client, "", body("ticket_create"), 1)
    await client.post("/pam", content=b"{}")
    _, stats = await control(client, "GET", "stats")
    assert {"ticket_create": 1, "refused": 1} == stats["calls"]
    assert {"players": 2, "tickets": 1, "entries": 4} == stats["operators"]["site"]


@pytest.mark.parametrize(
    ("method", "path", "document", "status"),
    [
        ("GET", "nothing", {}, 404),
        ("GET", "players/nobody", {}, 404),
        ("GET", "players/player-1?operator=no", {}, 404),
        ("GET", "tickets/none", {}, 404),
        ("GET", "ledger?after=x", {}, 400),
        ("POST", "players", {"count": 0}, 400),
        ("POST", "tokens", {"player_id": "nobody"}, 404),
        ("POST", "operators", {"operator": "other", "keys": []}, 400),
        ("POST", "faults", {"faults": [{"kind": "unheard"}]}, 400),
    ],
)
async def test_a_bad_question_is_answered_so(client, method, path, document, status):
    assert status == (await control(client, method, path, **document))[0]


async def test_other_paths_and_methods_are_refused(client):
    assert [404, 405, 413] == [
        (await client.get("/nothing")).status_code,
        (await client.get("/pam")).status_code,
        (await client.post("/pam", content=b" " * (1 << 21))).status_code,
    ]


async def test_the_same_seed_gives_the_same_tokens():
    async def tokens(seed):
        async with (
            run_wallet(WalletOptions(players=1, seed=seed)) as wallet,
            httpx2.AsyncClient(base_url=wallet.url) as client,
        ):
            return [await fresh_token(client), await fresh_token(client)]

    first, again, other = await tokens(1), await tokens(1), await tokens(2)
    assert first == again
    assert 4 == len({*first, *other})
