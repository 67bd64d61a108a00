"""Receipts and the keys that sign them, as an operator and as anybody gets them."""

import asyncio
import json
import time
from decimal import Decimal
from secrets import token_bytes

import pytest
from api.asking import ask
from api.engines import make_log
from catalogue_seen import add_provider
from feed_entries import result_told
from placing_made import SECRET, open_shop
from receipts_seen import settle_all
from settling_made import CANCELLED
from ticket_lives import rows
from tickets_made import add_events

from acca.core.receipt import Stage
from acca.engine import Means, open_engine
from acca.flows.apply_feed import apply_entries
from acca.flows.rotate_signing_key import rotate_signing_key
from acca.store.results import Source
from acca.wire.receipt_proof import prove
from acca.wire.receipts import parse_keys
from acca_client.engine import AsyncEngine
from acca_client.errors import TicketNotFound
from acca_client.placing import Accumulator, Pick
from acca_client.signature import Credentials, request_headers

KEYS = "/.well-known/acca-keys.json"
CREDENTIALS = Credentials("site", SECRET)


@pytest.fixture
async def shop(database):
    async with open_shop(database) as opened:
        yield opened


@pytest.fixture
async def provider(database):
    return await add_provider(database, "feeder")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


@pytest.fixture
async def port(database, shop, serve, logged):
    assert shop
    log = make_log(logged)
    means = Means(lambda: int(time.time()), time.monotonic, token_bytes, log, allow_private=True)
    async with open_engine(database, means) as engine, serve(engine) as opened:
        yield opened


@pytest.fixture
async def site(port):
    async with AsyncEngine(f"http://127.0.0.1:{port}", "site", SECRET) as opened:
        yield opened


async def place(site, shop, events):
    picks = [Pick(event, 1, Decimal("1.5")) for event in events]
    wish = {"type": "quickbet", "price_cents": 1000, "currency": "KES", "source": "mobile"}
    return await site.create(Accumulator(token=shop.token(), picks=picks, **wish))


async def raw(port, ticket):
    headers = request_headers(CREDENTIALS, int(time.time()), b"")
    answer = await ask(port, "GET", f"/be/tickets/{ticket.id}/receipt", list(headers.items()))
    assert 200 == answer.status, answer
    return answer.body


async def published(port):
    return parse_keys((await ask(port, "GET", KEYS)).body)


async def end(database, provider):
    told = [result_told(10, CANCELLED, key) for key in ("x0", "x1")]
    await apply_entries(database, provider, told, Source.FEED)
    await settle_all(database)


async def test_a_receipt_is_proven_before_and_after_the_end(
    site, port, database, provider, shop, events
):
    ticket = await place(site, shop, events)
    struck = prove(await raw(port, ticket), await published(port)).receipt
    assert (Stage.STRUCK, ticket.amounts.net_payout_cents) == (struck.stage, struck.end.net_cents)
    await end(database, provider)
    settled = prove(await raw(port, ticket), await published(port)).receipt
    shown = await site.ticket(ticket.code)
    assert (Stage.SETTLED, "void") == (settled.stage, shown.result)
    assert shown.amounts.net_payout_cents == settled.end.net_cents
    assert shown.amounts.ext_amount_cents == settled.charge.ext_cents


async def test_the_client_gets_the_document_as_it_is(site, port, shop, events):
    ticket = await place(site, shop, events)
    document = await site.receipt(ticket.code.lower())
    assert document == json.loads(await raw(port, ticket))
    prove(json.dumps(document, indent=1).encode(), await published(port))


async def test_the_same_state_is_the_same_bytes_until_the_key_is_another(
    site, port, database, shop, events
):
    ticket = await place(site, shop, events)
    first = await raw(port, ticket)
    assert first == await raw(port, ticket)
    await rotate_signing_key(database, b"\2" * 32, "test")
    second = await raw(port, ticket)
    assert json.loads(first)["receipt"] == json.loads(second)["receipt"]
    assert json.loads(first)["key"] != json.loads(second)["key"]
    await asyncio.sleep(1)
    keys = await published(port)
    assert prove(first, keys).receipt == prove(second, keys).receipt


async def test_nobody_gets_the_receipt_of_a_ticket_that_is_not_theirs(site, port):
    with pytest.raises(TicketNotFound):
        await site.receipt("ABCDEF")
    assert 403 == (await ask(port, "GET", "/be/tickets/ABCDEF/receipt")).status


async def test_anybody_gets_the_keys_and_may_keep_them_for_a_while(port):
    answer = await ask(port, "GET", KEYS)
    assert 200 == answer.status
    (key,) = answer.json["keys"]
    assert {"id", "algorithm", "public_key", "valid_from", "retired"} == set(key)
    assert "*" == answer.headers["access-control-allow-origin"]
    assert "public, max-age=300" == answer.headers["cache-control"]
    again = await ask(port, "GET", KEYS, [("if-none-match", answer.headers["etag"])])
    assert (304, b"") == (again.status, again.body)
    assert 405 == (await ask(port, "POST", KEYS)).status


async def test_what_makes_a_key_sign_is_in_no_answer_and_no_log(
    site, port, database, shop, events, logged
):
    ticket = await place(site, shop, events)
    answers = [await raw(port, ticket), (await ask(port, "GET", KEYS)).body]
    ((private,),) = await rows(database, "SELECT private_key FROM signing_key")
    told = b"".join(answers).decode() + repr(logged)
    assert private.hex() not in told
    assert repr(private) not in told
