"""The documentation's requests, signed at the present time with its own key, in a sandbox."""

import datetime as dt
import json
import time

import pytest
from api.asking import JSON, ask
from api.test_be import real_means
from api.test_be_products import SUPERBET_KEYS
from catalogue_seen import add_provider
from known_answers import known_answers
from tickets_made import add_events

from acca.core.finance import TaxTerms
from acca.core.keys import DOCUMENTED_SECRET, Secret
from acca.core.operating import KeyRefused
from acca.core.setting import Asked
from acca.core.tax_profiles import AskedProfile
from acca.engine import open_engine
from acca.flows.add_card import add_card
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.move_card import publish
from acca.flows.tax_operator import tax_operator
from acca.wire.card_files import parse_card_file
from acca_client.signature import Credentials, request_headers_v2, sign
from acca_sandbox.wallet.changes import TokenAdded
from acca_sandbox.wallet.running import run_wallet

VECTORS = known_answers("signatures")
CREDENTIALS = Credentials("site", VECTORS["key"])
EVENT, TOKEN = 100_001, "UnIqUe-ToKeN"
NULLS = {"psp": None, "atag": None, "rtag": None}
NAMES = "operator token psp price currency atag rtag source type event bets"
IN_ORDER = tuple(NAMES.split())
QUESTIONS = [[101, 111], [102, 112], [103, 113], [104, 114], [105, 115], [106, 116]]


def compact(document):
    return json.dumps(document, separators=(",", ":")).encode()


def in_documented_form(body):
    members = {**NULLS, **json.loads(body)}
    return compact({name: members[name] for name in IN_ORDER})


SIGNED_AS = {
    "pretty-printed body, signature of its compact form: accepted": (
        lambda body: compact(json.loads(body))
    ),
    "sent in another order without null members, signed in the documented form: accepted": (
        in_documented_form
    ),
    "blank inside a value, all blanks removed before signing": (
        lambda body: b"".join(body.split())
    ),
}
"""What some samples were signed over, where that is not their body."""
SAMPLES = [
    sample
    for group in ("published", "computed", "verify_also")
    for sample in VECTORS[group]
    if '"superbet"' in sample["body"]
]
BY_NAME = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])


def signed_body(sample):
    """Tell the bytes that a sample was signed over."""
    body = sample["body"].encode()
    return SIGNED_AS.get(sample["name"], bytes)(body)


def headers(signed, at=None):
    timestamp = int(time.time()) if at is None else at
    return [
        ("timestamp", str(timestamp)),
        ("operator-name", "site"),
        ("signature", sign(VECTORS["key"], timestamp, signed)),
        JSON,
    ]


def superbet_card(price):
    head = {"type": "superbet", "title": "Six", "currency": "KES", "price": price}
    prizes = [{"correct": 6, "amount": 900_000}]
    told = {**head, "event": EVENT, "questions": QUESTIONS, "prizes": prizes}
    return parse_card_file(compact(told))


async def enrol(database, wallet):
    asked = [Asked("currencies", "KES"), Asked("pam_url", wallet.pam_url)]
    await enrol_operator(database, Enrolment("site", asked), DOCUMENTED_SECRET, "test")
    first_day = dt.date(2020, 1, 1)
    await tax_operator(database, "site", AskedProfile(TaxTerms(), first_day=first_day), "test")


async def add_the_samples_event(database):
    """Add the event that the samples name, under their own number."""
    await add_events(database, await add_provider(database, "feeder"), 1)
    async with database.writer() as writer, writer.transaction():
        columns = "provider, key, sport, league, home_team, away_team, starts"
        await writer.run(
            f"INSERT INTO event (id, {columns}) OVERRIDING SYSTEM VALUE"
            f" SELECT {EVENT}, provider, 'sample', sport, league, home_team, away_team, starts"
            " FROM event"
        )
        await writer.run(f"INSERT INTO event_odds (event) VALUES ({EVENT})")


@pytest.fixture
async def wallet():
    async with run_wallet() as running:
        running.wallet.change(TokenAdded("site", "player-1", TOKEN, single_use=False))
        yield running


@pytest.fixture
async def port(sandbox, wallet, serve, logged):
    await enrol(sandbox, wallet)
    await add_the_samples_event(sandbox)
    for price in (5000, 2000):
        code = f"00{price}"
        await add_card(sandbox, "site", superbet_card(price), lambda code=code: code, "test")
        await publish(sandbox, "site", code, "test")
    async with open_engine(sandbox, real_means(logged)) as engine, serve(engine) as opened:
        yield opened


async def tickets(database):
    async with database.reader() as reader:
        return await reader.value("SELECT count(*) FROM ticket")


@BY_NAME
def test_a_sample_is_signed_again_as_its_own_signature_was_made(sample):
    assert sample["signature"] == sign(VECTORS["key"], sample["timestamp"], signed_body(sample))


@BY_NAME
async def test_a_sample_as_it_stands_is_a_ticket_in_the_documented_form(port, sample, wallet):
    body = sample["body"].encode()
    answer = await ask(port, "POST", "/be/tickets", headers(signed_body(sample)), body)
    assert 200 == answer.status, answer.body
    sent, ticket = json.loads(body), answer.json
    assert SUPERBET_KEYS == list(ticket)
    assert ("open", EVENT, sent["bets"]) == (
        ticket["status"],
        ticket["event"]["id"],
        [bet["bet_id"] for bet in ticket["bets"]],
    )
    price = sent.get("price", sent.get("stake"))
    assert (price, sent.get("atag"), sent.get("psp")) == tuple(
        ticket[name] for name in ("price", "atag", "psp")
    )
    assert price == wallet.ledger.tickets[ticket["id"]].taken_cents
    assert (0, 0, 6) == (ticket["gross_payout"], ticket["net_payout"], len(ticket["bets"]))


@pytest.mark.parametrize("sample", VECTORS["must_not_match"][1:], ids=lambda sample: sample["name"])
async def test_a_sample_that_was_tampered_with_is_not_genuine(port, sandbox, sample):
    now = int(time.time())
    original = VECTORS["published"][0]
    told = headers(original["body"].encode(), now)
    later = sample["timestamp"] - original["timestamp"]
    told[0] = ("timestamp", str(now + later))
    answer = await ask(port, "POST", "/be/tickets", told, sample["body"].encode())
    assert (403, 1) == (answer.status, answer.json["code"])
    assert 0 == await tickets(sandbox)


async def test_a_sample_at_its_own_time_is_years_behind(port):
    sample = SAMPLES[0]
    told = headers(sample["body"].encode(), sample["timestamp"])
    assert sample["signature"] == dict(told)["signature"]
    answer = await ask(port, "POST", "/be/tickets", told, sample["body"].encode())
    assert (403, 1) == (answer.status, answer.json["code"])
    assert answer.json["message"].endswith("s behind; 300 s are allowed")


@pytest.mark.parametrize(
    ("sample", "status", "code"),
    [(VECTORS["version_2"][0], 400, 102), (VECTORS["version_2"][1], 200, None)],
    ids=["paid", "list"],
)
async def test_a_sample_of_version_2_is_taken(port, sample, status, code):
    method, path = sample["method"], sample["path"]
    told = request_headers_v2(CREDENTIALS, int(time.time()), method, path, b"")
    answer = await ask(port, method, path, [*told.items()])
    assert status == answer.status
    if code is not None:
        message = "Ticket with `E36E20` identifier is not found"
        assert {"code": code, "message": message} == answer.json


@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_a_request_without_body_is_signed_over_its_timestamp(port, body):
    answer = await ask(port, "POST", "/be/tickets/E36E20/paid", headers(body), body)
    assert (400, 102) == (answer.status, answer.json["code"])


async def test_the_documented_key_is_for_a_sandbox_only(database):
    with pytest.raises(KeyRefused):
        await enrol_operator(database, Enrolment("site"), DOCUMENTED_SECRET, "test")
    other = Secret("0" * 64)
    assert (
        "site" == (await enrol_operator(database, Enrolment("site"), other, "test")).operator.name
    )


@pytest.mark.parametrize("spelled", [b"5000.0", b"5e3", b"5000.000"])
async def test_a_price_may_be_spelled_with_a_fraction_of_zeros(port, spelled):
    body = SAMPLES[0]["body"].encode().replace(b"5000", spelled)
    answer = await ask(port, "POST", "/be/tickets", headers(body), body)
    assert (200, 5000) == (answer.status, answer.json["price"])
