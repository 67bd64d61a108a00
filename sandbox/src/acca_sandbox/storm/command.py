"""The command `storm`."""

import asyncio
import sys
import tempfile
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from acca_sandbox.storm.plan import StormPlan, StormReport, Victim
from acca_sandbox.storm.processes import StormFailed
from acca_sandbox.storm.showing import show_report
from acca_sandbox.storm.storm import storm

_TICKETS_A_KILL = 1_000
_KILLS_MIN = 4


class Kill(Enum):
    """Whom to kill."""

    API = "api"
    WORKER = "worker"
    PARENT = "parent"
    DATABASE = "database"
    ALL = "all"


def run_storm(
    tickets: Annotated[int, typer.Option(min=1, max=10**6, help="How many are wished for.")] = 2000,
    clients: Annotated[int, typer.Option(min=1, max=1000, help="How many ask at once.")] = 50,
    kill: Annotated[
        Kill | None, typer.Option(help="Kill such processes meanwhile; none if not given.")
    ] = None,
    kills: Annotated[
        int | None, typer.Option(min=1, help="How often; else once in a thousand tickets.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of wishes and faults.")] = 7,
) -> None:
    """Let a crowd place tickets while the wallet fails, then reckon; exit status 1 if it is off."""
    victims = tuple(Victim) if kill is Kill.ALL else (Victim(kill.value),) if kill else ()
    times = kills or max(tickets // _TICKETS_A_KILL, _KILLS_MIN)
    plan = StormPlan(
        tickets=tickets, clients=clients, seed=seed, victims=victims, kills=times if victims else 0
    )
    console = Console()
    report = blow(plan, Console(stderr=True))
    show_report(console, report)
    typer.echo(report.audit)
    if not report.is_clean:
        raise typer.Exit(1)


def blow(plan: StormPlan, console: Console) -> StormReport:
    """Run a storm with a bar on a terminal; a failure of a process ends the command."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    bar = Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    commands, parent = Path(sys.executable).parent, Path(tempfile.gettempdir())
    with bar:
        task = bar.add_task("starting", total=plan.tickets)

        def say(answered: int) -> None:
            words = "tickets" if answered < plan.tickets else "reckoning"
            bar.update(task, completed=answered, description=words)

        try:
            return asyncio.run(storm(plan, commands, parent, say))
        except StormFailed as failure:
            typer.echo(str(failure), err=True)
            raise typer.Exit(1) from failure
