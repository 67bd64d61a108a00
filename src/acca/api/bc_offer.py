"""What one process knows of the offer: the board and the cards on it, read anew as they change.

Requests are answered from memory: no reader waits for those who write odds. A reading begins when
somebody asks and the last one is FRESH_SECONDS old; who asks goes on with what is there, unless
that is older than AGE_SECONDS_MAX.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import NamedTuple

from acca.api.bc_field import FieldKept
from acca.core.board import BoardEvent
from acca.core.cards.card import CardState, CardTimes, state_at
from acca.core.cards.products import closes_at
from acca.core.ticket import TicketType
from acca.store.board import (
    CardName,
    OfferedCard,
    Version,
    list_board_versions,
    list_offered_codes,
    list_versions,
    read_board_events,
    read_offered_cards,
)
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader
from acca.wire.bc_showing import COMPOSING_TIME

FRESH_SECONDS = 0.25
CARDS_SECONDS = 1.0
"""Cards are looked for that often, and at once where events came or went: it costs more."""
AGE_SECONDS_MAX = 2.0
"""Beyond this a reading is waited for."""
_EVENTS_AT_ONCE = 20
"""So many events are read before others have their turn: some two milliseconds."""

Shelf = tuple[str, TicketType]
"""An operator's name, and a product."""


class _Read(NamedTuple):
    """When the clock was read last, by the machine and in business."""

    at: float
    now: datetime


class _Turn(NamedTuple):
    """An instant from which an event, or with none a card, is shown differently."""

    at: datetime
    event: int | None


class Offer:
    """The board and the cards that stand on it, as this process has read them."""

    def __init__(self, database: Database, monotonic: Callable[[], float]) -> None:
        self._database: Database = database
        self._monotonic: Callable[[], float] = monotonic
        self._read: _Read | None = None
        self._reading: asyncio.Task[None] | None = None
        self._versions: dict[int, Version] = {}
        self._cards: dict[CardName, OfferedCard] = {}
        self._shelves: dict[Shelf, list[OfferedCard]] = {}
        self._codes: dict[str, OfferedCard] = {}
        self._closes: dict[CardName, datetime] = {}
        self._turns: list[_Turn] = []
        self._changes: int = 0
        self._stamps: dict[int, int] = {}
        self._looked: float = float("-inf")
        self.board: dict[int, BoardEvent] = {}
        self.field: FieldKept = FieldKept()

    @property
    def edition(self) -> int:
        """Tell which edition this is: it grows whenever anything shown may differ."""
        self._turn()
        return self._changes

    @property
    def count(self) -> int:
        """Tell how many cards are on offer or scheduled."""
        return len(self._cards)

    def now(self) -> datetime:
        """Tell business time, which a sandbox that jumps is ahead of until the next reading."""
        assert self._read is not None, "the offer was read before it is asked"
        return self._read.now + timedelta(seconds=self._monotonic() - self._read.at)

    async def catch_up(self) -> None:
        """Wait until what is here is fresh enough to be shown."""
        age = None if self._read is None else self._monotonic() - self._read.at
        if age is not None and age <= FRESH_SECONDS:
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._refresh())
        if age is None or age > AGE_SECONDS_MAX:
            # A caller that goes away must not take the reading away from the others.
            await asyncio.shield(self._reading)
        else:
            self._reading.add_done_callback(_pass_over_fault)

    def cards(self, operator: str, type_: TicketType) -> Iterator[OfferedCard]:
        """Give an operator's open cards of a product in the order of display."""
        now = self.now()
        for card in self._shelves.get((operator, type_), ()):
            if self.state(card, now) is CardState.OPEN:
                yield card

    def find(self, code: str) -> OfferedCard | None:
        """Find a card that is on offer, or scheduled, by its code."""
        return self._codes.get(code)

    def state(self, card: OfferedCard, now: datetime) -> CardState:
        """Tell the state of a card whose events are on the board."""
        closes = self.closing(card)
        return state_at(
            CardTimes(card.opens, closes, card.published, card.closed, card.settled), now
        )

    def closing(self, card: OfferedCard) -> datetime:
        """Tell when a card on offer closes by its events."""
        return self._closes[CardName(card.operator, card.code)]

    def stamp(self, card: OfferedCard) -> int:
        """Tell the edition since which a card looks as it does, but for what time does to it."""
        return max(map(self._stamps.__getitem__, card.events))

    async def _refresh(self) -> None:
        at = self._monotonic()
        async with self._database.reader() as reader:
            now = (await read_clock(reader)).now
            versions = await list_board_versions(reader)
            offered = await self._list_offered(reader, versions.keys())
            of_cards = {id_ for events in offered.values() for id_ in events}
            versions |= await list_versions(reader, of_cards - versions.keys())
            changed = await self._read_changed(reader, versions)
            new = [name for name in offered if name not in self._cards]
            cards = await read_offered_cards(reader, new)
        self._take(changed, versions, cards, offered.keys())
        self._read = _Read(at, now)

    async def _list_offered(
        self, reader: Reader, events: AbstractSet[int]
    ) -> Mapping[CardName, tuple[int, ...]]:
        at = self._monotonic()
        known = {name: card.events for name, card in self._cards.items()}
        if at - self._looked < CARDS_SECONDS and events <= self._versions.keys():
            return known
        found = await list_offered_codes(reader, events)
        self._looked = at
        return found

    async def _read_changed(
        self, reader: Reader, versions: Mapping[int, Version]
    ) -> dict[int, tuple[Version, BoardEvent]]:
        known = self._versions
        ids = sorted(id_ for id_, version in versions.items() if known.get(id_) != version)
        changed: dict[int, tuple[Version, BoardEvent]] = {}
        for first in range(0, len(ids), _EVENTS_AT_ONCE):
            changed |= await read_board_events(reader, ids[first : first + _EVENTS_AT_ONCE])
        return changed

    def _take(
        self,
        changed: Mapping[int, tuple[Version, BoardEvent]],
        versions: Mapping[int, Version],
        cards: Iterable[OfferedCard],
        offered: Iterable[CardName],
    ) -> None:
        """Take over what was read, all at once: nobody sees half of it."""
        gone = self._versions.keys() - versions.keys()
        moved = bool(gone) or any(
            id_ not in self.board or self.board[id_].starts != event.starts
            for id_, (_, event) in changed.items()
        )
        kept = {name: self._cards[name] for name in offered if name in self._cards}
        kept |= {CardName(card.operator, card.code): card for card in cards}
        moved = moved or kept.keys() != self._cards.keys()
        if changed or moved:
            self._changes += 1
        for id_ in gone:
            del self._versions[id_], self.board[id_], self._stamps[id_]
            self.field.drop(id_)
        for id_, (version, event) in changed.items():
            self._versions[id_], self.board[id_], self._stamps[id_] = version, event, self._changes
            self.field.put(event)
        self._cards = kept
        if moved:
            self._sort()

    def _sort(self) -> None:
        """Put the cards on their shelves, and note when time alone will change what is shown."""
        shelves: dict[Shelf, list[OfferedCard]] = {}
        turns: set[_Turn] = set()
        for name, card in self._cards.items():
            shelves.setdefault((card.operator_name, card.type), []).append(card)
            starts = [self.board[id_].starts for id_ in card.events]
            self._closes[name] = closes_at(card.body, min(starts), max(starts))
            turns.add(_Turn(card.opens, None))
        for id_ in {id_ for card in self._cards.values() for id_ in card.events}:
            start = self.board[id_].starts
            turns |= {_Turn(start, id_), _Turn(start - COMPOSING_TIME, id_)}
        for shelf in shelves.values():
            shelf.sort(key=lambda card: (card.file.rank, self.closing(card), card.opens, card.code))
        self._closes = {name: self._closes[name] for name in self._cards}
        self._shelves = shelves
        self._codes = {card.code: card for card in self._cards.values()}
        self._turns = sorted(turns, key=_at, reverse=True)

    def _turn(self) -> None:
        """Begin a new edition where time has passed a point that changes what is shown."""
        now, turns = self.now(), self._turns
        if not turns or turns[-1].at > now:
            return
        self._changes += 1
        while turns and turns[-1].at <= now:
            event = turns.pop().event
            if event is not None:
                self._stamps[event] = self._changes


def _at(turn: _Turn) -> datetime:
    return turn.at


def _pass_over_fault(task: "asyncio.Task[None]") -> None:
    """Leave a reading that failed to the next one, which those who need it wait for."""
    if not task.cancelled():
        _ = task.exception()
