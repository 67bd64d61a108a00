"""What wishes for tickets are judged by: events with their odds, and cards, of many at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import asyncpg

from acca.core.cards.card import CardTimes, state_at
from acca.core.cards.products import Body, closes_at
from acca.core.event_shown import EventShown, Labelled
from acca.core.placing import CardSeen, EventSeen, Seen
from acca.core.score import Result
from acca.core.ticket import TicketType
from acca.store.claims import Claimed, ClaimName, find_claims
from acca.store.connection import Reader
from acca.store.literals import array_literal
from acca.store.packed import unpack_array
from acca.store.queries import load_queries
from acca.store.results import make_result
from acca.wire.card_files import body_of, parse_card_file

_QUERIES = load_queries("placing.sql")
_EVENT_ID_MAX = 2**31 - 1
"""No event has a greater number, though a request may name one."""
_EVENTS_KEPT = 4096


class EventRead(NamedTuple):
    """An event as it is judged, and as it is shown."""

    seen: EventSeen
    shown: EventShown


class EventsRead(NamedTuple):
    """Events by their id, and the business time at which they were read."""

    now: datetime
    events: Mapping[int, EventRead]


class CardName(NamedTuple):
    """A card by its operator and code."""

    operator: int
    code: str


class SuperbetPlace(NamedTuple):
    """Where superbets may be: at an operator, on an event."""

    operator: int
    event: int


class Ask(NamedTuple):
    """What one request wants to know: its twin, if it may have one, its events and its card."""

    operator: int
    claim: ClaimName | None
    events: frozenset[int]
    card: str | None
    superbet_event: int | None


class Found(NamedTuple):
    """What was found for a request: `cards` are its own, or the superbets on its event."""

    claimed: Claimed | None
    seen: Seen
    shown: Mapping[int, EventShown]


async def find_for_placing(reader: Reader, asks: Sequence[Ask]) -> list[Found]:
    """Read what many requests are judged by, each kind of thing in one statement."""
    names = [ask.claim for ask in asks if ask.claim is not None]
    claims = await find_claims(reader, names) if names else {}
    read = await read_events(reader, frozenset[int]().union(*(ask.events for ask in asks)))
    coded = [CardName(ask.operator, ask.card) for ask in asks if ask.card is not None]
    cards = await read_cards(reader, coded, read.now) if coded else {}
    places = [place for ask in asks if (place := _place_of(ask)) is not None]
    superbets = await read_superbets(reader, places, read.now) if places else {}
    return [_find(ask, claims, read, cards, superbets) for ask in asks]


def _find(
    ask: Ask,
    claims: Mapping[ClaimName, Claimed],
    read: EventsRead,
    cards: Mapping[CardName, CardSeen],
    superbets: Mapping[SuperbetPlace, Sequence[CardSeen]],
) -> Found:
    own: Sequence[CardSeen] = ()
    place = _place_of(ask)
    if ask.card is not None:
        card = cards.get(CardName(ask.operator, ask.card))
        own = () if card is None else (card,)
    elif place is not None:
        own = superbets.get(place, ())
    events = {id_: read.events[id_] for id_ in ask.events if id_ in read.events}
    seen = Seen(read.now, {id_: event.seen for id_, event in events.items()}, own)
    shown = {id_: event.shown for id_, event in events.items()}
    return Found(None if ask.claim is None else claims.get(ask.claim), seen, shown)


def _place_of(ask: Ask) -> SuperbetPlace | None:
    if ask.superbet_event is None or ask.card is not None:
        return None
    if ask.superbet_event > _EVENT_ID_MAX:
        return None
    return SuperbetPlace(ask.operator, ask.superbet_event)


async def read_events(reader: Reader, ids: Collection[int]) -> EventsRead:
    """Read events by their ids; unknown ones are left out."""
    rows = await reader.rows(
        _QUERIES["read_events"],
        array_literal(sorted(id_ for id_ in ids if id_ <= _EVENT_ID_MAX)),
    )
    events = {row["id"]: _parse_event(row[1:]) for row in rows if row["id"] is not None}
    return EventsRead(rows[0]["now"], events)


async def read_cards(
    reader: Reader, names: Sequence[CardName], now: datetime
) -> dict[CardName, CardSeen]:
    """Read cards by their codes, in the state that they have now."""
    rows = await reader.rows(_QUERIES["read_cards"], *map(list, zip(*names, strict=True)))
    return {CardName(row["operator"], row["code"]): _parse_card(row, now) for row in rows}


async def read_superbets(
    reader: Reader, places: Sequence[SuperbetPlace], now: datetime
) -> dict[SuperbetPlace, list[CardSeen]]:
    """Read the published superbets of operators on events, by code."""
    rows = await reader.rows(_QUERIES["read_superbets"], *map(list, zip(*places, strict=True)))
    found: dict[SuperbetPlace, list[CardSeen]] = {}
    for row in rows:
        place = SuperbetPlace(row["operator"], row["event"])
        found.setdefault(place, []).append(_parse_card(row, now))
    return found


@lru_cache(_EVENTS_KEPT)
def _parse_event(row: tuple[Any, ...]) -> EventRead:
    """Read an event out of its row, whose columns all count: the same one is read only once."""
    (
        id_, starts, state, is_stopped, closed, bets, odds, sport,
        sport_id, sport_name, country_id, country_name, league_id, league_name,
        home_id, home_name, away_id, away_name, *fact,
    ) = row  # fmt: skip
    seen = EventSeen(
        sport=sport,
        starts=starts,
        state=state,
        is_stopped=is_stopped,
        closed=unpack_array(closed),
        odds=dict(zip(unpack_array(bets), unpack_array(odds), strict=True)),
    )
    shown = EventShown(
        id=id_,
        starts=starts,
        sport_code=sport,
        sport=Labelled(sport_id, sport_name),
        category=Labelled(country_id, country_name),
        league=Labelled(league_id, league_name),
        home_team=Labelled(home_id, home_name),
        away_team=Labelled(away_id, away_name),
        result=_parse_fact(*fact),
    )
    return EventRead(seen, shown)


def _parse_fact(
    ending: str | None, total: bytes | None, periods: bytes | None, first: str | None
) -> Result | None:
    if ending is None:
        return None
    points = () if periods is None else unpack_array(periods)
    return make_result(ending, None if total is None else unpack_array(total), points, first)


def _parse_card(row: asyncpg.Record, now: datetime) -> CardSeen:
    body = _parse_body(row["body"])
    times = CardTimes(
        row["opens"],
        closes_at(body, row["first"], row["last"]),
        row["published"],
        row["closed"],
        row["settled"],
    )
    return CardSeen(
        row["code"], TicketType(row["type"]), row["currency"], state_at(times, now), body
    )


@lru_cache(1024)
def _parse_body(body: bytes) -> Body:
    """Read a card's body, which is never changed once players may see it."""
    return body_of(parse_card_file(body))
