"""Each card is one step from the request that places it, as Acca itself reads that request."""

from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from acca.wire.bc import CardsQuery
from acca.wire.be_requests import PlaceAccumulator, PlaceJackpot, PlaceSuperbet, parse_place
from acca.wire.queries import parse_query
from acca_client.card_reading import read_quickbet
from acca_client.documents import parse, write
from acca_client.placing import Pick, render


def place(request):
    return parse_place(render(request, "acme"))


def test_a_quicktip_is_placed_as_it_was_tipped(cards):
    (card,) = cards.quicktips()
    placed = place(card.to_request("token", "mobile", 1000, Decimal("0.1"), atag="tag"))
    assert isinstance(placed, PlaceAccumulator)
    assert ("quicktip", 1000, "KES", card.code, "tag", 10) == (
        placed.type.value, placed.price_cents, placed.currency, placed.betcard_code, placed.atag,
        placed.odds_diff,
    )  # fmt: skip
    assert [(100001, 1, 195), (100002, 1, 150), (100003, 1, 210)] == [
        (event.id, event.bet, event.odds) for event in placed.events
    ]


def test_a_quickbet_is_placed_by_the_bets_chosen(cards):
    (card,) = cards.quickbets()
    picks = card.picks({100002: 3, 100001: 2})
    placed = place(card.to_request("token", "ussd", 2000, picks, msisdn="+254700000001"))
    assert ("quickbet", "ussd", "+254700000001") == (
        placed.type.value, placed.source.value, placed.msisdn,
    )  # fmt: skip
    assert [(100002, 3, 700), (100001, 2, 340)] == [
        (event.id, event.bet, event.odds) for event in placed.events
    ]


@pytest.mark.parametrize("chosen", [{7: 1}, {100001: 9}])
def test_what_a_card_does_not_hold_cannot_be_chosen(cards, chosen):
    (card,) = cards.quickbets()
    with pytest.raises(KeyError):
        card.picks(chosen)


def test_a_smartbet_is_placed_for_the_stake_of_the_wish(cards):
    (card,) = cards.smartbets()
    composed = cards.compose(card.code, 2000, 5000, "1.25-4.99", exclude=[100001], seed=3)
    placed = place(card.to_request("token", "mobile", composed))
    assert ("smartbet", 2000, 3) == (placed.type.value, placed.price_cents, composed.seed)
    assert 100001 not in [event.id for event in placed.events]
    assert composed.net_payout_cents >= 5000


def test_a_superbet_is_placed_by_its_answers(cards):
    (card,) = cards.superbets()
    bets = [question.answers[0].id for question in card.questions]
    placed = place(card.to_request("token", "mobile", bets))
    assert isinstance(placed, PlaceSuperbet)
    assert (card.event.id, (1, 101), card.price_cents) == (
        placed.event, placed.bets, placed.price_cents,
    )  # fmt: skip


def test_a_jackpot_costs_its_price_for_each_line(cards):
    (card,) = cards.jackpots()
    picks = card.picks({100001: [1, 2], 100002: [1], 100003: [1, 2, 3], 100004: [3]})
    placed = place(card.to_request("token", "mobile", picks))
    assert isinstance(placed, PlaceJackpot)
    assert (6 * card.price_cents, card.prize_cents, card.bonus_prizes_cents) == (
        placed.price_cents, placed.prize_cents, placed.bonus_prizes,
    )  # fmt: skip


def test_a_filled_jackpot_is_placed_for_what_it_costs(cards):
    (card,) = cards.jackpots()
    filled = cards.fill(card.code, "outsiders", 4, keep=[Pick(100001, 1, Decimal(1))])
    placed = place(card.to_request("token", "mobile", filled.picks()))
    assert filled.price_cents == placed.price_cents == 4 * card.price_cents
    assert 1 == filled.picks()[0].bet


def test_the_filters_are_those_that_the_server_reads(double, cards):
    (card,) = cards.quicktips()
    starts = card.legs[0].event.operator_time_starts
    cards.jackpots(league_id=3, country_id=2, starts_after=starts, starts_before=starts, limit=5)
    pairs = parse_qsl(double.calls[-1].target.partition("?")[2], strict_parsing=True)
    query = parse_query(CardsQuery, pairs)
    assert ("acme", 3, 2, starts, starts, 5) == (
        query.operator, query.league_id, query.country_id, query.starts_after,
        query.starts_before, query.limit,
    )  # fmt: skip


def test_each_list_is_kept_by_its_filters(double, cards):
    assert cards.quickbets() is cards.quickbets()
    assert cards.quickbets(limit=1) is not cards.quickbets()
    tags = [call.headers.get("if-none-match") for call in double.calls]
    assert [True, False, True, False] == [tag is None for tag in tags]


def test_odds_that_moved_are_seen_at_the_next_look(double, cards):
    before = cards.quicktips()
    double.move_odds(100001, 1, Decimal("2.5"))
    after = cards.quicktips()
    assert Decimal("1.95") == before[0].legs[0].bet.odds
    assert Decimal("2.5") == after[0].legs[0].bet.odds


async def test_asyncio_reads_the_same_cards(double, cards):
    async with double.async_cards() as there:
        assert cards.quicktips() == await there.quicktips(limit=3)
        assert cards.jackpots() == await there.jackpots()
        assert cards.superbet("A1B2C4") == await there.superbet("A1B2C4")


def test_members_of_later_versions_are_passed_over(double):
    shown = {**double._desk.offer.card("quickbets"), "gift": {"odds": 1}}
    assert read_quickbet(parse(write(shown))).code == "A1B2C2"
