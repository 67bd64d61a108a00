"""What players are paid in a day is limited at settlement, through corrections and crowds."""

import asyncio
import datetime as dt

import pytest
from settling_made import AWAY_WINS, HOME_WINS, begin, told
from ticket_lives import rows, state_of

from acca.core.audit import Invariant, Report
from acca.core.finance import Payout
from acca.core.receipt_sources import make_receipt
from acca.core.score import Ending, Result, Score
from acca.core.setting import Asked
from acca.core.ticket import TicketResult, TicketType
from acca.core.ticket_facts import Ticket
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.settle_tickets import settle_chunk
from acca.store.audit import audit_operator
from acca.store.explaining import read_explained
from acca.store.operators import get_operator
from acca.store.receipts import read_sources
from acca.wire.be_answers import Audience
from acca.wire.explaining import tell
from acca.wire.languages import known_languages

AS_STRUCK = Payout(1500, 0, 1500, 1500)
HOME_WINS_BY_MORE = Result(Ending.PLAYED, Score((3, 0), ((1, 0), (2, 0))))
TYPE = [TicketType.QUICKBET]


async def limit(database, cents):
    asked = [Asked("day_payout_cents_max", str(cents))]
    await limit_operator(database, "site", AskedLimits(asked, TYPE), "test")


@pytest.fixture
async def season(sandbox):
    opened = await begin(sandbox, time_zone="Africa/Nairobi")
    await opened.set(update_types="quickbet")
    await limit(sandbox, 2000)
    return opened


async def wrong_ends(database):
    report = Report()
    async with database.reader() as reader:
        operator = await get_operator(reader, "site")
        await audit_operator(reader, operator, report, dt.timedelta(seconds=-1))
    return [each.sentence for each in report.named if each.invariant is Invariant.I5]


async def open_one(season, player="p", events=None):
    return await season.open(
        events or season.events[:1], player=player, payout=AS_STRUCK, total_odds=150
    )


async def paid(season, *tickets):
    return [(await state_of(season.database, one)).gross_cents for one in tickets]


async def booked(season):
    return await rows(
        season.database, "SELECT player, sum(paid_cents)::bigint FROM day_payout GROUP BY 1"
    )


async def test_a_players_day_pays_no_more_than_its_limit(season):
    tickets = [await open_one(season) for _ in range(3)]
    other = await open_one(season, "q")
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert [1500, 500, 0] == await paid(season, *tickets)
    assert [1500] == await paid(season, other)
    assert ["ticket_update", "ticket_win"] == await told(season.database, tickets[1])
    assert TicketResult.WON is (await state_of(season.database, tickets[2])).result
    assert [("p", 2000), ("q", 1500)] == sorted(await booked(season))
    assert [] == await wrong_ends(season.database)


async def test_a_player_reads_that_the_day_was_the_limit(season):
    tickets = [await open_one(season) for _ in range(2)]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    async with season.database.reader() as reader:
        stands = Ticket(tickets[1].facts, await state_of(season.database, tickets[1]))
        explained, zone = await read_explained(reader, stands)
    said = tell(explained, known_languages()["en"], Audience.PLAYER, zone)
    assert "you won 5.00 (all that was left of what you can be paid in a day)" in said.money
    assert () == explained.notes


async def test_a_correction_gives_the_day_back(season):
    first, second = await open_one(season), await open_one(season, events=season.events[1:2])
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await season.settle()
    assert [("p", 0)] == await booked(season)
    await season.end(season.events[1])
    await season.settle()
    assert [0, 1500] == await paid(season, first, second)
    assert [("p", 1500)] == await booked(season)


async def test_what_was_capped_is_no_correction_when_it_is_looked_at_again(season):
    tickets = [await open_one(season) for _ in range(2)]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    before = [await state_of(season.database, one) for one in tickets]
    await season.end(season.events[0], HOME_WINS_BY_MORE, 11, corrects=True)
    await limit(season.database, "off")
    await season.end(season.events[0], HOME_WINS, 12, corrects=True)
    await season.settle()
    assert before == [await state_of(season.database, one) for one in tickets]


async def test_the_next_day_has_its_own_limit(season):
    first, second = await open_one(season), await open_one(season, events=season.events[1:2])
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    await season.wait(days=1)
    await season.end(season.events[1])
    await season.settle()
    assert [1500, 1500] == await paid(season, first, second)


async def test_a_type_whose_wallet_takes_no_update_is_not_limited(season):
    await season.set(update_types="none")
    tickets = [await open_one(season) for _ in range(3)]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert [1500] * 3 == await paid(season, *tickets)


async def test_chunks_that_are_settled_at_once_share_a_players_day(season):
    tickets = [await open_one(season, events=[event]) for event in season.events for _ in range(3)]
    await season.wait(hours=3)
    for event in season.events:
        await season.end(event)
    await asyncio.gather(season.settle(), season.settle(), season.settle())
    while await settle_chunk(season.database):
        pass
    assert 2000 == sum(await paid(season, *tickets))
    assert [("p", 2000)] == await booked(season)


async def test_the_receipt_tells_what_the_day_had_left(season):
    tickets = [await open_one(season) for _ in range(2)]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    async with season.database.snapshot() as reader:
        stands = Ticket(tickets[1].facts, await state_of(season.database, tickets[1]))
        (source,) = await read_sources(reader, [stands])
    receipt = make_receipt(source)
    assert (500, 500) == (receipt.day_cap_cents, receipt.end.gross_cents)
