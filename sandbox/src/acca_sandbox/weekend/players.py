"""Players: they look at the cards, wish, pick, pay, and ask again when the line drops."""

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import NamedTuple, TypedDict

import httpx2

from acca_client.betcards import AsyncBetCards
from acca_client.cards import (
    CardBet,
    JackpotCard,
    QuickbetCard,
    QuicktipCard,
    SmartbetCard,
    SuperbetCard,
)
from acca_client.errors import Refused
from acca_client.placing import Accumulator, Jackpot, Pick, Request, Source, Superbet
from acca_sandbox.storm.crowd import OFTEN, WAYS, Counting, Wish, tag_of

_PRICES_CENTS = (2_000, 5_000, 5_000, 10_000, 20_000, 50_000)
_SOURCES: Sequence[Source] = ("mobile", "mobile", "mobile", "android", "desktop", "ussd")
_STRATEGIES = ("weighted", "weighted", "favourites", "random")
_LEGS_MAX, _LOOK_SECONDS = 8, 2.0
_ODDS_MIN = Decimal("1.05")


class Offer(NamedTuple):
    """All cards as they are listed."""

    quicktips: Sequence[QuicktipCard]
    quickbets: Sequence[QuickbetCard]
    smartbets: Sequence[SmartbetCard]
    superbets: Sequence[SuperbetCard]
    jackpots: Sequence[JackpotCard]


async def look_at(cards: AsyncBetCards) -> Offer:
    """Look at all that is offered; what did not change is not sent again."""
    return Offer(
        await cards.quicktips(),
        await cards.quickbets(),
        await cards.smartbets(),
        await cards.superbets(),
        await cards.jackpots(),
    )


class DroppingLine(Counting):
    """Connections that lose some answers on the way back, and count them."""

    def __init__(self, connections: int, share: float, dice: Random) -> None:
        super().__init__(connections)
        self.dropped: int = 0
        self._share: float = share
        self._dice: Random = dice

    async def handle_async_request(  # pyright: ignore[reportImplicitOverride] - from 3.12 on
        self, request: httpx2.Request
    ) -> httpx2.Response:
        """Send a request; now and then nobody hears what was answered."""
        response = await super().handle_async_request(request)
        if request.method == "POST" and self._dice.random() < self._share:
            await response.aclose()
            self.dropped += 1
            raise httpx2.ReadError("the line dropped", request=request)
        return response


class _Slip(NamedTuple):
    """What goes into every request of a wish."""

    token: str
    number: int
    source: Source
    price_cents: int


class Players:
    """Make wishes, one for each token, of what is offered just then."""

    def __init__(
        self, cards: AsyncBetCards, seed: int, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._cards: AsyncBetCards = cards
        self._seed: int = seed
        self._seconds: Callable[[], float] = seconds
        self._seen: tuple[float, Offer] | None = None

    async def _look(self) -> Offer:
        """Look again when the last look is some seconds old, as phones do."""
        if self._seen is None or self._seconds() - self._seen[0] > _LOOK_SECONDS:
            self._seen = self._seconds(), await look_at(self._cards)
        return self._seen[1]

    def wishes(self, tokens: Sequence[str]) -> Iterator[Awaitable[Wish]]:
        """Make a wish for each token; the same seed wishes alike while the offer is the same."""
        for number, token in enumerate(tokens):
            rng = Random(f"{self._seed}/{number}")  # noqa: S311 - the same on each run
            slip = _Slip(token, number, rng.choice(_SOURCES), rng.choice(_PRICES_CENTS))
            yield self._wish(rng, slip)

    async def _wish(self, rng: Random, slip: _Slip) -> Wish:
        offer = await self._look()
        makers: list[tuple[int, bool, Callable[[], Awaitable[Request | None]]]] = [
            (34, bool(offer.quicktips), lambda: _tipped(rng, slip, offer)),
            (28, bool(offer.quickbets), lambda: _coupon(rng, slip, offer)),
            (20, bool(offer.smartbets), lambda: self._composed(rng, slip, offer)),
            (10, bool(offer.superbets), lambda: _answered(rng, slip, offer)),
            (8, bool(offer.jackpots), lambda: self._filled(rng, slip, offer)),
        ]
        offered = [(share, make) for share, is_there, make in makers if is_there]
        assert offered, "there is a card"
        request: Request | None = None
        while request is None:
            (make,) = rng.choices([make for _, make in offered], [share for share, _ in offered])
            request = await make()
        (way,) = rng.choices(WAYS, OFTEN)
        return Wish(slip.number, request, way)

    async def _composed(self, rng: Random, slip: _Slip, offer: Offer) -> Request | None:
        card = rng.choice(offer.smartbets)
        stake, win = rng.choice(card.stakes_cents), rng.choice(card.wins_cents)
        try:
            found = await self._cards.compose(card.code, stake, win, rng.choice(card.risks))
        except Refused:
            # Nothing on offer reaches it: the player wishes for something else.
            return None
        return Accumulator(
            **_common(slip, found.price_cents, card.currency),
            type="smartbet",
            picks=found.picks(),
            betcard_code=card.code,
        )

    async def _filled(self, rng: Random, slip: _Slip, offer: Offer) -> Request | None:
        card = rng.choice(offer.jackpots)
        lines = rng.choice((1, 1, 2, 4, 8))
        filled = await self._cards.fill(
            card.code, rng.choice(_STRATEGIES), lines, seed=rng.randrange(10**6)
        )
        return Jackpot(
            **_common(slip, filled.price_cents, card.currency),
            picks=filled.picks(),
            betcard_code=card.code,
            prize_cents=card.prize_cents,
            bonus_prizes_cents=card.bonus_prizes_cents,
        )


async def _tipped(rng: Random, slip: _Slip, offer: Offer) -> Request | None:
    card = rng.choice(offer.quicktips)
    return Accumulator(
        **_common(slip, slip.price_cents, card.currency),
        type="quicktip",
        picks=card.picks(),
        betcard_code=card.code,
    )


async def _coupon(rng: Random, slip: _Slip, offer: Offer) -> Request | None:
    card = rng.choice(offer.quickbets)
    choices = [(each, bets) for each in card.choices if (bets := _sellable(each.bets))]
    most = min(card.max_events, len(choices), _LEGS_MAX)
    if most < card.min_events:
        return None
    picked = rng.sample(choices, rng.randint(card.min_events, most))
    picks: list[Pick] = [each.pick(rng.choice(bets).id) for each, bets in picked]
    price = rng.choice(card.prices_cents)
    return Accumulator(
        **_common(slip, price, card.currency),
        type="quickbet",
        picks=picks,
        betcard_code=card.code,
    )


async def _answered(rng: Random, slip: _Slip, offer: Offer) -> Request | None:
    card = rng.choice(offer.superbets)
    return Superbet(
        **_common(slip, card.price_cents, card.currency),
        event=card.event.id,
        bets=[rng.choice(question.answers).id for question in card.questions],
        betcard_code=card.code,
    )


def _sellable(bets: Sequence[CardBet]) -> list[CardBet]:
    return [bet for bet in bets if bet.odds is not None and bet.odds >= _ODDS_MIN]


class _Common(TypedDict):
    token: str
    price_cents: int
    currency: str
    source: Source
    rtag: str


def _common(slip: _Slip, price_cents: int, currency: str) -> _Common:
    return {
        "token": slip.token,
        "price_cents": price_cents,
        "currency": currency,
        "source": slip.source,
        "rtag": tag_of(slip.number),
    }
