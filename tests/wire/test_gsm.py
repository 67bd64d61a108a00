"""One SMS of GSM 03.38: septets counted, characters replaced, names shortened before money is."""

import pytest
from explained_made import FREE, KENYA, NAIROBI, STARTS, accumulator, played
from hypothesis import given
from hypothesis import strategies as st

from acca.core.money import AMOUNT_CENTS_MAX
from acca.core.odds import ODDS_MAX
from acca.core.ticket import Status
from acca.wire.be_answers import Audience
from acca.wire.explaining import tell
from acca.wire.gsm import BASIC, EXTENDED, SEPTETS_MAX, Game, cut, fit, septets, transliterate
from acca.wire.languages import known_languages

NAMES = st.text(min_size=1, max_size=60)
RESULTS = st.sampled_from([None, played(2, 1), played(12, 10), played(0, 0)])
CASES = st.sampled_from([Status.OPEN, Status.RESERVED, Status.CANCELLED, Status.RESULTED])


def test_the_alphabet_has_its_characters_once():
    assert (127, 127) == (len(BASIC), len(set(BASIC)))
    assert not set(BASIC) & set(EXTENDED)


def test_characters_of_the_extension_count_two():
    assert 7 == septets("a\u20ac[{")
    assert 160 == septets("\u20ac" * 80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen\u00eat", "Genet"),
        ("\u0141\u00f3d\u017a", "Lodz"),
        ("Malm\u00f6", "Malm\u00f6"),
        ("Atle\u0301tico", "Atl\u00e9tico"),
        ("Be\u015fikta\u015f \u2013 F\u00e7a", "Besiktas - Fca"),
        ("10\u00a0000,00", "10 000,00"),
        ("a\nb\tc", "a b c"),
        ("\u4e2d\u6587 FC", "?? FC"),
        ("\U0001f600", "?"),
        ("\ufb01ne", "fine"),
    ],
)
def test_what_is_outside_the_alphabet_is_replaced(text, expected):
    assert expected == transliterate(text)


@pytest.mark.parametrize(
    ("width", "expected"),
    [(17, "Kariobangi Sharks"), (14, "Kariobangi"), (8, "Kariobang"[:8]), (3, "Kar")],
)
def test_a_name_is_cut_at_a_word_that_says_enough(width, expected):
    assert expected == cut("Kariobangi Sharks", width)


@given(NAMES)
def test_transliterating_twice_changes_nothing(name):
    once = transliterate(name)
    assert once == transliterate(once)
    assert set(once) <= set(BASIC + EXTENDED)


def test_names_are_shortened_before_a_match_is_left_out():
    games = [Game("Kariobangi Sharks", "Nairobi City Stars", "2-1", "ok")] * 4
    told = fit("Ticket E36E20 WON KES 397.51", "(won 474.67, tax 77.16)", games)
    assert told.startswith("Ticket E36E20 WON KES 397.51 (won 474.67, tax 77.16). Kariobangi 2-1")
    assert (4, True) == (told.count("2-1"), septets(told) <= SEPTETS_MAX)


def test_how_many_matches_are_left_out_is_told():
    games = [Game("Home", "Away", "2-1", "ok")] * 30
    told = fit("Ticket E36E20 WON KES 397.51", "", games)
    left = int(told.rpartition("+")[2])
    assert 30 == told.count("2-1") + left
    assert 140 < septets(told) <= SEPTETS_MAX


LEGS = st.lists(
    st.tuples(st.just(1), st.integers(100, ODDS_MAX), RESULTS, st.tuples(NAMES, NAMES)),
    min_size=1,
    max_size=3,
)


@given(LEGS, st.integers(1, AMOUNT_CENTS_MAX), CASES, st.sampled_from(["en", "sw", "fr"]))
def test_any_ticket_fits_one_message_with_its_code_and_its_amount(legs, price, status, lang):
    told = accumulator(*legs, price=price, terms=KENYA if price % 2 else FREE)
    end = told.known.settlement
    if status is Status.RESULTED:
        told = told if end is None else told.settled()
    else:
        told = told.at(status, expires=STARTS)
    language = known_languages()[lang]
    explained = told.explained()
    made = tell(explained, language, Audience.PLAYER, NAIROBI).sms
    assert septets(made) <= SEPTETS_MAX
    assert set(made) <= set(BASIC + EXTENDED)
    facts, state = explained.ticket
    amounts = {facts.charge.price_cents, state.net_cents}
    if explained.payout is not None:
        amounts.add(explained.payout.net_cents)
    spelled = [transliterate(language.money(cents, facts.currency)) for cents in amounts]
    assert facts.code in made
    assert any(each in made for each in spelled)


@given(st.integers(1, 2**63 - 1), st.integers(0, 2**63 - 1), NAMES, NAMES)
def test_the_greatest_amounts_stand_whole(net, wht, home, away):
    language = known_languages()["fr"]
    amount = language.money(net, "KES")
    head = language.say("sms.won", code="F" * 12, amount=amount)
    detail = language.say("sms.detail_won", gross=language.amount(net), wht=language.amount(wht))
    told = fit(head, detail, [Game(home, away, "2-1", "ok")] * 20)
    assert transliterate(head) in told
    assert septets(told) <= SEPTETS_MAX
