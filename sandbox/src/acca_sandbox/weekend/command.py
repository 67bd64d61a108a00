"""The command `demo`: a whole weekend with one command, and what stays up to be looked at."""

import asyncio
import contextlib
import signal
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from acca_sandbox.clock import VirtualClock
from acca_sandbox.storefront.running import StorefrontOptions, run_storefront
from acca_sandbox.storm.processes import StormFailed
from acca_sandbox.storm.town import OPERATOR, Town, run_town
from acca_sandbox.weekend.fixtures import find_data
from acca_sandbox.weekend.plan import SETTINGS, Say, WeekendPlan
from acca_sandbox.weekend.showing import show_weekend
from acca_sandbox.weekend.weekend import offer_more, play_weekend


def run_demo(
    *,
    data: Annotated[
        Path | None,
        typer.Option(file_okay=False, exists=True, help="Real fixtures, odds and results."),
    ] = None,
    tickets: Annotated[int, typer.Option(min=1, max=10**6, help="How many are wished for.")] = 5000,
    players: Annotated[int, typer.Option(min=1, max=10**5, help="How many play.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of wishes, faults and the league.")] = 7,
    ends: Annotated[
        bool, typer.Option("--exit", help="End at once, instead of staying up until Ctrl-C.")
    ] = False,
) -> None:
    """Play a weekend: cards, players, a wallet that fails, results, corrections, every cent."""
    missing = None if data is None else find_data(data)
    if missing is not None:
        raise typer.BadParameter(missing, param_hint="--data")
    plan = WeekendPlan(tickets=tickets, players=min(players, tickets), seed=seed, data=data)
    try:
        is_clean = asyncio.run(_run_until_told(plan, ends=ends))
    except asyncio.CancelledError:
        raise typer.Exit(1) from None
    except StormFailed as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure
    if not is_clean:
        raise typer.Exit(1)


async def _run_until_told(plan: WeekendPlan, *, ends: bool) -> bool:
    """Run it; SIGTERM, as Ctrl-C does, ends it with all that it made."""
    running = asyncio.ensure_future(_run(plan, Console(), ends=ends))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    return await running


async def _run(plan: WeekendPlan, console: Console, *, ends: bool) -> bool:
    whose = "a simulated league" if plan.data is None else f"real matches from {plan.data}"
    console.print(f"Acca, a wallet that fails, {whose}, {plan.players:,} players …")
    commands, parent = Path(sys.executable).parent, Path(tempfile.gettempdir())
    async with run_town(commands, parent, plan.players, plan.seed, *SETTINGS) as town:
        with _bar() as say:
            report = await play_weekend(plan, town, say)
        show_weekend(console, report)
        if not ends:
            await _stay(console, plan, town)
    return report.is_clean


async def _stay(console: Console, plan: WeekendPlan, town: Town) -> None:
    """Offer the next matches, and show where to look at it all, until somebody ends it."""
    await offer_more(plan, town)
    options = StorefrontOptions(
        acca=town.group.url,
        operator=OPERATOR,
        key=town.key,
        wallet=town.wallet_url,
        clock=VirtualClock(town.group.acca.run),
    )
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with run_storefront(options) as shop:
        console.rule("It stays up: look at it, best on a phone-sized page")
        for what, url in (
            ("storefront", shop),
            ("wallet", f"{town.wallet_url}/"),
            ("Bet Engine API", f"{town.group.url}/be/docs"),
            ("Bet Card API", f"{town.group.url}/bc/docs"),
        ):
            console.print(f"{what:15} {url}", soft_wrap=True)
        console.print("Ctrl-C ends it.")
        _ = await told.wait()
    console.print("All is stopped and removed.")


@contextlib.contextmanager
def _bar() -> Generator[Say]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task("everything starts", total=None)

        def say(words: str, done: int, of: int) -> None:
            bar.update(task, description=words, completed=done, total=of if of > 1 else None)

        yield say
