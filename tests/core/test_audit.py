"""The audit's idea of a wallet against the sandbox's own, which knows nothing of the audit."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tickets_made import CREATED, new_ticket

from acca.core.audit import (
    Entry,
    Fingerprint,
    Standing,
    check_amounts,
    check_held,
    check_journal,
    check_telling,
)
from acca.core.finance import TaxTerms
from acca.core.holding import Held
from acca.core.lifecycle import Message
from acca.core.numbers import Malformed
from acca.core.operator import WebhookBlanks
from acca.core.ticket import Status, TicketResult, TicketType
from acca.wire.pam import (
    CALLS,
    TicketClosed,
    TicketDiscard,
    TicketLost,
    TicketRefund,
    TicketRollback,
    TicketUpdate,
    TicketVoid,
    TicketWin,
)
from acca.wire.pam_calls import Teller, tell_placing
from acca.wire.wallet_export import parse_wallet_export
from acca_sandbox.wallet.calls import read_call
from acca_sandbox.wallet.export import ticket_line
from acca_sandbox.wallet.ledger import Ledger, Player

FACTS = new_ticket(1, [1]).facts
ID = FACTS.key.id
NAMED = {"operator": "site", "ticket_id": ID.hex()}
TELLER = Teller("site", WebhookBlanks.KEEP)


def amounts(net, wht=0):
    told = CALLS.parse(tell_placing(TELLER, FACTS._replace(is_reservation=True), TaxTerms()).body)
    every = {name: getattr(told, name) for name in told.__struct_fields__}
    return every | {
        "gross_payout_cents": net + wht,
        "wht_amount_cents": wht,
        "net_payout_cents": net,
    }


def update(net):
    return TicketUpdate(**amounts(net))


def void(net):
    every = amounts(net)
    return TicketVoid(**{name: every[name] for name in TicketVoid.__struct_fields__})


PAYOUTS = st.integers(0, 5000)
OUTCOMES = st.one_of(
    st.just([TicketWin(**NAMED)]),
    st.just([TicketLost(**NAMED)]),
    PAYOUTS.map(lambda net: [void(net)]),
    PAYOUTS.map(lambda net: [update(net), TicketWin(**NAMED)]),
)
CORRECTIONS = st.lists(
    OUTCOMES.map(lambda outcome: [TicketRollback(**NAMED, reason="corrected"), *outcome]),
    max_size=3,
)


@st.composite
def histories(draw):
    """Draw what a wallet is told of a ticket, in its order."""
    is_reservation = draw(st.booleans())
    first = tell_placing(TELLER, FACTS._replace(is_reservation=is_reservation), TaxTerms()).body
    rest = draw(
        st.one_of(
            st.just([]),
            st.just([TicketDiscard(**NAMED, reason="no-answer")]),
            st.just([TicketRefund(**NAMED, reason="no"), TicketClosed(**NAMED)]),
            st.tuples(OUTCOMES, CORRECTIONS, st.sampled_from([[], [TicketClosed(**NAMED)]])).map(
                lambda parts: [*parts[0], *(one for each in parts[1] for one in each), *parts[2]]
            ),
        )
    )
    return [first, *map(CALLS.render, rest)]


def status_after(actions):
    if Message.TICKET_DISCARD in actions:
        return Status.CANCELLED
    if Message.TICKET_CLOSED in actions:
        return Status.CLOSED
    return Status.RESULTED if len(actions) > 1 else Status.OPEN


def standing_of(bodies, carried):
    """Make the ticket whose journal told these bodies, of which so many were carried out."""
    calls = [CALLS.parse(body) for body in bodies]
    actions = [Message(call.WORD) for call in calls]
    status = status_after(actions)
    ended = status in {Status.RESULTED, Status.CLOSED}
    result = TicketResult.WON if ended else TicketResult.PENDING
    journal = tuple(
        Entry(
            n,
            CREATED + dt.timedelta(seconds=n),
            "told",
            status,
            result,
            True,  # noqa: FBT003 - the fields of an entry in their order
            action,
            getattr(call, "net_payout_cents", None) if n > 1 else None,
        )
        for n, (call, action) in enumerate(zip(calls, actions, strict=True), 1)
    )
    return Standing(
        id=ID,
        type=TicketType.QUICKBET,
        charge=tuple(FACTS.charge),
        struck=FACTS.payout[:3],
        cap_cents=None,
        is_reservation=actions[0] is Message.TICKET_RESERVE,
        created=CREATED,
        started=None,
        n=len(bodies),
        status=status,
        result=result,
        approved=True,
        now=FACTS.payout[:3],
        journal=journal,
        waits_from=carried + 1 if carried < len(bodies) else None,
    )


def wallet_after(bodies, *again):
    """Let the sandbox's wallet carry out calls, some of them again with their number."""
    ledger = Ledger("site")
    player = Player(player_id=FACTS.player, currency="KES", lang="en", msisdn="+254700000001")
    ledger.add_player(player, 10**9, at_ms=0)
    for n, body in (*enumerate(bodies, 1), *again):
        assert 200 == ledger.carry_out(read_call(body), n, at_ms=n).status
    lines = [{"kind": "wallet", "version": 1}]
    lines += [ticket_line(ledger, ticket) for ticket in ledger.tickets.values()]
    export = parse_wallet_export(json.dumps(line).encode() for line in lines)
    return export.held["site"][ID]


@given(histories(), st.data())
def test_a_wallet_that_carried_out_some_of_what_it_was_told_holds_what_it_should(bodies, data):
    carried = data.draw(st.integers(1, len(bodies)))
    held = wallet_after(bodies[:carried])
    standing = standing_of(bodies, carried)
    assert [] == list(check_held(standing, held))
    assert [] == list(check_telling(standing))


@given(histories(), st.sampled_from(["taken_cents", "given_cents"]), st.integers(1, 500))
def test_a_cent_more_or_less_is_found(bodies, name, more):
    held = wallet_after(bodies)
    wrong = held._replace(**{name: getattr(held, name) + more})
    assert [] != list(check_held(standing_of(bodies, len(bodies)), wrong))


@given(histories())
def test_what_nobody_will_send_any_more_is_found(bodies):
    standing = standing_of(bodies, len(bodies))
    lacks = list(check_held(standing, wallet_after(bodies[:1])))
    is_free = standing.is_reservation and standing.status is Status.CANCELLED
    assert (len(bodies) > 1 and not is_free) == (lacks != [])


@given(st.permutations([(bytes([ticket]) * 12, n) for ticket in range(3) for n in range(1, 4)]))
def test_a_fingerprint_knows_a_heap_in_any_order(entries):
    whole, ordered = Fingerprint(), Fingerprint()
    for entry in entries:
        whole = whole.added(*entry)
    for entry in sorted(entries):
        ordered = ordered.added(*entry)
    assert whole == ordered
    twice_and_missing = Fingerprint()
    for entry in [entries[0], *entries[:-1]]:
        twice_and_missing = twice_and_missing.added(*entry)
    assert whole != twice_and_missing


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"charge": (1000, 900, 99)}, "the price is not stake and excise"),
        ({"charge": (1000, 1100, -100)}, "the price is not stake and excise"),
        ({"struck": (10, 1, 10)}, "the struck net payout is not gross less withheld"),
        ({"now": (10, 11, -1)}, "the present net payout is not gross less withheld"),
        ({"cap_cents": 1499}, "the payout is above its cap"),
        ({"cap_cents": 1500, "now": (1501, 0, 1501)}, "the payout is above its cap"),
    ],
)
def test_amounts_that_do_not_add_up_are_named(changes, sentence):
    won = CALLS.render(TicketWin(**NAMED))
    standing = standing_of([tell_placing(TELLER, FACTS, TaxTerms()).body, won], 2)
    assert [] == list(check_amounts(standing))
    assert [sentence] == list(check_amounts(standing._replace(**changes)))


def test_a_ticket_without_state_or_journal_is_named():
    standing = standing_of([tell_placing(TELLER, FACTS, TaxTerms()).body], 1)
    for changes in ({"status": None}, {"journal": ()}):
        broken = standing._replace(**changes)
        assert ["has no state or no journal"] == list(check_journal(broken))
    assert [] == list(check_held(standing, Held(1000, last_n=1)))


def test_a_ticket_twice_in_an_export_is_refused():
    line = {"kind": "ticket", "operator": "site", "ticket_id": ID.hex(), "outcome": "none"}
    line |= {"taken_cents": 0, "given_cents": 0, "discarded": False, "closed": False, "last_n": 1}
    lines = [json.dumps(each).encode() for each in ({"kind": "wallet", "version": 1}, line, line)]
    with pytest.raises(Malformed, match=r"line 3: ticket .* stands there twice"):
        parse_wallet_export(lines)
    lines[1] = lines[1].replace(ID.hex().encode(), b"ABC")
    with pytest.raises(Malformed, match="line 2: 'ABC' is no id"):
        parse_wallet_export(lines)
