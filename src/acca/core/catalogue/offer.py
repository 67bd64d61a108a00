"""The current odds of an event, each bet with the version that told it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from acca.core.catalogue.told import (
    APPLIED,
    STALE,
    SUSPICIOUS,
    UNCHANGED,
    EntryRefused,
    Judged,
    OddsTold,
    Price,
)
from acca.core.markets.market import Sport

JUMP = 10
"""Odds that become so many times greater or smaller are suspicious."""


class Offer(NamedTuple):
    """Parallel columns in the order of bet ids; odds in hundredths."""

    bets: Sequence[int] = ()
    odds: Sequence[int] = ()
    derived: Sequence[bool] = ()
    versions: Sequence[int] = ()


class Change(NamedTuple):
    """One change of the odds of a bet, as the history keeps it."""

    bet: int
    odds: int
    derived: bool
    version: int


class _Asked(NamedTuple):
    """A bet and its odds as an entry tells them, and what stood of it before, None if nothing."""

    bet: int
    odds: int
    before: Change | None

    def jumps(self) -> bool:
        """Tell whether the odds are many times greater or smaller than before."""
        if self.before is None:
            return False
        known = self.before.odds
        return self.odds >= JUMP * known or known >= JUMP * self.odds


class Book:
    """An offer that is being worked on; nobody else sees it until it is an Offer again.

    The offer itself stays as it is: `moved` holds each bet of which anything was taken, if only a
    version, as it is now. It is `reshaped` where the columns of bets or of derived odds differ from
    before.

    The version is kept for each bet, not for the event: odds of bet 7 that come late with version 5
    are news, whatever version 6 told of bet 9.
    """

    def __init__(self, sport: Sport, offer: Offer) -> None:
        self.sport: Sport = sport
        self.changes: list[Change] = []
        self.moved: dict[int, Change] = {}
        self.reshaped: bool = False
        self._before: Offer = offer
        self._places: Mapping[int, int] = _places(tuple(offer.bets))

    def offer(self) -> Offer:
        """Return the offer as it is now."""
        if self.reshaped:
            known = {row[0]: row for row in map(Change, *self._before)}
            return Offer(*zip(*sorted({**known, **self.moved}.values()), strict=True))
        bets, odds, derived, versions = self._before
        odds, versions = list(odds), list(versions)
        for place, change in self.patches():
            odds[place], versions[place] = change.odds, change.version
        return Offer(bets, odds, derived, versions)

    def patches(self) -> list[tuple[int, Change]]:
        """Return what moved with its places from zero, where the offer is not reshaped."""
        return [(self._places[bet], change) for bet, change in self.moved.items()]

    def take(self, told: OddsTold, *, trusted: bool = False) -> Judged:
        """Take what is newer, bet by bet; all of an entry or, where any odds jump, nothing.

        Where staff trusts the entry, odds may jump.
        """
        asked = self._ask(told)
        newer = [one for one in asked if one.before is None or one.before.version < told.version]
        if not newer:
            return UNCHANGED if self._says(asked, told.version) else STALE
        if not trusted and any(one.jumps() for one in newer):
            return SUSPICIOUS
        known = len(self.changes)
        for bet, odds, before in newer:
            self._set(before, Change(bet, odds, told.derived, told.version))
        return APPLIED if len(self.changes) > known else UNCHANGED

    def news(self, told: OddsTold) -> list[Change]:
        """Return what an entry tells that is newer than what stands."""
        return [
            Change(one.bet, one.odds, told.derived, told.version)
            for one in self._ask(told)
            if one.before is None or one.before.version < told.version
        ]

    def _ask(self, told: OddsTold) -> list[_Asked]:
        bets = [find_bet(self.sport, price) for price in told.prices]
        if len(bets) > 1 and len(set(bets)) < len(bets):
            raise EntryRefused("One bet has two prices.")
        pairs = zip(bets, told.prices, strict=True)
        return [_Asked(bet, price.odds, self._stands(bet)) for bet, price in pairs]

    def _stands(self, bet: int) -> Change | None:
        moved = self.moved.get(bet)
        if moved is not None:
            return moved
        place = self._places.get(bet)
        if place is None:
            return None
        _, odds, derived, versions = self._before
        return Change(bet, odds[place], derived[place], versions[place])

    def _says(self, asked: list[_Asked], version: int) -> bool:
        said = [(one.odds, version) for one in asked]
        return said == [one.before and (one.before.odds, one.before.version) for one in asked]

    def _set(self, before: Change | None, change: Change) -> None:
        self.moved[change.bet] = change
        if before is None or before.derived is not change.derived:
            self.reshaped = True
        elif before.odds == change.odds:
            return
        self.changes.append(change)


@lru_cache(4096)
def _places(bets: tuple[int, ...]) -> Mapping[int, int]:
    """Find the place of each bet; many events offer the same ones."""
    return {bet: place for place, bet in enumerate(bets)}


def find_bet(sport: Sport, price: Price) -> int:
    """Find the id of the bet that a price names."""
    if price.bet is not None:
        if price.bet not in sport.bets:
            raise EntryRefused(f"{sport.name} has no bet {price.bet}.")
        return price.bet
    found = sport.bet(price.market or "", price.line, price.code or "")
    if found is None:
        named = " ".join(filter(None, (price.market, price.line, price.code)))
        raise EntryRefused(f"{sport.name} has no bet {named}.")
    return found.id
