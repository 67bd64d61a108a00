"""A ticket is placed: judged, written, told to the wallet, and confirmed by what the wallet says.

Between its two saves each ticket goes alone; at each save it joins whoever is at the same door.
A crash anywhere leaves nothing, or a `new` ticket, which recovery cancels and discards.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from acca.core.confirming import (
    WalletVerdict,
    make_facts,
    refusal_again,
    refusal_of,
    state_when_new,
)
from acca.core.delivery import Verdict
from acca.core.operator import Feature
from acca.core.placing import (
    Rules,
    Struck,
    Wish,
    check_amounts,
    largest_price,
    limits_of,
    strike,
)
from acca.core.player_day import DayRule, day_rule, refuse_price
from acca.core.refusals import (
    CurrencyNotSupported,
    FeatureOff,
    IdempotencyKeyReused,
    OperatorPlatformSilent,
    Refusal,
    UserNotFound,
)
from acca.core.ticket import Status, TicketType
from acca.core.ticket_facts import Buyer, Change, Facts, Key, Naming, Sent, State, Ticket
from acca.core.ticket_id import CODE_DIGITS, CODE_DIGITS_MAX, ID_RANDOM_BYTES, make_code, make_id
from acca.outbound.answer import Answer
from acca.outbound.wallets import Player, Target, Wallets
from acca.store.accepting import PlayerDay, Saved, accept_all, accept_by_day, foresee
from acca.store.claims import Claimed, ClaimName, Deciding, find_claims
from acca.store.connection import Database
from acca.store.door import Door
from acca.store.placing import Ask, Found, find_for_placing
from acca.store.showing import read_shown
from acca.store.tellers import OperatorTold, told_of
from acca.store.tickets import (
    Acceptance,
    Claim,
    NewTicket,
    get_tickets,
    hasten_discard,
    save_changes,
)
from acca.wire.pam_calls import tell_placing
from acca.wire.placing_ends import change_by_wallet
from acca.wire.ticket_answers import Shown

Kept = TypeVar("Kept")

_ROUNDS_MAX = 5
"""How often a ticket is judged anew because odds or events moved while it was on its way."""
_CALL_BEGINS_WITHIN_SECONDS = 1.0
"""After a longer pause recovery may have had the ticket: then no call is begun (spec 6.1)."""
_RECOVERY_MARGIN = timedelta(seconds=5)
_WALLET_SECONDS_MIN = 5.0
_TWIN_LOOKS_SECONDS = 0.05


class Busy(Exception):
    """The request cannot be taken now without risk to what is held; it may come again (503)."""


class Seller(NamedTuple):
    """The operator that sells: its rules as they are in force, and the key that signs to it."""

    id: int
    name: str
    rules: Rules
    secret: str


class Order(NamedTuple):
    """A request to place a ticket; `claim` None is a quote, which writes nothing."""

    seller: Seller
    wish: Wish
    buyer: Buyer
    token: str
    is_reservation: bool
    claim: Claim | None
    received: float
    """Monotonic seconds at which the request came in: from here `create_timeout` runs."""


class Placed(NamedTuple):
    """The answer: a ticket and what it is shown with, and the wallet's no, if it was one."""

    ticket: Ticket
    shown: Shown
    refusal: Refusal | None = None
    is_replay: bool = False


class Quoted(NamedTuple):
    """What create would strike, and the largest price that it would take."""

    struck: Struck
    largest_price_cents: int


@dataclass(frozen=True)
class Tools:
    """What placing needs of its process: database, wallets, machine time and dice."""

    database: Database
    wallets: Wallets
    monotonic: Callable[[], float]
    draw: Callable[[int], bytes]


class _Verdict(NamedTuple):
    change: Change
    sent: Sent


class Placer:
    """Places the tickets of one process; its doors are where concurrent requests meet."""

    def __init__(self, tools: Tools) -> None:
        self._tools: Tools = tools
        self._running: dict[ClaimName, asyncio.Future[None]] = {}
        self._find: Door[Ask, Found] = Door(self._find_many)
        self._accept: Door[NewTicket, Saved] = Door(self._accept_many)
        self._confirm: Door[_Verdict, datetime | None] = Door(self._confirm_many)
        self._background: set[asyncio.Task[object]] = set()

    async def place(self, order: Order) -> Placed:
        """Place a ticket, or find the one that the same request has placed.

        Raises what is refused without a trace, Busy, NoTaxProfile, and Malformed for a price and a
        stake that do not fit. What the wallet refused is in the answer: it is told again alike.
        """
        # Whoever asked may go away; what it asked for is finished all the same.
        return await asyncio.shield(self._keep(self._place_alone(order)))

    async def quote(self, order: Order) -> Quoted:
        """Tell what create would answer, without doing it."""
        found = await self._find.enter(_ask(order))
        struck, player = await self._judge(order, found)
        rules = order.seller.rules
        price = largest_price(order.wish, found.seen, rules, player.player_class)
        rule = _day_rule(order, struck)
        if rule is None:
            return Quoted(struck, price)
        wish = order.wish
        day = PlayerDay(order.seller.id, player.known.id, wish.type, wish.currency, rule.began)
        async with self._tools.database.reader() as reader:
            judged = await foresee(reader, day, rule, struck.charge.price_cents)
        approved = struck.approved and judged.approved
        left = price if judged.left_cents is None else judged.left_cents
        return Quoted(struck._replace(approved=approved), min(price, left))

    async def drain(self) -> None:
        """Wait for what runs for callers that may have gone away."""
        while self._background:
            _ = await asyncio.wait(self._background)

    def _keep(self, work: Coroutine[object, object, Kept]) -> asyncio.Task[Kept]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _place_alone(self, order: Order) -> Placed:
        """Let one of several same requests run at a time: the others find what it wrote."""
        name = _claim_name(order)
        while (twin := self._running.get(name)) is not None:
            _ = await asyncio.wait([twin])
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running[name] = done
        try:
            return await self._place_or_replay(order)
        finally:
            del self._running[name]
            done.set_result(None)

    async def _place_or_replay(self, order: Order) -> Placed:
        found = await self._find.enter(_ask(order))
        if found.claimed is not None:
            return await self._replay(order, found.claimed)
        try:
            return await self._place_anew(order, found)
        except Refusal:
            # Another process may have taken the same request while this one was judged.
            found = await self._find.enter(_ask(order))
            if found.claimed is None:
                raise
            return await self._replay(order, found.claimed)

    async def _judge(self, order: Order, found: Found) -> tuple[Struck, Player]:
        """Judge by the rules, ask who the player is, and judge by the player's taxes."""
        rules = order.seller.rules
        if order.is_reservation:
            # Striking begins with the amounts; they go before this refusal as before all others.
            check_amounts(order.wish, found.seen, rules)
            _require_feature(order)
        struck = strike(order.wish, found.seen, rules)
        player = await self._tools.wallets.identify(_target(order), order.token)
        if player is Verdict.DECLINED:
            raise UserNotFound
        if isinstance(player, Verdict):
            raise OperatorPlatformSilent
        if player.currency != order.wish.currency:
            raise CurrencyNotSupported(currency=order.wish.currency)
        if player.player_class is not None:
            struck = strike(order.wish, found.seen, rules, player.player_class)
        return struck, player

    async def _place_anew(self, order: Order, found: Found) -> Placed:
        struck, player = await self._judge(order, found)
        digits = CODE_DIGITS
        for _ in range(_ROUNDS_MAX):
            new = self._make(order, player, struck, digits)
            saved = await self._accept.enter(new)
            acceptance = saved.accepted.acceptance
            if acceptance is Acceptance.TAKEN:
                shown = _shown(struck, found)
                return await self._call(order, saved.new, shown, saved)
            if acceptance is Acceptance.OVER_DAY:
                assert new.day is not None, "only a limited day can be over"
                raise refuse_price(new.day, saved.left_cents or 0)
            if acceptance is Acceptance.CODED:
                digits = min(digits + 1, CODE_DIGITS_MAX)
                continue
            found = await self._find.enter(_ask(order))
            if found.claimed is not None:
                return await self._replay(order, found.claimed)
            struck = strike(order.wish, found.seen, order.seller.rules, player.player_class)
        raise Busy("Odds move faster than tickets can be written.")

    def _make(self, order: Order, player: Player, struck: Struck, digits: int) -> NewTicket:
        created = struck.at
        id_ = make_id(created, self._tools.draw(ID_RANDOM_BYTES))
        naming = Naming(
            Key(order.seller.id, id_),
            make_code(self._tools.draw(CODE_DIGITS_MAX), digits),
            created,
            order.is_reservation,
            order.seller.rules.settings.void_refund,
        )
        facts = make_facts(naming, order.buyer, player.known, order.wish, struck)
        assert order.claim is not None, "a quote is never written"
        call_lasts = timedelta(seconds=self._wallet_seconds(order)) + _RECOVERY_MARGIN
        telling = tell_placing(_told(order).teller, facts, struck.terms)
        day = _day_rule(order, struck)
        return NewTicket(facts, struck.approved, telling, order.claim, call_lasts, day)

    def _wallet_seconds(self, order: Order) -> float:
        whole = order.seller.rules.settings.create_timeout.total_seconds()
        left = whole - (self._tools.monotonic() - order.received)
        return max(left, _WALLET_SECONDS_MIN)

    async def _call(self, order: Order, new: NewTicket, shown: Shown, saved: Saved) -> Placed:
        """Tell the wallet of a written ticket, and write what it says."""
        facts = new.facts._replace(created=saved.accepted.at)
        answer = await self._tell_wallet(order, new, saved)
        first_start = min([shown.events[event].starts for event in facts.events])
        wallet = WalletVerdict(answer.verdict, answer.http_status, answer.was_sent, answer.text)
        state = state_when_new(facts, approved=new.approved)
        change = change_by_wallet(Ticket(facts, state), wallet, first_start, *_told(order))
        moved = await self._confirm.enter(_Verdict(change, _sent(facts.key, answer)))
        if answer.late is not None:
            _ = self._keep(self._follow(facts.key, answer.late))
        if moved is None:
            # Recovery was here before: the ticket is cancelled, whatever the wallet said.
            raise OperatorPlatformSilent
        state = change.state._replace(n=change.n + len(change.entries), updated=moved)
        refusal = refusal_of(wallet) if state.status is Status.CANCELLED else None
        return Placed(Ticket(facts, state), shown, refusal)

    async def _tell_wallet(self, order: Order, new: NewTicket, saved: Saved) -> Answer:
        """Make the one call, unless so much time has passed that recovery may have been here."""
        if self._tools.monotonic() - saved.sent_at >= _CALL_BEGINS_WITHIN_SECONDS:
            return Answer.unsent()
        return await self._tools.wallets.call_once(
            _target(order),
            new.telling.body,
            f"{new.facts.key.id.hex()}-1",
            self._wallet_seconds(order),
        )

    async def _follow(self, key: Key, late: Awaitable[Answer]) -> None:
        """Write an answer that came too late to count; its discard need not wait any longer."""
        answer = await late
        async with self._tools.database.writer() as writer:
            await hasten_discard(writer, _sent(key, answer, is_late=True))

    async def _replay(self, order: Order, claimed: Claimed) -> Placed:
        """Answer as the first of two same requests was answered, once that has been."""
        if order.claim is not None and claimed.body != order.claim.body:
            raise IdempotencyKeyReused
        deciding = await self._verdict_on(order, claimed)
        async with self._tools.database.reader() as reader:
            ticket = (await get_tickets(reader, [claimed.ticket]))[claimed.ticket]
            (shown,) = await read_shown(reader, [ticket])
        state = _state_as_of(ticket.facts, deciding, claimed.n)
        refusal = None
        if deciding.refusal is not None:
            refusal = refusal_again(deciding.refusal, deciding.detail)
        return Placed(Ticket(ticket.facts, state), shown, refusal, is_replay=True)

    async def _verdict_on(self, order: Order, claimed: Claimed) -> Deciding:
        """Wait for the verdict on a request that another process is working on."""
        name = _claim_name(order)
        until = self._tools.monotonic() + order.seller.rules.settings.create_timeout.total_seconds()
        while claimed.deciding is None:
            if self._tools.monotonic() >= until:
                raise Busy("The same request is still being worked on.")
            await asyncio.sleep(_TWIN_LOOKS_SECONDS)
            async with self._tools.database.reader() as reader:
                claimed = (await find_claims(reader, [name]))[name]
        return claimed.deciding

    async def _find_many(self, asks: Sequence[Ask]) -> list[Found]:
        async with self._tools.database.reader() as reader:
            return await find_for_placing(reader, asks)

    async def _accept_many(self, tickets: Sequence[NewTicket]) -> list[Saved]:
        async with self._tools.database.writer() as writer:
            if all(ticket.day is None for ticket in tickets):
                return await accept_all(writer, tickets, self._tools.monotonic)
            async with writer.transaction():
                return await accept_by_day(writer, tickets, self._tools.monotonic)

    async def _confirm_many(self, verdicts: Sequence[_Verdict]) -> list[datetime | None]:
        async with self._tools.database.writer() as writer:
            changes = [verdict.change for verdict in verdicts]
            moved = await save_changes(writer, changes, [verdict.sent for verdict in verdicts])
        return [moved.get(change.key) for change in changes]


def _day_rule(order: Order, struck: Struck) -> DayRule | None:
    rules, wish = order.seller.rules, order.wish
    limits = limits_of(rules, wish.type, wish.currency)
    return day_rule(limits, struck.at, rules.settings.time_zone)


def _require_feature(order: Order) -> None:
    """Raise FeatureOff for a reservation where the operator has none."""
    if Feature.RESERVE not in order.seller.rules.settings.features:
        raise FeatureOff(feature="Reserve")


def _claim_name(order: Order) -> ClaimName:
    assert order.claim is not None, "a quote claims nothing"
    return ClaimName(order.seller.id, order.claim.key)


def _ask(order: Order) -> Ask:
    wish = order.wish
    events = frozenset(pick.event for pick in wish.picks)
    is_superbet = wish.type is TicketType.SUPERBET
    return Ask(
        order.seller.id,
        None if order.claim is None else _claim_name(order),
        events,
        None if wish.card is None else wish.card.upper(),
        next(iter(events)) if is_superbet else None,
    )


def _target(order: Order) -> Target:
    return Target(order.seller.name, order.seller.rules.settings, order.seller.secret)


def _told(order: Order) -> OperatorTold:
    return told_of(order.seller.name, order.seller.rules.settings)


def _shown(struck: Struck, found: Found) -> Shown:
    return Shown(struck.terms, found.shown, None if struck.card is None else struck.card.body)


def _sent(key: Key, answer: Answer, *, is_late: bool = False) -> Sent:
    verdict, status = answer.verdict.value, answer.http_status
    return Sent(key, 1, 1, is_late, verdict, status, answer.duration_ms, answer.body)


def _state_as_of(facts: Facts, deciding: Deciding, n: int) -> State:
    new = state_when_new(facts, approved=deciding.approved)
    return new._replace(n=n, status=deciding.status, result=deciding.result, updated=deciding.at)
