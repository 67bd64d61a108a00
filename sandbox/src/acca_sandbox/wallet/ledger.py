"""The rules of a wallet: what each call moves, what is a repeat, what is out of order. No I/O.

Three rules keep the money right whatever the network does. A call whose number is not greater than
the last one carried out for its ticket is answered 200 and ignored. A discard of an unknown ticket
is remembered, and its later create is refused. A win pays what was told last.
A ticket that was reserved is paid outside the wallet, into the bank: nothing is taken for it here,
a discard gives nothing back, and a refund comes out of the bank.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

from acca_sandbox.wallet.book import (
    BANK,
    EXT,
    PAYOUTS,
    STAKES,
    WHT,
    Book,
    Cause,
    player_account,
)
from acca_sandbox.wallet.calls import (
    AmountsData,
    ReasonedData,
    TicketCall,
    TicketClosed,
    TicketCreate,
    TicketData,
    TicketDiscard,
    TicketLost,
    TicketRefund,
    TicketReserve,
    TicketRollback,
    TicketUpdate,
    TicketVoid,
    TicketWin,
    ToldData,
    action_of,
)

USER_NOT_FOUND = 101
INSUFFICIENT_FUNDS = 1001
DISCARDED = 1002
BAD_AMOUNTS = 1003
OUT_OF_ORDER = 1004


class Verdict(NamedTuple):
    """What the wallet says to a call; `changed` where the ledger is not as it was."""

    status: int
    code: int
    message: str
    changed: bool


DONE = Verdict(200, 0, "ok", changed=True)
REPEATED = Verdict(200, 0, "carried out before", changed=False)


class Refused(Exception):
    """A call that is not carried out."""

    def __init__(self, status: int, code: int, message: str, *, violation: bool = False) -> None:
        super().__init__(message)
        self.status: int = status
        self.code: int = code
        self.message: str = message
        self.violation: bool = violation


class Violation(NamedTuple):
    """A call that Acca should never have sent; `n` is 0 where it was not numbered."""

    at_ms: int
    operator: str
    ticket_id: str
    action: str
    n: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A player of the operator; the balance stands in the book."""

    player_id: str
    currency: str
    lang: str
    msisdn: str
    feature_flags: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Ticket:
    """What the wallet knows of a ticket.

    `taken_cents` is what its create took. `given_cents` is what stands given for it: the outcome's
    payment, or what a discard gave back; a rollback makes it 0 again.
    """

    ticket_id: str
    player_id: str = ""
    currency: str = ""
    price_cents: int = 0
    stake_cents: int = 0
    wht_amount_cents: int = 0
    ext_amount_cents: int = 0
    gross_payout_cents: int = 0
    net_payout_cents: int = 0
    taken_cents: int = 0
    taken_ext_cents: int = 0
    given_cents: int = 0
    given_wht_cents: int = 0
    outcome: str = "none"
    reserved: bool = False
    discarded: bool = False
    closed: bool = False
    last_n: int = 0

    @property
    def open_cents(self) -> int:
        """What was taken for it and waits for an outcome."""
        return 0 if self.discarded or self.outcome != "none" else self.taken_cents

    def hear(self, amounts: AmountsData) -> None:
        """Take the amounts of a call as those that were told last."""
        self.price_cents = amounts.price
        self.stake_cents = amounts.stake
        self.wht_amount_cents = amounts.wht_amount
        self.ext_amount_cents = amounts.ext_amount
        self.gross_payout_cents = amounts.gross_payout
        self.net_payout_cents = amounts.net_payout


class Ledger:
    """The players, tickets and money of one operator."""

    def __init__(self, operator: str) -> None:
        self.operator: str = operator
        self.book: Book = Book()
        self.players: dict[str, Player] = {}
        self.listed: list[Player] = []
        """The players in the order in which they came."""
        self.open_cents: Counter[str] = Counter()
        """What each player has in tickets without an outcome."""
        self.tickets: dict[str, Ticket] = {}
        self.violations: list[Violation] = []
        self.tokens_issued: int = 0
        self._tokens: dict[str, tuple[Player, bool]] = {}
        self._carry: dict[type, Callable[[Ticket | None, Any, int], None]] = {
            TicketCreate: self._create,
            TicketReserve: self._reserve,
            TicketUpdate: self._update,
            TicketWin: self._win,
            TicketLost: self._lost,
            TicketVoid: self._void,
            TicketRefund: self._refund,
            TicketDiscard: self._discard,
            TicketRollback: self._roll_back,
            TicketClosed: self._close,
        }

    def add_player(self, player: Player, balance_cents: int, at_ms: int) -> None:
        """Take a new player with an opening balance."""
        assert player.player_id not in self.players, "a player is added once"
        self.players[player.player_id] = player
        self.listed.append(player)
        self.deposit(player, balance_cents, at_ms)

    def deposit(self, player: Player, amount_cents: int, at_ms: int) -> None:
        """Take money that a player brings."""
        cause = Cause(at_ms, "", "deposit", player.currency)
        self.book.move(cause, BANK, player_account(player.player_id), amount_cents)

    def add_token(self, token: str, player_id: str, *, single_use: bool) -> None:
        """Give a token to a player; a single-use one is worth one identify."""
        self._tokens[token] = self.players[player_id], single_use
        self.tokens_issued += 1

    def balance_cents(self, player: Player) -> int:
        """Return what a player has."""
        return self.book.balance_cents(player_account(player.player_id), player.currency)

    def identify(self, token: str) -> tuple[Player, bool]:
        """Return the player of a token, and whether the token is used up by that."""
        if token not in self._tokens:
            raise Refused(400, USER_NOT_FOUND, "User not found")
        player, single_use = self._tokens[token]
        if single_use:
            del self._tokens[token]
        return player, single_use

    def carry_out(self, call: TicketCall, n: int, at_ms: int) -> Verdict:
        """Do what a call says, once."""
        ticket = self.tickets.get(call.data.ticket_id)
        open_cents = 0 if ticket is None else ticket.open_cents
        try:
            if ticket is not None and _is_repeat(ticket, call, n):
                return REPEATED
            self._carry[type(call)](ticket, call.data, at_ms)
        except Refused as refused:
            if refused.violation:
                self._record(call, n, at_ms, refused.message)
            return Verdict(refused.status, refused.code, refused.message, refused.violation)
        kept = self.tickets[call.data.ticket_id]
        kept.last_n = n
        if (left_cents := kept.open_cents) != open_cents:
            self.open_cents[kept.player_id] += left_cents - open_cents
        return DONE

    def _record(self, call: TicketCall, n: int, at_ms: int, reason: str) -> None:
        self.violations.append(
            Violation(at_ms, self.operator, call.data.ticket_id, action_of(call), n, reason)
        )

    def _create(self, ticket: Ticket | None, told: ToldData, at_ms: int) -> None:
        player = self._judge_new(ticket, told)
        if self.balance_cents(player) < told.price:
            raise Refused(400, INSUFFICIENT_FUNDS, "Insufficient funds")
        created = self._remember(told, reserved=False)
        created.taken_cents = told.price
        created.taken_ext_cents = told.ext_amount
        account = player_account(player.player_id)
        cause = Cause(at_ms, told.ticket_id, "ticket_create", told.currency)
        self.book.move(cause, account, STAKES, told.stake)
        self.book.move(cause, account, EXT, told.ext_amount)

    def _reserve(self, ticket: Ticket | None, told: ToldData, _at_ms: int) -> None:
        _ = self._judge_new(ticket, told)
        _ = self._remember(told, reserved=True)

    def _judge_new(self, ticket: Ticket | None, told: ToldData) -> Player:
        if ticket is not None:
            _out_of_order("The ticket exists already")
        _judge_amounts(told)
        player = self.players.get(told.player_id)
        if player is None:
            raise Refused(400, USER_NOT_FOUND, "User not found")
        if player.currency != told.currency:
            _bad_amounts("The currency is not the player's")
        return player

    def _remember(self, told: ToldData, *, reserved: bool) -> Ticket:
        ticket = Ticket(
            ticket_id=told.ticket_id,
            player_id=told.player_id,
            currency=told.currency,
            reserved=reserved,
        )
        ticket.hear(told)
        self.tickets[told.ticket_id] = ticket
        return ticket

    def _update(self, ticket: Ticket | None, told: ToldData, _at_ms: int) -> None:
        running = _running(ticket)
        _judge_amounts(told)
        told_before = (running.player_id, running.currency, running.price_cents)
        if told_before != (told.player_id, told.currency, told.price):
            _bad_amounts("An update changes the player, the currency or the price")
        running.hear(told)

    def _win(self, ticket: Ticket | None, _data: TicketData, at_ms: int) -> None:
        running = _running(ticket)
        running.outcome = "won"
        self._pay_out(running, at_ms, "ticket_win")

    def _lost(self, ticket: Ticket | None, _data: TicketData, _at_ms: int) -> None:
        _running(ticket).outcome = "lost"

    def _void(self, ticket: Ticket | None, amounts: AmountsData, at_ms: int) -> None:
        running = _running(ticket)
        _judge_amounts(amounts)
        if amounts.price != running.price_cents:
            _bad_amounts("A void changes the price")
        running.hear(amounts)
        running.outcome = "void"
        self._pay_out(running, at_ms, "ticket_void")

    def _refund(self, ticket: Ticket | None, _data: ReasonedData, at_ms: int) -> None:
        running = _running(ticket)
        running.outcome = "refund"
        if running.reserved:
            cause = Cause(at_ms, running.ticket_id, "ticket_refund", running.currency)
            account = player_account(running.player_id)
            self.book.move(cause, BANK, account, running.price_cents)
            running.given_cents = running.price_cents
        else:
            self._give_back(running, at_ms, "ticket_refund")

    def _discard(self, ticket: Ticket | None, data: ReasonedData, at_ms: int) -> None:
        if ticket is None:
            self.tickets[data.ticket_id] = Ticket(ticket_id=data.ticket_id, discarded=True)
        elif not ticket.discarded:
            running = _running(ticket)
            running.discarded = True
            self._give_back(running, at_ms, "ticket_discard")

    def _roll_back(self, ticket: Ticket | None, _data: ReasonedData, at_ms: int) -> None:
        settled = _settled(ticket)
        if settled.outcome == "refund":
            _out_of_order("A refund is final")
        cause = Cause(at_ms, settled.ticket_id, "ticket_rollback", settled.currency)
        account = player_account(settled.player_id)
        # Whether the player still has it is not asked: the result was wrong.
        self.book.move(cause, account, PAYOUTS, settled.given_cents)
        self.book.move(cause, WHT, PAYOUTS, settled.given_wht_cents)
        settled.given_cents = settled.given_wht_cents = 0
        settled.outcome = "none"

    def _close(self, ticket: Ticket | None, _data: TicketData, _at_ms: int) -> None:
        _settled(ticket).closed = True

    def _pay_out(self, ticket: Ticket, at_ms: int, action: str) -> None:
        cause = Cause(at_ms, ticket.ticket_id, action, ticket.currency)
        account = player_account(ticket.player_id)
        self.book.move(cause, PAYOUTS, account, ticket.net_payout_cents)
        self.book.move(cause, PAYOUTS, WHT, ticket.wht_amount_cents)
        ticket.given_cents = ticket.net_payout_cents
        ticket.given_wht_cents = ticket.wht_amount_cents

    def _give_back(self, ticket: Ticket, at_ms: int, action: str) -> None:
        if ticket.taken_cents == 0:
            return
        cause = Cause(at_ms, ticket.ticket_id, action, ticket.currency)
        account = player_account(ticket.player_id)
        self.book.move(cause, STAKES, account, ticket.taken_cents - ticket.taken_ext_cents)
        self.book.move(cause, EXT, account, ticket.taken_ext_cents)
        ticket.given_cents = ticket.taken_cents


def _is_repeat(ticket: Ticket, call: TicketCall, n: int) -> bool:
    # A late 200 must never revive a discarded ticket, so this goes before the number.
    if ticket.discarded and isinstance(call, TicketCreate | TicketReserve):
        raise Refused(400, DISCARDED, "The ticket was discarded")
    return n <= ticket.last_n


def _known(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        _out_of_order("The ticket was never created")
    if ticket.discarded:
        _out_of_order("The ticket was discarded")
    if ticket.closed:
        _out_of_order("The ticket is closed")
    return ticket


def _running(ticket: Ticket | None) -> Ticket:
    known = _known(ticket)
    if known.outcome != "none":
        _out_of_order(f"The outcome in force is {known.outcome}")
    return known


def _settled(ticket: Ticket | None) -> Ticket:
    known = _known(ticket)
    if known.outcome == "none":
        _out_of_order("The ticket has no outcome")
    return known


def _judge_amounts(amounts: AmountsData) -> None:
    if amounts.price != amounts.stake + amounts.ext_amount:
        _bad_amounts("The price is not stake + ext_amount")
    if amounts.net_payout != amounts.gross_payout - amounts.wht_amount:
        _bad_amounts("The net_payout is not gross_payout - wht_amount")


def _out_of_order(message: str) -> NoReturn:
    raise Refused(409, OUT_OF_ORDER, message, violation=True)


def _bad_amounts(message: str) -> NoReturn:
    raise Refused(400, BAD_AMOUNTS, message, violation=True)
