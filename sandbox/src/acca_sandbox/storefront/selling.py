"""Pages that sell: the cards of five products, and the betslip."""

import math
from collections.abc import Mapping
from http import HTTPStatus

from acca_client.cards import SmartbetCard
from acca_client.conversation import draw_key
from acca_client.errors import OddsChanged, Refused, Unavailable, Unreached
from acca_client.tickets import Quote
from acca_sandbox.storefront import words
from acca_sandbox.storefront.desk import Answer, Asked, Desk, Seen, see_other
from acca_sandbox.storefront.slips import Kind, Slip, Unreadable, read_money, read_slip, request_of

_STRATEGIES = ("weighted", "favourites", "outsiders", "random")
_LINES = (1, 2, 4, 8)
_PRICED = ("quicktip", "quickbet")
"""Kinds whose price can still be changed on the betslip."""
_PAGES: Mapping[Kind, str] = {
    "quicktip": "/",
    "quickbet": "/coupons",
    "smartbet": "/smart",
    "superbet": "/super",
    "jackpot": "/jackpot",
}
_PLACES = 100
"""Of the slider."""


class Selling:
    """Shows cards, works slips out, and places them."""

    def __init__(self, desk: Desk) -> None:
        self._desk: Desk = desk

    async def tips(self, request: Asked) -> Answer:
        """Show the accumulators that are tipped."""
        return await self._desk.page(
            request, "tips.html", cards=await self._desk.shop.cards.quicktips()
        )

    async def coupons(self, request: Asked) -> Answer:
        """Show a coupon to choose from, and the names of the others."""
        cards = await self._desk.shop.cards.quickbets()
        code = request.query_params.get("code", "")
        chosen = next((each for each in cards if each.code == code), cards[0] if cards else None)
        return await self._desk.page(request, "coupons.html", cards=cards, card=chosen)

    async def smart(self, request: Asked) -> Answer:
        """Show the wish for a smartbet, and what was composed for it."""
        cards = await self._desk.shop.cards.smartbets()
        query = request.query_params
        if not cards:
            return await self._desk.page(request, "smart.html", card=None)
        card = cards[0]
        stake = read_money(query.get("stake") or str(card.stakes_cents[0] // 100))
        place = _place(query.get("at", "40"))
        win = _win_at(card, place)
        risk = query.get("risk") or card.risks[len(card.risks) // 2]
        found, trouble = None, None
        if "at" in query:
            try:
                found = await self._desk.shop.cards.compose(card.code, stake, win, risk)
            except Refused as refusal:
                trouble = words.advise(refusal)
        wish = {"stake": stake // 100, "win": win, "at": place, "risk": risk}
        slip = found and Slip("smartbet", card.code, found.price_cents, found.picks())
        return await self._desk.page(
            request, "smart.html", card=card, wish=wish, found=found, trouble=trouble,
            fields=slip.fields() if slip else [],
        )  # fmt: skip

    async def superbets(self, request: Asked) -> Answer:
        """Show the superbets."""
        return await self._desk.page(
            request, "super.html", cards=await self._desk.shop.cards.superbets()
        )

    async def jackpot(self, request: Asked) -> Answer:
        """Show the jackpot, with what is picked or was filled."""
        cards = await self._desk.shop.cards.jackpots()
        picked: set[tuple[int, int]] = set()
        query = request.query_params
        card = next((each for each in cards if each.code == query.get("code")), None)
        card = card or (cards[0] if cards else None)
        strategy = query.get("fill")
        if card is not None and strategy in _STRATEGIES:
            wanted = query.get("lines", "1")
            lines = next((each for each in _LINES if str(each) == wanted), 1)
            filled = await self._desk.shop.cards.fill(
                card.code, strategy, min(lines, card.max_lines)
            )
            picked = {(pick.event, pick.bet) for pick in filled.picks()}
        return await self._desk.page(
            request, "jackpot.html", cards=cards, card=card, picked=picked, choices=_LINES,
            strategies=_STRATEGIES, fill=strategy or "weighted",
        )  # fmt: skip

    async def slip(self, request: Asked) -> Answer:
        """Show what a slip costs and pays, and ask whether it is to be placed."""
        seen, fields = await self._desk.form(request)
        slip = _priced(read_slip(fields))
        try:
            return await self._offer(request, seen, slip)
        except Refused as refusal:
            return await self._give_back(request, slip, refusal)

    async def _offer(
        self, request: Asked, seen: Seen, slip: Slip, news: str | None = None
    ) -> Answer:
        token = await self._desk.shop.token(seen.session)
        asked = request_of(slip, token, self._desk.shop.currency, any_odds=True)
        quote: Quote = await self._desk.shop.engine.quote(asked)
        if quote.picks is not None and slip.kind != "jackpot":
            now = {pick.event: pick.odds for pick in quote.picks}
            moved = [pick for pick in slip.picks if now[pick.event] != pick.odds]
            slip = slip._replace(picks=quote.picks)
            if moved and news is None:
                news = "Some odds have changed since you picked. These are the present ones."
        slip = slip._replace(price_cents=quote.amounts.price_cents)
        return await self._desk.page(
            request, "slip.html", slip=slip, quote=quote, news=news, key=draw_key(),
            fields=slip.fields(), kinds_with_price=_PRICED,
            lines=words.explain(quote.amounts, quote.currency, quote.odds),
        )  # fmt: skip

    async def place(self, request: Asked) -> Answer:
        """Place a slip, once however often the form is sent; a new price is only looked at."""
        seen, fields = await self._desk.form(request)
        slip, named = read_slip(fields), dict(fields)
        try:
            return await self._place(request, seen, slip, named)
        except Refused as refusal:
            return await self._give_back(request, slip, refusal)

    async def _place(
        self, request: Asked, seen: Seen, slip: Slip, named: Mapping[str, object]
    ) -> Answer:
        key = named.get("key")
        if named.get("do") == "look" or not isinstance(key, str) or not key:
            return await self._offer(request, seen, slip)
        token = await self._desk.shop.token(seen.session)
        asked = request_of(slip, token, self._desk.shop.currency)
        try:
            ticket = await self._desk.shop.engine.create(asked, idempotency_key=key)
        except OddsChanged:
            news = "The odds have changed. These are the present ones: place it if you like them."
            return await self._offer(request, seen, slip, news)
        except (Unreached, Unavailable):
            return await self._desk.page(
                request, "unknown.html", fields=[*slip.fields(), ("key", key)],
                action="/place", what="Your ticket may have been placed", never="placed twice",
            )  # fmt: skip
        return see_other(f"/tickets/{ticket.id}?placed=1")

    async def _give_back(self, request: Asked, slip: Slip, refusal: Refused) -> Answer:
        """Say why a slip was refused, and let it be changed."""
        return await self._desk.page(
            request, "refused.html", HTTPStatus.BAD_REQUEST, slip=slip,
            sentence=words.advise(refusal), fields=slip.fields(), kinds_with_price=_PRICED,
            back=_PAGES[slip.kind],
        )  # fmt: skip


def _priced(slip: Slip) -> Slip:
    """Let a jackpot cost as many lines as its picks make: the card's price is that of one."""
    if slip.kind != "jackpot":
        return slip
    lines, counts = 1, dict[int, int]()
    for pick in slip.picks:
        counts[pick.event] = counts.get(pick.event, 0) + 1
    for count in counts.values():
        lines *= count
    return slip._replace(price_cents=slip.price_cents * lines)


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _PLACES):
        raise Unreadable("The slider goes from 0 to 100.")
    return int(text)


def _win_at(card: SmartbetCard, place: int) -> int:
    """Tell the win at a place of the slider: each step is the same share more, in round amounts."""
    least, most = card.wins_cents[0], card.wins_cents[-1]
    exact = round(math.exp(math.log(least) + math.log(most / least) * place / _PLACES))
    unit = 10 ** max(len(str(exact)) - 2, 2)
    return min(max(-(-exact // unit) * unit, least), most)
