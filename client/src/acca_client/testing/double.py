"""Acca's double: takes, judges and shows tickets in memory, and sends the webhooks that follow."""

from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from typing import Self

import httpx2

from acca_client.betcards import AsyncBetCards, BetCards
from acca_client.conversation import Means, Patience, unix_seconds
from acca_client.engine import AsyncEngine, Engine
from acca_client.errors import Refused
from acca_client.feed import FeedClient
from acca_client.testing.answering import Desk, Upset
from acca_client.testing.book import MOVES, Entry, Kept
from acca_client.testing.finance import Taxes
from acca_client.testing.gate import Asked, Gate
from acca_client.testing.hooks import Hook, body_of
from acca_client.testing.refusing import sample
from acca_client.testing.serving import serving
from acca_client.testing.telling import Told, told_refusal, told_status
from acca_client.tickets import Ticket, read_ticket

PATIENCE = Patience(total_seconds=5.0, pause_seconds=0.0, retry_after_seconds_max=0.0)
"""That of the double's clients: they try again at once."""

_TAXES = Taxes()
_OUTCOMES = {"won": "ticket_win", "lost": "ticket_lost", "void": "ticket_void"}


class AccaDouble:
    """Stands in for Acca in your tests; each has tickets, odds and upsets of its own.

    `with AccaDouble() as acca` serves `acca.url` on loopback; without `with` nothing is opened,
    and calls reach it through `acca.transport`. What the double tells and how it signs is as Acca
    does; its rules are simpler, and it knows only what it offers itself.
    """

    def __init__(
        self,
        operator: str = "acme",
        key: str = "your-secret-key",
        *,
        taxes: Taxes = _TAXES,
        clock: Callable[[], int] = unix_seconds,
    ) -> None:
        self.operator: str = operator
        self.key: str = key
        self.provider: str = "provider"
        self.provider_key: str = "provider-key"
        self.url: str = "http://acca.test"
        self._clock: Callable[[], int] = clock
        self._means: Means = Means(now=clock)
        gates = Gate(operator, key), Gate(self.provider, self.provider_key)
        self._desk: Desk = Desk(*gates, taxes, clock)
        self._stack: ExitStack = ExitStack()
        self.transport: httpx2.MockTransport = httpx2.MockTransport(self._carry)

    def __enter__(self) -> Self:
        self.url = self._stack.enter_context(serving(self._desk.answer))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def calls(self) -> tuple[Asked, ...]:
        """Tell every call that came, with its headers and exact body."""
        return tuple(self._desk.calls)

    @property
    def players(self) -> dict[str, str]:
        """Tell the players by their tokens; while it is empty, each token is a player's name."""
        return self._desk.players

    def engine(self) -> Engine:
        """Make a client of the Bet Engine API that calls the double."""
        return Engine(
            self.url,
            self.operator,
            self.key,
            patience=PATIENCE,
            means=self._means,
            transport=self.transport,
        )

    def async_engine(self) -> AsyncEngine:
        """Make a client of the Bet Engine API that calls the double, on asyncio."""
        return AsyncEngine(
            self.url,
            self.operator,
            self.key,
            patience=PATIENCE,
            means=self._means,
            transport=self.transport,
        )

    def cards(self) -> BetCards:
        """Make a client of the Bet Card API that calls the double."""
        return BetCards(
            self.url, self.operator, patience=PATIENCE, means=self._means, transport=self.transport
        )

    def async_cards(self) -> AsyncBetCards:
        """Make a client of the Bet Card API that calls the double, on asyncio."""
        return AsyncBetCards(
            self.url, self.operator, patience=PATIENCE, means=self._means, transport=self.transport
        )

    def feed(self) -> FeedClient:
        """Make a provider's client that calls the double; every entry is applied."""
        name, key = self.provider, self.provider_key
        return FeedClient(
            self.url, name, key, patience=PATIENCE, means=self._means, transport=self.transport
        )

    def refuse(self, refusal: type[Refused] | Refused, times: int = 1) -> None:
        """Refuse the next orders: creates, reserves, payments, cash-outs, codes and quotes."""
        made = refusal if isinstance(refusal, Refused) else sample(refusal)
        self._plan(Upset(is_done=False, instead=told_refusal(made)), times)

    def be_unavailable(self, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next orders with 503, and do nothing."""
        told = told_status(503, "try again", retry_after=str(retry_after))
        self._plan(Upset(is_done=False, instead=told), times)

    def be_busy(self, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next orders with 429, and do nothing."""
        told = told_status(429, "too many requests", retry_after=str(retry_after))
        self._plan(Upset(is_done=False, instead=told), times)

    def lose_answers(self, times: int = 1) -> None:
        """Carry the next orders out, and never answer them."""
        self._plan(Upset(is_done=True, instead=None), times)

    def lose_requests(self, times: int = 1) -> None:
        """Neither carry out nor answer the next orders."""
        self._plan(Upset(is_done=False, instead=None), times)

    def move_odds(self, event: int, bet: int, odds: Decimal) -> None:
        """Change the odds of a bet."""
        self._desk.offer.matches[event].odds[bet] = odds

    def suspend(self, event: int, bet: int) -> None:
        """Suspend a bet."""
        self._desk.offer.matches[event].suspended.add(bet)

    def close_event(self, event: int) -> None:
        """Take no more bets on an event."""
        self._desk.offer.matches[event].is_closed = True

    def webhook(
        self,
        ticket: Ticket | str,
        action: str,
        *,
        reason: str = "result-changed",
        gross_payout_cents: int | None = None,
    ) -> Hook:
        """Make the webhook of an action, and move the ticket as Acca would.

        That of ticket_create or ticket_reserve was made with the ticket, those of a cash-out with
        it; they move nothing.
        """
        with self._desk.lock:
            kept = self._find(ticket)
            made = kept.made(action)
            if made is not None and gross_payout_cents is None:
                return self._hook(kept, made)
            if action not in MOVES:
                raise ValueError(f"{action} is not told of this ticket")
            now = self._desk.now()
            entry = self._desk.book.move(kept, action, now, reason, gross_payout_cents)
            return self._hook(kept, entry)

    def settle(
        self, ticket: Ticket | str, result: str, *, gross_payout_cents: int | None = None
    ) -> list[Hook]:
        """End a ticket as won, lost or void; a payout that it was not struck with is told first."""
        outcome = _OUTCOMES[result]
        update: list[Hook] = []
        if gross_payout_cents is not None:
            update.append(
                self.webhook(ticket, "ticket_update", gross_payout_cents=gross_payout_cents)
            )
        return [*update, self.webhook(ticket, outcome)]

    def correct(
        self, ticket: Ticket | str, result: str, *, gross_payout_cents: int | None = None
    ) -> list[Hook]:
        """Take a result back and end the ticket anew: the rollback, and then the outcome."""
        rollback = self.webhook(ticket, "ticket_rollback")
        return [rollback, *self.settle(ticket, result, gross_payout_cents=gross_payout_cents)]

    def ping(self) -> Hook:
        """Make the health check, which nobody signs."""
        return self._unnumbered("ping", {"operator": self.operator}, is_signed=False)

    def identify(self, token: str) -> Hook:
        """Make the question whose token it is."""
        return self._unnumbered("identify", {"operator": self.operator, "token": token})

    def code(self, msisdn: str) -> str | None:
        """Tell the one-time password that a telephone was sent last; None once it is used."""
        with self._desk.lock:
            return self._desk.codes.newest(msisdn)

    def otp(self, msisdn: str, code: str | None = None) -> Hook:
        """Make the SMS notification of a one-time password: the one sent last, else 1234."""
        return self._sms("otp", {"code": code or self.code(msisdn) or "1234", "msisdn": msisdn})

    def ticket_status(self, ticket: Ticket | str, msisdn: str) -> Hook:
        """Make the SMS notification of how a ticket stands."""
        kept = self._find(ticket)
        named = {"ticket_code": kept.code, "ticket_id": kept.id, "msisdn": msisdn}
        return self._sms("ticket_status", {**named, "status": kept.status, "result": kept.result})

    def ticket(self, identifier: str) -> Ticket:
        """Show a ticket as it stands, without a call."""
        with self._desk.lock:
            shown = self._desk.book.show(self._find(identifier))
        return read_ticket(shown)

    def _plan(self, upset: Upset, times: int) -> None:
        self._desk.upsets.extend([upset] * times)

    def _find(self, ticket: Ticket | str) -> Kept:
        return self._desk.book.find(ticket if isinstance(ticket, str) else ticket.id)

    def _hook(self, kept: Kept, entry: Entry) -> Hook:
        assert entry.action is not None, "an entry that is sent has an action"
        return Hook(
            action=entry.action,
            body=entry.body,
            key=self.key,
            clock=self._clock,
            signed_at=self._clock(),
            ticket_id=kept.id,
            n=entry.n,
        )

    def _unnumbered(self, action: str, data: dict[str, object], *, is_signed: bool = True) -> Hook:
        return Hook(
            action=action,
            body=body_of("action", action, data),
            key=self.key,
            clock=self._clock,
            signed_at=self._clock() if is_signed else None,
        )

    def _sms(self, word: str, data: dict[str, object]) -> Hook:
        return Hook(
            action=word,
            body=body_of("type", word, data),
            key=self.key,
            clock=self._clock,
            signed_at=self._clock(),
            operator_name=self.operator,
        )

    def _carry(self, request: httpx2.Request) -> httpx2.Response:
        target = request.url.raw_path.decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        told: Told | None = self._desk.answer(
            Asked(request.method, target, headers, request.content)
        )
        if told is None:
            raise httpx2.ReadError("the answer was lost", request=request)
        return httpx2.Response(told.status, headers=dict(told.headers), content=told.body)
