"""Names of countries, leagues and teams that do not exist."""

from random import Random
from typing import NamedTuple


class Named(NamedTuple):
    """A thing as the feed names it."""

    slug: str
    name: str

    def told(self) -> dict[str, object]:
        """Return the document of the name."""
        return self._asdict()


COUNTRIES = ("Valdoria", "Ostmere", "Karvania", "Teluna", "Brenland", "Sunavia", "Quillmark")
LEAGUES = ("Premier League", "First Division", "National League")
_STARTS = ("Al", "Bel", "Cor", "Dun", "El", "Fen", "Gal", "Hol", "Kal", "Lor", "Mar", "Nor")
_MIDDLES = ("a", "be", "da", "i", "ko", "me", "ri", "va")
_ENDS = ("burg", "dale", "ford", "gate", "haven", "mont", "stad", "ton", "vik", "wick")
_KINDS = ("Athletic", "City", "FC", "Rangers", "Rovers", "Sporting", "United")


def named(name: str) -> Named:
    """Give a name its slug."""
    return Named(name.lower().replace(" ", "-"), name)


def draw_towns(rng: Random, count: int) -> list[str]:
    """Draw so many different towns."""
    towns: dict[str, None] = {}
    while len(towns) < count:
        towns[rng.choice(_STARTS) + rng.choice(_MIDDLES) + rng.choice(_ENDS)] = None
    return list(towns)


def draw_team(rng: Random, town: str) -> Named:
    """Name the team of a town."""
    return named(f"{town} {rng.choice(_KINDS)}")
