import datetime as dt
import json
from decimal import Decimal

import pytest

from acca.wire.be_tickets import parse_ticket
from acca_client.amounts import Amounts
from acca_client.documents import Malformed, parse
from acca_client.tickets import Coded, Prize, Score, read_ticket, read_tickets

TYPES = ["quicktip", "superbet", "jackpot"]


def read(document):
    return read_ticket(parse(json.dumps(document).encode()))


@pytest.mark.parametrize("word", TYPES)
def test_the_documents_of_these_tests_are_those_of_the_server(documents, word):
    parse_ticket(json.dumps(documents["tickets"][word]).encode())


@pytest.mark.parametrize("word", TYPES)
def test_every_member_of_a_ticket_has_its_place(documents, word):
    ticket = read(documents["tickets"][word])
    assert {} == ticket.extra
    assert (word, "CD4BDD", "open", "pending") == (
        ticket.type,
        ticket.code,
        ticket.status,
        ticket.result,
    )


def test_amounts_are_integers_and_percentages_exact(documents):
    ticket = read(documents["tickets"]["quicktip"])
    assert ticket.amounts == Amounts(
        price_cents=500,
        stake_cents=444,
        gross_payout_cents=2842,
        net_payout_cents=2602,
        wht_amount_cents=240,
        wht_percent=Decimal(10),
        ext_amount_cents=56,
        ext_percent=Decimal("12.5"),
        ext_type="inclusive",
    )
    assert str(ticket.odds) == "6.4"
    assert ticket.aff_instant_comm_percent == Decimal("2.5")
    assert ticket.settled_odds is None


@pytest.mark.parametrize(
    ("changes", "is_cashed_out"),
    [
        ({}, False),
        ({"status": "resulted", "result": "won", "settled_odds": 6.4}, False),
        ({"status": "resulted", "result": "won"}, True),
        ({"status": "closed", "result": "won"}, True),
    ],
)
def test_a_win_without_odds_was_cashed_out(documents, changes, is_cashed_out):
    assert is_cashed_out == read({**documents["tickets"]["quicktip"], **changes}).is_cashed_out


@pytest.mark.parametrize("word", ["superbet", "jackpot"])
def test_a_prize_is_no_cash_out(documents, word):
    assert not read({**documents["tickets"][word], "result": "won"}).is_cashed_out


def test_times_know_their_zone(documents):
    ticket = read(documents["tickets"]["quicktip"])
    created = dt.datetime(2024, 7, 16, 21, 30, 0, 1234, dt.UTC)
    assert ticket.created == ticket.operator_time_created == created
    assert ticket.operator_time_created.utcoffset() == dt.timedelta(hours=3)
    assert ticket.operator_time_created.hour == 0


def test_a_leg_has_its_event_and_bet(documents):
    (leg,) = read(documents["tickets"]["quicktip"]).legs
    assert (292275, "JäPS/47", 101) == (leg.event.id, leg.event.away_team.name, leg.bet_id)
    assert leg.bet == Coded("O", "Over")
    assert leg.event.score == Score("1-0", "2-1")


def test_the_bets_of_a_superbet_share_their_event(documents):
    ticket = read(documents["tickets"]["superbet"])
    (leg,) = ticket.legs
    assert (292275, None, None) == (leg.event.id, leg.odds, leg.line)
    assert ticket.prizes == (Prize(6, 1_000_000), Prize(5, 20_000))


def test_a_jackpot_has_prizes_and_lines(documents):
    ticket = read(documents["tickets"]["jackpot"])
    found = (ticket.prize_cents, ticket.bonus_prizes_cents, ticket.lines, len(ticket.legs))
    assert found == (100_000_000, (5_000_000,), 2, 2)


def test_what_a_later_server_adds_is_kept(documents):
    later = {**documents["tickets"]["quicktip"], "status": "frozen", "mood": {"odds": 1.1}}
    ticket = read(later)
    assert ticket.status == "frozen"
    assert ticket.extra == {"mood": {"odds": Decimal("1.1")}}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": 7}, "ticket.id has to be a text"),
        ({"price": "500"}, "ticket.price has to be an integer"),
        ({"price": True}, "ticket.price has to be an integer"),
        ({"price": 1.5}, "ticket.price has to be an integer"),
        ({"wht": None}, "ticket.wht has to be a number"),
        ({"approved": 1}, "ticket.approved has to be true or false"),
        ({"created": "yesterday"}, "ticket.created has to be a time"),
        (
            {"operator_time_created": "2024-08-17T00:30:00"},
            "ticket.operator_time_created has to be the same instant elsewhere",
        ),
        ({"events": {}}, "ticket.events has to be a list"),
        ({"events": [[]]}, "ticket.events[0] has to be an object"),
        ({"events": [{"id": 1}]}, "ticket.events[0].starts is missing"),
    ],
)
def test_a_document_that_is_no_ticket_is_told_where(documents, changes, sentence):
    with pytest.raises(Malformed) as malformed:
        read({**documents["tickets"]["quicktip"], **changes})
    assert str(malformed.value) == sentence


def test_a_list_of_tickets(documents):
    tokens = parse(json.dumps(list(documents["tickets"].values())).encode())
    assert [ticket.type for ticket in read_tickets(tokens)] == TYPES


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a":', b"[NaN]", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5_000]
)
def test_what_is_not_json_is_malformed(body):
    with pytest.raises(Malformed, match="the body is not JSON"):
        parse(body)
