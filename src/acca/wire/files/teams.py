"""Teams of files: a stable slug for each name, and one club for the spellings of all providers.

Two spellings are two teams unless they stand in SPELLINGS, by country.
"""

import re
import unicodedata
from functools import lru_cache

from acca.core.fixtures import Team
from acca.core.numbers import Malformed

_NAME_LENGTH_MAX = 100
_SLUG_LENGTH_MAX = 64
_LETTERS = str.maketrans(
    {
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
    }
    | {"&": " and ", "'": "", "’": "", "‘": "", "`": "", "´": ""}  # noqa: RUF001
)
_BETWEEN = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")

SPELLINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "england": (
        ("Arsenal", "Arsenal FC"),
        ("Aston Villa", "Aston Villa FC"),
        ("Bournemouth", "AFC Bournemouth"),
        ("Brentford", "Brentford FC"),
        ("Brighton & Hove Albion", "Brighton", "Brighton & Hove Albion FC"),
        ("Burnley", "Burnley FC"),
        ("Chelsea", "Chelsea FC"),
        ("Crystal Palace", "Crystal Palace FC"),
        ("Everton", "Everton FC"),
        ("Fulham", "Fulham FC"),
        ("Leeds United", "Leeds", "Leeds United FC"),
        ("Liverpool", "Liverpool FC"),
        ("Manchester City", "Man City", "Manchester City FC"),
        ("Manchester United", "Man United", "Manchester United FC"),
        ("Newcastle United", "Newcastle", "Newcastle United FC"),
        ("Nottingham Forest", "Nott'm Forest", "Nottingham Forest FC"),
        ("Sunderland", "Sunderland AFC"),
        ("Tottenham Hotspur", "Tottenham", "Tottenham Hotspur FC"),
        ("West Ham United", "West Ham", "West Ham United FC"),
        ("Wolverhampton Wanderers", "Wolves", "Wolverhampton Wanderers FC"),
    ),
    "spain": (
        ("Alavés", "Alaves", "Deportivo Alavés"),
        ("Athletic Bilbao", "Ath Bilbao", "Athletic Club Bilbao", "Athletic Club"),
        ("Atlético Madrid", "Ath Madrid", "Club Atlético de Madrid"),
        ("Barcelona", "FC Barcelona"),
        ("Betis", "Real Betis", "Real Betis Balompié"),
        ("Celta Vigo", "Celta", "Celta de Vigo", "RC Celta de Vigo"),
        ("Elche", "Elche CF"),
        ("Espanyol", "Espanol", "RCD Espanyol", "RCD Espanyol de Barcelona"),
        ("Getafe", "Getafe CF"),
        ("Girona", "Girona FC"),
        ("Levante", "Levante UD"),
        ("Mallorca", "RCD Mallorca"),
        ("Osasuna", "CA Osasuna"),
        ("Oviedo", "Real Oviedo"),
        ("Real Madrid", "Real Madrid CF"),
        ("Real Sociedad", "Sociedad", "Real Sociedad de Fútbol"),
        ("Sevilla", "Sevilla FC"),
        ("Valencia", "Valencia CF"),
        ("Rayo Vallecano", "Vallecano", "Rayo Vallecano de Madrid"),
        ("Villarreal", "Villarreal CF"),
    ),
    "germany": (
        ("Augsburg", "FC Augsburg"),
        ("Bayern München", "Bayern Munich", "FC Bayern München"),
        ("Borussia Dortmund", "Dortmund"),
        ("Borussia Mönchengladbach", "M'gladbach"),
        ("Eintracht Frankfurt", "Ein Frankfurt"),
        ("Freiburg", "SC Freiburg"),
        ("Hamburger SV", "Hamburg"),
        ("Heidenheim", "1. FC Heidenheim 1846"),
        ("Hoffenheim", "TSG 1899 Hoffenheim"),
        ("Köln", "FC Koln", "1. FC Köln"),
        ("Bayer Leverkusen", "Leverkusen", "Bayer 04 Leverkusen"),
        ("Mainz", "1. FSV Mainz 05"),
        ("RB Leipzig",),
        ("St Pauli", "FC St. Pauli 1910"),
        ("Stuttgart", "VfB Stuttgart"),
        ("Union Berlin", "1. FC Union Berlin"),
        ("Werder Bremen", "SV Werder Bremen"),
        ("Wolfsburg", "VfL Wolfsburg"),
    ),
    "italy": (
        ("Atalanta", "Atalanta BC"),
        ("Bologna", "Bologna FC 1909"),
        ("Cagliari", "Cagliari Calcio"),
        ("Como", "Como 1907"),
        ("Cremonese", "US Cremonese"),
        ("Fiorentina", "ACF Fiorentina"),
        ("Genoa", "Genoa CFC"),
        ("Inter", "FC Internazionale Milano"),
        ("Juventus", "Juventus FC"),
        ("Lazio", "SS Lazio"),
        ("Lecce", "US Lecce"),
        ("Milan", "AC Milan"),
        ("Napoli", "SSC Napoli"),
        ("Parma", "Parma Calcio 1913"),
        ("Pisa", "AC Pisa 1909"),
        ("Roma", "AS Roma"),
        ("Sassuolo", "US Sassuolo Calcio"),
        ("Torino", "Torino FC"),
        ("Udinese", "Udinese Calcio"),
        ("Verona", "Hellas Verona FC"),
    ),
    "turkey": (
        ("Beşiktaş", "Besiktas"),
        ("Başakşehir", "Buyuksehyr", "İstanbul Başakşehir"),
        ("Eyüpspor", "Eyupspor"),
        ("Fenerbahçe", "Fenerbahce"),
        ("Gaziantep", "Gaziantep FK"),
        ("Gençlerbirliği", "Genclerbirligi"),
        ("Göztepe", "Goztep"),
        ("Karagümrük", "Karagumruk", "Fatih Karagümrük"),
        ("Kasımpaşa", "Kasimpasa", "Kasımpaşa SK"),  # noqa: RUF001
        ("Rizespor", "Çaykur Rizespor"),
    ),
}
"""Spellings of one club, by country; it is shown by the first."""

_NAMES = {
    country: {spelling: names[0] for names in clubs for spelling in names}
    for country, clubs in SPELLINGS.items()
}


def slugify(name: str) -> str:
    """Make a slug of a name: letters without accents, words between hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS).casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return _BETWEEN.sub("-", letters.translate(_LETTERS)).strip("-")[:_SLUG_LENGTH_MAX].rstrip("-")


@lru_cache(4096)
def team_of(country: str, spelling: str) -> Team:
    """Tell the team that a provider spells so; Malformed where it is no name."""
    text = _SPACES.sub(" ", spelling).strip()
    if not text:
        raise Malformed("has no team name")
    if len(text) > _NAME_LENGTH_MAX:
        raise Malformed(f"has a team name longer than {_NAME_LENGTH_MAX} letters")
    if not text.isprintable():
        raise Malformed("has a team name that cannot be printed")
    name = _NAMES.get(country, {}).get(text, text)
    slug = slugify(name)
    if not slug:
        raise Malformed(f"has a team name without a letter of a-z: {text[:40]!r}")
    return Team(slug, name)
