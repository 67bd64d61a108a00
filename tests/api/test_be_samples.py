"""The published requests, signed again at the present time, against what they name."""

import datetime as dt
import itertools
import json
import pathlib
import time
from secrets import token_bytes

import pytest
from api.asking import ask
from api.engines import make_log
from catalogue_seen import add_provider
from feed_entries import head_told
from tickets_made import STARTS

from acca.core.finance import TaxTerms
from acca.core.keys import DOCUMENTED_SECRET
from acca.core.markets.football import bet
from acca.core.setting import Asked
from acca.core.tax_profiles import AskedProfile
from acca.engine import Means, open_engine
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.move_card import publish
from acca.flows.tax_operator import tax_operator
from acca.store.results import Source
from acca.wire.card_files import SuperbetFile
from acca.wire.document import parse
from acca_client.signature import Credentials, request_headers
from acca_sandbox.wallet.running import WalletOptions, run_wallet

VECTORS = json.loads(
    pathlib.Path(__file__).parents[1].joinpath("vectors/signatures.json").read_text()
)
CREDENTIALS = Credentials("site", VECTORS["key"])
SAMPLES = [
    one
    for one in (*VECTORS["published"], *VECTORS["computed"], *VECTORS["verify_also"])
    if '"superbet"' in one["body"]
]
QUESTIONS = [
    [bet("MRFT", None, code).id for code in ("1", "X", "2")],
    *([bet(market, None, code).id for code in ("Y", "N")] for market in ("BTTSFT", "HWTN", "AWTN")),
    *([bet("OUFT", line, code).id for code in ("O", "U")] for line in ("1.5", "2.5")),
]
KEYS = [
    "id", "code", "psp", "price", "stake", "gross_payout", "net_payout", "wht_amount", "wht",
    "ext_amount", "ext", "ext_type", "currency", "status", "result", "approved", "source", "type",
    "atag", "rtag", "aff_instant_comm_amt", "aff_instant_comm_pct", "user_id", "created",
    "operator_time_created", "updated", "operator_time_updated", "event", "bets", "betcard_code",
    "prizes",
]  # fmt: skip


async def sell(database, wallet):
    """Enrol `site` with the documented key, and open a superbet of each price on event 100001."""
    asked = [Asked("currencies", "KES"), Asked("pam_url", wallet.pam_url)]
    await enrol_operator(database, Enrolment("site", asked), DOCUMENTED_SECRET, "test")
    terms = AskedProfile(TaxTerms(), first_day=dt.date(2020, 1, 1))
    await tax_operator(database, "site", terms, "test")
    provider = await add_provider(database, "feeder")
    async with database.writer() as writer:
        await writer.run("ALTER TABLE event ALTER COLUMN id RESTART WITH 100001")
    (event,) = await apply_entries(database, provider, [head_told(1, starts=STARTS)], Source.FEED)
    assert 100001 == event.event_id
    codes = (f"{number:06X}" for number in itertools.count(0xE36E20))
    for price in (2000, 5000):
        body = {
            "type": "superbet", "title": "Six", "currency": "KES", "price": price,
            "event": event.event_id, "questions": QUESTIONS,
            "prizes": [{"correct": 6, "amount": 100_000}, {"correct": 5, "amount": 20_000}],
        }  # fmt: skip
        file = parse(SuperbetFile, json.dumps(body).encode())
        card = await add_card(database, "site", file, lambda: next(codes), "test")
        await publish(database, "site", card.code, "test")
    wallet.ledger.add_token("UnIqUe-ToKeN", "player-1", single_use=False)


@pytest.fixture
async def port(sandbox, serve, logged):
    means = Means(
        lambda: int(time.time()), time.monotonic, token_bytes, make_log(logged), allow_private=True
    )
    async with run_wallet(WalletOptions(operator="site", keys=[VECTORS["key"]])) as wallet:
        await sell(sandbox, wallet)
        async with open_engine(sandbox, means) as engine, serve(engine) as opened:
            yield opened


async def post(port, body, signed=None):
    headers = request_headers(CREDENTIALS, int(time.time()), signed or body)
    told = [*headers.items(), ("content-type", "application/json")]
    return await ask(port, "POST", "/be/tickets", told, body)


def answered(sample):
    """Take the sample with answers that our football has: 102 to 106 are no bets of it."""
    answers = json.dumps([question[0] for question in QUESTIONS], separators=(",", ":"))
    return sample["body"].replace('"bets":[101,102,103,104,105,106]', f'"bets":{answers}')


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
async def test_a_published_request_is_genuine_and_readable(port, sample):
    answer = await post(port, sample["body"].encode())
    # Believed, read, and judged by the card, which has other numbers for its six answers.
    assert (400, 223) == (answer.status, answer.json["code"])


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if "\n" not in one["body"]], ids=lambda sample: sample["name"]
)
async def test_a_published_request_is_sold_and_answered_in_the_documented_order(port, sample):
    body = answered(sample).encode()
    answer = await post(port, body)
    assert (200, KEYS) == (answer.status, list(answer.json))
    told = json.loads(body)
    assert told.get("price", told.get("stake")) == answer.json["price"]
    assert ("open", "pending", 0, 0) == (
        answer.json["status"],
        answer.json["result"],
        answer.json["gross_payout"],
        answer.json["net_payout"],
    )
    assert 6 == len(answer.json["bets"])


async def test_a_published_request_is_good_pretty_printed_and_signed_compact(port):
    body = answered(SAMPLES[0]).encode()
    pretty = json.dumps(json.loads(body), indent=4).encode()
    assert 200 == (await post(port, pretty, signed=body)).status
