"""Every sentence as people read it: the expected ones stand in `explanations.txt`, to be read."""

import pathlib

import pytest
from explained_made import (
    CANCELLED,
    FREE,
    JACKPOT,
    NAIROBI,
    POSTPONED,
    STARTS,
    abandoned,
    accumulator,
    declined,
    jackpot,
    played,
    superbet,
)
from jackpots_seen import NO_POLICY_LEFT

from acca.core.cards.jackpot import PrizeKind, Tier
from acca.core.jackpot_judging import Decided, How, Place
from acca.core.jackpot_settling import Prizes, TierPrize
from acca.core.public_draw import Sign
from acca.core.settling import Settlement, VoidRefund
from acca.core.ticket import Status, TicketResult
from acca.wire.be_answers import Audience
from acca.wire.explaining import tell
from acca.wire.languages import known_languages

EXPECTED = pathlib.Path(__file__).parent / "explanations.txt"
HOME, AWAY, DRAW = played(2, 1, (1, 0), (1, 1)), played(0, 1), played(1, 1)
TWO = ((1, 185, HOME), (3, 289, AWAY))
PICKS = ((1, 1), (1, 2), (2, 3))
PLACED = Place(1, How.PLAYED, Sign.ONE), Place(2, How.PLAYED, Sign.TWO)
MISSED = Place(1, How.DRAWN, Sign.TWO), Place(2, How.PLAYED, Sign.ONE)
PRIZES = Prizes((TierPrize(1, 5_000_000, 5_000_000), TierPrize(1, 20_000, 20_000)))
SHARED = JACKPOT._replace(tiers=(Tier(PrizeKind.SHARED_PERCENT_OF_POOL, 0, 400_000),))
CASHED = Settlement(TicketResult.WON, 0, 20_000, 2_222, 17_778, 20_000)
WON = accumulator(*TWO).settled()
OPEN = accumulator((1, 185, None), (3, 289, None), now=STARTS.replace(hour=1))
PRICE = declined(OPEN.ticket.facts.charge)
RESERVED = {"expires": STARTS}
STORIES = {
    "new": OPEN.at(Status.NEW),
    "reserved": OPEN.at(Status.RESERVED, **RESERVED),
    "reservation expired": OPEN.at(Status.CANCELLED, None, "expire"),
    "cancelled": OPEN.at(Status.CANCELLED, None, "refuse"),
    "waiting for approval": OPEN.at(Status.OPEN, approved=False),
    "open": OPEN,
    "open, a leg void": accumulator((1, 185, CANCELLED), (3, 289, POSTPONED)),
    "open, capped": accumulator((1, 185, None), (3, 289, None), cap_cents=20_000),
    "being settled": accumulator(*TWO),
    "held": accumulator(*TWO).at(Status.OPEN, held=True),
    "won": WON,
    "won without taxes": accumulator(*TWO, terms=FREE).settled(),
    "won, halves and more": accumulator(
        (811, 190, DRAW), (215, 195, played(1, 1)), (50, 210, HOME)
    ).settled(),
    "won, abandoned and late": accumulator(
        (216, 185, abandoned(2, 1)), (3, 289, POSTPONED), (1, 150, HOME), overdue={2}
    ).settled(),
    "lost by one": accumulator((1, 185, AWAY), (3, 289, None)).settled(),
    "lost by two": accumulator((1, 185, AWAY), (3, 289, HOME)).settled(),
    "void": accumulator((1, 185, CANCELLED), (3, 289, CANCELLED)).settled(),
    "void, stake back": accumulator(
        (1, 185, CANCELLED), void_refund=VoidRefund.STAKE
    ).settled(),
    "declined": OPEN.at(Status.RESULTED, PRICE, "decline", sealed=True),
    "cashed out": OPEN.at(Status.RESULTED, CASHED, "cash out", sealed=True),
    "closed": WON.at(Status.CLOSED),
    "corrected": WON.at(Status.RESULTED, None, "settle", "correct"),
    "reopened": OPEN.at(Status.OPEN, None, "settle", "reopen"),
    "being corrected": accumulator((1, 185, AWAY), (3, 289, AWAY)).at(
        Status.RESULTED, WON.known.settlement, "settle"
    ),
    "late correction": accumulator((1, 185, AWAY), (3, 289, AWAY)).at(
        Status.CLOSED, WON.known.settlement, "settle", "close", closing=True
    ),
    "superbet open": superbet(),
    "superbet reserved": superbet().at(Status.RESERVED, **RESERVED),
    "superbet won": superbet(HOME).settled(),
    "superbet won by less": superbet(DRAW, (2, 101, 216)).settled(),
    "superbet lost": superbet(AWAY).settled(),
    "superbet void": superbet(CANCELLED).settled(),
    "jackpot open": jackpot((HOME, None), PICKS, lines=2),
    "jackpot open, shared": jackpot((HOME, None), PICKS, card=SHARED, lines=1),
    "jackpot won": jackpot((HOME, AWAY), PICKS, Decided(PLACED), PRIZES, lines=2).settled(),
    "jackpot lost": jackpot((CANCELLED, HOME), PICKS, Decided(MISSED), PRIZES, lines=2).settled(),
    "jackpot refunded": jackpot((CANCELLED, HOME), PICKS, NO_POLICY_LEFT, lines=2).settled(),
}  # fmt: skip
OTHERS = ("won", "lost by one", "superbet won", "jackpot won", "void", "open", "declined")


def explanation(story, lang, audience):
    told = STORIES[story].explained()
    return tell(told, known_languages()[lang], audience, NAIROBI)


def block(story, lang, audience):
    made = explanation(story, lang, audience)
    return "\n".join([f"== {story}, {lang}, {audience.value}", *made.legs, made.money, made.sms])


def wanted():
    """Every story in each language for the player; some of them for finance."""
    player = [(story, lang, Audience.PLAYER) for lang in ("en", "sw", "fr") for story in STORIES]
    finance = [(story, "en", Audience.FINANCE) for story in STORIES]
    others = [(story, lang, Audience.FINANCE) for lang in ("sw", "fr") for story in OTHERS]
    return [*player, *finance, *others]


def expected():
    blocks = EXPECTED.read_text("utf-8").strip().split("\n\n")
    return {each.partition("\n")[0]: each for each in blocks}


@pytest.mark.parametrize(("story", "lang", "audience"), wanted())
def test_a_ticket_is_explained_as_expected(story, lang, audience):
    made = block(story, lang, audience)
    assert expected()[made.partition("\n")[0]] == made


def test_nothing_is_expected_that_is_not_asked_for():
    assert expected().keys() == {block(*each).partition("\n")[0] for each in wanted()}
