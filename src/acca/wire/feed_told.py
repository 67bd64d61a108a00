"""Entries of the feed as the catalogue takes them, and the catalogue's verdicts as answers."""

from acca.core.catalogue.told import (
    EntryVerdict,
    Head,
    HeadTold,
    Judged,
    Name,
    OddsTold,
    Price,
    ResultTold,
    SuspensionTold,
    Told,
)
from acca.core.score import Result
from acca.wire.feed import (
    AliveEntry,
    Entry,
    EntryDefects,
    EntryKind,
    EventEntry,
    FeedName,
    FeedState,
    FeedVerdict,
    OddsEntry,
    SuspensionEntry,
)


def told_of(entry: Entry) -> Told | None:
    """Read what an entry tells of an event; `alive` tells of none."""
    if isinstance(entry, OddsEntry):
        prices = tuple(Price(p.odds, p.bet, p.market, p.line, p.code) for p in entry.prices)
        return OddsTold(entry.event, entry.version, prices)
    if isinstance(entry, EventEntry):
        return HeadTold(entry.event, entry.version, _head(entry))
    if isinstance(entry, SuspensionEntry):
        which = (entry.bet, entry.market, entry.line)
        return SuspensionTold(entry.event, entry.version, entry.suspended, *which)
    if isinstance(entry, AliveEntry):
        return None
    result, corrects = Result(entry.ending, entry.score), entry.kind is EntryKind.CORRECTION
    return ResultTold(entry.event, entry.version, result, corrects)


def _head(entry: EventEntry) -> Head:
    # A league may be told with its whole path, as cards show it, or by its last part.
    path = f"{entry.sport.slug}/{entry.category.slug}/"
    return Head(
        sport=entry.sport.slug,
        category=_name(entry.category),
        league=_name(entry.league)._replace(slug=entry.league.slug.removeprefix(path)),
        home_team=_name(entry.home_team),
        away_team=_name(entry.away_team),
        starts=entry.starts,
        live=entry.state is FeedState.LIVE,
    )


def _name(told: FeedName) -> Name:
    return Name(told.slug, told.name)


def verdict_of(
    place: int, entry: Entry | EntryDefects, judged: Judged | None, event_id: int | None
) -> FeedVerdict:
    """Answer an entry; what was not judged could not be read, or was `alive`."""
    if isinstance(entry, EntryDefects):
        return FeedVerdict(entry=place, verdict=EntryVerdict.DEFECTIVE, detail=entry.defects)
    if judged is None or isinstance(entry, AliveEntry):
        return FeedVerdict(entry=place, verdict=EntryVerdict.APPLIED)
    return FeedVerdict(
        entry=place,
        verdict=judged.verdict,
        event=entry.event,
        event_id=event_id,
        message=judged.message,
    )
