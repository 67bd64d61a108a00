import pytest
from settling_made import (
    AWAY_WINS,
    CANCELLED,
    HOME_WINS,
    POSTPONED,
    acknowledge,
    begin,
    publish_card,
    told,
)
from ticket_lives import rows, state_of

from acca.core.finance import Payout
from acca.core.public_draw import Drawn, Sign, draw
from acca.core.score import Ending, Result, Score
from acca.core.ticket import Status, TicketResult, TicketType
from acca.flows import settle_tickets
from acca.flows.close_tickets import close_tickets
from acca.flows.settle_jackpots import (
    DrawRefused,
    advance_jackpots,
    enter_drawn,
    judge_jackpots,
    make_seed,
)
from acca.store.jackpots import list_pool

DRAWN = Result(Ending.PLAYED, Score((1, 1), ((0, 0), (1, 1))))
FIXED = [{"kind": "fixed_per_line", "amount": 500_000}, {"kind": "fixed_per_line", "amount": 9_000}]
SHARED = [{"kind": "shared_amount", "amount": 100_000}]
REFUND = [{"policy": "refund_all", "threshold": 1}]


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


async def publish(season, **changes):
    """Publish a jackpot of all four events, 10.00 a line."""
    card = {
        "type": "jackpot",
        "title": "Midweek",
        "currency": "KES",
        "price": 1000,
        "max_lines": 100,
        "tiers": FIXED,
        "events": season.events,
        "void_steps": REFUND,
        **changes,
    }
    return await publish_card(season.database, card)


async def pick(season, card, *signs):
    """Write an open ticket with the picks of each event, such as `1` or `1X`."""
    numbers = {"1": 1, "X": 2, "2": 3}
    legs = [(e, numbers[s]) for e, picked in zip(season.events, signs, strict=True) for s in picked]
    lines = 1
    for picked in signs:
        lines *= len(picked)
    return await season.open(
        [event for event, _ in legs],
        type=TicketType.JACKPOT,
        bets=tuple(bet for _, bet in legs),
        odds=(),
        total_odds=None,
        card=card,
        lines=lines,
        payout=Payout(0, 0, 0, 0),
    )


async def settle(season):
    """Do all that the duties of a worker do for results, until nothing is left."""
    while (
        await settle_tickets.list_job(season.database)
        or await settle_tickets.settle_chunk(season.database)
        or await judge_jackpots(season.database)
        or await advance_jackpots(season.database)
    ):
        pass


async def ends(season, *tickets):
    states = [await state_of(season.database, ticket) for ticket in tickets]
    return [(state.result.value, state.net_cents) for state in states]


async def play(season, *results):
    await season.wait(hours=3)
    for event, result in zip(season.events, results, strict=True):
        await season.end(event, result)


async def test_all_tickets_of_a_card_are_settled_together_when_its_last_event_is_known(season):
    card = await publish(season)
    right = await pick(season, card, "1", "X", "2", "1")
    wrong = await pick(season, card, "1", "X", "1", "1")
    lost = await pick(season, card, "2", "2", "1", "1")
    lines = await pick(season, card, "1X", "X", "12", "1")
    await play(season, HOME_WINS, DRAWN, AWAY_WINS, HOME_WINS)
    await settle(season)
    assert [
        ("won", 500_000),
        ("won", 9_000),
        ("lost", 0),
        ("won", 500_000 + 2 * 9_000),
    ] == await ends(season, right, wrong, lost, lines)
    assert ["ticket_update", "ticket_win"] == await told(season.database, right)
    assert ["ticket_lost"] == await told(season.database, lost)
    settled = "SELECT settled IS NOT NULL FROM card"
    assert [(True,)] == await rows(season.database, settled)


async def test_nothing_is_settled_while_an_event_of_the_card_is_open(season):
    card = await publish(season)
    ticket = await pick(season, card, "2", "2", "2", "2")
    await season.wait(hours=3)
    for event in season.events[:3]:
        await season.end(event)
    await settle(season)
    assert [("pending", 0)] == await ends(season, ticket)


async def test_a_shared_prize_is_divided_and_its_remainder_and_what_nobody_won_go_on(season):
    card = await publish(season, tiers=SHARED, carries_over=True)
    winners = [await pick(season, card, "1", "1", "1", "1") for _ in range(3)]
    await play(season, *[HOME_WINS] * 4)
    await settle(season)
    assert [("won", 33_333)] * 3 == await ends(season, *winners)
    async with season.database.reader() as reader:
        pool = await list_pool(reader, "site", 10)
    assert {("taken", 0), ("left", 1)} == {(one.kind, one.cents) for one in pool}


async def test_the_next_round_plays_for_what_the_last_one_left(sandbox, season):
    first = await publish(season, tiers=SHARED, carries_over=True, events=season.events[:2])
    second = await publish(season, tiers=SHARED, carries_over=True, events=season.events[2:])
    unlucky = await season.open(
        season.events[:2],
        type=TicketType.JACKPOT, bets=(3, 3), odds=(), total_odds=None, card=first, lines=1,
        payout=Payout(0, 0, 0, 0),
    )  # fmt: skip
    lucky = await season.open(
        season.events[2:],
        type=TicketType.JACKPOT, bets=(1, 1), odds=(), total_odds=None, card=second, lines=1,
        payout=Payout(0, 0, 0, 0),
    )  # fmt: skip
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await settle(season)
    for event in season.events[2:]:
        await season.end(event)
    await settle(season)
    assert [("lost", 0), ("won", 200_000)] == await ends(season, unlucky, lucky)
    assert [(0,)] == await rows(sandbox, "SELECT sum(cents)::bigint FROM jackpot_pool")


async def test_a_corrected_result_is_counted_and_shared_out_anew(season):
    card = await publish(season, tiers=SHARED)
    one = await pick(season, card, "1", "1", "1", "1")
    other = await pick(season, card, "2", "1", "1", "1")
    both = await pick(season, card, "12", "1", "1", "1")
    await play(season, *[HOME_WINS] * 4)
    await settle(season)
    assert [("won", 50_000), ("lost", 0), ("won", 50_000)] == await ends(season, one, other, both)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await settle(season)
    assert [("lost", 0), ("won", 50_000), ("won", 50_000)] == await ends(season, one, other, both)
    actions = ["ticket_update", "ticket_win", "ticket_rollback", "ticket_lost"]
    assert actions == await told(season.database, one)
    assert ["ticket_update", "ticket_win"] == await told(season.database, both)


async def test_a_card_that_cannot_be_judged_is_refunded(season):
    card = await publish(season)
    ticket = await pick(season, card, "1", "1", "1", "1")
    await play(season, HOME_WINS, CANCELLED, HOME_WINS, HOME_WINS)
    await settle(season)
    assert [("void", 1000)] == await ends(season, ticket)
    assert ["ticket_void"] == await told(season.database, ticket)


async def test_a_postponed_event_is_drawn_by_the_seed_that_the_card_committed_to(sandbox, season):
    seed = bytes(range(32))
    commitment = await make_seed(sandbox, "site", seed, "test")
    steps = [{"policy": "public_draw", "after_hours": 24, "max_events": 2}]
    card = await publish(season, void_steps=steps, commitment=commitment)
    tickets = {sign: await pick(season, card, sign, "1", "1", "1") for sign in ("1", "X", "2")}
    await play(season, POSTPONED, HOME_WINS, HOME_WINS, HOME_WINS)
    await settle(season)
    assert [("pending", 0)] == await ends(season, tickets["1"])
    await season.wait(hours=25)
    await settle(season)
    scores = "2:2-1,3:2-1,4:2-1"
    drawn = draw(seed, card, 1, scores)
    expected = {each: 500_000 if Sign(each) is drawn else 9_000 for each in tickets}
    for sign, ticket in tickets.items():
        assert [("won", expected[sign])] == await ends(season, ticket)
    # Played later, it stays as it was drawn.
    await season.end(season.events[0], HOME_WINS, 12)
    await settle(season)
    for sign, ticket in tickets.items():
        assert [("won", expected[sign])] == await ends(season, ticket)


async def test_outcomes_that_were_drawn_elsewhere_are_facts(sandbox, season):
    steps = [{"policy": "refund_all", "threshold": 2}, {"policy": "reduce"}]
    card = await publish(season, void_steps=steps)
    ticket = await pick(season, card, "X", "1", "1", "1")
    await play(season, CANCELLED, HOME_WINS, HOME_WINS, HOME_WINS)
    drawn = [Drawn(1, Sign.X, "")]
    await enter_drawn(sandbox, "site", card, drawn, "ann")
    with pytest.raises(DrawRefused, match="Already drawn, and that stays: 1"):
        await enter_drawn(sandbox, "site", card, drawn, "ann")
    await settle(season)
    assert [("won", 500_000)] == await ends(season, ticket)


async def test_after_the_first_close_no_correction_touches_the_card(sandbox, season):
    card = await publish(season)
    ticket = await pick(season, card, "1", "1", "1", "1")
    await play(season, *[HOME_WINS] * 4)
    await settle(season)
    await acknowledge(sandbox, ticket)
    await season.wait(hours=25)
    while await close_tickets(sandbox):
        pass
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await settle(season)
    state = await state_of(sandbox, ticket)
    assert (Status.RESULTED, TicketResult.WON, True) == (state.status, state.result, state.closing)


async def test_tickets_are_counted_once_though_a_lister_dies(sandbox, season):
    card = await publish(season, tiers=SHARED)
    winners = [await pick(season, card, "1", "1", "1", "1") for _ in range(2)]
    await play(season, *[HOME_WINS] * 4)
    while await settle_tickets.list_job(sandbox):
        pass
    while await settle_tickets.settle_chunk(sandbox):
        pass
    assert 1 == await judge_jackpots(sandbox)
    async with sandbox.writer() as holder:
        dying = holder.transaction()
        await dying.start()
        job = await settle_tickets.settling.take_job(holder)
        async for keys in settle_tickets.settling.list_tickets(holder, job):
            await settle_tickets.settling.add_chunk(holder, keys, 0, job)
        await dying.rollback()
    await settle(season)
    assert [("won", 50_000)] * 2 == await ends(season, *winners)
    assert [] == await rows(sandbox, "TABLE settlement_job")
