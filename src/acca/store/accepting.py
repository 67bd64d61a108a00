"""New tickets are accepted, those of players whose day is limited one after another.

What a player has staked is counted from the tickets, so that nothing can drift.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.player_day import DayRule, Judged, judge_day, refuse_price
from acca.core.ticket import TicketType
from acca.core.ticket_id import ID_RANDOM_BYTES, make_id
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.tickets import Acceptance, Accepted, NewTicket, accept_tickets

_QUERIES = load_queries("accepting.sql")


class PlayerDay(NamedTuple):
    """A player's day at an operator, for tickets of one type and currency."""

    operator: int
    player: str
    type: TicketType
    currency: str
    began: datetime


class Saved(NamedTuple):
    """The verdict on a ticket as it was written: a limit of the day may want it approved.

    `sent_at` are monotonic seconds before the statement; `left_cents` is what the day has left.
    """

    new: NewTicket
    accepted: Accepted
    sent_at: float
    left_cents: int | None = None


async def accept_all(
    writer: Writer, tickets: Sequence[NewTicket], monotonic: Callable[[], float]
) -> list[Saved]:
    """Accept tickets whatever players have staked; answer in their order."""
    sent_at = monotonic()
    accepted = await accept_tickets(writer, tickets)
    return [Saved(new, one, sent_at) for new, one in zip(tickets, accepted, strict=True)]


async def accept_by_day(
    writer: Writer, tickets: Sequence[NewTicket], monotonic: Callable[[], float]
) -> list[Saved]:
    """Accept tickets of limited days too, in a transaction; answer in their order.

    Their players are held, so that two at once cannot both have what is left.
    """
    days = {place: _day_of(new, new.day) for place, new in enumerate(tickets) if new.day}
    await _hold_players(writer, days.values())
    staked = await _sum_stakes(writer, sorted(set(days.values())))
    fitting: dict[int, NewTicket] = {}
    over: dict[int, Saved] = {}
    for place, new in enumerate(tickets):
        judged = _count(new, days.get(place), staked)
        if judged.fits:
            fitting[place] = new._replace(approved=new.approved and judged.approved)
        else:
            verdict = Accepted(Acceptance.OVER_DAY, new.facts.created)
            over[place] = Saved(new, verdict, 0.0, judged.left_cents)
    saved = await accept_all(writer, list(fitting.values()), monotonic) if fitting else []
    answers = over | dict(zip(fitting, saved, strict=True))
    return [answers[place] for place in range(len(tickets))]


async def foresee(reader: Reader, day: PlayerDay, rule: DayRule, price_cents: int) -> Judged:
    """Judge a price by the player's day as it stands, or raise what it has left."""
    staked = await _sum_stakes(reader, [day])
    judged = judge_day(rule, staked[day], price_cents)
    if not judged.fits:
        raise refuse_price(rule, judged.left_cents or 0)
    return judged


def _count(new: NewTicket, day: PlayerDay | None, staked: dict[PlayerDay, int]) -> Judged:
    """Judge a ticket; what fits counts for those of the same day after it."""
    if day is None or new.day is None:
        return Judged(None, fits=True, approved=True)
    price = new.facts.charge.price_cents
    judged = judge_day(new.day, staked[day], price)
    if judged.fits:
        staked[day] += price
    return judged


def _day_of(new: NewTicket, rule: DayRule) -> PlayerDay:
    facts = new.facts
    return PlayerDay(facts.key.operator, facts.player, facts.type, facts.currency, rule.began)


async def _hold_players(writer: Writer, days: Iterable[PlayerDay]) -> None:
    columns = zip(*((day.operator, day.player) for day in days), strict=True)
    await writer.run(_QUERIES["hold_players"], *map(list, columns))


async def _sum_stakes(reader: Reader, days: Sequence[PlayerDay]) -> dict[PlayerDay, int]:
    """Sum the prices of tickets that live, of each of these days; in cents."""
    spelled = [
        (day.operator, day.player, day.type.value, day.currency, _first_id(day.began))
        for day in days
    ]
    rows = await reader.rows(_QUERIES["sum_stakes"], *map(list, zip(*spelled, strict=True)))
    return {day: row["cents"] for day, row in zip(days, rows, strict=True)}


def _first_id(began: datetime) -> bytes:
    return make_id(began, bytes(ID_RANDOM_BYTES))
