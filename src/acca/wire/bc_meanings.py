"""What the document of the Bet Card API says in words; nothing here is read by a handler."""

from collections.abc import Mapping

MEANING = """\
Bet cards of five products, as players see them: quicktip, quickbet, smartbet, superbet, jackpot.

Nothing is signed, and browsers of any origin may ask. A list holds the cards of one operator that \
are open now, in the operator's order, as a bare array. A card is answered by its code for 30 days \
after it closed.

Cards are asked for again and again: send the `etag` of the last answer as `if-none-match`, and \
one that is the same is a 304 without a body. What changes is shown within two seconds.

Amounts are integers in cents, odds are numbers of at most two decimals. Times are UTC as \
`YYYY-MM-DDTHH:MM:SS.ffffff`; beside each, `operator_time_…` is the same instant in the \
operator's time zone.

What is on a card may change until a ticket is bought: tickets are judged by the Bet Engine API.
"""

HEADERS: Mapping[str, str] = {
    "code": "The card's code; letter case does not matter.",
    "if-none-match": "The `etag` of an answer that is known already.",
    "etag": "A name of exactly this answer.",
    "cache-control": "How long the answer may be shown without asking again.",
    "x-request-id": "The number of the request; name it when you ask about an answer.",
    "date": "When the answer was made.",
    "access-control-allow-origin": "Browsers of any origin may read the answer.",
    "access-control-expose-headers": "The headers that scripts may read.",
    "retry-after": "Seconds after which to try again.",
    "allow": "The methods of this path.",
}

REPLIES: Mapping[int, str] = {
    200: "What was asked for.",
    304: "Nothing has changed since the answer of this `etag`.",
    400: "Refused; the message says why.",
    405: "The path has other methods; `allow` names them.",
    408: "The body did not come within 10 seconds.",
    413: "The body is larger than 64 KiB.",
    422: "The request cannot be read; every defect is told with its place.",
    500: "A fault of Acca; the message names the request.",
    503: "Acca cannot answer now, or the operator has no taxes for this moment.",
}

PRODUCTS: Mapping[str, tuple[str, str]] = {
    "jackpot": (
        "jackpots",
        "One list of matches, 1, X or 2 each, a fixed price for each line, prizes by wrong picks.",
    ),
    "quicktip": ("quicktips", "Accumulators that are put together, each tip with its reason."),
    "smartbet": ("smartbets", "The player names stake, win and risk; the bet is composed."),
    "quickbet": ("quickbets", "Coupons: matches with their main market, one tap for each."),
    "superbet": ("superbets", "Questions about one match, a fixed price, prizes by right answers."),
}

OPERATIONS: Mapping[str, tuple[str, str]] = {
    "finance_details": (
        "Calculate taxes and payouts",
        "What a price, or a stake, at some odds costs and pays. Limits of tickets are not judged.",
    ),
    "generate_smartbet": (
        "Generate a smartbet",
        "The likeliest combination that wins what is wanted, or up to 5 % more, after all taxes.",
    ),
    "pick_jackpot": (
        "Pick jackpot bets",
        "Fills a jackpot: a line, or several by second and third bets of an event.",
    ),
}

REQUESTS: Mapping[str, str] = {
    "stake": "Cents; what the player pays, or its part without the excise where that is on top.",
    "win": "Cents; the net payout that is wanted at least.",
    "risk": "The odds between which each selection has to be.",
    "exclude": "Events to leave out: another one, please.",
    "seed": "Any number; the answer to the same wish on the same odds is the same.",
    "strategy": "`weighted` draws by probability, `random` evenly.",
    "lines": "How many lines to make; the greatest product of twos and threes up to it is made.",
    "keep": "Picks that stand already; an event may have several.",
}

ANSWERS: Mapping[str, str] = {
    "price": "Cents; all that the player pays. Of superbet and jackpot: what the card costs.",
    "stake": "Cents; the part of the price that is multiplied by odds.",
    "ext": "Percent of excise tax.",
    "ext_amount": "Cents of excise tax; price = stake + ext_amount.",
    "ext_type": "Whether the excise is inside the price, or comes on top of the stake.",
    "wht": "Percent of withholding tax.",
    "wht_amount": "Cents of withholding tax.",
    "gross_payout": "Cents before the withholding tax.",
    "net_payout": "Cents that the player gets.",
    "total_odds": "The product of all odds, rounded once.",
    "risk": "Of a quicktip: how likely it wins. Of a smartbet: the band that holds its odds.",
    "probability": "Percent, by the odds without the bookmaker's margin.",
    "seed": "Ask with it again to get the same.",
    "opens": "When players may bet.",
    "closes": "When they may no more.",
    "updated": "When the card, or odds on it, changed last.",
    "preview_img": "A picture's address.",
    "events.tip_reason": "Why the tip is given, in a sentence.",
    "prices": "Suggested prices in cents.",
    "stakes": "Suggested stakes in cents.",
    "wins": "Suggested wins in cents.",
    "risks": "Bands of odds to choose from.",
    "events_count": "How many events a smartbet may be made of now.",
    "questions": "What is asked, each with the answers to choose from.",
    "prizes": "What so many right answers pay, the highest first.",
    "prize": "Cents for no wrong pick.",
    "bonus_prizes": "Cents for one wrong pick, two, and so on.",
    "max_lines": "The most lines of one ticket.",
    "rules": "How the jackpot is settled.",
    "lines": "How many lines the picks make.",
}

QUERIES: Mapping[str, str] = {
    "operator": "The operator's name.",
    "price": "Cents; this, or `stake`.",
    "stake": "Cents; an older name of `price`, and where the excise is on top the part without it.",
    "odds": "Odds of each selection; repeat it.",
    "type": "The product whose taxes hold; without it those of all products.",
    "league_id": "Only cards with an event of this league.",
    "country_id": "Only cards with an event of this country.",
    "starts_before": "Only cards with an event that starts before; ISO 8601.",
    "starts_after": "Only cards with an event that starts then or later; ISO 8601.",
    "limit": "At most so many.",
}
