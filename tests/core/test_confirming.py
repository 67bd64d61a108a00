import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tickets_made import CREATED, new_ticket

from acca.core.cards.card import CardState
from acca.core.cards.fitting import Pick
from acca.core.cards.quicktip import Quicktip, Tip
from acca.core.confirming import (
    PlayerKnown,
    WalletVerdict,
    discarding,
    expiry,
    make_facts,
    refusal_again,
    refusal_of,
    state_when_new,
    waiting_after,
)
from acca.core.delivery import Verdict
from acca.core.finance import Charge, Payout, TaxTerms
from acca.core.operator import OperatorSettings
from acca.core.placing import CardSeen, Struck, Wish
from acca.core.refusals import OperatorPlatformSilent, TicketDeclined
from acca.core.settling import VoidRefund
from acca.core.ticket import Source, Status, TicketResult, TicketType
from acca.core.ticket_facts import Buyer, Key, Naming, Task, Waiting

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
SETTINGS = OperatorSettings({"reservation_time": 30 * MINUTE, "discard_delay": 45 * MINUTE / 60})


def facts(**changes):
    return new_ticket(1, [5, 6]).facts._replace(**changes)


def wallet(verdict=Verdict.UNREACHED, status=None, *, was_sent=True, message=""):
    return WalletVerdict(verdict, status, was_sent, message)


def made(buyer=None, card=None):
    naming = Naming(
        Key(3, bytes(12)), "ABCDEF", CREATED, is_reservation=True, void_refund=VoidRefund.STAKE
    )
    buyer = buyer or Buyer(Source.USSD, "mobile", "a", "r", None)
    picks = (Pick(6, 2, 140), Pick(5, 1, 160))
    wish = Wish(TicketType.QUICKTIP, "KES", 1000, None, picks, 20, None, None, has_atag=True)
    struck = Struck(
        at=CREATED,
        charge=Charge(1000, 900, 100),
        payout=Payout(2000, 110, 1890, 2100),
        cap_cents=2000,
        terms=TaxTerms(),
        tax_profile=9,
        total_odds=222,
        odds=(150, 148),
        card=card,
        lines=None,
        approved=True,
        affiliate_cents=25,
        affiliate_rate=25_000,
    )
    return make_facts(naming, buyer, PlayerKnown("p1", "254700000001"), wish, struck)


def test_facts_hold_what_was_struck_not_what_was_shown():
    written = made()
    assert ((6, 5), (2, 1), (150, 148)) == (written.events, written.bets, written.odds)
    assert (1000, 1890, 2000) == (written.charge[0], written.payout[2], written.cap_cents)
    assert ("p1", 9, 25, VoidRefund.STAKE) == (
        written.player,
        written.tax_profile,
        written.affiliate_cents,
        written.void_refund,
    )
    assert (True, None) == (written.is_reservation, written.card)


def test_a_card_is_named_by_its_code():
    card = CardSeen(
        "FACADE", TicketType.QUICKTIP, "KES", CardState.OPEN, Quicktip((Tip(5, 1), Tip(6, 2)))
    )
    assert "FACADE" == made(card=card).card


def test_the_requests_number_goes_before_the_wallets():
    asked = Buyer(Source.SMS, None, None, None, "254711111111")
    assert ("254711111111", "254700000001") == (made(asked).msisdn, made().msisdn)


def test_a_new_ticket_stands_as_it_was_struck():
    state = state_when_new(facts(), approved=False)
    assert (1, Status.NEW, TicketResult.PENDING, False) == state[:4]
    assert (1500, 100, 1400, CREATED) == state[4:8]


@pytest.mark.parametrize(
    ("kind", "first_start", "expires"),
    [
        (TicketType.QUICKBET, CREATED + HOUR, CREATED + 30 * MINUTE),
        (TicketType.QUICKBET, CREATED + MINUTE, CREATED + MINUTE),
        (TicketType.SUPERBET, CREATED + HOUR, CREATED + HOUR),
        (TicketType.JACKPOT, CREATED + HOUR, CREATED + HOUR),
    ],
)
def test_a_reservation_expires_by_its_time_or_its_first_start(kind, first_start, expires):
    assert expires == expiry(facts(type=kind), first_start, SETTINGS)


def test_what_is_placed_waits_for_its_payment_or_a_trader():
    state = state_when_new(facts(), approved=False)
    first = CREATED + HOUR
    reserved = state._replace(status=Status.RESERVED, expires=CREATED + MINUTE)
    assert Waiting(Task.EXPIRE, CREATED + MINUTE) == waiting_after(reserved, first)
    unapproved = state._replace(status=Status.OPEN)
    assert Waiting(Task.DECLINE, first) == waiting_after(unapproved, first)
    assert waiting_after(unapproved._replace(approved=True), first) is None


NOW, LATER = dt.timedelta(0), SETTINGS.discard_delay


@pytest.mark.parametrize(
    ("answer", "discard"),
    [
        (wallet(Verdict.DECLINED, 400), ("wallet-declined", NOW)),
        (wallet(status=500), ("no-answer", NOW)),
        (wallet(status=302), ("no-answer", NOW)),
        (wallet(), ("no-answer", LATER)),
        (wallet(was_sent=False), ("no-connection", LATER)),
    ],
)
def test_a_discard_waits_only_where_a_create_may_be_on_its_way(answer, discard):
    assert discard == tuple(discarding(answer, SETTINGS))


def test_the_caller_reads_the_wallets_words_or_that_it_was_silent():
    declined = refusal_of(wallet(Verdict.DECLINED, 400, message="Insufficient funds"))
    assert (216, "Ticket was declined: Insufficient funds") == (declined.code, declined.message)
    assert isinstance(refusal_of(wallet()), OperatorPlatformSilent)


def test_a_request_that_is_seen_again_reads_the_same():
    for verdict in (wallet(Verdict.DECLINED, 400, message="No\n money "), wallet(status=503)):
        first = refusal_of(verdict)
        again = refusal_again(first.code, verdict.reason)
        assert (type(first), first.message) == (type(again), again.message)
    assert "Ticket was declined: " == refusal_again(TicketDeclined.code, None).message


@given(st.text())
def test_a_reason_is_one_short_line_that_can_be_shown(message):
    reason = wallet(message=message).reason
    assert reason.isprintable()
    assert 1 <= len(reason) <= 200
    assert reason == reason.strip() or len(message) > 200
