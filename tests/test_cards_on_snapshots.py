"""Cards of all five kinds on real fixtures and odds, and a crowd that asks for smartbets.

The data is not ours, so it stands outside the project; its days are moved to a year that is to
come, as an engine sells nothing of the past. ACCA_SNAPSHOTS=19 takes all of its snapshots, and
ACCA_WISHES so many wishes of each.
"""

import csv
import datetime as dt
import itertools
import json
import os
import pathlib

import numpy as np
import pytest
from api.asking import JSON, ask
from api.conftest import serving
from api.engines import make_engine
from bc_made import KENYAN
from tickets_made import add_operator

from acca.api.bc_field import FieldKept
from acca.cli.import_files import import_all
from acca.core.cards.composing_bound import bound
from acca.core.cards.composing_field import Wanted
from acca.core.cards.smartbet import parse_band
from acca.core.finance import charge_price
from acca.core.placing import Rules, bounds_of, limits_of
from acca.core.tax_profiles import AskedProfile
from acca.core.ticket import TicketType
from acca.flows.advance_clock import advance_to
from acca.flows.compose_cards import compose_now
from acca.flows.forecast_jackpot import forecast_jackpot
from acca.flows.tax_operator import tax_operator
from acca.store.board import list_board_versions, read_board_events
from acca.store.rules import read_operator_rules
from acca.wire.template_files import parse_template_file

BESIDE = pathlib.Path(__file__).parents[2] / "shared" / "data"
SNAPSHOTS = sorted((pathlib.Path(os.environ.get("ACCA_DATA", BESIDE)) / "fixtures").glob("*.csv"))
MANY = int(os.environ.get("ACCA_SNAPSHOTS", "2"))
WISHES = int(os.environ.get("ACCA_WISHES", "60"))
A_YEAR = dt.timedelta(days=364)
"""A year to come has the same days of the week."""
RISKS = ["1.25-1.99", "1.25-4.99", "2.00-9.99"]
CODES = (f"{number:06X}" for number in itertools.count(0xAE0000))
TEMPLATES = [
    {"name": "tips", "type": "quicktip", "days": 14},
    {"name": "coupons", "type": "quickbet", "prices": [5000], "days": 14},
    {
        "name": "smart", "type": "smartbet", "stakes": [5000], "wins": [50_000], "risks": RISKS,
        "days": 14,
    },
    {
        "name": "quiz", "type": "superbet", "price": 5000, "matches": 3, "days": 14,
        "prizes": [{"correct": 6, "amount": 100}, {"correct": 5, "amount": 10}],
    },
    *(
        {
            "name": f"jackpot-{matches}", "type": "jackpot", "price": 5000, "max_lines": 1000,
            "matches": matches, "days": 14,
            "tiers": [
                {"kind": "shared_amount", "amount": 100_000_000},
                {"kind": "fixed_per_line", "amount": 1_000_000},
            ],
            "void_steps": [{"policy": "refund_all", "threshold": 4}],
        }
        for matches in (13, 17)
    ),
]  # fmt: skip


def moved(snapshot, folder):
    """Copy a snapshot with all of its days a year on."""
    with snapshot.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    place = rows[0].index("Date")
    for row in rows[1:]:
        if len(row) > place and row[place]:
            written, time = row[place][:10], row[place][10:]
            day = dt.datetime.strptime(written, "%d/%m/%Y").replace(tzinfo=dt.UTC)
            row[place] = f"{day + A_YEAR:%d/%m/%Y}{time}"
    copy = folder / snapshot.name.replace("2026", "2027")
    with copy.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)
    return copy


def wishes(count, seed=5):
    dice = np.random.default_rng(seed)
    for number in range(count):
        stake = int(np.exp(dice.uniform(np.log(1_000), np.log(1_000_000))))
        win = int(stake * np.exp(dice.uniform(np.log(1.2), np.log(1_000))))
        yield {"stake": stake, "win": win, "risk": RISKS[number % len(RISKS)]}


async def field_of(database, card):
    """Make the field that the composer chooses from, and mark the rows of a card."""
    field = FieldKept()
    async with database.reader() as reader:
        read = await read_board_events(reader, list(await list_board_versions(reader)))
    for _, event in read.values():
        field.put(event)
    stopped = {event.id for _, event in read.values() if event.is_stopped}
    return field.field, field.rows(set(card.events) - stopped)


def wanted_of(wish, rules: Rules, file):
    limits = limits_of(rules, TicketType.SMARTBET, "KES")
    bounds = bounds_of(rules, limits)
    return Wanted(
        charge=charge_price(wish["stake"], KENYAN),
        terms=KENYAN,
        cap_cents=bounds.cap_cents,
        win_cents=wish["win"],
        events_min=limits.legs_min,
        events_max=min(file.max_events, limits.legs_max),
        odds_max=bounds.total_odds_max,
        gross_max_cents=bounds.gross_cents_max,
    )


async def open_cards(database):
    """Enrol an operator and compose all five kinds for it; return the cards by type."""
    await add_operator(database, time_zone="Africa/Nairobi")
    await tax_operator(
        database, "site", AskedProfile(KENYAN, first_day=dt.date(2020, 1, 1)), "test"
    )
    made = {}
    for told in TEMPLATES:
        template = parse_template_file(json.dumps(told).encode())
        composed = await compose_now(database, "site", template, lambda: next(CODES), "ann")
        assert () == composed.refused
        made[template.type] = (*made.get(template.type, ()), *composed.cards)
    return made


async def ask_for_smartbets(database, card):
    """Send all wishes; tell of each answer its net by the win, and its probability by the bound."""
    field, rows = await field_of(database, card)
    async with database.reader() as reader:
        rules = (await read_operator_rules(reader, "site")).rules
    found = []
    async with serving(make_engine(database, [])) as port:
        for wish in wishes(WISHES):
            body = json.dumps(wish).encode()
            answer = await ask(port, "POST", f"/bc/smartbets/{card.code}", [JSON], body)
            assert (answer.status, answer.json.get("code")) in {(200, None), (400, 220)}
            if answer.status == 200:
                limit = bound(
                    field, rows, parse_band(wish["risk"]), wanted_of(wish, rules, card.file)
                )
                net = answer.json["net_payout"] / wish["win"]
                found.append((net, answer.json["probability"] / 100, limit))
    return found


def taken(snapshot):
    """Tell when a snapshot was taken, a year on."""
    told = snapshot.stem.split("_")[1]
    return dt.datetime.strptime(told, "%Y%m%dT%H%MZ").replace(tzinfo=dt.UTC) + A_YEAR


async def serve_crowd(database, snapshot, folder):
    await advance_to(database, taken(snapshot))
    assert 0 == await import_all(database, [moved(snapshot, folder)], "files", dry_run=False)
    async with database.reader() as reader:
        is_over = not await list_board_versions(reader)
    made = await open_cards(database)
    if is_over:
        assert not any(made.values())
        pytest.skip("all matches of this snapshot are over when it was taken, or have no odds")
    assert set(TicketType) == {type_ for type_, cards in made.items() if cards}
    for card, matches in zip(made[TicketType.JACKPOT], (13, 17), strict=True):
        assert matches == len(card.file.events)
        told = await forecast_jackpot(database, "site", card.code, 100_000, 0.8)
        lines = snapshot.stem, matches, *told.tiers, f"pays {told.ratio:.1%}"
        print(*lines, sep="\n  ")  # noqa: T201 - figures for whoever looks at real data
        assert 0 < told.tiers[0].line < told.tiers[1].line < told.tiers[1].favourite < 0.1
    (smart,) = made[TicketType.SMARTBET]
    return len(smart.events), await ask_for_smartbets(database, smart)


CHOSEN = SNAPSHOTS if len(SNAPSHOTS) <= MANY else SNAPSHOTS[4 :: len(SNAPSHOTS) // MANY][:MANY]


@pytest.mark.skipif(not SNAPSHOTS, reason="real fixtures are not here; ACCA_DATA names a folder")
@pytest.mark.parametrize("snapshot", CHOSEN, ids=lambda path: path.stem)
async def test_a_crowd_is_served_on_a_real_snapshot(snapshot, sandbox, tmp_path):
    events, found = await serve_crowd(sandbox, snapshot, tmp_path)
    nets = np.array([net for net, _, _ in found])
    near = nets <= 1.05
    shares = np.array(
        [chance / limit for net, chance, limit in found if net <= 1.05 and limit > 0.001]
    )
    percentiles = [f"{each:.4f}" for each in np.percentile(nets, [50, 90, 99])]
    print(  # noqa: T201 - figures for whoever looks at real data
        f"{snapshot.stem}: {events} events, {len(found) / WISHES:.1%} reached, {near.mean():.1%} of"
        f" them near, net by win p50/90/99 {percentiles}, of the bound min {shares.min():.3f}"
        f" mean {shares.mean():.3f}"
    )
    assert len(found) > 0.9 * WISHES
    assert near.mean() > 0.8
    assert nets.min() >= 1
    assert 0.9 < shares.min()
    assert shares.max() < 1.06  # what is shown is rounded to hundredths of a percent
