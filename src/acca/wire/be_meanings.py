"""What the document of the Bet Engine API says in words; nothing here is read by a handler."""

from collections.abc import Mapping

MEANING = """\
Tickets of players, placed by operators: create, reserve, paid, list.

Every request is signed by three headers, `timestamp`, `operator-name` and `signature`. The \
`operator` in a body is the `operator-name` that signed, and another operator's ticket is not \
found (code 102).

Amounts are integers in cents, odds are numbers of at most two decimals. An integer may be \
spelled `5000` or `5000.0`, never as a string. Times are UTC as `YYYY-MM-DDTHH:MM:SS.ffffff`; \
beside each, `operator_time_…` is the same instant in the operator's time zone.

A body is one JSON object in UTF-8 of at most 64 KiB. A member that stands twice, a member name \
that holds a blank, and a string that holds U+0000 are refused (422). Unknown members and unknown \
query parameters are passed over.

Sending again is safe: a request with the same `idempotency-key` and the same body gets the same \
answer for 24 hours. Without a key, a create or reserve with the same path, timestamp, signature \
and body is the same request. An answer that is given again carries `idempotent-replay: true`. A \
refusal that wrote nothing is judged again.

A second `paid` is refused with code 117, always: it may be a second payment, which the operator \
has to return.
"""

SIGNING = """\
`signature` is the lower-case hex HMAC-SHA256, under the operator's secret key as text bytes, of \
the `timestamp` header followed by the body. A request without a body signs the timestamp alone.

Send exactly the bytes that were signed. Acca also accepts, in this order and compared in \
constant time, a signature over the body without the whitespace between tokens, over the body \
without any blank, and over the body rebuilt in the documented order with missing nullable \
members as null, with and without `psp` and `rtag`. Numbers stay as spelled: `10` and `10.0` sign \
differently.

Version 2 covers the method and the path too, so that a caught signature fits no other request. \
Send `signature-version: 2` and sign `v2`, timestamp, METHOD, path with query as on the request \
line, and the body, joined by line feeds. The header `signature-versions` offers it.

The timestamp may be 300 seconds from now, unless it is set otherwise for the operator; the 403 \
tells the difference. Until it is out of that window the same signature is the same request, \
never a second ticket.
"""

HEADERS: Mapping[str, str] = {
    "timestamp": "Unix seconds in decimal digits, when the request was signed.",
    "operator-name": "The name of the operator, whose key signs.",
    "signature": "Lower-case hex HMAC-SHA256 of timestamp and body, or of more in version 2.",
    "signature-version": "What was signed; 1 where the header is missing.",
    "idempotency-key": "A name for this request, for 24 hours: 1 to 255 visible ASCII characters.",
    "identifier": "A ticket's id or its code; letter case does not matter.",
    "x-request-id": "The number of the request; name it when you ask about an answer.",
    "date": "When the answer was made, by the clock that judges timestamps.",
    "signature-versions": "The versions of signatures that are understood.",
    "idempotent-replay": "`true` where this is the answer to an earlier, same request.",
    "retry-after": "Seconds after which to try again.",
    "allow": "The methods of this path.",
    "refused-because": "Why a reserved ticket could not be paid.",
}

REPLIES: Mapping[int, str] = {
    400: "Refused by the rules; nothing was done.",
    403: "Not signed as it should be, or not allowed.",
    404: "There is nothing at this path.",
    405: "The path has other methods; `allow` names them.",
    408: "The body did not come within 10 seconds.",
    409: "The idempotency-key stands for a request with another body; nothing was done.",
    413: "The body is larger than 64 KiB.",
    422: "The request cannot be read; every defect is told with its place.",
    429: "The operator is over its rate of requests.",
    500: "A fault of Acca; the message names the request.",
    503: "Acca cannot take this request now; nothing was done, or a repeat tells what was.",
}

OPERATIONS: Mapping[str, tuple[str, str]] = {
    "create_ticket": (
        "Create a ticket",
        "The player pays now, from the wallet. Struck at the odds in force; takes 9 s at most.",
    ),
    "reserve_ticket": (
        "Reserve a ticket",
        "An unpaid ticket, to be paid later by its code; it expires if it is not paid in time.",
    ),
    "quote_ticket": (
        "Quote a ticket",
        "What create would answer, without doing it, and the largest price it would accept.",
    ),
    "pay_ticket": (
        "Say that a ticket is paid",
        "The reserved ticket has been paid, and becomes `open`. The body is empty, or `{}`.",
    ),
    "offer_cash_out": (
        "Offer a cash-out",
        """\
What an open ticket is bought back for now: its fair value less the operator's margin, taxed as a \
win. The offer moves with odds and results; it is likely to stand until `valid_until`.""",
    ),
    "accept_cash_out": (
        "Cash a ticket out",
        """\
`amount` is the offered `net_payout`, and just that is paid if the present offer is not lower. The \
ticket is `resulted` and `won` with these amounts, and no result touches it any more.""",
    ),
    "send_code": (
        "Send a one-time password",
        """\
A code of four digits, or as many as the operator has set, goes to the operator's SMS receiver as \
`otp`, at once and again until it expires. A number gets three codes in ten minutes (230).""",
    ),
    "verify_code": (
        "Check a one-time password",
        """\
The newest code of a number is right once, for five minutes. Five wrong tries end a code, ten in a \
day lock the number for a day (230).""",
    ),
    "get_ticket": (
        "Show a ticket",
        "One ticket of the operator, by its id or its code.",
    ),
    "list_tickets": (
        "List tickets",
        "The operator's, newest first; `new` and `cancelled` only where `status` asks for them.",
    ),
    "get_timeline": (
        "Show a ticket's timeline",
        "Every journal entry of a ticket, with what was sent and answered; secrets are masked.",
    ),
    "explain_ticket": (
        "Explain a ticket",
        "A sentence for each leg and one for the money, for player or finance; and one SMS.",
    ),
    "get_receipt": (
        "Show a ticket's receipt",
        "How its amounts came about; `acca verify` checks it by `/.well-known/acca-keys.json`.",
    ),
    "list_events": (
        "Read the operator's stream",
        "Every journal entry of the operator, as a hash chain. Begin at 0, go on with `next`.",
    ),
}

RECEIPT_MEANINGS: Mapping[str, str] = {
    "receipt": "What the amounts follow from, the steps to them, and the amounts.",
    "sha256": "Over the canonical bytes (RFC 8785) of `receipt`.",
    "key": "The id of the key that signed.",
    "signature": "Ed25519 over `acca-receipt-v1`, a line feed and the canonical bytes.",
}

_SHARED: Mapping[str, str] = {
    "price": "Cents; all that the player pays.",
    "stake": "Cents; the part of the price that is multiplied by odds.",
    "currency": "ISO 4217.",
    "psp": "Payment service provider or method.",
    "atag": "Affiliate tag.",
    "rtag": "Referral tag.",
    "source": "Where the player placed the ticket.",
    "betcard_code": "The bet card that the ticket was bought from.",
    "prize": "Cents; the first prize.",
    "bonus_prizes": "Cents; the other prizes.",
}

REQUESTS: Mapping[str, str] = {
    **_SHARED,
    "operator": "The `operator-name` that signs.",
    "token": "Identifies the player; made by the operator.",
    "stake": "Older name of `price`; without the excise where that comes on top.",
    "source": "Where the player placed the ticket; any letter case.",
    "type": "The product.",
    "odds_diff": "Greatest accepted deviation of any event's odds; null or missing is none.",
    "events": "The selections; in a jackpot, an event with several bets is a combination.",
    "events.id": "The event.",
    "events.bet": "The bet of the event.",
    "events.odds": "The odds that the player saw.",
    "event": "The event of the card.",
    "bets": "A bet for each question of the card.",
    "msisdn": "Where text messages about the ticket go.",
}

ANSWERS: Mapping[str, str] = {
    **_SHARED,
    "id": "24 hex digits.",
    "code": "What a player names the ticket by.",
    "gross_payout": "Cents; what it pays before wht. 0 for superbet and jackpot until resulted.",
    "net_payout": "Cents; what it pays after wht.",
    "wht_amount": "Cents of withholding tax.",
    "wht": "Percent of withholding tax.",
    "ext_amount": "Cents of excise tax; price = stake + ext_amount.",
    "ext": "Percent of excise tax.",
    "approved": "Whether the ticket needs no approval, or has it.",
    "aff_instant_comm_amt": "Cents of the affiliate's instant commission.",
    "aff_instant_comm_pct": "Percent of the affiliate's instant commission.",
    "user_id": "The player, as the wallet named it.",
    "odds": "Total odds struck; they never change.",
    "settled_odds": "What the legs came to; null until resulted.",
    "lines": "The number of combinations.",
    "prizes": "What so many correct answers pay.",
    "events": "The legs, in the request's order.",
    "events.odds": "The odds struck.",
    "max_price": "Cents; the largest price that create would accept.",
    "n": "The entry's number in the ticket's journal.",
    "lane": "Where the entry is sent; null if nowhere.",
    "body": "The exact text that is signed; null if nothing is sent.",
    "actor": "The member of staff who did it, if any.",
    "attempts": "Each try to send the entry.",
    "attempts.answer": "The first 2 KiB of what came back.",
    "next": "The cursor of the next page.",
    "head": "The last entry of the chain.",
    "lang": "The language of the sentences.",
    "audience": "Whom they are for.",
    "legs": "A sentence for each leg, for each question, or for each event of a jackpot.",
    "money": "What was paid, and what comes of it.",
    "sms": "All of it in the characters of GSM 03.38, at most 160 septets.",
}

QUERIES: Mapping[str, str] = {
    "limit": "At most so many.",
    "user_id": "Only this player's.",
    "skip_types": "Not of these types; may be repeated.",
    "status": "Only of this status.",
    "result": "Only of this result.",
    "created_after": "Created then or later; ISO 8601 of 1900 to 2999, UTC if it names no zone.",
    "created_before": "Created before; spelled as created_after.",
    "code_prefix": "Only with a code that begins so.",
    "before": "The next page: older than the ticket of this id.",
    "lang": "The language of the sentences.",
    "audience": "Whom it is for; finance sees every step with its numbers.",
    "after": "The cursor: the number of the last entry that is known.",
}
