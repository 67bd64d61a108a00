"""How an operator's list of a ticket differs from ours, and the least that repairs it.

A wallet may be anywhere between what it has acknowledged and what it was told in all: that is on
its way, and no difference. It is compared with the place among these where it differs least.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from acca.core.holding import Held, Told, hold
from acca.core.lifecycle import Message
from acca.core.ticket import Status


class WalletStatus(Enum):
    """How a wallet sees a ticket."""

    OPEN = "open"
    RESERVED = "reserved"
    WON = "won"
    LOST = "lost"
    VOID = "void"
    REFUNDED = "refunded"
    DISCARDED = "discarded"
    CLOSED = "closed"


class Listed(NamedTuple):
    """A ticket on the operator's list; what the list does not tell is None."""

    id: bytes
    line: int
    status: WalletStatus
    in_cents: int
    out_cents: int
    currency: str | None = None
    code: str | None = None
    player: str | None = None


class Placed(NamedTuple):
    """A ticket of ours: what its wallet was told of it, and from which entry on it waits."""

    id: bytes
    code: str
    currency: str
    player: str
    status: Status
    price_cents: int
    net_cents: int
    told: tuple[Told, ...]
    waits_from: int | None


class Kind(Enum):
    """In what a ticket differs; `waiting` is on its way and nothing to be repaired by hand."""

    UNKNOWN = "unknown to us"
    MISSING = "missing there"
    STATUS = "status"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    CURRENCY = "currency"
    CODE = "code"
    PLAYER = "player_id"
    WAITING = "waiting"


class Deed(Enum):
    """What repairs a difference."""

    DELIVER = "deliver"
    """We send what waits; nothing is to be done, or a replay hastens it."""
    SEND_AGAIN = "send again"
    """We send what the wallet has acknowledged and does not have."""
    DISCARD = "look: unknown to us, discard"
    STAFF = "needs staff: a create is sent once"
    BOOK = "book it as"
    DEBIT = "debit"
    GIVE_BACK = "give back"
    CREDIT = "credit"
    TAKE_BACK = "take back"
    CORRECT = "correct"


class Step(NamedTuple):
    """One step of a repair: entries that we send, or cents or a word that the operator changes."""

    deed: Deed
    entries: tuple[Told, ...] = ()
    cents: int = 0
    word: str = ""


class View(NamedTuple):
    """What a wallet shows of a ticket; several words may mean the same."""

    statuses: tuple[WalletStatus, ...]
    in_cents: int
    out_cents: int


class Difference(NamedTuple):
    """A ticket of which the two sides differ, in what, by how many cents, and what repairs it.

    `cents` stand beside `kinds`; where a side lacks the ticket they are all that the other booked.
    `ours` is what the wallet should show by now, None where the ticket is unknown.
    """

    id: bytes
    currency: str
    kinds: tuple[Kind, ...]
    cents: tuple[int, ...]
    listed: Listed | None
    ours: View | None
    steps: tuple[Step, ...]

    @property
    def is_waiting(self) -> bool:
        """Tell whether all that differs is on its way."""
        return self.kinds == (Kind.WAITING,)


def compare(placed: Placed | None, listed: Listed | None) -> Difference | None:
    """Find in what a ticket differs, None where it does not."""
    if placed is None:
        assert listed is not None, "a ticket is on one side at least"
        return _judge_unknown(listed)
    if listed is None:
        return _judge_missing(placed)
    return _judge_both(placed, listed)


def _judge_unknown(listed: Listed) -> Difference | None:
    """Judge a ticket that we do not have; that it was discarded, a wallet may remember."""
    kept_cents = listed.in_cents - listed.out_cents
    if listed.status is WalletStatus.DISCARDED and not kept_cents:
        return None
    steps = [Step(Deed.DISCARD)]
    if kept_cents:
        deed = Deed.GIVE_BACK if kept_cents > 0 else Deed.TAKE_BACK
        steps.append(Step(deed, cents=abs(kept_cents)))
    booked_cents = listed.in_cents + listed.out_cents
    named = listed.id, listed.currency or ""
    return Difference(*named, (Kind.UNKNOWN,), (booked_cents,), listed, None, tuple(steps))


def _judge_missing(placed: Placed) -> Difference | None:
    """Judge a ticket that the wallet does not list; it need not know of what cost nothing."""
    if placed.status in {Status.NEW, Status.CANCELLED}:
        return None
    view = _view(placed, _count_acknowledged(placed), 0)
    booked_cents = view.in_cents + view.out_cents
    if not booked_cents:
        return None
    named = placed.id, placed.currency
    return Difference(*named, (Kind.MISSING,), (booked_cents,), None, view, (Step(Deed.STAFF),))


def _judge_both(placed: Placed, listed: Listed) -> Difference | None:
    last, acknowledged = len(placed.told), _count_acknowledged(placed)
    named = _differ_in_names(placed, listed)
    final = _view(placed, last, listed.in_cents)
    arrived = not _differ(final, listed)
    if arrived and not named:
        return None
    views = [_view(placed, count, listed.in_cents) for count in range(last + 1)]
    # The last one where all is well, else of those that differ as little the first.
    places = [last] if arrived else range(acknowledged, last + 1)
    place = min(places, key=lambda count: len(_differ(views[count], listed)))
    found = {**_differ(views[place], listed), **named}
    steps = [*_repair(placed, views, place, listed), *_correct(placed, named)]
    if place < last:
        steps.append(Step(Deed.DELIVER, placed.told[place:]))
        found = found or {Kind.WAITING: abs(final.out_cents - listed.out_cents)}
    kinds, cents = tuple(found), tuple(found.values())
    return Difference(placed.id, placed.currency, kinds, cents, listed, views[place], tuple(steps))


def _count_acknowledged(placed: Placed) -> int:
    """Count the calls that the wallet has said yes to; of a new ticket nobody knows yet."""
    if placed.status is Status.NEW:
        return 0
    if placed.waits_from is None:
        return len(placed.told)
    return sum(call.n < placed.waits_from for call in placed.told)


_ENDS = {
    "won": WalletStatus.WON,
    "lost": WalletStatus.LOST,
    "void": WalletStatus.VOID,
    "refund": WalletStatus.REFUNDED,
}


def _view(placed: Placed, count: int, listed_in_cents: int) -> View:
    """Tell what a wallet shows after so many calls; a discard gives back whatever it took."""
    held = hold(placed.price_cents, placed.net_cents, placed.told[:count])
    if held.discarded:
        return View((WalletStatus.DISCARDED,), listed_in_cents, listed_in_cents)
    return View(_statuses(placed, held), held.taken_cents, held.given_cents)


def _statuses(placed: Placed, held: Held) -> tuple[WalletStatus, ...]:
    if held.outcome != "none":
        end = _ENDS[held.outcome]
        # A closed ticket has the same outcome still; a wallet may show the one or the other.
        return (end, WalletStatus.CLOSED) if held.closed else (end,)
    if placed.told and placed.told[0].action is Message.TICKET_RESERVE:
        # That it was paid is told to nobody.
        return WalletStatus.RESERVED, WalletStatus.OPEN
    return (WalletStatus.OPEN,)


def _differ(view: View, listed: Listed) -> dict[Kind, int]:
    """Tell in what a listed ticket differs from a view, and by how many cents."""
    found: dict[Kind, int] = {}
    if listed.status not in view.statuses:
        found[Kind.STATUS] = 0
    if listed.in_cents != view.in_cents:
        found[Kind.PAID_IN] = abs(listed.in_cents - view.in_cents)
    if listed.out_cents != view.out_cents:
        found[Kind.PAID_OUT] = abs(listed.out_cents - view.out_cents)
    return found


def _differ_in_names(placed: Placed, listed: Listed) -> dict[Kind, int]:
    pairs = {
        Kind.CURRENCY: (placed.currency, listed.currency),
        Kind.CODE: (placed.code, listed.code),
        Kind.PLAYER: (placed.player, listed.player),
    }
    return {kind: 0 for kind, (ours, theirs) in pairs.items() if theirs not in {None, ours}}


def _repair(placed: Placed, views: Sequence[View], place: int, listed: Listed) -> Iterator[Step]:
    """Name the steps that bring a listed ticket to the view of a place, in their order.

    What the wallet has not carried out is sent again, from where it stands; by hand is done only
    what that leaves wrong.
    """
    target = views[place]
    stands = _find_stand(placed, views, place, listed)
    if stands is None:
        if listed.status not in target.statuses:
            yield Step(Deed.BOOK, word=target.statuses[0].value)
        yield from _settle_up(target, listed)
        return
    yield Step(Deed.SEND_AGAIN, placed.told[stands:place])
    before = views[stands]
    if target.statuses == (WalletStatus.DISCARDED,):
        # It will give back all that it took, however much that was.
        before = before._replace(in_cents=listed.in_cents)
    yield from _settle_up(before, listed)


def _find_stand(placed: Placed, views: Sequence[View], place: int, listed: Listed) -> int | None:
    """Find after how many calls the wallet may have stopped: where the least money is wrong.

    Where its word is the right one it has not stopped, unless it was exactly there before. Of
    places that show the same the last one is taken, unless the payouts differ that the wallet has
    heard of there: then the first, since what it has carried out it passes over.
    """
    alike = [at for at in range(1, place) if listed.status in views[at].statuses]
    if listed.status in views[place].statuses:
        differs = bool(_differ(views[place], listed))
        alike = [at for at in alike if differs and not _differ(views[at], listed)]
    if not alike:
        return None
    least = min(len(_differ(views[at], listed)) for at in alike)
    stands = [at for at in alike if len(_differ(views[at], listed)) == least]
    nets = {_last_net_cents(placed, at) for at in stands}
    return stands[-1] if len(nets) == 1 else stands[0]


def _last_net_cents(placed: Placed, count: int) -> int:
    """Tell which net payout the wallet has heard last after so many calls."""
    nets = [call.net_cents for call in placed.told[:count] if call.net_cents is not None]
    return nets[-1] if nets else placed.net_cents


def _settle_up(view: View, listed: Listed) -> Iterator[Step]:
    more_cents = listed.in_cents - view.in_cents
    if more_cents:
        yield Step(Deed.GIVE_BACK if more_cents > 0 else Deed.DEBIT, cents=abs(more_cents))
    more_cents = listed.out_cents - view.out_cents
    if more_cents:
        yield Step(Deed.TAKE_BACK if more_cents > 0 else Deed.CREDIT, cents=abs(more_cents))


def _correct(placed: Placed, named: Iterable[Kind]) -> Iterator[Step]:
    ours = {
        Kind.CURRENCY: placed.currency,
        Kind.CODE: placed.code,
        Kind.PLAYER: placed.player,
    }
    for kind in named:
        yield Step(Deed.CORRECT, word=f"{kind.value} to {ours[kind]}")
