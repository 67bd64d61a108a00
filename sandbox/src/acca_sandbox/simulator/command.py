"""The command `simulate`: a season told to an engine through its feed."""

import asyncio
import datetime as dt
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from acca_client.errors import AccaError
from acca_client.feed import AsyncFeedClient
from acca_sandbox.simulator.runner import Player, Report, play
from acca_sandbox.simulator.timeline import digest, make_stream
from acca_sandbox.simulator.world import LEAGUES_MAX, TEAMS_MAX, TEAMS_MIN, World, make_world

_SEASON_END = dt.timedelta(days=14)
"""After the last kick-off: a postponed match may be played then."""

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]

Seed = Annotated[int, typer.Option(min=0, max=10**12, help="What decides everything.")]
Leagues = Annotated[int, typer.Option(min=1, max=LEAGUES_MAX, help="How many leagues.")]
Teams = Annotated[
    int | None,
    typer.Option(min=TEAMS_MIN, max=TEAMS_MAX, help="Teams of a league, even; else drawn."),
]


def simulate(  # noqa: PLR0913, PLR0917 - an option of a command is an argument
    url: Annotated[str, typer.Argument(help="Where the engine answers, http://host:port.")],
    key: Annotated[str, typer.Option(envvar="ACCA_FEED_KEY", help="The provider's secret key.")],
    provider: Annotated[str, typer.Option(help="The provider's name.")] = "simulator",
    seed: Seed = 1,
    leagues: Leagues = 3,
    teams: Teams = None,
    start: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_FORMATS,
            help="First instant of the season, UTC, in the engine's business time; else now.",
        ),
    ] = None,
    at: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_FORMATS,
            help="Business time now, UTC: what lies before is told at once; else the start.",
        ),
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0, help="Business seconds in a second; 0 does not wait at all.")
    ] = 1.0,
) -> None:
    """Tell seasons of football through the feed; the last word is what became of the entries."""
    world = _make_world(start or dt.datetime.now(dt.UTC), seed, leagues, teams)
    now = world.start if at is None else at.replace(tzinfo=dt.UTC)
    console = Console(stderr=True)
    # With the start, the same season can be told again after a failure.
    typer.echo(f"{len(world.fixtures)} matches, seed {seed}, start {world.start:%Y-%m-%dT%H:%M:%S}")
    try:
        report = asyncio.run(_run(world, (url, provider, key), (now, speed), console))
    except AccaError as failure:
        typer.echo(f"The engine did not take it: {failure}", err=True)
        raise typer.Exit(1) from failure
    _show(report)
    if report.not_taken:
        raise typer.Exit(1)


async def _run(
    world: World, access: tuple[str, str, str], pace: tuple[dt.datetime, float], console: Console
) -> Report:
    with _bar(console) as bar:
        task = bar.add_task(
            "season", total=_seconds(world, world.fixtures[-1].starts + _SEASON_END)
        )

        def progress(report: Report) -> None:
            if report.instant is not None:
                text = f"{report.instant:%Y-%m-%d %H:%M}"
                bar.update(task, completed=_seconds(world, report.instant), description=text)

        async with AsyncFeedClient(*access) as feed:
            player = Player(feed, make_stream(world))
            return await play(player, *pace, progress=progress)


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    # A bar in a file or a pipe is only noise.
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _seconds(world: World, instant: dt.datetime) -> float:
    return (instant - world.start).total_seconds()


def _show(report: Report) -> None:
    total = sum(report.verdicts.values())
    typer.echo(f"{total} entries in {report.batches} batches, {report.alive} times alive")
    for word, count in sorted(report.verdicts.items()):
        typer.echo(f"{word:>10} {count}")
    for entry, why in report.messages.items():
        typer.echo(f"{entry}: {why}", err=True)


def season_digest(
    start: Annotated[dt.datetime, typer.Argument(formats=_FORMATS, help="First instant, UTC.")],
    seed: Seed = 1,
    leagues: Leagues = 3,
    teams: Teams = None,
) -> None:
    """Print the digest of all that `simulate` would tell; it is the same on every machine."""
    typer.echo(digest(make_stream(_make_world(start, seed, leagues, teams))))


def _make_world(start: dt.datetime, seed: int, leagues: int, teams: int | None) -> World:
    if teams is not None and teams % 2:
        raise typer.BadParameter("has to be even", param_hint="--teams")
    return make_world(seed, start.replace(tzinfo=dt.UTC), leagues, teams)
