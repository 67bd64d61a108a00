"""Batches of the feed: what providers tell of events, odds and results (spec 8).

A batch is `{"entries": [{"kind": …, …}, …]}`, signed like a request to the Bet Engine API with the
provider's key. An entry names an event by the provider's own `event` key and carries that event's
`version`, a number that grows with every entry about the event: an older version never overwrites a
newer one, so that batches may be repeated, delayed and shuffled. Every entry gets a verdict of its
own; one that cannot be read does not hold up the others. Times are UTC or name their zone.
"""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from enum import Enum
from typing import Annotated, ClassVar

import msgspec

from acca.core.catalogue.told import EntryVerdict
from acca.core.numbers import Malformed
from acca.core.score import Ending, Score
from acca.wire.defects import Defect, Defective, defects_under
from acca.wire.document import (
    FEED_BYTES_MAX,
    Document,
    check_size,
    missing,
    nested,
    read,
    variants,
    write,
)
from acca.wire.kinds import BOOLEAN, Kind, array, choice, integer, nullable, optional, text
from acca.wire.scores import SCORE
from acca.wire.times import INSTANT
from acca.wire.tokens import Json, load
from acca.wire.words import BET_ID, ID, IDENTIFIER, NAME, ODDS, SENTENCE_LENGTH_MAX, matching

ENTRIES_MAX = 10_000
PRICES_MAX = 2_000
ENTRY_DEFECTS_MAX = 10
"""No more defects than these are reported of one entry."""

_SLUG_PATH = re.compile(r"[a-z0-9-]{1,100}(/[a-z0-9-]{1,100}){0,4}", re.ASCII)
_SLUG = matching("slug", _SLUG_PATH, "has to be slugs of a-z, digits and hyphens between slashes")


class EntryKind(Enum):
    """What an entry tells."""

    EVENT = "event"
    ODDS = "odds"
    SUSPENSION = "suspension"
    RESULT = "result"
    CORRECTION = "correction"
    ALIVE = "alive"


class FeedState(Enum):
    """Whether an event has begun; how it ended is told by a result."""

    SCHEDULED = "scheduled"
    LIVE = "live"


class FeedName(Document, frozen=True, kw_only=True):
    """A sport, category, league or team: known again by its slug."""

    slug: Annotated[str, _SLUG]
    name: Annotated[str, NAME]


class FeedPrice(Document, frozen=True, kw_only=True):
    """The odds of one bet in hundredths.

    The bet is named by its id, or by market, line (where the market has lines) and code.
    """

    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = (("bet", "market"), ("bet", "code"))

    bet: Annotated[int | None, optional(BET_ID)] = None
    market: Annotated[str | None, optional(IDENTIFIER)] = None
    line: Annotated[str | None, optional(IDENTIFIER)] = None
    code: Annotated[str | None, optional(IDENTIFIER)] = None
    odds: Annotated[int, ODDS]


class EntryHead(Document, frozen=True, kw_only=True):
    """What every entry has."""

    kind: Annotated[EntryKind, choice(EntryKind)]


class _EventEntryHead(EntryHead, frozen=True, kw_only=True):
    event: Annotated[str, IDENTIFIER]
    version: Annotated[int, integer(0)]


class EventEntry(_EventEntryHead, frozen=True, kw_only=True):
    """An event as it is now: new, moved in time, or begun."""

    starts: Annotated[datetime, INSTANT]
    sport: Annotated[FeedName, nested(FeedName)]
    category: Annotated[FeedName, nested(FeedName)]
    league: Annotated[FeedName, nested(FeedName)]
    home_team: Annotated[FeedName, nested(FeedName)]
    away_team: Annotated[FeedName, nested(FeedName)]
    state: Annotated[FeedState, choice(FeedState)] = FeedState.SCHEDULED


class OddsEntry(_EventEntryHead, frozen=True, kw_only=True):
    """New odds of some bets of an event; bets that are not named keep theirs."""

    prices: Annotated[tuple[FeedPrice, ...], array(nested(FeedPrice), PRICES_MAX, 1)]


class SuspensionEntry(_EventEntryHead, frozen=True, kw_only=True):
    """Suspends, or opens again: a bet, or a market with or without its line, or the whole event."""

    suspended: Annotated[bool, BOOLEAN]
    bet: Annotated[int | None, optional(BET_ID)] = None
    market: Annotated[str | None, optional(IDENTIFIER)] = None
    line: Annotated[str | None, optional(IDENTIFIER)] = None


class ResultEntry(_EventEntryHead, frozen=True, kw_only=True):
    """How an event ended; a score is needed where it was played.

    A `correction` replaces a result that was told before; a `result` that contradicts one does not.
    """

    ending: Annotated[Ending, choice(Ending)]
    score: Annotated[Score | None, nullable(SCORE)] = None

    def __post_init__(self) -> None:
        if self.ending is Ending.PLAYED and self.score is None:
            raise Defective([missing("score")])


class AliveEntry(EntryHead, frozen=True, kw_only=True):
    """The provider is there; silence of 20 seconds suspends its live markets."""


Entry = EventEntry | OddsEntry | SuspensionEntry | ResultEntry | AliveEntry


class EntryDefects(msgspec.Struct, frozen=True):
    """An entry that cannot be read."""

    defects: tuple[Defect, ...]


ENTRY: Kind[Entry] = variants(
    "kind",
    EntryHead,
    {
        "event": EventEntry,
        "odds": OddsEntry,
        "suspension": SuspensionEntry,
        "result": ResultEntry,
        "correction": ResultEntry,
        "alive": AliveEntry,
    },
)


def _read_entry(token: Json) -> Entry | EntryDefects:
    try:
        return ENTRY.read(token)
    except Malformed as malformed:
        return EntryDefects(defects_under((), malformed, ENTRY.word)[:ENTRY_DEFECTS_MAX])


def _write_entry(entry: Entry | EntryDefects, zone: tzinfo) -> object:
    assert not isinstance(entry, EntryDefects), "what cannot be read cannot be written"
    return write(entry, zone)


def _read_detail(token: Json) -> tuple[Defect, ...]:
    try:
        return msgspec.convert(token, tuple[Defect, ...])
    except msgspec.ValidationError:
        raise Malformed("has to be a list of defects") from None


class Batch(Document, frozen=True, kw_only=True):
    """Entries in the order in which they are taken."""

    entries: Annotated[
        tuple[Entry | EntryDefects, ...],
        array(Kind("object", _read_entry, ENTRY.schema, _write_entry), ENTRIES_MAX),
    ]


class FeedVerdict(Document, frozen=True, kw_only=True):
    """What became of the entry at a place of the batch; `event_id` is our id of its event."""

    entry: Annotated[int, integer(0, ENTRIES_MAX)]
    verdict: Annotated[EntryVerdict, choice(EntryVerdict)]
    event: Annotated[str | None, nullable(IDENTIFIER)] = None
    event_id: Annotated[int | None, nullable(ID)] = None
    message: Annotated[str | None, nullable(text(SENTENCE_LENGTH_MAX))] = None
    detail: Annotated[tuple[Defect, ...], Kind("list", _read_detail, {"type": "array"})] = ()


class FeedAnswer(Document, frozen=True, kw_only=True):
    """One verdict for each entry of a batch, in its order."""

    verdicts: Annotated[tuple[FeedVerdict, ...], array(nested(FeedVerdict), ENTRIES_MAX)]


def parse_batch(body: bytes, bytes_max: int = FEED_BYTES_MAX) -> Batch:
    """Read a batch; Defective only where its entries cannot be told apart."""
    check_size(len(body), bytes_max)
    try:
        tree, faults = load(body)
        outside = [fault for fault in faults if not _is_inside_entry(fault)]
        if outside:
            raise Defective(outside)
        batch = read(Batch, tree)
    except Malformed as malformed:
        raise Defective(defects_under(("body",), malformed, "object")) from None
    return _with_faults(batch, faults) if faults else batch


def _is_inside_entry(fault: Defect) -> bool:
    return fault.loc[:1] == ("entries",) and len(fault.loc) > len(("entries", 0))


def _with_faults(batch: Batch, faults: Iterable[Defect]) -> Batch:
    entries = list(batch.entries)
    for fault in faults:
        place = fault.loc[1]
        assert isinstance(place, int), "what stands in a list has a number"
        entry = entries[place]
        before = entry.defects if isinstance(entry, EntryDefects) else ()
        entries[place] = EntryDefects((*before, Defect(fault.loc[2:], fault.msg, fault.type)))
    return Batch(entries=tuple(entries))
