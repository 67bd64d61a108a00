"""The current odds of an event, each bet with the version that told it."""

from collections.abc import Sequence
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


_Asked = tuple[int, int]
"""A bet and its odds."""


class Book:
    """An offer that is being worked on; nobody else sees it until it is an Offer again.

    It has `moved` where anything was taken, if only a version, and is `reshaped` where its columns
    of bets or of derived odds differ from before.

    The version is kept for each bet, not for the event: odds of bet 7 that come late with version 5
    are news, whatever version 6 told of bet 9.
    """

    def __init__(self, sport: Sport, offer: Offer) -> None:
        self.sport: Sport = sport
        self.changes: list[Change] = []
        self.moved: bool = False
        self.reshaped: bool = False
        self._places: dict[int, int] = {bet: place for place, bet in enumerate(offer.bets)}
        self._odds: list[int] = list(offer.odds)
        self._derived: list[bool] = list(offer.derived)
        self._versions: list[int] = list(offer.versions)

    def offer(self) -> Offer:
        """Return the offer as it is now."""
        bets = list(self._places)
        if not self.reshaped:
            return Offer(bets, self._odds, self._derived, self._versions)
        rows = sorted(zip(bets, self._odds, self._derived, self._versions, strict=True))
        return Offer(*zip(*rows, strict=True))

    def take(self, told: OddsTold) -> Judged:
        """Take what is newer, bet by bet; all of an entry or, where any odds jump, nothing."""
        asked = [(find_bet(self.sport, price), price.odds) for price in told.prices]
        if len(asked) > 1 and len({bet for bet, _ in asked}) < len(asked):
            raise EntryRefused("One bet has two prices.")
        newer = self._newer(asked, told.version)
        if not newer:
            return UNCHANGED if self._says(asked, told.version) else STALE
        if any(place is not None and self._jumps(place, odds) for _, odds, place in newer):
            return SUSPICIOUS
        known = len(self.changes)
        self.moved = True
        for bet, odds, place in newer:
            self._set(place, Change(bet, odds, told.derived, told.version))
        return APPLIED if len(self.changes) > known else UNCHANGED

    def _newer(self, asked: list[_Asked], version: int) -> list[tuple[int, int, int | None]]:
        """Choose the bets that were told last by an older version, with their places."""
        find, versions = self._places.get, self._versions
        placed = ((bet, odds, find(bet)) for bet, odds in asked)
        return [each for each in placed if each[2] is None or versions[each[2]] < version]

    def _says(self, asked: list[_Asked], version: int) -> bool:
        places = ((self._places[bet], odds) for bet, odds in asked)
        return all((self._odds[p], self._versions[p]) == (odds, version) for p, odds in places)

    def _jumps(self, place: int, odds: int) -> bool:
        known = self._odds[place]
        return odds >= JUMP * known or known >= JUMP * odds

    def _set(self, place: int | None, change: Change) -> None:
        bet, odds, derived, version = change
        if place is None:
            self._places[bet] = len(self._odds)
            self._odds.append(odds)
            self._derived.append(derived)
            self._versions.append(version)
        else:
            self._versions[place] = version
            if self._odds[place] == odds and self._derived[place] is derived:
                return
            self.reshaped |= self._derived[place] is not derived
            self._odds[place], self._derived[place] = odds, derived
        self.reshaped |= place is None
        self.changes.append(change)


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
