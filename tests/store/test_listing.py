import datetime as dt
import itertools

import pytest
from catalogue_seen import add_provider
from tickets_made import STARTS, add_events, add_operator, new_ticket

from acca.core.finance import Payout
from acca.core.numbers import Malformed
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Change, Entry, Key, State, Task, Waiting
from acca.core.ticket_id import make_id
from acca.flows.advance_clock import advance_by
from acca.store.clock import read_clock
from acca.store.listing import list_tickets
from acca.store.tickets import accept_tickets, get_tickets, save_changes
from acca.wire.be_queries import TicketsQuery

TYPES = tuple(TicketType)
STATES = (
    (Status.NEW, TicketResult.PENDING),
    (Status.CANCELLED, TicketResult.PENDING),
    (Status.RESERVED, TicketResult.PENDING),
    (Status.OPEN, TicketResult.PENDING),
    (Status.RESULTED, TicketResult.WON),
    (Status.RESULTED, TicketResult.VOID),
    (Status.CLOSED, TicketResult.LOST),
)
UNASKED = {Status.NEW, Status.CANCELLED}
COUNT = 70
"""Each of the five types in each of the seven states, twice."""


async def now_of(database):
    async with database.reader() as reader:
        return (await read_clock(reader)).now


def ticket_of(operator, events, number, now):
    """Make a ticket of the number's type, player and code."""
    type_ = TYPES[number % len(TYPES)]
    changes = {}
    if type_ in {TicketType.SUPERBET, TicketType.JACKPOT}:
        changes = {"total_odds": None, "odds": (), "payout": Payout(0, 0, 0, 0)}
    return new_ticket(
        operator,
        events,
        key=Key(operator, make_id(now, number.to_bytes(8))),
        code=f"{number * 4099 % 2**24:06X}",
        type=type_,
        player=f"player-{number % 3}",
        lines=1 if type_ is TicketType.JACKPOT else None,
        **changes,
    )


def move(ticket, status, result):
    gross, wht, net, _ = ticket.facts.payout
    approved = True
    state = State(1, status, result, approved, gross, wht, net, STARTS, expires=STARTS)
    return Change(ticket.facts.key, 1, state, (Entry("moved"),), Waiting(Task.EXPIRE, STARTS))


async def write(database, tickets, states):
    async with database.writer() as writer:
        await accept_tickets(writer, tickets)
        changes = [
            move(ticket, *state)
            for ticket, state in zip(tickets, states, strict=True)
            if state[0] is not Status.NEW
        ]
        await save_changes(writer, changes)
    async with database.reader() as reader:
        found = await get_tickets(reader, [ticket.facts.key for ticket in tickets])
    return list(found.values())


@pytest.fixture
async def operator(sandbox):
    return await add_operator(sandbox)


@pytest.fixture
async def tickets(sandbox, operator):
    """Write tickets in four months, some of another operator; return the operator's."""
    events = await add_events(sandbox, await add_provider(sandbox, "feeder"))
    other = await add_operator(sandbox, "other")
    written = []
    for months, numbers in chunks():
        if months:
            await advance_by(sandbox, dt.timedelta(days=31))
        now = await now_of(sandbox)
        async with sandbox.writer() as writer:
            # The last month stays where tickets lie whose month was not made in time.
            if months < 3:
                await writer.value("SELECT prepare_tickets($1)", now)
        states = [STATES[number % len(STATES)] for number in numbers]
        made = [ticket_of(operator, events, number, now) for number in numbers]
        written += await write(sandbox, made, states)
        await write(sandbox, [ticket_of(other, events, n, now) for n in numbers], states)
    assert COUNT == len(written)
    return written


def chunks():
    return [(month, range(COUNT)[month * 18 : month * 18 + 18]) for month in range(4)]


def fits(ticket, query):
    """Say whether a ticket is in a list, as the filters are described."""
    facts, state = ticket
    return (
        (state.status not in UNASKED if query.status is None else state.status is query.status)
        and query.result in {None, state.result}
        and query.user_id in {None, facts.player}
        and facts.type not in query.skip_types
        and (query.created_after is None or facts.created >= query.created_after)
        and (query.created_before is None or facts.created < query.created_before)
        and facts.code.startswith((query.code_prefix or "").upper())
        and (query.before is None or facts.key.id.hex() < query.before)
    )


def filters(tickets):
    """Return values of each filter, nothing among them."""
    middle = sorted(ticket.facts.created for ticket in tickets)[COUNT // 2]
    return {
        "user_id": [None, "player-1", "nobody"],
        "skip_types": [(), (TicketType.QUICKTIP, TicketType.JACKPOT), TYPES],
        "status": [None, *Status],
        "result": [None, *TicketResult],
        "created_after": [None, middle],
        "created_before": [None, middle],
        "code_prefix": [None, "0", "00", "00a", "0080", "00:"],
        "before": [None, tickets[COUNT // 2].facts.key.id.hex()],
    }


def queries(tickets):
    """Return each pair of filters, and the first of each with a third."""
    values = filters(tickets)
    for one, two in itertools.combinations(values, 2):
        for first, second in itertools.product(values[one], values[two]):
            yield TicketsQuery(**{one: first, two: second})
    for name, given in values.items():
        if name not in {"user_id", "before"}:
            before = values["before"][1]
            for value in given:
                yield TicketsQuery(**{"user_id": "player-0", "before": before, name: value})
    for status, types in itertools.product(values["status"], values["skip_types"]):
        for prefix in values["code_prefix"]:
            given = {"status": status, "skip_types": types, "code_prefix": prefix}
            yield TicketsQuery(**{"user_id": "player-0", **given})


async def test_lists_hold_what_their_filters_say_newest_first(sandbox, operator, tickets):
    newest = sorted(tickets, key=lambda ticket: ticket.facts.key, reverse=True)
    async with sandbox.reader() as reader:
        for query in queries(tickets):
            for limit in (3, 100):
                expected = [ticket for ticket in newest if fits(ticket, query)][:limit]
                found = await list_tickets(reader, operator, query, limit)
                assert expected == found, (query, limit)


async def test_pages_by_the_last_id_show_every_ticket_once(sandbox, operator, tickets):
    before, shown = None, []
    async with sandbox.reader() as reader:
        while page := await list_tickets(reader, operator, TicketsQuery(before=before), 7):
            shown += page
            before = page[-1].facts.key.id.hex()
    listed = [ticket for ticket in tickets if ticket.state.status not in UNASKED]
    assert sorted(listed, key=lambda ticket: ticket.facts.key, reverse=True) == shown


@pytest.mark.parametrize("before", ["E36E20", "g" * 24, "6" * 23])
async def test_a_page_after_what_is_no_id_is_refused(sandbox, operator, before):
    async with sandbox.reader() as reader:
        with pytest.raises(Malformed, match="has to be a ticket id"):
            await list_tickets(reader, operator, TicketsQuery(before=before), 10)


@pytest.mark.parametrize("year", [1900, 2999])
async def test_times_beyond_all_ids_bound_nothing_wrongly(sandbox, operator, tickets, year):
    far = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    async with sandbox.reader() as reader:
        for query in (TicketsQuery(created_after=far), TicketsQuery(created_before=far)):
            found = await list_tickets(reader, operator, query, 100)
            assert len(found) == sum(fits(ticket, query) for ticket in tickets)
