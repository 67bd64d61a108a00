"""Cash-outs over HTTP: through the client, and by hand."""

import json
import time
from decimal import Decimal
from secrets import token_bytes

import pytest
from api.asking import ask
from api.engines import make_log
from catalogue_seen import add_provider
from placing_made import SECRET, open_shop
from tickets_made import add_events, add_operator

from acca.core.setting import Asked
from acca.engine import Means, open_engine
from acca.flows.set_operator import set_operator
from acca_client.engine import AsyncEngine
from acca_client.errors import (
    CashOutNotAvailable,
    CashOutValueChanged,
    NotAuthentic,
    Refused,
    TicketNotFound,
)
from acca_client.placing import Accumulator, Pick
from acca_client.signature import Credentials, request_headers

CREDENTIALS = Credentials("site", SECRET)


@pytest.fixture
async def shop(database):
    async with open_shop(database) as opened:
        await allow(database, features="reserve,paid,cash-out", update_types="quickbet")
        yield opened


async def allow(database, **settings):
    asked = [Asked(name, value) for name, value in settings.items()]
    await set_operator(database, "site", asked, "test", "for a test")


@pytest.fixture
async def port(database, shop, logged, serve):
    assert shop
    means = Means(
        lambda: int(time.time()), time.monotonic, token_bytes, make_log(logged), allow_private=True
    )
    async with open_engine(database, means) as made, serve(made) as opened:
        yield opened


@pytest.fixture
async def client(port):
    async with AsyncEngine(f"http://127.0.0.1:{port}", "site", SECRET) as engine:
        yield engine


@pytest.fixture
async def request_(database, shop):
    events = await add_events(database, await add_provider(database, "feeder"))
    return Accumulator(
        token=shop.token(single_use=False),
        price_cents=1000,
        currency="KES",
        source="mobile",
        type="quickbet",
        picks=tuple(Pick(event, 1, Decimal("1.5")) for event in events),
    )


@pytest.fixture
async def ticket(client, request_):
    return await client.create(request_)


def with_json(signed):
    return [*signed.items(), ("content-type", "application/json")]


def post(port, ticket, body):
    raw = json.dumps(body).encode()
    signed = request_headers(CREDENTIALS, int(time.time()), raw)
    path = f"/be/tickets/{ticket.code}/cashout"
    return ask(port, "POST", path, with_json(signed), raw)


async def test_an_offer_is_accepted_and_the_ticket_is_won_with_it(client, ticket):
    offer = await client.cash_out_offer(ticket.code)
    assert offer.amount_cents == offer.net_payout_cents
    assert offer.net_payout_cents == offer.gross_payout_cents - offer.wht_amount_cents
    done = await client.cash_out(ticket.id, offer.amount_cents)
    assert ("resulted", "won") == (done.status, done.result)
    assert (offer.amount_cents, None) == (done.amounts.net_payout_cents, done.settled_odds)
    assert done == await client.ticket(ticket.id)
    with pytest.raises(CashOutNotAvailable):
        await client.cash_out_offer(ticket.id)


async def test_a_lost_answer_is_asked_for_again(client, ticket):
    amount = (await client.cash_out_offer(ticket.code)).amount_cents
    first = await client.cash_out(ticket.id, amount, idempotency_key="once")
    assert first == await client.cash_out(ticket.id, amount, idempotency_key="once")
    with pytest.raises(CashOutNotAvailable):
        await client.cash_out(ticket.id, amount)


async def test_without_a_key_the_same_signed_request_is_the_same(client, port, ticket):
    amount = (await client.cash_out_offer(ticket.code)).amount_cents
    body = {"operator": "site", "amount": amount}
    raw = json.dumps(body).encode()
    signed = request_headers(CREDENTIALS, int(time.time()), raw)
    path = f"/be/tickets/{ticket.code}/cashout"
    answers = [await ask(port, "POST", path, with_json(signed), raw) for _ in range(2)]
    assert [(200, None), (200, "true")] == [
        (each.status, each.headers.get("idempotent-replay")) for each in answers
    ]
    assert answers[0].body == answers[1].body


async def test_too_much_is_refused_with_its_code(client, ticket):
    amount = (await client.cash_out_offer(ticket.code)).amount_cents
    with pytest.raises(CashOutValueChanged):
        await client.cash_out(ticket.id, amount + 1)


async def test_reserved_tickets_and_those_of_others_are_not_cashed_out(
    client, port, database, request_
):
    reserved = await client.reserve(request_)
    with pytest.raises(CashOutNotAvailable):
        await client.cash_out_offer(reserved.id)
    with pytest.raises(TicketNotFound):
        await client.cash_out_offer("0" * 24)
    await add_operator(database, "other")
    async with AsyncEngine(f"http://127.0.0.1:{port}", "other", SECRET) as other:
        with pytest.raises(NotAuthentic):
            await other.cash_out_offer(reserved.id)


async def test_an_operator_without_the_feature_gets_its_code(client, database, ticket):
    await allow(database, features="paid")
    time.sleep(1.1)  # noqa: ASYNC251 - settings are read anew after a second
    with pytest.raises(Refused) as refused:
        await client.cash_out_offer(ticket.id)
    assert (100, "Cash-out feature not implemented yet") == (
        refused.value.code,
        refused.value.message,
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"operator": "site"}, 422),
        ({"operator": "site", "amount": "100"}, 422),
        ({"operator": "site", "amount": 0}, 422),
        ({"operator": "site", "amount": 10.5}, 422),
        ({"operator": "other", "amount": 100}, 403),
    ],
)
async def test_bad_acceptances_are_refused_and_change_nothing(client, port, ticket, body, status):
    answer = await post(port, ticket, body)
    assert status == answer.status
    assert "open" == (await client.ticket(ticket.id)).status
