"""Tickets as tests make them: an operator, open events with odds, and new tickets on them."""

import datetime as dt
import itertools

from feed_entries import head_told, odds_told

from acca.core.finance import Charge, Payout
from acca.core.keys import Secret
from acca.core.lifecycle import Message
from acca.core.setting import Asked
from acca.core.settling import VoidRefund
from acca.core.ticket import Source, TicketType
from acca.core.ticket_facts import Facts, Key, Lane, Telling
from acca.flows.apply_feed import apply_entries
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.store.operators import get_operator
from acca.store.results import Source as ResultSource
from acca.store.tickets import Claim, NewTicket

STARTS = dt.datetime(2090, 1, 1, 15, tzinfo=dt.UTC)
CREATED = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
ODDS = {1: 150, 2: 400, 3: 700}
_NUMBERS = itertools.count(1)


async def add_operator(database, name="site", **settings):
    """Enrol an operator of Kenya shillings without taxes; return its id."""
    asked = {"currencies": "KES", **settings}
    enrolment = Enrolment(name, [Asked(key, value) for key, value in asked.items()])
    secret = Secret(f"{next(_NUMBERS):064x}")
    await enrol_operator(database, enrolment, secret, "test")
    async with database.reader() as reader:
        return (await get_operator(reader, name)).id


async def add_events(database, provider, count=2, starts=STARTS, prefix="x"):
    """Add open events with odds of the match result; return their ids."""
    keys = [f"{prefix}{number}" for number in range(count)]
    told = [head_told(1, key, starts=starts, home=f"{key}-home") for key in keys]
    added = await apply_entries(database, provider, told, ResultSource.FEED)
    await apply_entries(
        database, provider, [odds_told(2, ODDS, key) for key in keys], ResultSource.FEED
    )
    return [one.event_id for one in added]


def new_ticket(operator, events, **changes):
    """Make a new ticket of 10.00 on the home side of events."""
    number = next(_NUMBERS)
    id_ = int(CREATED.timestamp()).to_bytes(4) + number.to_bytes(8)
    facts = Facts(
        key=Key(operator, id_),
        code=f"{number:06X}",
        type=TicketType.QUICKBET,
        source=Source.MOBILE,
        currency="KES",
        player=f"player-{number}",
        psp=None,
        atag=None,
        rtag=None,
        msisdn=None,
        charge=Charge(1000, 1000, 0),
        payout=Payout(1500, 100, 1400, 1500),
        cap_cents=None,
        tax_profile=1,
        void_refund=VoidRefund.PRICE,
        affiliate_cents=None,
        affiliate_rate=None,
        total_odds=150,
        events=tuple(events),
        bets=(1,) * len(events),
        odds=(150,) * len(events),
        card=None,
        lines=None,
        is_reservation=False,
        created=CREATED,
    )._replace(**changes)
    return NewTicket(
        facts,
        approved=True,
        telling=Telling(Lane.PAM, Message.TICKET_CREATE, b'{"action":"ticket_create"}'),
        claim=Claim(number.to_bytes(32), number.to_bytes(32), dt.timedelta(minutes=5)),
        call_lasts=dt.timedelta(seconds=14),
    )
