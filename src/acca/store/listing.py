"""Lists of an operator's tickets, newest first: a statement for each index that can drive one.

To plan a statement over all months takes longer than to run it, so each has but one good plan,
which the server keeps: what is judged row by row is fenced (OFFSET 0), and the limit is hidden from
the planner (a SELECT), which would else plan anew for each.
"""

from datetime import UTC, datetime, timedelta
from typing import LiteralString

from acca.core.numbers import Malformed
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Ticket
from acca.core.ticket_id import ById, first_id, parse_identifier
from acca.store.connection import Reader
from acca.store.queries import load_queries
from acca.store.tickets import parse_ticket
from acca.wire.be_queries import TicketsQuery

_QUERIES = load_queries("listing.sql")

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(2106, 1, 1, tzinfo=UTC)
"""Ids have four bytes for their second."""
_BEYOND_IDS = b"\xff" * 13
_MADE_BEFORE = timedelta(seconds=30)
_MADE_AFTER = timedelta(seconds=2)
"""An id is drawn before its ticket is written, by the clock of a process in step with ours."""
_CODE_DIGITS_MIN = 3
"""Codes that begin with fewer digits are so many that the next one is near in time."""

_PENDING = (TicketResult.PENDING,)
_DECIDED = (TicketResult.WON, TicketResult.LOST, TicketResult.VOID)
_RESULTS_OF = {
    Status.NEW: _PENDING,
    Status.CANCELLED: _PENDING,
    Status.RESERVED: _PENDING,
    Status.OPEN: _PENDING,
    # Never written: no ticket is shown so as long as none is held while its outcome is certain.
    Status.CALCULATING: (),
    Status.RESULTED: _DECIDED,
    Status.CLOSED: _DECIDED,
}
_ASKED_FOR = {Status.NEW, Status.CANCELLED}
"""What is listed only where the status asks for it."""


async def list_tickets(
    reader: Reader, operator: int, query: TicketsQuery, limit: int
) -> list[Ticket]:
    """List an operator's tickets, newest first by id; raise Malformed where `before` is no id.

    A ticket created at `created_after` is in the list, one created at `created_before` is not.
    """
    states = _states(query)
    types = [one.value for one in TicketType if one not in query.skip_types]
    if not states or not types:
        return []
    first, end = _ids(query)
    rows = await reader.rows(
        _statement(query),
        operator,
        [status.value for status, _ in states],
        [result.value for _, result in states],
        first,
        end,
        types,
        query.created_after or _BEGINNING,
        query.created_before or _END,
        (query.code_prefix or "").upper(),
        *([] if query.user_id is None else [query.user_id]),
        limit,
    )
    return [parse_ticket(row) for row in rows]


def _states(query: TicketsQuery) -> list[tuple[Status, TicketResult]]:
    """Spell out which states are wanted: a result is written just with some statuses."""
    statuses = [one for one in Status if one not in _ASKED_FOR]
    if query.status is not None:
        statuses = [query.status]
    return [
        (status, result)
        for status in statuses
        for result in _RESULTS_OF[status]
        if query.result in {None, result}
    ]


def _ids(query: TicketsQuery) -> tuple[bytes, bytes]:
    """Bound the ids: those from the first on, up to the other without it."""
    first, end = b"", _BEYOND_IDS
    if query.created_after is not None:
        first = first_id(_held(query.created_after - _MADE_BEFORE))
    if query.created_before is not None:
        end = first_id(_held(query.created_before + _MADE_AFTER))
    if query.before is not None:
        end = min(end, _parse_before(query.before))
    return first, end


def _held(instant: datetime) -> datetime:
    return min(max(instant, _BEGINNING), _END)


def _parse_before(text: str) -> bytes:
    named = parse_identifier(text)
    if not isinstance(named, ById):
        raise Malformed("before: has to be a ticket id")
    return named.id


def _statement(query: TicketsQuery) -> LiteralString:
    """Choose by which index the list is found: each statement judges by all that is asked."""
    if query.user_id is not None:
        is_walk = _is_of_any_state(query) and (query.skip_types or query.code_prefix is not None)
        return _QUERIES["walk_player"] if is_walk else _QUERIES["list_by_player"]
    if query.code_prefix is not None:
        is_long = len(query.code_prefix) >= _CODE_DIGITS_MIN
        return _QUERIES["list_by_code"] if is_long else _QUERIES["list_recent"]
    if query.skip_types and _is_of_any_state(query):
        return _QUERIES["list_by_type"]
    return _QUERIES["list_by_state"]


def _is_of_any_state(query: TicketsQuery) -> bool:
    return query.status is None and query.result is None
