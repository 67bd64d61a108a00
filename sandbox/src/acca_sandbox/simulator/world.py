"""A season that a seed decides: leagues, fixtures, how strong teams are and what befalls matches.

Nothing here looks at a clock: every instant follows from `start`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from enum import Enum
from random import Random
from typing import NamedTuple

from acca_sandbox.simulator.names import COUNTRIES, LEAGUES, Named, draw_team, draw_towns, named

TEAMS_MIN, TEAMS_MAX = 8, 20
LEAGUES_MAX = len(COUNTRIES) * len(LEAGUES)
"""There are names for no more."""
LEAD = dt.timedelta(days=10)
"""From the start of a season to the earliest day of its first match."""
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
_SATURDAY = 5
_KICK_OFFS = ((0, 12, 30), (0, 15, 0), (0, 15, 0), (0, 17, 30), (1, 13, 0), (1, 15, 30))
"""Days after Saturday, hour and minute."""
_MOVES = (3, 4, 5, 10, 11, 12)
"""Days after Saturday when a postponed match may be played: no team has another then."""
_EVENING = dt.timedelta(hours=19)
_HOME_GOALS, _AWAY_GOALS = 1.5, 1.18
_RATE_MIN, _RATE_MAX = 0.25, 3.6


class Fate(Enum):
    """What befalls a match."""

    PLAYED = "played"
    CORRECTED = "corrected"
    """Played, and its result is told wrong at first."""
    MOVED = "moved"
    """Postponed, and played on another day."""
    NEVER = "never"
    """Postponed, and not played in the season."""
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


_FATES = (
    (Fate.MOVED, 7),
    (Fate.NEVER, 3),
    (Fate.CANCELLED, 2),
    (Fate.ABANDONED, 2),
    (Fate.CORRECTED, 10),
)
"""Of a thousand matches."""


class Team(NamedTuple):
    """A team, how often it scores and how often others score against it; 1 is the average."""

    name: Named
    attack: float
    defence: float


class League(NamedTuple):
    """A league of a country."""

    country: Named
    name: Named
    teams: tuple[Team, ...]


class Fixture(NamedTuple):
    """A match to come: goals that each side is truly expected to score, and its fate.

    `moved_to` is when a postponed match is played.
    """

    key: str
    league: League
    home: Team
    away: Team
    starts: dt.datetime
    home_rate: float
    away_rate: float
    fate: Fate
    moved_to: dt.datetime | None


class World(NamedTuple):
    """All that happens, in the order of kick-offs."""

    seed: int
    start: dt.datetime
    leagues: tuple[League, ...]
    fixtures: tuple[Fixture, ...]


def dice_of(seed: int, *names: str) -> Random:
    """Make dice that fall alike for the same seed and names, on every machine."""
    text = "/".join((str(seed), *names))  # a text is hashed by SHA-512, whatever the process
    return Random(text)  # noqa: S311 - what a seed has to repeat must not be secret


def make_world(seed: int, start: dt.datetime, leagues: int = 3, teams: int | None = None) -> World:
    """Make one season of some leagues, each of so many teams or of a number that is drawn."""
    assert start.tzinfo is not None, "an instant names its zone"
    assert 1 <= leagues <= LEAGUES_MAX, "there are names for so many leagues"
    start = start.astimezone(dt.UTC).replace(microsecond=0)
    rng = dice_of(seed)
    made = _make_leagues(rng, leagues, teams)
    matches = [match for league in made for match in _season(rng, league, start)]
    matches.sort(key=lambda match: match.starts)
    prefix = f"s{seed}-{start:%y%m%d}"
    keyed = (match._replace(key=f"{prefix}-{n:05}") for n, match in enumerate(matches, 1))
    return World(seed, start, made, tuple(keyed))


def _make_leagues(rng: Random, count: int, teams: int | None) -> tuple[League, ...]:
    sizes = [teams or 2 * rng.randint(TEAMS_MIN // 2, TEAMS_MAX // 2) for _ in range(count)]
    assert all(TEAMS_MIN <= size <= TEAMS_MAX and size % 2 == 0 for size in sizes), (
        f"a league has an even number of {TEAMS_MIN} to {TEAMS_MAX} teams"
    )
    towns = iter(draw_towns(rng, sum(sizes)))
    first = rng.randrange(len(COUNTRIES))
    return tuple(
        League(
            named(COUNTRIES[(first + place) % len(COUNTRIES)]),
            named(LEAGUES[place // len(COUNTRIES)]),
            tuple(_draw_strength(rng, draw_team(rng, next(towns))) for _ in range(size)),
        )
        for place, size in enumerate(sizes)
    )


def _draw_strength(rng: Random, name: Named) -> Team:
    # What makes a team good helps it at both ends.
    skill = rng.uniform(-0.3, 0.3)
    attack, defence = 1 + skill + rng.uniform(-0.1, 0.1), 1 - skill + rng.uniform(-0.1, 0.1)
    return Team(name, attack, defence)


def _season(rng: Random, league: League, start: dt.datetime) -> Iterator[Fixture]:
    saturday = _first_saturday(start + LEAD)
    first = list(_rounds(rng, league.teams))
    second = [[(away, home) for home, away in pairs] for pairs in first]
    for week, pairs in enumerate((*first, *second)):
        for home, away in pairs:
            yield _fixture(rng, league, (home, away), saturday + week * _WEEK)


def _first_saturday(after: dt.datetime) -> dt.datetime:
    day = after.replace(hour=0, minute=0, second=0) + _DAY
    return day + (_SATURDAY - day.weekday()) % 7 * _DAY


def _rounds(rng: Random, teams: Sequence[Team]) -> Iterator[list[tuple[Team, Team]]]:
    """Pair each with each other once: one stays, the others go round it."""
    fixed, *others = rng.sample(teams, len(teams))
    for week in range(len(others)):
        circle = [fixed, *others[week:], *others[:week]]
        half = len(circle) // 2
        pairs = list(zip(circle[:half], reversed(circle[half:]), strict=True))
        # Who stays and who meets it would else play all matches of half a season at home.
        turned = [(b, a) if (place + week) % 2 else (a, b) for place, (a, b) in enumerate(pairs)]
        yield turned


def _fixture(
    rng: Random, league: League, pair: tuple[Team, Team], saturday: dt.datetime
) -> Fixture:
    home, away = pair
    days, hour, minute = rng.choice(_KICK_OFFS)
    starts = saturday + dt.timedelta(days=days, hours=hour, minutes=minute)
    fate = draw_fate(rng)
    evening = saturday + rng.choice(_MOVES) * _DAY + _EVENING
    return Fixture(
        "",
        league,
        home,
        away,
        starts,
        _bounded(_HOME_GOALS * home.attack * away.defence),
        _bounded(_AWAY_GOALS * away.attack * home.defence),
        fate,
        evening if fate is Fate.MOVED else None,
    )


def _bounded(rate: float) -> float:
    return min(max(rate, _RATE_MIN), _RATE_MAX)


def draw_fate(rng: Random) -> Fate:
    """Draw what befalls a match, as often as it does in life."""
    at = rng.randrange(1000)
    for fate, share in _FATES:
        at -= share
        if at < 0:
            return fate
    return Fate.PLAYED
