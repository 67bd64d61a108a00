"""The client's cards, read from the engine itself."""

from decimal import Decimal

import httpx2
import pytest
from api.engines import make_engine
from bc_made import YES, open_site

from acca_client.betcards import AsyncBetCards
from acca_client.errors import Refused
from acca_client.placing import Pick


class Counted(httpx2.AsyncHTTPTransport):
    """Connections that note the status of each answer."""

    def __init__(self):
        super().__init__()
        self.statuses = []

    async def handle_async_request(self, request):
        response = await super().handle_async_request(request)
        self.statuses.append(response.status_code)
        return response


@pytest.fixture
async def site(sandbox):
    return await open_site(sandbox)


@pytest.fixture
async def cards(sandbox, site, logged, serve):
    assert site
    async with (
        serve(make_engine(sandbox, logged)) as port,
        AsyncBetCards(f"http://127.0.0.1:{port}", "site", transport=Counted()) as opened,
    ):
        yield opened


async def test_every_product_is_listed_and_looked_up(cards, site):
    listed = [
        await each()
        for each in (
            cards.quicktips, cards.quickbets, cards.smartbets, cards.superbets, cards.jackpots,
        )
    ]  # fmt: skip
    quicktip, quickbet, smartbet, superbet, jackpot = (one for (one,) in listed)
    assert quicktip == await cards.quicktip(quicktip.code)
    assert quickbet == await cards.quickbet(quickbet.code)
    assert smartbet == await cards.smartbet(smartbet.code)
    assert superbet == await cards.superbet(superbet.code)
    assert jackpot == await cards.jackpot(jackpot.code)
    assert [Pick(e, 1, o) for e, o in zip(site.events[:2], odds("1.5", "2.1"), strict=True)] == [
        *quicktip.picks()
    ]
    assert Decimal("3.15") == quicktip.total_odds
    assert ((1000, 5000), 1, 3) == (
        quickbet.prices_cents, quickbet.min_events, quickbet.max_events,
    )  # fmt: skip
    assert Pick(site.events[0], 2, Decimal(4)) == quickbet.choices[0].pick(2)
    assert ("1.25-1.99", "1.25-4.99") == smartbet.risks
    assert [[1, 2, 3], [YES]] == [
        [bet.id for bet in question.answers][: 3 - 2 * place]
        for place, question in enumerate(superbet.questions)
    ]
    assert (1_000_000, (50_000,), 8) == (
        jackpot.prize_cents, jackpot.bonus_prizes_cents, jackpot.max_lines,
    )  # fmt: skip


def odds(*spelled):
    return [Decimal(each) for each in spelled]


async def test_a_smartbet_is_composed_and_a_jackpot_filled(cards, site):
    (smartbet,) = await cards.smartbets()
    composed = await cards.compose(smartbet.code, 2000, 3000, "1.25-4.99")
    assert composed.net_payout_cents >= 3000
    assert len(composed.picks()) == len(composed.legs) > 0
    (jackpot,) = await cards.jackpots()
    keep = [Pick(site.events[0], 3, Decimal(7))]
    filled = await cards.fill(jackpot.code, "favourites", 2, keep, seed=3)
    assert (2, 1000, 4) == (filled.lines, filled.price_cents, len(filled.picks()))
    assert 3 == filled.picks()[0].bet


async def test_the_calculator_is_asked(cards):
    finance = await cards.finance(1000, odds("1.24", "2.76"))
    assert (889, 111, 3040, 430, 2610) == (
        finance.stake_cents, finance.ext_amount_cents, finance.gross_payout_cents,
        finance.wht_amount_cents, finance.net_payout_cents,
    )  # fmt: skip


async def test_what_did_not_change_is_not_sent_again(sandbox, site, logged, serve):
    counted = Counted()
    async with (
        serve(make_engine(sandbox, logged)) as port,
        AsyncBetCards(f"http://127.0.0.1:{port}", "site", transport=counted) as cards,
    ):
        assert site
        assert await cards.quickbets() is await cards.quickbets()
    assert [200, 304] == counted.statuses


async def test_an_unknown_card_is_refused(cards):
    with pytest.raises(Refused) as refusal:
        await cards.jackpot("FFFFFF")
    assert 213 == refusal.value.code
    with pytest.raises(ValueError, match="code"):
        await cards.jackpot("..")
