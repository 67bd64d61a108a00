"""What becomes of a new ticket once the wallet has spoken, or has not (spec 6.1, 6.2)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from acca.core.delivery import Verdict
from acca.core.operator import OperatorSettings
from acca.core.placing import Struck, Wish
from acca.core.refusals import OperatorPlatformSilent, Refusal, TicketDeclined
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Buyer, Facts, Naming, State, Task, Waiting

_MESSAGE_LENGTH_MAX = 200
_CARD_PRICED = {TicketType.SUPERBET, TicketType.JACKPOT}


class WalletVerdict(NamedTuple):
    """What the wallet made of a create or reserve: `was_sent` tells that bytes may have reached it.

    `http_status` is None where no answer came; `message` is the wallet's own, if it is one.
    """

    verdict: Verdict
    http_status: int | None
    was_sent: bool
    message: str

    @property
    def reason(self) -> str:
        """Tell the wallet's own words as far as they can be shown."""
        shown = "".join(letter if letter.isprintable() else " " for letter in self.message)
        return shown.strip()[:_MESSAGE_LENGTH_MAX] or "no reason given"


class PlayerKnown(NamedTuple):
    """A player as the wallet named it: `msisdn` where it told one."""

    id: str
    msisdn: str | None


class Discarding(NamedTuple):
    """Why a ticket is discarded at the wallet, and how long the discard waits."""

    reason: str
    delay: timedelta


def make_facts(
    naming: Naming, buyer: Buyer, player: PlayerKnown, wish: Wish, struck: Struck
) -> Facts:
    """Put together what is written of a ticket."""
    return Facts(
        key=naming.key,
        code=naming.code,
        type=wish.type,
        source=buyer.source,
        currency=wish.currency,
        player=player.id,
        psp=buyer.psp,
        atag=buyer.atag,
        rtag=buyer.rtag,
        msisdn=buyer.msisdn or player.msisdn,
        charge=struck.charge,
        payout=struck.payout,
        cap_cents=struck.cap_cents,
        tax_profile=struck.tax_profile,
        void_refund=naming.void_refund,
        affiliate_cents=struck.affiliate_cents,
        affiliate_rate=struck.affiliate_rate,
        total_odds=struck.total_odds,
        events=tuple([pick.event for pick in wish.picks]),
        bets=tuple([pick.bet for pick in wish.picks]),
        odds=struck.odds,
        card=None if struck.card is None else struck.card.code,
        lines=struck.lines,
        is_reservation=naming.is_reservation,
        created=naming.created,
    )


def state_when_new(facts: Facts, *, approved: bool) -> State:
    """Tell the state of a ticket that was written just now: amounts as they were struck."""
    gross, wht, net, _ = facts.payout
    return State(1, Status.NEW, TicketResult.PENDING, approved, gross, wht, net, facts.created)


def expiry(facts: Facts, first_start: datetime, settings: OperatorSettings) -> datetime:
    """Tell when a reservation expires; those on a card of fixed price live until it closes."""
    if facts.type in _CARD_PRICED:
        return first_start
    return min(first_start, facts.created + settings.reservation_time)


def waiting_after(state: State, first_start: datetime) -> Waiting | None:
    """Tell what a placed ticket waits for: its payment, or a trader's word."""
    if state.status is Status.RESERVED:
        assert state.expires is not None, "a reservation expires"
        return Waiting(Task.EXPIRE, state.expires)
    return None if state.approved else Waiting(Task.DECLINE, first_start)


def discarding(wallet: WalletVerdict, settings: OperatorSettings) -> Discarding:
    """Say how a ticket that the wallet did not accept is discarded.

    At once where it answered; else after a while, so as not to overtake a create that is still on
    its way.
    """
    if wallet.verdict is Verdict.DECLINED:
        return Discarding("wallet-declined", timedelta(0))
    if wallet.http_status is not None:
        return Discarding("no-answer", timedelta(0))
    reason = "no-answer" if wallet.was_sent else "no-connection"
    return Discarding(reason, settings.discard_delay)


def refusal_of(wallet: WalletVerdict) -> Refusal:
    """Tell the caller of a ticket that the wallet did not accept."""
    if wallet.verdict is Verdict.DECLINED:
        return TicketDeclined(message=wallet.reason)
    return OperatorPlatformSilent()


def refusal_again(code: int | None, detail: str | None) -> Refusal:
    """Tell the caller of a request that is seen again what it was told the first time."""
    if code == TicketDeclined.code:
        return TicketDeclined(message=detail or "")
    return OperatorPlatformSilent()
