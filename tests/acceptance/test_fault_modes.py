"""Every way a wallet can fail, at 20 % of each of its calls: in the end no cent is missing.

`ACCA_FAULT_SEEDS=10 pytest -s -o faulthandler_timeout=9999 …` takes all ways, with ten seeds each.
"""

import os
from pathlib import Path
from typing import get_args

import pytest
from acceptance.commands import ACCA

from acca_sandbox.storm.town import run_town
from acca_sandbox.wallet.faults import Fault, Kind
from acca_sandbox.weekend.plan import SETTINGS, WeekendPlan
from acca_sandbox.weekend.weekend import play_weekend

SEEDS = int(os.environ.get("ACCA_FAULT_SEEDS", "0"))
MODES = get_args(Kind) if SEEDS else ("drop",)
TICKETS, PLAYERS = 40, 10
ACTIONS = (
    "identify", "ticket_create", "ticket_reserve", "ticket_update", "ticket_win", "ticket_lost",
    "ticket_void", "ticket_refund", "ticket_discard", "ticket_rollback", "ticket_closed",
)  # fmt: skip
SECONDS = {"slow": 0.3, "late": 8.5}


def plan_of(mode):
    faults = [
        Fault(kind=mode, action=action, probability=0.2, seconds=SECONDS.get(mode, 1), status=502)
        for action in ACTIONS
    ]
    rounds = max(SEEDS, 1)
    return WeekendPlan(tickets=TICKETS * rounds, players=PLAYERS, faults=faults, rounds=rounds)


@pytest.mark.parametrize("mode", MODES)
async def test_no_cent_is_missing_however_the_wallet_fails(place, mode):
    # Calls that fail come back first: a breaker would spare the wallet all the others at once.
    settings = *SETTINGS, "breaker_failures=1000"
    async with run_town(Path(ACCA).parent, place, PLAYERS, 7, *settings) as town:
        report = await play_weekend(plan_of(mode), town, lambda *_: None)
    told = mode, report.answered.placed, dict(report.faults), dict(report.deliveries)
    print(*told)  # noqa: T201 - figures for who asks for them
    assert 0 == report.difference_cents
    assert report.audit_is_clean, report.audit
    assert (0, 0) == (report.violations, report.left)
    assert report.answered.placed > 0
    assert report.faults[mode] > 0
