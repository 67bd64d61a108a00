"""Crowds against real processes: whatever fails, the wallet holds what the tickets say."""

import subprocess

import pytest
from acceptance.commands import ACCA

from acca_sandbox.storm.plan import StormPlan, Victim
from acca_sandbox.storm.processes import StormFailed
from acca_sandbox.storm.storm import storm


async def test_a_crowd_and_a_failing_wallet_leave_nothing_off(place):
    report = await storm(StormPlan(tickets=400, clients=20), ACCA.parent, place)
    assert ([], True) == (report.reckoned.findings, report.audit_is_clean), report.audit
    assert report.reckoned.turnover_cents == report.reckoned.debits_cents > 0
    assert {"decline", "error", "drop"} <= report.faults.keys()
    assert {"open", "cancelled"} == report.reckoned.statuses.keys()
    assert {101, 216, 218} <= report.answered.refused.keys()
    assert 0 == report.answered.unknown
    assert [] == list(place.iterdir())


@pytest.mark.parametrize(
    ("victim", "kills"), [(Victim.API, 3), (Victim.WORKER, 3), (Victim.PARENT, 1)]
)
async def test_a_crowd_survives_processes_that_are_killed(place, victim, kills):
    plan = StormPlan(tickets=300, clients=20, victims=[victim], kills=kills)
    report = await storm(plan, ACCA.parent, place)
    assert ([], True) == (report.reckoned.findings, report.audit_is_clean), report.audit
    assert kills == report.kills[victim.value]
    assert victim is Victim.WORKER or report.answered.retries > 0
    assert report.answered.placed > 150


async def test_a_storm_that_cannot_begin_says_why(place):
    (place / "acca").write_text("#!/bin/sh\necho no server here >&2\nexit 1\n")
    (place / "acca").chmod(0o755)
    with pytest.raises(StormFailed, match="no server here"):
        await storm(StormPlan(), place, place)
    assert ["acca"] == [each.name for each in place.iterdir()]


def test_the_command_says_what_is_wrong_with_an_argument():
    command = [ACCA.with_name("acca-sandbox"), "storm", "--kill", "nobody"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (2, True) == (done.returncode, "--kill" in done.stderr)
