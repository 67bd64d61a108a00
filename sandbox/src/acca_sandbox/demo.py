"""The demo: a small storm of tickets on real processes, its reckoning, one ticket."""

from rich.console import Console

from acca_sandbox.storm.command import blow
from acca_sandbox.storm.plan import FAULTS, StormPlan
from acca_sandbox.storm.showing import show_report, show_timeline

_CLIENTS = 8
_SWIFT = tuple(fault for fault in FAULTS if fault.kind != "late")
"""Nobody waits for an answer that comes too late."""


def show(console: Console, tickets: int, seed: int) -> bool:
    """Show the demo, and tell whether nothing is off; what it makes is removed at the end."""
    console.print(
        f"Acca starts, a wallet that fails now and then, and players who want {tickets} tickets …"
    )
    plan = StormPlan(tickets=tickets, clients=_CLIENTS, seed=seed, faults=_SWIFT)
    report = blow(plan, Console(stderr=True))
    console.rule("What the players heard, and what became of their money")
    show_report(console, report)
    if not report.audit_is_clean:
        console.print(report.audit, markup=False, highlight=False)
    console.rule("The life of one of these tickets")
    show_timeline(console, report.timeline)
    console.print(
        "All was stopped and removed. Next: acca-sandbox storm --kill all, acca serve --sandbox."
    )
    return report.is_clean
