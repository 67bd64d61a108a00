"""The money of a ticket for finance: each step of the computation with its exact numbers."""

from collections.abc import Iterator

from acca.core.explaining import Answers, Case, Explained, Lines, Steps
from acca.core.finance import Payout, TaxTerms, WithholdingBase
from acca.core.ticket_facts import Facts
from acca.wire.exact_numbers import spell_exactly
from acca.wire.languages import Language

_UNDECIDED = {
    Case.NEW,
    Case.RESERVED,
    Case.WAITING,
    Case.OPEN,
    Case.CALCULATING,
    Case.HELD,
}


def tell_finance(language: Language, explained: Explained) -> str:
    """Write how the money of a ticket came about, in one sentence."""
    return language.say("form.then").join(_parts(language, explained)) + "."


def _parts(language: Language, explained: Explained) -> Iterator[str]:
    say, facts = language.say, explained.ticket.facts
    yield say(
        "finance.head",
        code=facts.code,
        type=facts.type.value,
        case=say(f"case.{explained.case.value}"),
    )
    yield _charge(language, facts, explained.terms)
    if isinstance(explained.tally, Answers):
        right, voids, questions, _ = explained.tally
        yield say("finance.answers", right=right, voids=voids, questions=questions)
    if explained.steps is not None:
        yield from _computed(language, explained, explained.steps)
    else:
        yield from _told(language, explained)
    rounding = say(f"rounding.{explained.terms.rounding.value}")
    yield say("finance.rounding", rounding=rounding, profile=facts.tax_profile)


def _told(language: Language, explained: Explained) -> Iterator[str]:
    """Write amounts that follow from no odds and no prize, or that there are none."""
    if explained.case is Case.VOID:
        yield language.say(f"finance.refund_{explained.ticket.facts.void_refund.value}")
    if explained.payout is not None:
        yield _amounts(language, explained.payout)
    else:
        yield language.say(f"finance.{'open' if explained.case in _UNDECIDED else 'nothing'}")


def _charge(language: Language, facts: Facts, terms: TaxTerms) -> str:
    price, stake, ext = facts.charge
    return language.say(
        "finance.charge",
        price=language.money(price, facts.currency),
        stake=language.amount(stake),
        ext=language.amount(ext),
        formula=language.say(f"formula.{terms.ext_formula.value}"),
        rate=language.percent(terms.ext_rate),
    )


def _computed(language: Language, explained: Explained, steps: Steps) -> Iterator[str]:
    say, facts = language.say, explained.ticket.facts
    uncapped = language.amount(steps.payout.uncapped_cents)
    if steps.product is not None:
        factors = " x ".join(_exact(language, *one) for one in steps.factors)
        odds = language.odds(steps.odds)
        product = _exact(language, *steps.product)
        yield say("finance.product", factors=factors, product=product, odds=odds)
        stake = language.amount(facts.charge.stake_cents)
        yield say("finance.gross", stake=stake, odds=odds, uncapped=uncapped)
    else:
        yield from _tiers(language, explained)
        yield say("finance.prize", uncapped=uncapped)
    if facts.cap_cents is None:
        yield say("finance.no_cap")
    else:
        yield say("finance.cap", cap=language.amount(facts.cap_cents))
    if explained.day_left_cents is not None:
        yield say("finance.day", left=language.amount(explained.day_left_cents))
    yield say("finance.capped", gross=language.amount(steps.payout.gross_cents))
    yield from _withheld(language, explained, steps)


def _exact(language: Language, numerator: int, denominator: int) -> str:
    return language.number(spell_exactly(numerator, denominator))


def _tiers(language: Language, explained: Explained) -> Iterator[str]:
    if isinstance(explained.tally, Lines):
        tiers = (
            language.say(
                "finance.tier",
                lines=tier.lines,
                amount=language.amount(tier.per_line_cents),
            )
            for tier in explained.tally.won
        )
        yield " + ".join(tiers)


def _withheld(language: Language, explained: Explained, steps: Steps) -> Iterator[str]:
    say, amount, terms = language.say, language.amount, explained.terms
    gross, wht, net, _ = map(amount, steps.payout)
    base, taxable = amount(steps.base_cents), amount(steps.taxable_cents)
    price, stake, _ = explained.ticket.facts.charge
    untaxed = {WithholdingBase.NET: stake, WithholdingBase.NET_OF_PRICE: price}
    yield say(
        f"finance.base_{terms.wht_base.value}",
        gross=gross,
        untaxed=amount(untaxed.get(terms.wht_base, 0)),
        base=base,
    )
    kind = "finance.taxable_excess" if terms.wht_on_excess else "finance.taxable"
    yield say(kind, taxable=taxable, threshold=amount(terms.wht_threshold_cents))
    yield say("finance.wht", taxable=taxable, rate=language.percent(terms.wht_rate), wht=wht)
    yield say("finance.net", gross=gross, wht=wht, net=net)


def _amounts(language: Language, payout: Payout) -> str:
    gross, wht, net, _ = map(language.amount, payout)
    return language.say("finance.amounts", gross=gross, wht=wht, net=net)
