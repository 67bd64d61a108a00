import pytest
from catalogue_seen import add_provider, see_one
from feed_entries import head_told, odds_told

from acca.core.catalogue.offer import Change
from acca.core.markets.football import FOOTBALL
from acca.flows.apply_feed import apply_entries
from acca.store.literals import array_literal
from acca.store.odds import PATCHES_MAX, read_history
from acca.store.packed import unpack_array
from acca.store.results import Source

BETS = sorted(FOOTBALL.bets)[:6]


@pytest.fixture
async def provider(database):
    """Return the id of a provider that told an event and six of its bets."""
    known = await add_provider(database, "feeder")
    await tell(database, known, head_told(1), odds_told(2, dict.fromkeys(BETS, 200)))
    return known


async def tell(database, provider, *told):
    await apply_entries(database, provider, told, Source.FEED)


async def offered(database, provider):
    seen = await see_one(database, provider)
    bets, odds, derived, versions = seen.offer
    assert bets == sorted(bets)
    rows = zip(odds, derived, versions, strict=True)
    return seen.id, dict(zip(bets, rows, strict=True))


@pytest.mark.parametrize("count", range(1, PATCHES_MAX + 3))
async def test_what_moves_is_written_at_its_place_and_the_rest_stays(database, provider, count):
    _, before = await offered(database, provider)
    moved = BETS[-count:]
    await tell(database, provider, odds_told(3, dict.fromkeys(moved, 250)))
    event, after = await offered(database, provider)
    assert {**before, **dict.fromkeys(moved, (250, False, 3))} == after
    async with database.reader() as reader:
        *_, changes = [list(await read_history(reader, event))[-count:]]
    assert [Change(bet, 250, derived=False, version=3) for bet in moved] == [
        row.change for row in changes
    ]


async def test_a_batch_of_events_that_move_little_much_and_anew_is_one(database, provider):
    for key in ("x2", "x3"):
        await tell(
            database, provider, head_told(1, key), odds_told(2, dict.fromkeys(BETS, 200), key)
        )
    told = [
        odds_told(3, {BETS[5]: 210}),
        odds_told(3, dict.fromkeys(BETS, 220), "x2"),
        odds_told(3, {201: 230, BETS[0]: 231}, "x3"),
        odds_told(4, {BETS[5]: 211}),
    ]
    await tell(database, provider, *told)
    first, second, third = [await see_one(database, provider, key) for key in ("x1", "x2", "x3")]
    assert ([200] * 5 + [211], [2] * 5 + [4]) == (first.offer.odds, first.offer.versions)
    assert ([220] * 6, [3] * 6) == (second.offer.odds, second.offer.versions)
    assert ([231, *[200] * 5, 230], [*BETS, 201]) == (third.offer.odds, third.offer.bets)
    async with database.reader() as reader:
        assert [200] * 6 + [210, 211] == [
            row.change.odds for row in await read_history(reader, first.id)
        ]


async def test_a_newer_version_of_the_same_odds_is_kept_and_is_no_change(database, provider):
    async with database.reader() as reader:
        before = await reader.value("SELECT updated FROM event_odds")
    await tell(database, provider, odds_told(9, {BETS[0]: 200}))
    event, after = await offered(database, provider)
    assert (200, False, 9) == after[BETS[0]]
    async with database.reader() as reader:
        assert before == await reader.value("SELECT updated FROM event_odds")
        assert len(BETS) == len(await read_history(reader, event))


async def test_odds_that_a_source_tells_where_they_were_derived_lose_the_mark(database, provider):
    derived = odds_told(3, {BETS[0]: 210})._replace(derived=True)
    await tell(database, provider, derived)
    assert (210, True, 3) == (await offered(database, provider))[1][BETS[0]]
    await tell(database, provider, odds_told(4, {BETS[0]: 210}))
    assert (210, False, 4) == (await offered(database, provider))[1][BETS[0]]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("smallint", [1, -2, 32_767]),
        ("integer", [100, 10_000_000]),
        ("bigint", [0, 2**62, -1]),
        ("boolean", [True, False, True]),
        ("integer", []),
        ("bigint", list(range(300))),
    ],
)
async def test_arrays_are_unpacked_as_the_server_packed_them(database, kind, values):
    async with database.reader() as reader:
        query = f"SELECT array_send($1::text::{kind}[])"
        packed = await reader.value(query, array_literal(values))
    assert tuple(values) == unpack_array(packed)


def test_an_array_of_arrays_is_a_bug():
    with pytest.raises(AssertionError, match="plain list"):
        unpack_array(bytes.fromhex("00000002000000000000001700000001000000010000000100000001"))
