"""Entries of a feed for tests, and random histories of them that a provider might tell."""

import datetime as dt

from hypothesis import strategies as st

from acca.core.catalogue.told import (
    Head,
    HeadTold,
    Name,
    OddsTold,
    Price,
    ResultTold,
    SuspensionTold,
)
from acca.core.score import Ending, Result, Score

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
PAST, FUTURE = NOW - dt.timedelta(hours=3), NOW + dt.timedelta(days=2)
BETS = (1, 2, 3, 111, 200)
WON, DRAWN = Result(Ending.PLAYED, Score((2, 1), ((1, 0),))), Result(Ending.PLAYED, Score((0, 0)))
POSTPONED, CANCELLED = Result(Ending.POSTPONED), Result(Ending.CANCELLED)


def head(*, starts=PAST, live=False, home="ppj", sport="football", **changes):
    return Head(
        sport=sport,
        category=Name("finland", "Finland"),
        league=Name("kakkonen", "Kakkonen"),
        home_team=Name(home, home.upper()),
        away_team=Name("japs-47", "JaPS/47"),
        starts=starts,
        live=live,
    )._replace(**changes)


def head_told(version, event="x1", **changes):
    return HeadTold(event, version, head(**changes))


def odds_told(version, prices, event="x1"):
    return OddsTold(event, version, tuple(Price(odds, bet) for bet, odds in prices.items()))


def suspension_told(version, *, suspended=True, event="x1", **which):
    return SuspensionTold(event, version, suspended, **which)


def result_told(version, result=WON, event="x1", *, corrects=False):
    return ResultTold(event, version, result, corrects)


def _facts(event):
    """Entries of one event without version: all odds are within a jump of each other."""
    prices = st.dictionaries(st.sampled_from(BETS), st.integers(150, 900), min_size=1)
    which = st.sampled_from(
        [{}, {"bet": 1}, {"market": "MRFT"}, {"market": "OUFT"}, {"market": "OUFT", "line": "2.5"}]
    )
    return st.one_of(
        st.builds(
            lambda starts, live, home: head_told(0, event, starts=starts, live=live, home=home),
            st.sampled_from([PAST, PAST - dt.timedelta(hours=1)]),
            st.booleans(),
            st.sampled_from(["ppj", "hjk"]),
        ),
        prices.map(lambda each: odds_told(0, each, event)),
        prices.map(lambda each: odds_told(0, each, event)),
        st.builds(
            lambda on, each: suspension_told(0, suspended=on, event=event, **each),
            st.booleans(),
            which,
        ),
        st.sampled_from([WON, DRAWN, CANCELLED, POSTPONED]).map(
            lambda result: result_told(0, result, event, corrects=True)
        ),
    )


@st.composite
def histories(draw, events=("x1", "x2")):
    """Draw entries in the order of their versions; each event begins with its head."""
    told = []
    for event in events:
        facts = [head_told(0, event), *draw(st.lists(_facts(event), max_size=12))]
        steps = draw(st.lists(st.integers(1, 3), min_size=len(facts), max_size=len(facts)))
        version = 0
        for fact, step in zip(facts, steps, strict=True):
            version += step
            told.append(fact._replace(version=version))
    return told


@st.composite
def deliveries(draw, told):
    """Draw how a history arrives: in any order, some entries twice, cut into batches anyhow."""
    again = draw(st.lists(st.sampled_from(told), max_size=6))
    arriving = draw(st.permutations([*told, *again]))
    batches = [[]]
    for entry in arriving:
        if draw(st.booleans()):
            batches.append([])
        batches[-1].append(entry)
    return [batch for batch in batches if batch]
