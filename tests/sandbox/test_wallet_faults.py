import time

import httpx2
import pytest
from sandbox.wallet_calls import OPENING, TICKET, body, identify_body, post, signed

from acca_sandbox.wallet.faults import Fault, Faults
from acca_sandbox.wallet.running import WalletOptions, run_wallet

PAUSE_SECONDS = 0.3


@pytest.fixture
async def running():
    async with run_wallet(WalletOptions(players=1, balance_cents=OPENING)) as wallet:
        yield wallet


@pytest.fixture
async def client(running):
    async with httpx2.AsyncClient(base_url=running.url, timeout=20) as opened:
        yield opened


async def have(client, kind, **more):
    fault = {"kind": kind, "action": "ticket_create", **more}
    answer = await client.post("/control/faults", json={"seed": 1, "faults": [fault]})
    assert 200 == answer.status_code


async def create(client):
    return await post(client, "", body("ticket_create"), 1)


def signed_create():
    return signed(body("ticket_create")) | {"delivery-id": f"{TICKET}-1"}


def done(running):
    return TICKET in running.ledger.tickets


@pytest.mark.parametrize(("kind", "does"), [("cut", False), ("drop", True)])
async def test_a_connection_is_closed_without_an_answer(client, running, kind, does):
    await have(client, kind)
    with pytest.raises(httpx2.RemoteProtocolError):
        await create(client)
    assert does == done(running)


@pytest.mark.parametrize("kind", ["slow", "late"])
async def test_an_answer_takes_its_time(client, running, kind):
    await have(client, kind, seconds=PAUSE_SECONDS)
    begun = time.perf_counter()
    assert 200 == (await create(client)).status_code
    assert PAUSE_SECONDS <= time.perf_counter() - begun
    assert done(running)


@pytest.mark.parametrize(("kind", "does"), [("slow", False), ("late", True)])
async def test_who_does_not_wait_has_no_answer(client, running, kind, does):
    await have(client, kind, seconds=30)
    with pytest.raises(httpx2.ReadTimeout):
        await client.post(
            "/pam",
            content=body("ticket_create"),
            headers=signed_create(),
            timeout=PAUSE_SECONDS,
        )
    assert does == done(running)


async def test_an_error_is_answered_before_anything_is_done(client, running):
    await have(client, "error")
    assert (500, False) == ((await create(client)).status_code, done(running))


async def test_a_player_is_declined_on_demand(client, running):
    await have(client, "decline", code=17, message="Self-excluded")
    answer = await create(client)
    assert (400, {"code": 17, "message": "Self-excluded"}) == (answer.status_code, answer.json())
    assert not done(running)


async def test_a_call_that_is_done_twice_takes_once(client, running):
    await have(client, "duplicate")
    assert 200 == (await create(client)).status_code
    assert OPENING - 500 == running.ledger.balance_cents(running.ledger.players["player-1"])


@pytest.mark.parametrize(("status", "does"), [(200, True), (500, False)])
async def test_a_page_is_answered(client, running, status, does):
    await have(client, "html", status=status)
    answer = await create(client)
    assert (status, does) == (answer.status_code, done(running))
    assert "text/html; charset=utf-8" == answer.headers["content-type"]
    assert answer.text.startswith("<!doctype html>")


async def test_an_answer_is_empty(client, running):
    await have(client, "empty")
    answer = await create(client)
    assert (200, b"", True) == (answer.status_code, answer.content, done(running))


async def test_identify_answers_something_else(client):
    await have(client, "wrong_shape", action="identify")
    answer = await post(client, "", identify_body("any"))
    assert (200, ["player", {"id": 17}]) == (answer.status_code, answer.json())


async def test_an_answer_is_huge(client, running):
    await have(client, "huge")
    answer = await create(client)
    assert (200, 100_000_000, True) == (answer.status_code, len(answer.content), done(running))


async def test_a_huge_answer_may_be_left(client):
    await have(client, "huge")
    document = body("ticket_create")
    headers = signed_create()
    async with client.stream("POST", "/pam", content=document, headers=headers) as answer:
        async for chunk in answer.aiter_raw():
            assert chunk
            break
    assert 200 == (await client.get("/control/stats")).status_code


async def test_other_actions_go_well(client):
    await have(client, "error")
    assert 200 == (await post(client, "", body("ticket_reserve"), 1)).status_code


async def test_faults_end(client):
    await have(client, "error")
    assert 500 == (await create(client)).status_code
    assert 200 == (await client.delete("/control/faults")).status_code
    assert 200 == (await create(client)).status_code


async def test_a_fault_may_happen_so_often_only(client):
    await have(client, "error", times=2)
    assert [500, 500, 200] == [(await create(client)).status_code for _ in range(3)]
    shown = (await client.get("/control/faults")).json()
    assert [2] == shown["happened"]


async def test_an_sms_may_fail_too(client):
    await have(client, "error", action="sms")
    document = b'{"type":"otp","data":{}}'
    headers = signed(document) | {"operator-name": "site"}
    assert 500 == (await client.post("/sms", content=document, headers=headers)).status_code


def test_the_same_seed_gives_the_same_faults():
    def drawn(seed):
        faults = Faults()
        faults.set([Fault(kind="cut", probability=0.5), Fault(kind="error", action="ping")], seed)
        return [fault and fault.kind for fault in map(faults.draw, ["ping", "identify"] * 50)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert {"cut", "error", None} == set(drawn(1))
