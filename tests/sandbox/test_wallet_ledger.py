import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox.wallet_calls import OPENING, TICKET, balance, body, carry, new_ledger

from acca_sandbox.wallet.book import BANK, Cause
from acca_sandbox.wallet.calls import BadCall, read_call
from acca_sandbox.wallet.ledger import (
    BAD_AMOUNTS,
    DISCARDED,
    INSUFFICIENT_FUNDS,
    OUT_OF_ORDER,
    USER_NOT_FOUND,
    Player,
    Refused,
)

OK = (200, 0)
ACTIONS = (
    "ticket_create",
    "ticket_reserve",
    "ticket_update",
    "ticket_win",
    "ticket_lost",
    "ticket_void",
    "ticket_refund",
    "ticket_discard",
    "ticket_rollback",
    "ticket_closed",
)


def played(*actions):
    """Carry out the actions one after another, each of which must go well."""
    ledger = new_ledger()
    for n, action in enumerate(actions, 1):
        assert carry(ledger, n, action) == OK
    return ledger


def moved(ledger):
    return balance(ledger) - OPENING


@pytest.mark.parametrize(
    ("actions", "money", "outcome"),
    [
        (["ticket_create"], -500, "none"),
        (["ticket_create", "ticket_update"], -500, "none"),
        (["ticket_create", "ticket_win"], -500 + 2602, "won"),
        (["ticket_create", "ticket_win", "ticket_closed"], -500 + 2602, "won"),
        (["ticket_create", "ticket_lost"], -500, "lost"),
        (["ticket_create", "ticket_void"], 0, "void"),
        (["ticket_create", "ticket_refund"], 0, "refund"),
        (["ticket_create", "ticket_discard"], 0, "none"),
        (["ticket_create", "ticket_win", "ticket_rollback"], -500, "none"),
        (["ticket_create", "ticket_win", "ticket_rollback", "ticket_lost"], -500, "lost"),
        (["ticket_create", "ticket_lost", "ticket_rollback", "ticket_win"], 2102, "won"),
        (["ticket_reserve"], 0, "none"),
        (["ticket_reserve", "ticket_discard"], 0, "none"),
        (["ticket_reserve", "ticket_win"], 2602, "won"),
        (["ticket_reserve", "ticket_lost"], 0, "lost"),
        (["ticket_reserve", "ticket_void"], 500, "void"),
        (["ticket_reserve", "ticket_refund"], 500, "refund"),
        (["ticket_discard"], 0, "none"),
    ],
)
def test_an_action_moves_what_it_should(actions, money, outcome):
    ledger = played(*actions)
    ticket = ledger.tickets[TICKET]
    assert (money, outcome) == (moved(ledger), ticket.outcome)
    assert money == ticket.given_cents - ticket.taken_cents
    assert [] == ledger.violations


def test_a_price_goes_to_stakes_and_to_excise():
    ledger = played("ticket_create")
    assert [
        ("bank", "player:player-1", OPENING),
        ("player:player-1", "house:stakes", 444),
        ("player:player-1", "house:ext", 56),
    ] == [(entry.debit, entry.credit, entry.amount_cents) for entry in ledger.book.entries]
    assert [1, 2, 3] == [entry.n for entry in ledger.book.entries]


def test_a_win_pays_what_was_told_last():
    ledger = played("ticket_create")
    changed = {"gross_payout": 9000, "net_payout": 8000, "wht_amount": 1000}
    assert carry(ledger, 2, "ticket_update", **changed) == OK
    assert carry(ledger, 3, "ticket_win") == OK
    assert 8000 - 500 == moved(ledger)
    assert 1000 == ledger.book.balance_cents("house:wht", "KES")


def test_a_rollback_may_leave_a_player_in_debt():
    ledger = played("ticket_create", "ticket_win")
    everything = OPENING - 500 + 2602
    changed = {"price": everything, "stake": everything, "ext_amount": 0}
    assert carry(ledger, 1, "ticket_create", "another", **changed) == OK
    assert carry(ledger, 3, "ticket_rollback") == OK
    assert -2602 == balance(ledger)
    assert 0 == ledger.book.balance_cents("house:wht", "KES")


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_repeat_is_answered_and_ignored(n):
    ledger = played("ticket_create", "ticket_win", "ticket_rollback")
    before = (balance(ledger), len(ledger.book.entries))
    action = ("ticket_create", "ticket_win", "ticket_rollback")[n - 1]
    assert carry(ledger, n, action) == OK
    assert before == (balance(ledger), len(ledger.book.entries))
    assert 3 == ledger.tickets[TICKET].last_n


def test_a_late_repeat_of_a_win_pays_nothing_after_its_rollback():
    ledger = played("ticket_create", "ticket_win", "ticket_rollback", "ticket_lost")
    assert carry(ledger, 2, "ticket_win") == OK
    assert (-500, "lost") == (moved(ledger), ledger.tickets[TICKET].outcome)


@pytest.mark.parametrize("action", ["ticket_create", "ticket_reserve"])
@pytest.mark.parametrize("n", [1, 3])
def test_what_was_discarded_before_it_came_is_refused(action, n):
    ledger = new_ledger()
    assert carry(ledger, 2, "ticket_discard") == OK
    assert carry(ledger, n, action) == (400, DISCARDED)
    assert (0, []) == (moved(ledger), ledger.violations)


def test_a_late_repeat_of_a_discarded_create_is_refused_too():
    ledger = played("ticket_create", "ticket_discard")
    assert carry(ledger, 1, "ticket_create") == (400, DISCARDED)
    assert 0 == moved(ledger)


def test_a_second_discard_gives_nothing_back_again():
    ledger = played("ticket_create", "ticket_discard", "ticket_discard")
    assert 0 == moved(ledger)


def test_a_player_without_the_money_is_declined_and_may_be_discarded():
    ledger = new_ledger()
    much = {"price": OPENING + 1, "stake": OPENING + 1, "ext_amount": 0}
    assert carry(ledger, 1, "ticket_create", **much) == (400, INSUFFICIENT_FUNDS)
    assert {} == ledger.tickets
    assert carry(ledger, 2, "ticket_discard") == OK
    assert (0, []) == (moved(ledger), ledger.violations)


def test_a_player_may_stake_all_he_has():
    ledger = new_ledger()
    assert (
        carry(ledger, 1, "ticket_create", price=OPENING, stake=OPENING, ext_amount=0),
        balance(ledger),
    ) == (OK, 0)


def test_an_unknown_player_is_not_found():
    ledger = new_ledger()
    assert carry(ledger, 1, "ticket_create", player_id="nobody") == (400, USER_NOT_FOUND)


@pytest.mark.parametrize(
    ("before", "action"),
    [
        *(([], action) for action in ACTIONS[2:7]),
        ([], "ticket_rollback"),
        ([], "ticket_closed"),
        (["ticket_create"], "ticket_create"),
        (["ticket_create"], "ticket_reserve"),
        (["ticket_create"], "ticket_rollback"),
        (["ticket_create"], "ticket_closed"),
        (["ticket_create", "ticket_win"], "ticket_win"),
        (["ticket_create", "ticket_win"], "ticket_lost"),
        (["ticket_create", "ticket_win"], "ticket_update"),
        (["ticket_create", "ticket_win"], "ticket_discard"),
        (["ticket_create", "ticket_refund"], "ticket_rollback"),
        (["ticket_create", "ticket_discard"], "ticket_win"),
        (["ticket_create", "ticket_discard"], "ticket_rollback"),
        (["ticket_create", "ticket_lost", "ticket_closed"], "ticket_rollback"),
        (["ticket_create", "ticket_lost", "ticket_closed"], "ticket_closed"),
    ],
)
def test_a_call_out_of_order_is_a_violation(before, action):
    ledger = played(*before)
    state = (moved(ledger), len(ledger.book.entries))
    n = len(before) + 1
    assert carry(ledger, n, action) == (409, OUT_OF_ORDER)
    assert state == (moved(ledger), len(ledger.book.entries))
    assert [(TICKET, action, n)] == [
        (violation.ticket_id, violation.action, violation.n) for violation in ledger.violations
    ]


def test_a_refused_call_does_not_use_up_its_number():
    ledger = new_ledger()
    assert carry(ledger, 2, "ticket_win") == (409, OUT_OF_ORDER)
    assert carry(ledger, 1, "ticket_create") == OK
    assert carry(ledger, 2, "ticket_win") == OK


@pytest.mark.parametrize(
    ("before", "action", "changed"),
    [
        ([], "ticket_create", {"price": 501}),
        ([], "ticket_create", {"net_payout": 2601}),
        ([], "ticket_create", {"currency": "USD"}),
        ([], "ticket_reserve", {"stake": 443}),
        (["ticket_create"], "ticket_update", {"wht_amount": 0}),
        (["ticket_create"], "ticket_update", {"price": 600, "stake": 544}),
        (["ticket_create"], "ticket_update", {"player_id": "player-2"}),
        (["ticket_create"], "ticket_void", {"net_payout": 499}),
        (["ticket_create"], "ticket_void", {"price": 600, "stake": 544}),
    ],
)
def test_amounts_that_do_not_add_up_are_a_violation(before, action, changed):
    ledger = played(*before)
    state = moved(ledger)
    assert carry(ledger, len(before) + 1, action, **changed) == (400, BAD_AMOUNTS)
    assert (state, 1) == (moved(ledger), len(ledger.violations))


def test_a_single_use_token_serves_once_and_a_lasting_one_always():
    ledger = new_ledger()
    ledger.add_token("once", "player-1", single_use=True)
    ledger.add_token("always", "player-1", single_use=False)
    player = ledger.players["player-1"]
    assert [(player, True), (player, False), (player, False)] == [
        ledger.identify(token) for token in ("once", "always", "always")
    ]
    with pytest.raises(Refused, match="User not found") as refused:
        ledger.identify("once")
    assert USER_NOT_FOUND == refused.value.code


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"action":"ticket_steal","data":{"operator":"site"}}',
        b'{"action":"ticket_win","data":{"operator":"site"}}',
        b'{"action":"ticket_win","data":{"operator":"site","ticket_id":7}}',
        b'{"data":{"operator":"site","ticket_id":"7"}}',
    ],
)
def test_what_is_not_a_call_is_not_read(document):
    with pytest.raises(BadCall):
        read_call(document)


FIRST = st.sampled_from(ACTIONS[:2])
CALLS = st.tuples(
    st.sampled_from([*ACTIONS, "ticket_win", "ticket_rollback"]),
    st.sampled_from(["one", "one", "two"]),
    st.sampled_from([0, 0, 0, 0, 1, 3]),
    st.sampled_from([{}, {"net_payout": 2842, "wht_amount": 0}, {"price": 499}]),
)


@given(FIRST, st.lists(CALLS, min_size=10, max_size=40))
def test_the_book_sums_to_zero_whatever_comes(first, calls):
    ledger = new_ledger()
    assert carry(ledger, 1, first, "one") == OK
    for number, (action, ticket_id, late, changed) in enumerate(calls, 2):
        told = changed if action in ACTIONS[:3] else {}
        status, _ = carry(ledger, max(1, number - late), action, ticket_id, **told)
        assert status in {200, 400, 409}
        assert_the_book_agrees_with_the_tickets(ledger)


def assert_the_book_agrees_with_the_tickets(ledger):
    tickets = ledger.tickets.values()
    assert 0 == sum(ledger.book.balances.values())
    assert moved(ledger) == sum(each.given_cents - each.taken_cents for each in tickets)
    assert ledger.book.balance_cents("house:wht", "KES") == sum(
        each.given_wht_cents for each in tickets
    )
    assert all(not each.discarded or each.outcome == "none" for each in tickets)


def test_ten_thousand_calls_take_about_a_second():
    """The bound is five times what is aimed at, for slow machines."""
    ledger = new_ledger()
    ledger.book.move(Cause(0, "", "deposit", "KES"), "bank", "player:player-1", 10**9)
    calls = [
        (n, read_call(body(action, f"ticket{number}")))
        for number in range(3334)
        for n, action in enumerate(("ticket_create", "ticket_update", "ticket_win"), 1)
    ]
    begun = time.perf_counter()
    statuses = {ledger.carry_out(call, n, 0).status for n, call in calls}
    assert {200} == statuses
    assert 5 > time.perf_counter() - begun


def test_sums_beyond_a_machine_integer_are_kept_exactly():
    ledger = new_ledger()
    for number in range(2, 202):
        player = Player(player_id=f"player-{number}", currency="KES", lang="en", msisdn="+254")
        ledger.add_player(player, 10**17, at_ms=0)
    (newest,) = ledger.book.postings(BANK, "KES", 10**9, 1)
    assert -200 * 10**17 - OPENING == newest.after_cents == ledger.book.balance_cents(BANK, "KES")
