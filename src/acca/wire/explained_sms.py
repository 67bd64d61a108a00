"""A ticket in one SMS: how it stands, its code and its amount always, then what fits."""

from acca.core.event_shown import EventShown
from acca.core.explaining import Answers, Case, Explained, Guess, Leg
from acca.core.jackpot_judging import How
from acca.core.outcome import LOST
from acca.wire.explained_legs import judge_guess, spell_points, word_of
from acca.wire.gsm import Game, fit
from acca.wire.languages import Language

_PAYING = {Case.WON, Case.VOID, Case.DECLINED, Case.CASHED_OUT}
_WITHOUT_GAMES = {Case.EXPIRED, Case.CANCELLED, Case.DECLINED, Case.CASHED_OUT}
"""How a ticket ends whatever its events do."""
_ALWAYS_RIGHT = {How.COUNTED: "won", How.DROPPED: "void", How.VOID: "void"}


def tell_sms(language: Language, explained: Explained) -> str:
    """Write a ticket as one message."""
    facts, payout = explained.ticket.facts, explained.payout
    case = explained.case
    key, cents = f"sms.{case.value}", facts.charge.price_cents
    if case is Case.OPEN and payout is None:
        key = "sms.open_prize"
    if payout is not None and case in {*_PAYING, Case.OPEN}:
        cents = payout.net_cents
    amount = language.money(cents, facts.currency)
    head = language.say(key, code=facts.code, amount=amount)
    return fit(head, _detail(language, explained), _games(language, explained))


def _detail(language: Language, explained: Explained) -> str:
    kinds = {Case.WON, Case.CASHED_OUT, Case.OPEN}
    if explained.case not in kinds or explained.payout is None:
        return ""
    gross, wht, _, _ = map(language.amount, explained.payout)
    return language.say(f"sms.detail_{explained.case.value}", gross=gross, wht=wht)


def _games(language: Language, explained: Explained) -> list[Game]:
    tally = explained.tally
    if explained.case in _WITHOUT_GAMES:
        return []
    if isinstance(tally, Answers):
        return [_game(explained.legs[0].event, _mark_answers(language, explained, tally))]
    # What lost a ticket is not what is left out.
    legs = sorted(
        explained.legs, key=lambda leg: not (isinstance(leg, Leg) and leg.outcome == LOST)
    )
    return [_game(leg.event, language.say(f"sms.mark_{_mark(explained, leg)}")) for leg in legs]


def _mark_answers(language: Language, explained: Explained, tally: Answers) -> str:
    if explained.case is Case.VOID:
        return language.say("sms.mark_void")
    if any(isinstance(leg, Leg) and leg.outcome is None for leg in explained.legs):
        return language.say("sms.mark_open")
    return language.say("sms.answers", right=tally.right, questions=tally.questions)


def _mark(explained: Explained, leg: Leg | Guess) -> str:
    if isinstance(leg, Leg):
        return word_of(leg.outcome).replace("dead_heat", "won")
    if leg.place is None:
        return "void" if explained.case is Case.VOID else "open"
    by_how = _ALWAYS_RIGHT.get(leg.place.how)
    return by_how or ("lost" if judge_guess(explained, leg) == "wrong" else "won")


def _game(event: EventShown, mark: str) -> Game:
    score = None if event.result is None else event.result.score
    told = "-" if score is None else spell_points(score.total)
    return Game(event.home_team.name, event.away_team.name, told, mark)
