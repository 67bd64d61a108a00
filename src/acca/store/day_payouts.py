"""What players are paid in a day under a limit: held while tickets that are held are settled."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from acca.core.day_paying import Allowed, Taken, allow
from acca.core.settling import Settlement, Terms
from acca.core.ticket import TicketResult, TicketType
from acca.core.ticket_facts import Facts, Key, Ticket
from acca.store.connection import Reader, Writer
from acca.store.operator_limits import list_operator_limits
from acca.store.queries import load_queries

_QUERIES = load_queries("day_payouts.sql")

_Limited = tuple[int, TicketType, str]
Limits = Mapping[_Limited, int]
"""The most that a player may be paid in a day, by operator, type and currency."""


class Day(NamedTuple):
    """A day of a player at an operator, for tickets of one type and currency."""

    operator: int
    player: str
    type: str
    currency: str
    day: date


class DayPayouts:
    """The days of the players of some tickets; what is allowed counts at once for the others."""

    def __init__(
        self, limits: Limits, today: Mapping[int, date], taken: Mapping[Key, Taken]
    ) -> None:
        self._limits: Limits = limits
        self._today: Mapping[int, date] = today
        self._taken: Mapping[Key, Taken] = taken
        self._paid: Counter[Day] = Counter()
        self._moved: dict[Key, tuple[Facts, Taken | None]] = {}

    def days_of(self, tickets: Iterable[Ticket]) -> set[Day]:
        """Tell which days the ends of tickets may touch."""
        days: set[Day] = set()
        for facts, _ in tickets:
            if self._limit(facts) is not None:
                days.add(_day(facts, self._today[facts.key.operator]))
            if facts.key in self._taken:
                days.add(_day(facts, self._taken[facts.key].day))
        return days

    def hold(self, paid: Mapping[Day, int]) -> None:
        """Take what was paid so far, from rows that are held."""
        self._paid.update(paid)

    def allow(self, ticket: Ticket, settlement: Settlement | None, terms: Terms) -> Allowed:
        """Say what its player's day allows a ticket; nothing counts before `note`."""
        facts, state = ticket
        limit, before = self._limit(facts), self._taken.get(facts.key)
        if limit is None:
            return self._keep(ticket, settlement, terms)
        day = self._today[facts.key.operator]
        paid = self._paid[_day(facts, day)]
        if before is not None and before.day == day:
            paid -= before.paid_cents
        return allow(settlement, state, terms, before, Taken(day, max(limit - paid, 0), 0))

    def _keep(self, ticket: Ticket, settlement: Settlement | None, terms: Terms) -> Allowed:
        """Leave what was capped while there was a limit, until its end is another."""
        before = self._taken.get(ticket.facts.key)
        if before is None or settlement is None:
            return Allowed(settlement, None)
        free = before._replace(cap_cents=max(before.cap_cents, settlement.gross_cents) + 1)
        allowed = allow(settlement, ticket.state, terms, before, free)
        return allowed if allowed.taken == before else Allowed(settlement, None)

    def taken_by(self, key: Key) -> Taken | None:
        """Tell what a ticket has taken of a day."""
        return self._taken.get(key)

    @property
    def matter(self) -> bool:
        """Tell whether anything is limited, or was."""
        return bool(self._limits or self._taken)

    def note(self, facts: Facts, taken: Taken | None) -> None:
        """Count what a ticket takes of a day from now on, in place of what it took before."""
        before = self._taken.get(facts.key)
        if taken == before:
            return
        if before is not None:
            self._paid[_day(facts, before.day)] -= before.paid_cents
        if taken is not None:
            self._paid[_day(facts, taken.day)] += taken.paid_cents
        self._moved[facts.key] = facts, taken

    async def save(self, writer: Writer, keys: Collection[Key]) -> None:
        """Write what tickets have taken, those of them that were moved."""
        moved = [(key, *self._moved[key]) for key in keys if key in self._moved]
        if not moved:
            return
        changed = self.changes(keys)
        days = [(*day, cents) for day, cents in sorted(changed.items()) if cents]
        await writer.run(_QUERIES["save_days"], *_columns(days, 6))
        await writer.run(_QUERIES["forget_taken"], *_columns([key for key, _, _ in moved], 2))
        kept = [(*key, *taken) for key, _, taken in moved if taken is not None]
        await writer.run(_QUERIES["keep_taken"], *_columns(kept, 5))

    def changes(self, keys: Collection[Key] | None = None) -> Counter[Day]:
        """Tell by how much days change by what was noted, of some tickets or of all."""
        changed: Counter[Day] = Counter()
        for key in self._moved if keys is None else self._moved.keys() & set(keys):
            facts, taken = self._moved[key]
            before = self._taken.get(key)
            if before is not None:
                changed[_day(facts, before.day)] -= before.paid_cents
            if taken is not None:
                changed[_day(facts, taken.day)] += taken.paid_cents
        return changed

    def _limit(self, facts: Facts) -> int | None:
        return self._limits.get((facts.key.operator, facts.type, facts.currency))


async def read_limits(reader: Reader, operators: Iterable[int]) -> dict[_Limited, int]:
    """Read the most that players may be paid in a day."""
    found: dict[_Limited, int] = {}
    for operator in operators:
        for type_, currency, limits in await list_operator_limits(reader, operator):
            if limits.day_payout_cents_max is not None:
                found[operator, type_, currency] = limits.day_payout_cents_max
    return found


async def read_days(
    reader: Reader, limits: Limits, today: Mapping[int, date], tickets: Sequence[Ticket]
) -> DayPayouts:
    """Read what tickets have taken of days; what was paid on these is not held yet."""
    keys = [facts.key for facts, state in tickets if state.result is TicketResult.WON]
    rows = await reader.rows(_QUERIES["list_taken"], *_columns(keys, 2)) if keys else []
    taken = {
        Key(row["operator"], row["ticket"]): Taken(row["day"], row["cap_cents"], row["paid_cents"])
        for row in rows
    }
    return DayPayouts(limits, today, taken)


async def hold_days(writer: Writer, days: DayPayouts, tickets: Iterable[Ticket]) -> None:
    """Hold the days that the ends of tickets may touch, in one order, until the transaction ends.

    The tickets are held before, so that two who settle never wait for each other.
    """
    wanted = _columns(sorted(days.days_of(tickets)), 5)
    if not wanted[0]:
        return
    await writer.run(_QUERIES["begin_days"], *wanted)
    rows = await writer.rows(_QUERIES["hold_days"], *wanted)
    days.hold({Day(*day): paid for *day, paid in rows})


async def see_days(reader: Reader, days: DayPayouts, tickets: Iterable[Ticket]) -> None:
    """Read what was paid on the days that the ends of tickets may touch, and hold nothing."""
    wanted = _columns(sorted(days.days_of(tickets)), 5)
    rows = await reader.rows(_QUERIES["list_days"], *wanted)
    days.hold({Day(*day): paid for *day, paid in rows})


def _day(facts: Facts, day: date) -> Day:
    return Day(facts.key.operator, facts.player, facts.type.value, facts.currency, day)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return list(map(list, zip(*rows, strict=True))) if rows else [[] for _ in range(width)]
