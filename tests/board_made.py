"""Boards as tests make them: football matches whose chances are those of their odds."""

import datetime as dt

from acca.core.board import BoardEvent, Label
from acca.core.probability.chances import Quoted, chances_of

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def match(id_, prices, *, starts=NOW + 3 * HOUR, league=1, country=1, closed=(), sport="football"):
    """Make a match with odds in hundredths by bet."""
    (chances,) = chances_of([Quoted(sport, prices)])
    return BoardEvent(
        id=id_,
        starts=starts,
        sport=sport,
        country=Label(country, f"country-{country}", f"Country {country}"),
        league=Label(league, f"league-{league}", f"League {league}"),
        home=Label(10 * id_, f"home-{id_}", f"Home {id_}"),
        away=Label(10 * id_ + 1, f"away-{id_}", f"Away {id_}"),
        is_stopped=False,
        closed=frozenset(closed),
        odds=prices,
        chances=chances,
        updated=NOW,
    )


def board_of(*matches):
    """Make a board of matches."""
    return {each.id: each for each in matches}
