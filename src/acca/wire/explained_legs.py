"""The sentence of each leg of a ticket, in a language, for players and for finance."""

from datetime import tzinfo
from typing import NamedTuple

from acca.core.event_shown import EventShown
from acca.core.explaining import Case, Explained, Guess, Happened, Leg
from acca.core.jackpot_judging import How, Place
from acca.core.markets.market import Bet, Part
from acca.core.markets.rules import signed
from acca.core.numbers import Malformed, parse_scaled
from acca.core.odds import ONE
from acca.core.outcome import HALF_LOST, HALF_WON, LEG_ONE, LOST, VOID, WON, Outcome
from acca.core.score import Points, Score
from acca.core.ticket import TicketType
from acca.wire.exact_numbers import spell_exactly
from acca.wire.languages import Language

_RESULTS = {
    WON: "won",
    LOST: "lost",
    VOID: "void",
    HALF_WON: "half_won",
    HALF_LOST: "half_lost",
}
_OVER = {Case.EXPIRED, Case.CANCELLED, Case.LOST, Case.DECLINED, Case.CASHED_OUT}
_QUARTER = 25
"""A quarter of a goal or point, in hundredths of which lines are spelled."""


class Voice(NamedTuple):
    """What a ticket is told in: a language, and the zone of its times."""

    language: Language
    zone: tzinfo


def tell_leg(voice: Voice, explained: Explained, leg: Leg | Guess, *, exactly: bool) -> str:
    """Write the sentence of a leg, `exactly` for finance."""
    if isinstance(leg, Guess):
        return _tell_guess(voice, explained, leg, exactly=exactly)
    say, what = voice.language.say, _tell_event(voice, leg.event, leg.happened, leg.bet)
    pick = tell_pick(voice.language, leg)
    if explained.ticket.facts.type is TicketType.SUPERBET:
        result = say(f"answered.{_answered(explained, leg.outcome)}")
        named = {"what": what, "pick": pick, "result": result}
        if exactly:
            return say("leg.finance_answer", **named, **_numbers_of(leg))
        return say("leg.answer", **named)
    named = {
        "what": what,
        "pick": pick,
        "result": _tell_result(voice.language, explained, leg.outcome),
    }
    if not exactly:
        return say("leg.player", **named)
    return _tell_factor(voice.language, leg, named)


def tell_match(language: Language, event: EventShown) -> str:
    """Name a match by its teams."""
    home, away = event.home_team.name, event.away_team.name
    return language.say("form.match", home=home, away=away)


def tell_pick(language: Language, leg: Leg) -> str:
    """Write what was picked, with its odds if it has any."""
    pick = _tell_bet(language, leg.event, leg.bet)
    if leg.odds is None:
        return pick
    return language.say("form.odds", pick=pick, odds=language.odds(leg.odds))


def word_of(outcome: Outcome | None) -> str:
    """Name an outcome by the word that phrases of results have for it."""
    return "open" if outcome is None else _RESULTS.get(outcome, "dead_heat")


def _result_word(explained: Explained, outcome: Outcome | None) -> str:
    """Name an outcome; what is open on a ticket that has ended does not count any more."""
    return "over" if outcome is None and explained.case in _OVER else word_of(outcome)


def _answered(explained: Explained, outcome: Outcome | None) -> str:
    if outcome is None or outcome == VOID:
        return _result_word(explained, outcome)
    return "won" if outcome.won else "lost"


def _tell_result(language: Language, explained: Explained, outcome: Outcome | None) -> str:
    sharing = 1 if outcome is None else outcome.dead_heat
    word = _result_word(explained, outcome)
    return language.say(f"result.{word}", one=language.odds(ONE), sharing=sharing)


def _numbers_of(leg: Leg) -> dict[str, object]:
    market = " ".join(filter(None, (leg.bet.market, leg.bet.line, leg.bet.code)))
    return {"bet": leg.bet.id, "event": leg.event.id, "market": market}


def _tell_factor(language: Language, leg: Leg, named: dict[str, str]) -> str:
    if leg.outcome is None or leg.odds is None:
        return language.say("leg.finance_open", **named, **_numbers_of(leg))
    won, halves, sharing = leg.outcome
    return language.say(
        "leg.finance",
        **named,
        **_numbers_of(leg),
        won=won,
        void=language.number(spell_exactly(halves, 2)),
        sharing=sharing,
        factor=language.number(spell_exactly(leg.outcome.factor(leg.odds), LEG_ONE * sharing)),
    )


# ---- events


def _tell_event(voice: Voice, event: EventShown, happened: Happened, bet: Bet | None) -> str:
    language = voice.language
    score = None if event.result is None else event.result.score
    return language.say(
        f"happened.{happened.value}",
        match=tell_match(language, event),
        time=language.time(event.starts, voice.zone),
        score="" if score is None else _tell_score(score, bet),
    )


def _tell_score(score: Score, bet: Bet | None) -> str:
    """Write a score, with those of its periods if a bet looks at any."""
    total = spell_points(score.total)
    looked = set[Part]() if bet is None else {one.part for half in bet.halves for one in half}
    if looked <= {Part.FULL} or not score.periods:
        return total
    return f"{total} ({', '.join(map(spell_points, score.periods))})"


def spell_points(points: Points) -> str:
    """Write points as a score."""
    return "{}-{}".format(*points)


def _tell_bet(language: Language, event: EventShown, bet: Bet) -> str:
    exact, any_ = f"bets.{bet.market}.{bet.code}", f"bets.{bet.market}.any"
    line = bet.line or ""
    given, against = _sides_of(line)
    return language.say(
        exact if exact in language.phrases else any_,
        home=event.home_team.name,
        away=event.away_team.name,
        code=bet.code,
        line=language.number(line),
        given=language.number(given),
        against=language.number(against),
    )


def _sides_of(line: str) -> tuple[str, str]:
    """Spell a handicap for the home side and for the away side."""
    try:
        quarters = parse_scaled(line, 2) // _QUARTER
    except Malformed:
        return line, line
    return signed(quarters), signed(-quarters)


# ---- jackpots


def _tell_guess(voice: Voice, explained: Explained, guess: Guess, *, exactly: bool) -> str:
    language = voice.language
    told = {
        "what": _tell_event(voice, guess.event, guess.happened, None),
        "signs": language.say("form.and").join(sign.value for sign in guess.signs),
        "result": _tell_guessed(language, explained, guess),
    }
    if not exactly:
        return language.say("leg.reserve" if guess.is_reserve else "leg.guess", **told)
    how = "none" if guess.place is None else guess.place.how.value
    told |= {"how": language.say(f"how.{how}"), "event": str(guess.event.id)}
    return language.say("leg.finance_guess", **told)


def _tell_guessed(language: Language, explained: Explained, guess: Guess) -> str:
    if guess.is_reserve:
        return language.say("guessed.reserve")
    place = guess.place
    if place is None:
        return language.say(f"guessed.{'refunded' if explained.case is Case.VOID else 'open'}")
    prefix = {How.DRAWN: "drawn_", How.REPLACED: "replaced_", How.PLAYED: ""}.get(place.how)
    if prefix is None:
        return language.say(f"guessed.{place.how.value}")
    return language.say(
        f"guessed.{prefix}{judge_guess(explained, guess)}",
        sign=place.sign.value if place.sign else "",
        reserve=_tell_reserve(language, guess),
    )


def judge_guess(explained: Explained, guess: Guess) -> str:
    """Tell whether picks are `right`, `wrong`, or `partly` right: one of several."""
    place = guess.place
    assert place is not None, "what is judged has a place"
    signs = guess.signs if place.reserve is None else _signs_there(explained, place)
    if place.sign not in signs:
        return "wrong"
    return "right" if len(signs) == 1 else "partly"


def _signs_there(explained: Explained, place: Place) -> tuple[object, ...]:
    guesses = (leg for leg in explained.legs if isinstance(leg, Guess))
    return next(guess.signs for guess in guesses if guess.event.id == place.reserve)


def _tell_reserve(language: Language, guess: Guess) -> str:
    event = guess.reserve
    if event is None:
        return ""
    score = None if event.result is None else event.result.score
    match = tell_match(language, event)
    return match if score is None else f"{match} {spell_points(score.total)}"
