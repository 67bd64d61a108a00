"""An operator's list against ours: the sandbox's wallet agrees, one change is one difference."""

import pytest
from core.test_audit import FACTS, histories, wallet_after
from hypothesis import assume, given
from hypothesis import strategies as st

from acca.core.holding import Told
from acca.core.lifecycle import Message
from acca.core.reconciling import (
    Deed,
    Kind,
    Listed,
    Placed,
    Step,
    View,
    WalletStatus,
    compare,
)
from acca.core.ticket import Status
from acca.wire.pam import CALLS

ID, PRICE, NET = FACTS.key.id, FACTS.charge.price_cents, FACTS.payout.net_cents
CREATE, RESERVE = Message.TICKET_CREATE, Message.TICKET_RESERVE
UPDATE, WIN, LOST = Message.TICKET_UPDATE, Message.TICKET_WIN, Message.TICKET_LOST
VOID, REFUND, DISCARD = Message.TICKET_VOID, Message.TICKET_REFUND, Message.TICKET_DISCARD
ROLLBACK, CLOSED = Message.TICKET_ROLLBACK, Message.TICKET_CLOSED
S = WalletStatus


def told_of(*actions):
    """Number calls as a journal does, whose second entry confirms; updates and voids tell 700."""
    return tuple(
        Told(1 if place == 0 else place + 2, action, 700 if action in {UPDATE, VOID} else None)
        for place, action in enumerate(actions)
    )


def placed(*actions, waits_from=None, status=Status.OPEN):
    return Placed(ID, "ABCDEF", "KES", "ann", status, 1000, 1400, told_of(*actions), waits_from)


def listed(status, in_cents=1000, out_cents=0, **names):
    return Listed(ID, 2, status, in_cents, out_cents, **names)


def steps_of(difference):
    """Spell steps shortly: what is to be done, with which entries, cents or word."""
    return [
        (step.deed, [call.n for call in step.entries] or step.cents or step.word)
        for step in difference.steps
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "kinds", "steps"),
    [
        # The wallet has not carried out what it acknowledged.
        ((CREATE, WIN), (S.OPEN, 1000, 0), "status paid_out", [(Deed.SEND_AGAIN, [3])]),
        ((CREATE, LOST), (S.OPEN, 1000, 0), "status", [(Deed.SEND_AGAIN, [3])]),
        ((CREATE, DISCARD), (S.OPEN, 1000, 0), "status paid_out", [(Deed.SEND_AGAIN, [3])]),
        ((CREATE, DISCARD), (S.OPEN, 900, 0), "status paid_out", [(Deed.SEND_AGAIN, [3])]),
        ((RESERVE, WIN), (S.RESERVED, 0, 0), "status paid_out", [(Deed.SEND_AGAIN, [3])]),
        ((RESERVE, WIN), (S.OPEN, 0, 0), "status paid_out", [(Deed.SEND_AGAIN, [3])]),
        ((CREATE, WIN, CLOSED), (S.OPEN, 1000, 0), "status paid_out", [(Deed.SEND_AGAIN, [3, 4])]),
        # An update shows nowhere, so it is repeated with what follows it.
        ((CREATE, UPDATE, WIN), (S.OPEN, 1000, 0), "status paid_out", [(Deed.SEND_AGAIN, [3, 4])]),
        # The latest place where the wallet may stand makes the shortest repair.
        (
            (CREATE, WIN, ROLLBACK, LOST),
            (S.OPEN, 1000, 0),
            "status",
            [(Deed.SEND_AGAIN, [5])],
        ),
        (
            (CREATE, WIN, ROLLBACK, LOST),
            (S.WON, 1000, 1400),
            "status paid_out",
            [(Deed.SEND_AGAIN, [4, 5])],
        ),
        (
            (CREATE, WIN, ROLLBACK, UPDATE, WIN),
            (S.WON, 1000, 1400),
            "paid_out",
            [(Deed.SEND_AGAIN, [4, 5, 6])],
        ),
        # What carrying out leaves wrong is done by hand.
        (
            (CREATE, WIN),
            (S.OPEN, 900, 0),
            "status paid_in paid_out",
            [(Deed.SEND_AGAIN, [3]), (Deed.DEBIT, 100)],
        ),
        (
            (CREATE, DISCARD),
            (S.OPEN, 900, 300),
            "status paid_out",
            [(Deed.SEND_AGAIN, [3]), (Deed.TAKE_BACK, 300)],
        ),
        # The word is right and the money is not.
        ((CREATE, WIN), (S.WON, 1000, 200), "paid_out", [(Deed.CREDIT, 1200)]),
        ((CREATE, WIN), (S.WON, 1000, 1700), "paid_out", [(Deed.TAKE_BACK, 300)]),
        ((CREATE,), (S.OPEN, 1100, 0), "paid_in", [(Deed.GIVE_BACK, 100)]),
        ((CREATE,), (S.OPEN, 900, 0), "paid_in", [(Deed.DEBIT, 100)]),
        ((CREATE, DISCARD), (S.DISCARDED, 1000, 400), "paid_out", [(Deed.CREDIT, 600)]),
        ((CREATE, WIN, CLOSED), (S.CLOSED, 1000, 1300), "paid_out", [(Deed.CREDIT, 100)]),
        # What was never told cannot be sent.
        ((CREATE, WIN), (S.LOST, 1000, 1400), "status", [(Deed.BOOK, "won")]),
        (
            (CREATE, WIN),
            (S.VOID, 1000, 1000),
            "status paid_out",
            [(Deed.BOOK, "won"), (Deed.CREDIT, 400)],
        ),
        ((CREATE,), (S.DISCARDED, 1000, 0), "status", [(Deed.BOOK, "open")]),
        ((CREATE, WIN), (S.CLOSED, 1000, 1400), "status", [(Deed.BOOK, "won")]),
        ((CREATE,), (S.RESERVED, 1000, 0), "status", [(Deed.BOOK, "open")]),
    ],
)
def test_a_ticket_that_differs_has_its_kinds_and_its_repair(ours, theirs, kinds, steps):
    found = compare(placed(*ours), listed(*theirs))
    assert (kinds, steps) == (" ".join(kind.value for kind in found.kinds), steps_of(found))
    assert not found.is_waiting


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ((CREATE,), (S.OPEN, 1000, 0)),
        ((CREATE, WIN), (S.WON, 1000, 1400)),
        ((CREATE, UPDATE, WIN), (S.WON, 1000, 700)),
        ((CREATE, VOID), (S.VOID, 1000, 700)),
        ((CREATE, LOST), (S.LOST, 1000, 0)),
        ((CREATE, REFUND), (S.REFUNDED, 1000, 1000)),
        ((RESERVE, REFUND), (S.REFUNDED, 0, 1000)),
        ((RESERVE,), (S.RESERVED, 0, 0)),
        ((RESERVE,), (S.OPEN, 0, 0)),
        ((CREATE, WIN, CLOSED), (S.CLOSED, 1000, 1400)),
        ((CREATE, WIN, CLOSED), (S.WON, 1000, 1400)),
        ((CREATE, DISCARD), (S.DISCARDED, 1000, 1000)),
        ((CREATE, DISCARD), (S.DISCARDED, 0, 0)),
    ],
)
def test_a_wallet_that_did_what_it_was_told_differs_in_nothing(ours, theirs):
    assert None is compare(placed(*ours), listed(*theirs))
    names = {"currency": "KES", "code": "ABCDEF", "player": "ann"}
    assert None is compare(placed(*ours), listed(*theirs, **names))


def test_what_is_on_its_way_is_told_apart():
    ours = placed(CREATE, WIN, CLOSED, waits_from=3)
    found = compare(ours, listed(S.OPEN))
    assert ((Kind.WAITING,), (1400,), True) == (found.kinds, found.cents, found.is_waiting)
    assert [(Deed.DELIVER, [3, 4])] == steps_of(found)
    # Carried out, and the answer has not arrived: nothing differs, or the rest is on its way.
    assert None is compare(ours, listed(S.WON, 1000, 1400))
    assert None is compare(ours, listed(S.CLOSED, 1000, 1400))


def test_what_is_wrong_beside_what_is_on_its_way_is_repaired_first():
    found = compare(placed(CREATE, WIN, waits_from=3), listed(S.OPEN, 900, 0))
    assert ((Kind.PAID_IN,), (100,)) == (found.kinds, found.cents)
    assert [(Deed.DEBIT, 100), (Deed.DELIVER, [3])] == steps_of(found)
    lost = compare(placed(CREATE, WIN, ROLLBACK, waits_from=4), listed(S.OPEN, 900, 0))
    assert [(Deed.DEBIT, 100)] == steps_of(lost)
    odd = compare(placed(CREATE, LOST, waits_from=3), listed(S.WON, 1000, 0))
    assert [(Deed.BOOK, "open"), (Deed.DELIVER, [3])] == steps_of(odd)


def test_a_new_ticket_may_have_come_to_the_wallet_or_not():
    new = placed(CREATE, status=Status.NEW)
    assert None is compare(new, None)
    assert None is compare(new, listed(S.OPEN))
    assert compare(new, listed(S.OPEN, 0, 0)).is_waiting


@pytest.mark.parametrize(
    ("ours", "cents"),
    [
        (placed(CREATE), 1000),
        (placed(CREATE, WIN, status=Status.RESULTED), 2400),
        (placed(CREATE, WIN, status=Status.RESULTED, waits_from=3), 1000),
        (placed(RESERVE, WIN, status=Status.RESULTED), 1400),
    ],
)
def test_a_ticket_with_money_that_the_wallet_does_not_list_needs_staff(ours, cents):
    found = compare(ours, None)
    assert ((Kind.MISSING,), (cents,), [Step(Deed.STAFF)]) == (
        found.kinds,
        found.cents,
        list(found.steps),
    )


@pytest.mark.parametrize(
    "ours",
    [
        placed(CREATE, DISCARD, status=Status.CANCELLED),
        placed(RESERVE, status=Status.RESERVED),
        placed(RESERVE, LOST, status=Status.RESULTED),
        placed(RESERVE, WIN, status=Status.RESULTED, waits_from=3),
    ],
)
def test_a_wallet_need_not_list_what_cost_nothing(ours):
    assert None is compare(ours, None)


@pytest.mark.parametrize(
    ("theirs", "steps"),
    [
        ((S.OPEN, 500, 0), [(Deed.DISCARD, ""), (Deed.GIVE_BACK, 500)]),
        ((S.WON, 500, 900), [(Deed.DISCARD, ""), (Deed.TAKE_BACK, 400)]),
        ((S.LOST, 0, 0), [(Deed.DISCARD, "")]),
        ((S.DISCARDED, 500, 300), [(Deed.DISCARD, ""), (Deed.GIVE_BACK, 200)]),
    ],
)
def test_a_ticket_that_we_do_not_have_is_to_be_discarded(theirs, steps):
    found = compare(None, listed(*theirs, currency="KES"))
    assert ((Kind.UNKNOWN,), "KES", steps) == (found.kinds, found.currency, steps_of(found))
    assert (sum(theirs[1:]),) == found.cents


def test_a_discard_of_a_ticket_that_nobody_knows_is_kept_in_peace():
    assert None is compare(None, listed(S.DISCARDED, 500, 500))
    assert "" == compare(None, listed(S.DISCARDED, 500, 0)).currency


def test_names_that_differ_are_corrected():
    theirs = listed(S.OPEN, currency="UGX", code="ABCDE0", player="bob")
    found = compare(placed(CREATE), theirs)
    assert (Kind.CURRENCY, Kind.CODE, Kind.PLAYER) == found.kinds
    words = ["currency to KES", "code to ABCDEF", "player_id to ann"]
    assert [(Deed.CORRECT, word) for word in words] == steps_of(found)
    assert (View((S.OPEN,), 1000, 0), 0) == (found.ours, sum(found.cents))


# ---- the sandbox's wallet knows nothing of this room


WORDS = {"won": S.WON, "lost": S.LOST, "void": S.VOID, "refund": S.REFUNDED}


def status_of(held, *, is_reserved):
    if held.discarded:
        return S.DISCARDED
    if held.closed:
        return S.CLOSED
    if held.outcome != "none":
        return WORDS[held.outcome]
    return S.RESERVED if is_reserved else S.OPEN


def both(bodies, carried, acknowledged):
    """Make a ticket that was told all this, and how a wallet lists it that carried out some."""
    calls = [CALLS.parse(body) for body in bodies]
    told = tuple(
        Told(n, Message(call.WORD), getattr(call, "net_payout_cents", None) if n > 1 else None)
        for n, call in enumerate(calls, 1)
    )
    waits_from = acknowledged + 1 if acknowledged < len(told) else None
    ours = Placed(ID, FACTS.code, "KES", FACTS.player, Status.OPEN, PRICE, NET, told, waits_from)
    held = wallet_after(bodies[:carried])
    status = status_of(held, is_reserved=told[0].action is RESERVE)
    return ours, Listed(ID, 2, status, held.taken_cents, held.given_cents)


@given(histories())
def test_a_wallet_that_carried_out_everything_differs_in_nothing(bodies):
    assert None is compare(*both(bodies, len(bodies), len(bodies)))


@given(histories(), st.data())
def test_a_wallet_on_the_way_differs_in_nothing_but_what_waits(bodies, data):
    carried = data.draw(st.integers(1, len(bodies)))
    acknowledged = data.draw(st.integers(1, carried))
    found = compare(*both(bodies, carried, acknowledged))
    assert found is None or found.is_waiting


@given(histories(), st.data())
def test_a_wallet_that_lost_what_it_carried_out_is_sent_that_again(bodies, data):
    carried = data.draw(st.integers(1, len(bodies)))
    ours, theirs = both(bodies, carried, len(bodies))
    found = compare(ours, theirs)
    if found is not None:
        (step,) = found.steps
        assert (Deed.SEND_AGAIN, ours.told[-1]) == (step.deed, step.entries[-1])
        again = [(call.n, bodies[call.n - 1]) for call in step.entries]
        repaired = wallet_after(bodies[:carried], *again)
        assert wallet_after(bodies) == repaired


@given(histories(), st.sampled_from(["in_cents", "out_cents"]), st.integers(1, 500))
def test_a_cent_more_is_exactly_that_difference(bodies, name, more):
    ours, theirs = both(bodies, len(bodies), len(bodies))
    wrong = theirs._replace(**{name: getattr(theirs, name) + more})
    found = compare(ours, wrong)
    # A discard gives back all that was taken: of one that took more too little came back.
    is_out = name == "out_cents" or theirs.status is S.DISCARDED
    kind = Kind.PAID_OUT if is_out else Kind.PAID_IN
    assert ((kind,), (more,)) == (found.kinds, found.cents)
    # The wrong amount may be the one of an outcome that was taken back.
    if found.steps[0].deed is not Deed.SEND_AGAIN:
        assert [more] == [step.cents for step in found.steps]


@given(histories(), st.sampled_from(WalletStatus))
def test_another_word_is_exactly_that_difference(bodies, status):
    ours, theirs = both(bodies, len(bodies), len(bodies))
    agreed = compare(ours, theirs._replace(status=status)) is None
    same = {theirs.status}
    if ours.told[-1].action is CLOSED:
        same = {S.CLOSED, status_of(wallet_after(bodies[:-1]), is_reserved=False)}
    if ours.told[-1].action is RESERVE:
        same = {S.OPEN, S.RESERVED}
    assert (status in same) == agreed
    assume(not agreed)
    assert (Kind.STATUS,) == compare(ours, theirs._replace(status=status)).kinds


@given(histories(), st.sampled_from(["currency", "code", "player"]))
def test_another_name_is_exactly_that_difference(bodies, name):
    ours, theirs = both(bodies, len(bodies), len(bodies))
    found = compare(ours, theirs._replace(**{name: "else"}))
    assert (Kind[name.upper()],) == found.kinds
