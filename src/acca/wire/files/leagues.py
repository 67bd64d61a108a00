"""Leagues as files name them: football-data divisions, file names, openfootball titles."""

import re
from collections.abc import Mapping
from itertools import chain

from acca.core.fixtures import League, Team
from acca.core.numbers import Malformed
from acca.wire.files.teams import slugify

_COUNTRIES: Mapping[str, tuple[str, tuple[tuple[str, str, int], ...]]] = {
    "England": (
        "Europe/London",
        (
            ("E0", "Premier League", 1),
            ("E1", "Championship", 1),
            ("E2", "League One", 1),
            ("E3", "League Two", 1),
            ("EC", "National League", 1),
        ),
    ),
    "Scotland": (
        "Europe/London",
        (
            ("SC0", "Premiership", 2),
            ("SC1", "Championship", 2),
            ("SC2", "League One", 2),
            ("SC3", "League Two", 2),
        ),
    ),
    "Germany": ("Europe/Berlin", (("D1", "Bundesliga", 1), ("D2", "2. Bundesliga", 1))),
    "Italy": ("Europe/Rome", (("I1", "Serie A", 1), ("I2", "Serie B", 1))),
    "Spain": ("Europe/Madrid", (("SP1", "La Liga", 1), ("SP2", "Segunda División", 1))),
    "France": ("Europe/Paris", (("F1", "Ligue 1", 1), ("F2", "Ligue 2", 1))),
    "Netherlands": ("Europe/Amsterdam", (("N1", "Eredivisie", 1),)),
    "Belgium": ("Europe/Brussels", (("B1", "Pro League", 2),)),
    "Portugal": ("Europe/Lisbon", (("P1", "Primeira Liga", 1),)),
    "Turkey": ("Europe/Istanbul", (("T1", "Süper Lig", 1),)),
    "Greece": ("Europe/Athens", (("G1", "Super League", 2),)),
    "Kenya": ("Africa/Nairobi", (("KE1", "Premier League", 1),)),
    "Nigeria": ("Africa/Lagos", (("NG1", "NPFL", 2),)),
}
"""Time zone, and code, name and meetings at one ground of each league; slugs are of the names.

Where a league plays on after its rounds (B1, G1, NG1), clubs may meet once more.
"""

SPORT = Team("football", "Football")


def _league(country: str, zone: str, row: tuple[str, str, int]) -> League:
    code, name, meetings = row
    category = Team(slugify(country), country)
    path = f"{SPORT.slug}/{category.slug}/{slugify(name)}"
    return League(code, category, path, name, zone, meetings)


LEAGUES: Mapping[str, League] = {
    league.code: league
    for league in chain.from_iterable(
        [_league(country, zone, row) for row in rows]
        for country, (zone, rows) in _COUNTRIES.items()
    )
}
"""Every league by its code."""

_FILE_NAMES = (
    *((re.compile(rf"(?:^|[^A-Za-z0-9]){code}_[0-9]{{4}}(?![0-9])"), code) for code in LEAGUES),
    (re.compile(r"KENYA_"), "KE1"),
    (re.compile(r"NIGERIA_"), "NG1"),
    (re.compile(r"en\.1\.json"), "E0"),
    (re.compile(r"es\.1\.json"), "SP1"),
    (re.compile(r"de\.1\.json"), "D1"),
    (re.compile(r"it\.1\.json"), "I1"),
    (re.compile(r"tr\.1\.json"), "T1"),
)
_TITLES = {
    "English Premier League": "E0",
    "Spain Primera División": "SP1",
    "Deutsche Bundesliga": "D1",
    "Italian Serie A": "I1",
    "Turkish Süper Lig": "T1",
}
"""Titles of openfootball, without the season that follows them."""


def league_of(code: str) -> League:
    """Tell the league of a football-data division."""
    league = LEAGUES.get(code)
    if league is None:
        raise Malformed(
            f"names a league that is not known: {code[:20]!r}" if code else "has no league"
        )
    return league


def league_of_title(title: str) -> League | None:
    """Tell the league of an openfootball title such as `English Premier League 2025/26`."""
    code = _TITLES.get(title.rstrip("0123456789/- "))
    return None if code is None else LEAGUES[code]


def league_of_file(name: str) -> League | None:
    """Tell the league that the name of a file gives away."""
    codes = (code for pattern, code in _FILE_NAMES if pattern.search(name))
    code = next(codes, None)
    return None if code is None else LEAGUES[code]


def country_of(league: League) -> str:
    """Tell under which country the spellings of its teams stand."""
    return league.country.slug.removeprefix(f"{SPORT.slug}/")
