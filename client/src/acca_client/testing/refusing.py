"""Every refusal with its sentence, filled with what a sample may hold."""

from collections.abc import Mapping

from acca_client.errors import REFUSALS, Refused

_SENTENCES: Mapping[int, str] = {
    1: "signature does not fit the request",
    2: "operator of the body is not the operator-name",
    100: "Reserve feature not implemented yet",
    101: "User not found",
    102: "Ticket with `E36E20` identifier is not found",
    106: "Operator acme was not found",
    117: "Ticket has to have `reserved` status in order to do this action",
    203: "Event with `100001` identifier is not found",
    204: "Bet `1` of event `100001` is not found",
    205: "Ticket odds changed",
    207: "Currency `USD` is not supported",
    208: "Price has to be between 1000 and 5000000",
    209: "Event `100001` does not accept bets any more",
    210: "Bet `1` of event `100001` is suspended",
    211: "Event `100001` is present more than once",
    212: "Number of events has to be between 1 and 20",
    213: "Bet card with `A1B2C3` code is not found",
    214: "Bet card with `A1B2C3` code is closed",
    215: "Bet card prizes changed",
    216: "Ticket was declined: not enough money",
    218: "Operator platform did not answer",
    219: "Payout has to be at most 100000000",
    220: "No combination of events reaches the requested win; the nearest is 26300",
    222: "Ticket type `jackpot` is not enabled for the operator",
    223: "Bets do not fit the bet card",
    224: "Cash-out is not available",
    225: "Cash-out value changed",
    226: "Requests with the same idempotency-key must have the same body",
    227: "Total odds have to be at most 10000",
    229: "Code is wrong or has expired",
    230: "Too many codes for this number",
}
_CODES = {refusal: code for code, refusal in REFUSALS.items()}
_STATUSES = {1: 403, 2: 403, 226: 409}


def sample(refusal: type[Refused]) -> Refused:
    """Make a refusal of a class, with a sentence such as Acca's."""
    code = _CODES[refusal]
    return refusal(code, _SENTENCES[code])


def status_of(refusal: Refused) -> int:
    """Tell the status that a refusal is answered with."""
    return _STATUSES.get(refusal.code, 400)
