"""The oracle gives the known answers, which nobody's code has made."""

import pytest
from known_answers import known_answers
from oracle import markets, money

LEGS = {"won": markets.WON, "lost": markets.LOST, "void": markets.VOID}


LEGS |= {"half_won": markets.HALF_WON, "half_lost": markets.HALF_LOST}


@pytest.mark.parametrize("vector", known_answers("finance"), ids=lambda vector: vector["name"])
def test_the_oracle_gives_the_known_amounts(vector):
    request, settings, answer = vector["request"], vector["settings"], vector["answer"]
    profile = profile_of(settings)
    amount = request.get("price", request.get("stake"))
    charged = money.charge(amount, profile, names_stake="stake" in request)
    legs = [(markets.WON, hundredths(odds)) for odds in request["odds"]]
    paid = money.settle_accumulator(legs, charged, profile, settings.get("cap"))
    total = money.product_of([odds for _, odds in legs], profile.rounding)
    assert hundredths(answer["total_odds"]) == total == paid.settled_odds
    assert (answer["price"], answer["stake"], answer["ext_amount"]) == charged
    amounts = answer["gross_payout"], answer["wht_amount"], answer["net_payout"]
    assert amounts == paid[1:4]


def hundredths(text):
    return int(money.Fraction(text) * 100)


def profile_of(settings):
    return money.Profile(
        int(money.Fraction(settings["ext"]) * 10_000),
        settings["ext_formula"],
        int(money.Fraction(settings["wht"]) * 10_000),
        settings.get("wht_base", "net"),
        settings.get("wht_threshold", 0),
        settings.get("on_excess", False),
        settings.get("rounding", "half_up"),
    )


@pytest.mark.parametrize(
    "vector", known_answers("accumulators")["vectors"], ids=lambda vector: vector["name"]
)
def test_the_oracle_settles_the_known_accumulators(vector):
    legs = [(leg_of(leg["outcome"]), hundredths(leg["odds"])) for leg in vector["legs"]]
    stake = vector["stake"]
    paid = money.settle_accumulator(legs, money.charge(stake, money.Profile()), money.Profile())
    gross = stake if vector["gross_payout"] is None else vector["gross_payout"]
    assert (vector["result"], gross) == paid[:2]
    assert hundredths(vector["settled_odds"]) == paid.settled_odds


def leg_of(word):
    if word.startswith("dead_heat"):
        return markets.Leg(1, 0 * markets.ONE, markets.ONE / int(word.rpartition("_")[2]))
    return LEGS[word]
