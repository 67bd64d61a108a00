"""The settings of an operator, each with its kind, default and meaning (spec 8)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import final
from zoneinfo import ZoneInfo

from acca.core.kinds import (
    choice,
    currency,
    duration,
    one_of,
    optional,
    percent,
    several,
    switch,
    text,
    time_zone,
    url,
    whole,
)
from acca.core.setting import Setting, Settings
from acca.core.settling import VoidRefund
from acca.core.ticket import TicketType


class Feature(Enum):
    """What an operator may switch off; then its calls are refused with code 100."""

    RESERVE = "reserve"
    PAID = "paid"
    CASH_OUT = "cash-out"
    OTP = "otp"


class AmountsChanged(Enum):
    """What is done where amounts changed and the wallet takes no `ticket_update` (spec 4)."""

    HOLD = "hold"
    VOID = "void"
    FETCH = "fetch"


class OverMaxPayout(Enum):
    """What becomes of a ticket that would pay more than its limit."""

    REFUSE = "refuse"
    CAP = "cap"


class WebhookBlanks(Enum):
    """Whether texts keep their blanks, for wallets that strip every blank before they verify."""

    KEEP = "keep"
    REMOVE = "remove"


class Clawback(Enum):
    """What becomes of a win that the wallet has paid, once a correction makes it worth less."""

    ROLLBACK = "rollback"
    HOLD = "hold"
    NET = "net"


_MILLISECOND, _SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WALLET_SHARE_MIN = 5 * _SECOND
"""What a create leaves to the wallet, however long identify took (spec 4)."""
_TYPES = several(choice(TicketType))
_AMOUNTS = choice(AmountsChanged)


@final
@dataclass(frozen=True)
class OperatorSettings(Settings):
    """All settings of one operator; limits, taxes and keys have tables of their own."""

    display_name = Setting(text(100), "", "Name that people read; empty is the operator's name.")
    time_zone = Setting(
        time_zone(), ZoneInfo("UTC"), "Zone of `operator_time_*`, of a player's day and of taxes."
    )
    currencies = Setting(
        several(currency()), frozenset[str](), "Currencies of tickets; others are refused (207)."
    )
    ticket_types = Setting(_TYPES, frozenset(TicketType), "Products on sale (else 222).")
    features = Setting(
        several(choice(Feature)),
        frozenset({Feature.RESERVE, Feature.PAID}),
        "Calls that are switched on (else 100).",
    )

    pam_url = Setting(optional(url()), None, "Wallet that webhooks go to; off sells nothing.")
    sms_url = Setting(optional(url()), None, "Receiver of SMS notifications; off sends none.")
    webhook_blanks = Setting(
        choice(WebhookBlanks), WebhookBlanks.KEEP, "Blanks inside texts that are sent."
    )
    clock_window = Setting(
        duration(30 * _SECOND, _DAY),
        300 * _SECOND,
        "How far the timestamp of a request may be from now.",
    )
    signature_versions = Setting(
        several(one_of((1, 2)), least=1), frozenset({1, 2}), "Signatures that are accepted."
    )
    requests_per_second_max = Setting(
        whole(1, 1_000_000), 1_000, "More requests are answered 429; never paid and GET ticket."
    )

    update_types = Setting(
        _TYPES,
        frozenset({TicketType.JACKPOT}),
        "Products whose wallet is proven to carry out `ticket_update`.",
    )
    amounts_changed_quicktip = Setting(
        _AMOUNTS, AmountsChanged.HOLD, "Changed amounts of a quicktip, if not in update_types."
    )
    amounts_changed_smartbet = Setting(
        _AMOUNTS, AmountsChanged.HOLD, "Changed amounts of a smartbet, if not in update_types."
    )
    amounts_changed_quickbet = Setting(
        _AMOUNTS, AmountsChanged.HOLD, "Changed amounts of a quickbet, if not in update_types."
    )
    amounts_changed_superbet = Setting(
        _AMOUNTS, AmountsChanged.FETCH, "Changed amounts of a superbet, if not in update_types."
    )
    amounts_changed_jackpot = Setting(
        _AMOUNTS, AmountsChanged.HOLD, "Changed amounts of a jackpot, if not in update_types."
    )
    void_refund = Setting(
        choice(VoidRefund), VoidRefund.PRICE, "What a full void gives back; a decline: the price."
    )
    over_max_payout = Setting(
        choice(OverMaxPayout), OverMaxPayout.REFUSE, "A payout over its limit: refused, or capped."
    )
    clawback = Setting(
        choice(Clawback),
        Clawback.ROLLBACK,
        "A payout that a correction lowers: taken back, netted by the wallet, or held for staff.",
    )
    total_drop_max = Setting(
        optional(percent()), None, "How far total odds may fall below those sent (else 205)."
    )
    affiliate_commission = Setting(
        optional(percent()), None, "Instant commission on the price of tickets with an `atag`."
    )
    cash_out_margin = Setting(percent(), 50_000, "What a cash-out keeps of the fair value.")
    superbet_pay_out_ratio = Setting(
        percent(), 800_000, "Greatest expected pay-out of a superbet, of its price."
    )

    tipster = Setting(
        switch(), default=True, meaning="Tips of the day are published by themselves."
    )

    reservation_time = Setting(
        duration(5 * _MINUTE, 7 * _DAY), _HOUR, "How long a reserved ticket waits to be paid."
    )
    reserve_drift = Setting(
        optional(percent()), None, "How far odds may fall until a reserved ticket is paid."
    )
    identify_reuse = Setting(
        optional(duration(_SECOND, 10 * _SECOND)), None, "How long an identify answer is reused."
    )
    discard_404_is_done = Setting(
        switch(), default=False, meaning="A 404 to the discard of an unknown ticket counts as done."
    )
    discard_delay = Setting(
        duration(5 * _SECOND, _HOUR), _MINUTE, "Wait before a discard when no answer came."
    )

    postponement_window = Setting(
        duration(timedelta(), 90 * _DAY), 48 * _HOUR, "How late an event may still be played."
    )
    two_person_results = Setting(
        switch(),
        default=True,
        meaning="One person enters a result of the operator's, another confirms it.",
    )
    bet_result = Setting(
        switch(), default=False, meaning="A notification goes out for every decided leg."
    )
    otp_digits = Setting(whole(4, 8), 4, "Digits of a one-time password.")
    otp_per_hour_max = Setting(
        whole(1, 1_000_000), 1_000, "One-time passwords in an hour, over all numbers."
    )

    connect_timeout = Setting(
        duration(100 * _MILLISECOND, 10 * _SECOND), 2 * _SECOND, "To reach wallet or SMS receiver."
    )
    identify_timeout = Setting(
        duration(500 * _MILLISECOND, 10 * _SECOND), 3 * _SECOND, "For a whole identify."
    )
    create_timeout = Setting(
        duration(6 * _SECOND, _MINUTE), 9 * _SECOND, "For a whole create or reserve."
    )
    call_timeout = Setting(
        duration(_SECOND, _MINUTE), 10 * _SECOND, "For any other call to wallet or SMS receiver."
    )
    breaker_failures = Setting(
        whole(1, 1_000), 5, "Unreached calls in a row that open the breaker."
    )
    breaker_probe_interval = Setting(
        duration(_SECOND, _MINUTE), 5 * _SECOND, "Between pings while the breaker is open."
    )
    breaker_patience = Setting(
        duration(5 * _SECOND, _HOUR),
        _MINUTE,
        "Pings fail so long until one create is let through.",
    )

    def amounts_changed(self, ticket_type: TicketType) -> AmountsChanged:
        """Tell what is done with changed amounts of a type that is not in `update_types`."""
        by_type = {
            TicketType.QUICKTIP: self.amounts_changed_quicktip,
            TicketType.SMARTBET: self.amounts_changed_smartbet,
            TicketType.QUICKBET: self.amounts_changed_quickbet,
            TicketType.SUPERBET: self.amounts_changed_superbet,
            TicketType.JACKPOT: self.amounts_changed_jackpot,
        }
        return by_type[ticket_type]


def judge_operator(settings: OperatorSettings) -> list[str]:
    """Name what does not fit together, a sentence each."""
    defects: list[str] = []
    if settings.create_timeout - settings.identify_timeout < _WALLET_SHARE_MIN:
        defects.append("create_timeout has to exceed identify_timeout by 5s, for the wallet.")
    if settings.connect_timeout > settings.identify_timeout:
        defects.append("connect_timeout has to be at most identify_timeout.")
    if Feature.OTP in settings.features and settings.sms_url is None:
        defects.append("The feature otp needs an sms_url, which sends the codes.")
    return defects
