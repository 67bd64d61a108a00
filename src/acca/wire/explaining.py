"""Tickets explained in words: a sentence for each leg, one for the money, and one SMS (spec 7)."""

from datetime import tzinfo

from acca.core.cards.jackpot import Tier
from acca.core.explaining import Answers, Case, Explained, Lines, losing_legs
from acca.core.ticket import Status
from acca.wire.be_answers import Audience, Explanation
from acca.wire.explained_finance import tell_finance
from acca.wire.explained_legs import Voice, tell_leg, tell_match
from acca.wire.explained_sms import tell_sms
from acca.wire.languages import Language


def tell(explained: Explained, language: Language, audience: Audience, zone: tzinfo) -> Explanation:
    """Write a ticket in a language, for somebody; times are those of a zone."""
    voice = Voice(language, zone)
    exactly = audience is Audience.FINANCE
    money = tell_finance(language, explained) if exactly else _tell_money(voice, explained)
    notes = [language.say(f"note.{note.value}") for note in explained.notes]
    return Explanation(
        lang=language.code,
        audience=audience,
        legs=tuple(tell_leg(voice, explained, leg, exactly=exactly) for leg in explained.legs),
        money=" ".join([money, *notes]),
        sms=tell_sms(language, explained),
    )


def _tell_money(voice: Voice, explained: Explained) -> str:
    """Write what a player paid and gets: price = stake + excise, net = gross - wht."""
    language, case = voice.language, explained.case
    facts, state = explained.ticket
    key = f"player.{case.value}"
    if case in {Case.OPEN, Case.RESERVED} and explained.payout is None:
        key = f"{key}_prize"
    expires = state.expires or facts.created
    return language.say(
        key,
        price=language.money(facts.charge.price_cents, facts.currency),
        paid=_paid(language, explained),
        time=language.time(expires, voice.zone) if state.status is Status.RESERVED else "",
        by=_by(language, explained),
        prize=_prize(language, explained),
        why=_why(language, explained) if case is Case.LOST else "",
        **_amounts(language, explained),
    )


def _amounts(language: Language, explained: Explained) -> dict[str, str]:
    if explained.payout is None:
        return {}
    gross, wht, net, uncapped = explained.payout
    tax = language.say("tax.withheld" if wht else "tax.none", wht=language.amount(wht))
    return {
        "gross": language.amount(gross),
        "cap": language.say(_cap_of(explained)) if gross < uncapped else "",
        "tax": tax,
        "net": language.money(net, explained.ticket.facts.currency),
    }


def _cap_of(explained: Explained) -> str:
    """Tell which cap cut a payout off: the lower one."""
    gross = None if explained.payout is None else explained.payout.gross_cents
    is_day = gross is not None and gross == explained.day_left_cents
    return "cap.day" if is_day else "cap.ticket"


def _paid(language: Language, explained: Explained) -> str:
    facts = explained.ticket.facts
    price, stake, ext = facts.charge
    return language.say(
        "paid.taxed" if ext else "paid.plain",
        price=language.money(price, facts.currency),
        stake=language.amount(stake),
        ext=language.amount(ext),
    )


def _by(language: Language, explained: Explained) -> str:
    """Write what a payout goes by: odds, right answers, or lines."""
    tally, struck = explained.tally, explained.ticket.facts.total_odds
    if isinstance(tally, Answers):
        right = language.counted("count.right", tally.right)
        return language.say("by.answers", right=right, questions=tally.questions)
    if isinstance(tally, Lines):
        return language.say("by.lines", lines=_lines_won(language, tally))
    return language.say(
        "by.odds" if explained.odds == struck else "by.changed",
        odds=language.odds(explained.odds),
        struck=language.odds(struck or 0),
    )


def _lines_won(language: Language, tally: Lines) -> str:
    """Write the lines that won by their wrong picks."""
    told = (
        language.say(
            "with.wrong",
            lines=language.counted("count.lines", one.lines),
            wrong=language.counted("count.wrong", one.wrong),
        )
        for one in tally.won
    )
    return language.say("form.and").join(told)


def _why(language: Language, explained: Explained) -> str:
    """Write what lost a ticket."""
    tally = explained.tally
    if isinstance(tally, Answers):
        right = language.counted("count.right", tally.right)
        return language.say("why.answers", right=right, questions=tally.questions)
    if isinstance(tally, Lines) and tally.best_wrong is not None:
        return language.say("why.lines", wrong=language.counted("count.wrong", tally.best_wrong))
    matches = [tell_match(language, leg.event) for leg in losing_legs(explained)]
    if not matches:
        return language.say("why.nothing")
    key = "why.leg" if len(matches) == 1 else "why.legs"
    return language.say(key, match=", ".join(matches))


def _prize(language: Language, explained: Explained) -> str:
    """Write the first prize of a superbet or a jackpot."""
    tally, currency = explained.tally, explained.ticket.facts.currency
    if isinstance(tally, Answers):
        right, amount = tally.first.correct, language.money(tally.first.amount_cents, currency)
        named = language.counted("count.right", right)
        return language.say("prize.answers", amount=amount, right=named)
    return "" if tally is None else _prize_of_tier(language, tally, tally.first, currency)


def _prize_of_tier(language: Language, tally: Lines, tier: Tier, currency: str) -> str:
    return language.say(
        f"prize.{tier.kind.value}",
        lines=language.counted("count.lines", tally.lines),
        amount=language.money(tier.amount_cents, currency),
        rate=language.percent(tier.pool_rate or 0),
    )
