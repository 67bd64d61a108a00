"""Entries of the feed about one match, each with the version that is next."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from acca_sandbox.simulator.bets import Bet, steps
from acca_sandbox.simulator.names import Named
from acca_sandbox.simulator.world import Fixture

Entry = Mapping[str, object]
"""A document of the feed; odds are Decimal."""
_SPORT = Named("football", "Football")


class Teller:
    """What was told of a match: the version of the last entry, and the odds of each bet."""

    def __init__(self, fixture: Fixture) -> None:
        self._fixture: Fixture = fixture
        self._version: int = 0
        self._odds: dict[Bet, int] = {}

    def _entry(self, kind: str, **members: object) -> Entry:
        self._version += 1
        return {"kind": kind, "event": self._fixture.key, "version": self._version, **members}

    def head(self, starts: dt.datetime, *, live: bool = False) -> Entry:
        """Tell that the match is on, and when."""
        league = self._fixture.league
        return self._entry(
            "event",
            starts=spell_instant(starts),
            sport=_SPORT.told(),
            category=league.country.told(),
            league=league.name.told(),
            home_team=self._fixture.home.name.told(),
            away_team=self._fixture.away.name.told(),
            state="live" if live else "scheduled",
        )

    def odds(self, wanted: Mapping[Bet, int]) -> Iterator[Entry]:
        """Tell the odds that changed, those that move far in several entries."""
        ways = {
            bet: steps(known, odds)
            for bet, odds in wanted.items()
            if (known := self._odds.get(bet)) != odds
        }
        self._odds.update(wanted)
        for step in range(max(map(len, ways.values()), default=0)):
            now = {bet: way[step] for bet, way in ways.items() if step < len(way)}
            prices = [{**_names(bet), "odds": _spell_odds(odds)} for bet, odds in now.items()]
            yield self._entry("odds", prices=prices)

    def suspension(self, market: str | None = None, line: str | None = None) -> Entry:
        """Tell that the match, or a market of it, takes no bets."""
        return self._suspension(market, line, suspended=True)

    def lift(self, market: str | None = None) -> Entry:
        """Tell that the match, or a market of it, takes bets again."""
        return self._suspension(market, None, suspended=False)

    def _suspension(self, market: str | None, line: str | None, *, suspended: bool) -> Entry:
        which = {"market": market, "line": line}
        named = {name: value for name, value in which.items() if value is not None}
        return self._entry("suspension", suspended=suspended, **named)

    def result(self, ending: str, score: Entry | None = None, *, corrects: bool = False) -> Entry:
        """Tell how the match ended, or that it did otherwise than was told."""
        scored = {} if score is None else {"score": score}
        return self._entry("correction" if corrects else "result", ending=ending, **scored)


def spell_instant(instant: dt.datetime) -> str:
    """Write an instant as the feed takes it."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache
def _names(bet: Bet) -> Mapping[str, object]:
    return bet.names()


@lru_cache(32_768)
def _spell_odds(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)
