"""A language is one file: complete, and a fourth one needs nothing else."""

import pathlib
import shutil

import pytest
from explained_made import NAIROBI, accumulator, played

from acca.core.cards.jackpot import PrizeKind
from acca.core.explaining import Case, Happened, Note
from acca.core.finance import ExciseFormula, WithholdingBase
from acca.core.jackpot_judging import How
from acca.core.markets.sports import SPORTS
from acca.core.numbers import Malformed, Rounding
from acca.core.settling import VoidRefund
from acca.wire import languages
from acca.wire.be_answers import Audience
from acca.wire.explaining import tell
from acca.wire.languages import (
    MODEL,
    BadLanguage,
    known_languages,
    list_codes,
    load_languages,
    parse_code,
)

FOLDER = pathlib.Path(languages.__file__).parent
KNOWN = known_languages()
PHRASES = KNOWN[MODEL].phrases


@pytest.fixture
def folder(tmp_path):
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder, old, new, code="fr"):
    path = folder / f"{code}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_english_swahili_and_french_are_complete():
    assert ["en", "fr", "sw"] == sorted(KNOWN) == list_codes()
    assert all(language.phrases.keys() == PHRASES.keys() for language in KNOWN.values())


def test_a_fourth_language_needs_only_a_file(folder):
    english = (folder / "en.toml").read_text("utf-8")
    loud = english.replace("You paid", "YOU PAID").replace('"won"', '"WON"')
    (folder / "xx.toml").write_text(loud, "utf-8")
    language = load_languages(folder)["xx"]
    told = accumulator((1, 185, played(2, 1))).settled().explained()
    made = tell(told, language, Audience.PLAYER, NAIROBI)
    assert ("xx", True) == (made.lang, made.money.startswith("YOU PAID KES 100.00;"))
    assert made.legs[0].endswith("Gor Mahia to win at 1.85, WON.")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('void = "annul\u00e9"\n', "", "missing ['how.void']"),
        ("[how]\n", '[how]\nmore = "x"\n', "not known ['how.more']"),
        ("retenue \u00e0 la source {wht}", "retenue", "tax.withheld holds []"),
        ("[0, 1]", '"one"', "a list of numbers"),
    ],
)
def test_a_language_that_is_not_like_the_others_is_refused(folder, old, new, said):
    change(folder, old, new)
    with pytest.raises(BadLanguage) as refused:
        load_languages(folder)
    assert said in str(refused.value)


def test_an_unknown_language_is_refused_with_those_there_are():
    assert "sw" == parse_code("sw")
    with pytest.raises(Malformed, match="has to be one of en, fr, sw"):
        parse_code("de")


def test_every_bet_of_every_sport_has_words():
    missing = [
        (bet.market, bet.code)
        for sport in SPORTS.values()
        for bet in sport.bets.values()
        if f"bets.{bet.market}.{bet.code}" not in PHRASES
        and f"bets.{bet.market}.any" not in PHRASES
    ]
    assert [] == missing


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("happened", Happened),
        ("case", Case),
        ("sms", Case),
        ("player", Case),
        ("note", Note),
        ("how", How),
        ("prize", PrizeKind),
        ("formula", ExciseFormula),
        ("rounding", Rounding),
        ("finance.base", WithholdingBase),
        ("finance.refund", VoidRefund),
    ],
)
def test_every_word_of_the_rules_has_a_phrase(prefix, words):
    joint = "_" if "." in prefix else "."
    assert [] == [one for one in words if f"{prefix}{joint}{one.value}" not in PHRASES]


def test_numbers_have_the_form_of_their_language():
    told = {code: language.money(123_456_789, "KES") for code, language in KNOWN.items()}
    assert {
        "en": "KES 1,234,567.89",
        "sw": "KES 1,234,567.89",
        "fr": "1\u00a0234\u00a0567,89 KES",
    } == told


def test_plurals_follow_the_file():
    counted = [KNOWN[code].counted("count.right", n) for code in ("en", "fr") for n in (0, 1, 2)]
    assert [
        "0 right answers",
        "1 right answer",
        "2 right answers",
        "0 bonne r\u00e9ponse",
        "1 bonne r\u00e9ponse",
        "2 bonnes r\u00e9ponses",
    ] == counted
