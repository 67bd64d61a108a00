from decimal import Decimal
from random import Random

import pytest

from acca_client.placing import Accumulator, Pick
from acca_sandbox.storm.control import Held, read_held
from acca_sandbox.storm.crowd import Heard, Way, Wish, make_wishes, number_of, tag_of
from acca_sandbox.storm.reckoning import Follower, Seen, reckon
from acca_sandbox.storm.season import Offered, draw_picks

TICKET, OTHER = "668ef666333180bba97f0c93", "668ef666333180bba97f0c94"
OFFERED = [Offered(event, {1: Decimal("1.50"), 2: Decimal("3.10")}) for event in range(1, 9)]


def opened(wish=0, price=1000, **more):
    return Seen(wish=wish, price_cents=price, status="open", **more)


def cancelled(wish=0, **more):
    return Seen(wish=wish, price_cents=1000, status="cancelled", **more)


def held(taken=1000, given=0, ticket=TICKET, **more):
    values = {"discarded": given > 0, "last_n": 1, **more}
    return Held(ticket_id=ticket, taken_cents=taken, given_cents=given, **values)


def heard(*placed, way=Way.CREATE, refused=(), unknown=0):
    request = Accumulator(token="t", price_cents=1000, currency="KES", source="mobile", picks=[])
    return Heard(Wish(0, request, way), set(placed), list(refused), unknown)


def findings(tickets, wallet, hears, left=0):
    by_id = {each.ticket_id: each for each in wallet}
    return list(reckon(tickets, by_id, [hears], left).findings)


def test_a_placed_ticket_that_is_paid_once_is_in_order():
    assert [] == findings({TICKET: opened()}, [held()], heard(TICKET))


def test_a_refused_ticket_whose_debit_was_discarded_is_in_order():
    assert [] == findings({TICKET: cancelled()}, [held(given=1000)], heard(refused=[218]))


def test_a_reservation_costs_the_wallet_nothing():
    tickets = {TICKET: opened(is_reservation=True)}
    assert [] == findings(tickets, [held(taken=0)], heard(TICKET, way=Way.PAY))


def test_a_reservation_that_nobody_pays_has_to_end():
    left = heard(TICKET, way=Way.LEAVE)
    assert [] == findings({TICKET: cancelled()}, [held(taken=0)], left)
    assert [] != findings({TICKET: opened(is_reservation=True)}, [held(taken=0)], left)


@pytest.mark.parametrize(
    ("tickets", "wallet", "hears", "sentence"),
    [
        ({TICKET: cancelled()}, [held()], heard(refused=[218]), "took 1000 instead of 0"),
        ({TICKET: opened()}, [], heard(TICKET), "took 0 instead of 1000"),
        ({TICKET: opened()}, [held(given=1000)], heard(TICKET), "took 0 instead of 1000"),
        ({}, [held()], heard(refused=[218]), "is unknown, and the wallet took 1000"),
        ({TICKET: opened()}, [held()], heard(refused=[218]), "told nothing, 1 tickets live"),
        ({TICKET: cancelled()}, [held(given=1000)], heard(TICKET), f"told {TICKET}, 0 tickets"),
    ],
)
def test_what_is_off_is_named(tickets, wallet, hears, sentence):
    (*_, finding) = findings(tickets, wallet, hears)
    assert any(sentence in each for each in findings(tickets, wallet, hears)), finding


def test_a_wish_that_is_debited_twice_is_named():
    tickets = {TICKET: opened(), OTHER: opened()}
    found = findings(tickets, [held(), held(ticket=OTHER)], heard(TICKET, OTHER, way=Way.RIVAL))
    assert "wish 0 was debited 2 times" in found


def test_what_nobody_was_told_may_be_either():
    for seen, wallet in ((opened(), held()), (cancelled(), held(given=1000))):
        assert [] == findings({TICKET: seen}, [wallet], heard(unknown=1))


def test_tickets_that_are_on_their_way_are_a_finding():
    assert ["3 tickets were still on their way"] == findings({}, [], heard(), left=3)


def test_a_follower_waits_for_what_the_wallet_lacks():
    follower = Follower(None)
    follower.tickets = {TICKET: cancelled(waits_for=2), OTHER: Seen(status="new")}
    assert 2 == follower.unsettled({TICKET: held()})
    assert 1 == follower.unsettled({TICKET: held(given=1000, last_n=2)})
    follower.tickets[OTHER].status = "open"
    assert 0 == follower.unsettled({TICKET: held(given=1000, last_n=2)})


def test_a_follower_waits_for_tickets_that_the_stream_does_not_tell_of_yet():
    assert 1 == Follower(None).unsettled({TICKET: held()})


def test_an_export_is_read_by_ticket():
    lines = (
        b'{"kind":"wallet","version":1}\n{"kind":"ticket","ticket_id":"a","taken_cents":5,'
        b'"given_cents":2,"discarded":false,"last_n":3,"outcome":"none"}\n'
    )
    assert {"a": 3} == {id_: each.debit_cents for id_, each in read_held(lines).items()}


def test_wishes_are_the_same_for_the_same_seed_and_found_again_by_their_tag():
    tokens = [f"token-{n}" for n in range(50)]
    wishes = list(make_wishes(7, OFFERED, tokens))
    assert wishes == list(make_wishes(7, OFFERED, tokens))
    assert tokens == [wish.request.token for wish in wishes]
    assert list(range(50)) == [number_of(wish.request.rtag) for wish in wishes]
    assert (5, None, None) == (number_of(tag_of(5)), number_of(None), number_of("other"))


def test_picks_are_of_different_events_at_the_odds_that_are_offered():
    picks = draw_picks(Random(1), OFFERED, 6)
    assert 6 == len({pick.event for pick in picks})
    assert all(pick == Pick(pick.event, pick.bet, OFFERED[0].odds[pick.bet]) for pick in picks)
