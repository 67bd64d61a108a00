"""Commands that measure: `acca bench`."""

import asyncio
from typing import Annotated

import msgspec
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from acca.bench.deliver import measure_delivery
from acca.bench.settle import Load, Place, measure_settlement
from acca.boot import new_secret, person, temporary_postgres
from acca.cli.app import TRYING, app
from acca.cli.opened import sentences
from acca.core.keys import Secret
from acca.core.setting import Asked
from acca.core.tax_profiles import PRESETS
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.enrol_provider import enrol_provider
from acca.flows.set_operator import set_operator
from acca.store.connection import open_database
from acca.store.migrate import migrate
from acca.store.tax_profiles import list_numbered_profiles

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

bench = typer.Typer(no_args_is_help=True, help="Measure Acca on this machine.")
app.add_typer(bench, name="bench", rich_help_panel=TRYING)


@bench.command()
def core(as_json: JsonOption = False) -> None:
    """Measure the arithmetic: money, settlement, signatures, probabilities."""
    from acca.bench.core import measure_core  # noqa: PLC0415 - numpy loads slowly, for one command

    figures = measure_core()
    if as_json:
        typer.echo(msgspec.json.encode([figure._asdict() for figure in figures]).decode())
        return
    table = Table("One call of", "µs (median)", "best", "aim", title="acca bench core")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, median, best, target in figures:
        table.add_row(name, f"{median:,.1f}", f"{best:,.1f}", f"< {target:,.0f}")
    Console().print(table)


@bench.command()
def feed(as_json: JsonOption = False) -> None:
    """Measure odds changes, and a reading of the catalogue, on a database of its own."""
    from acca.bench.feed import measure_feed  # noqa: PLC0415 - numpy loads slowly, for one command

    with sentences(), temporary_postgres() as server:
        provider = asyncio.run(_prepare(server.url))
        figures = asyncio.run(measure_feed(server.url, provider))
    if as_json:
        typer.echo(msgspec.json.encode([figure._asdict() for figure in figures]).decode())
        return
    table = Table("What", "Figure", "Aim", title="acca bench feed")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, value, unit, target, at_least in figures:
        table.add_row(name, f"{value:,} {unit}", f"{'≥' if at_least else '<'} {target:,} {unit}")
    Console().print(table)


@bench.command()
def smartbets(
    wishes: Annotated[int, typer.Option(min=10, help="Wishes in each band of odds.")] = 400,
    as_json: JsonOption = False,
) -> None:
    """Measure the composer of smartbets: its time, and how close it comes to the best."""
    from acca.bench.smartbets import measure_smartbets  # noqa: PLC0415 - numpy loads slowly

    found = measure_smartbets(wishes)
    if as_json:
        typer.echo(msgspec.json.encode([msgspec.to_builtins(each) for each in found]).decode())
        return
    table = Table("Band", "Near", "Prepare, ms", "p99", "Compose, ms", "p99", "Of bound", "p01")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in found:
        times = [
            f"{each:.2f}"
            for each in (
                one.prepare_ms.p50,
                one.prepare_ms.p99,
                one.compose_ms.p50,
                one.compose_ms.p99,
            )
        ]
        shares = f"{one.share_p50:.1%}", f"{one.share_p01:.1%}"
        table.add_row(one.band, f"{one.near} of {one.answered}", *times, *shares)
    Console().print(table)


@bench.command()
def cards(as_json: JsonOption = False) -> None:
    """Measure lists, second looks and smartbets of one process, on a database of its own."""
    from acca.bench.cards import OPERATOR, measure_cards  # noqa: PLC0415 - numpy loads slowly

    with sentences(), temporary_postgres() as server:
        provider = asyncio.run(_prepare_sales(server.url, OPERATOR))
        found = asyncio.run(measure_cards(server.url, provider))
    if as_json:
        typer.echo(msgspec.json.encode(msgspec.to_builtins(found)).decode())
        return
    table = Table("What", "Odds", "A second", "p50, ms", "p99, ms", title="acca bench cards")
    for column in table.columns[2:]:
        column.justify = "right"
    for name, odds, answered in found.figures:
        times = f"{answered.p50_ms:.2f}", f"{answered.p99_ms:.2f}"
        table.add_row(name, odds, f"{answered.per_second:,.0f}", *times)
    Console().print(table)
    typer.echo(f"The process held {found.idle_mb} MB idle, {found.full_mb} MB at the end.")


async def _prepare_sales(url: str, operator: str, secret: Secret | None = None) -> int:
    provider = await _prepare(url)
    async with open_database(url) as database:
        enrolment = Enrolment(operator, [Asked("currencies", "KES")], PRESETS[0])
        _ = await enrol_operator(database, enrolment, secret or new_secret(), person())
    return provider


async def _prepare_place(url: str) -> Place:
    provider = await _prepare(url)
    async with open_database(url) as database:
        enrolment = Enrolment("bench", [Asked("currencies", "KES")], PRESETS[0])
        enrolled = await enrol_operator(database, enrolment, new_secret(), person())
        types = [Asked("update_types", "quickbet,jackpot")]
        _ = await set_operator(database, "bench", types, person(), "to be measured")
        async with database.reader() as reader:
            (profile,) = await list_numbered_profiles(reader, enrolled.operator.id)
    return Place(url, enrolled.operator.id, provider, profile.number)


async def _prepare(url: str) -> int:
    _ = await migrate(url)
    async with open_database(url) as database:
        enrolled = await enrol_provider(database, "bench", new_secret(), person())
    return enrolled.provider.id


TicketsOption = Annotated[int, typer.Option(min=1_000, help="Tickets that one result decides.")]
WorkersOption = Annotated[int, typer.Option(min=1, max=16, help="Processes that settle.")]
BesideOption = Annotated[int, typer.Option(min=0, help="Other tickets that stay open.")]
RoundsOption = Annotated[int, typer.Option(min=1, help="How often all is measured.")]


@bench.command()
def settle(
    tickets: TicketsOption = 100_000,
    rounds: RoundsOption = 1,
    workers: WorkersOption = 2,
    beside: BesideOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Measure settlement by workers beside a bare loop, on a database of its own."""
    with sentences(), temporary_postgres() as server:
        place = asyncio.run(_prepare_place(server.url))
        found = asyncio.run(measure_settlement(place, Load(tickets, rounds, workers, beside)))
    if as_json:
        typer.echo(msgspec.json.encode([one._asdict() for one in found]).decode())
        return
    table = Table("What", "Tickets", "Seconds", "Tickets/s", "First, ms", "CPU, µs each", "MB")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in found:
        rate = f"{one.tickets / one.seconds:,.0f}"
        figures = f"{one.seconds:.2f}", rate, f"{one.first_ms:.0f}", f"{one.cpu_us:.0f}"
        table.add_row(one.name, f"{one.tickets:,}", *figures, str(one.memory_mb))
    Console().print(table)


DeliveriesOption = Annotated[int, typer.Option(min=1_000, help="Tickets that have ended.")]


@bench.command()
def deliver(
    tickets: DeliveriesOption = 20_000, rounds: RoundsOption = 2, as_json: JsonOption = False
) -> None:
    """Measure deliveries to a fast wallet beside bare calls, on a database of its own."""
    with sentences(), temporary_postgres() as server:
        place = asyncio.run(_prepare_place(server.url))
        # On the loop that Acca runs on.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(measure_delivery(place, server.process.pid, tickets, rounds))
    if as_json:
        typer.echo(msgspec.json.encode([one._asdict() for one in found]).decode())
        return
    spent = "Engine, µs each", "Postgres", "Wallet"
    counted = "Calls", "Seconds", "Calls/s", "Share"
    table = Table("What", *counted, *spent, title="acca bench deliver")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in found:
        rate, share = f"{one.calls / one.seconds:,.0f}", f"{one.share} %"
        costs = (f"{cost:.0f}" for cost in (one.engine_us, one.postgres_us, one.wallet_us))
        table.add_row(one.name, f"{one.calls:,}", f"{one.seconds:.2f}", rate, share, *costs)
    Console().print(table)


ReactionsOption = Annotated[int, typer.Option(min=1, help="Results for each number of tickets.")]
ReactingOption = Annotated[
    list[int] | None, typer.Option("--tickets", min=2, help="Tickets of a result; may be repeated.")
]


@bench.command()
def react(
    tickets: ReactingOption = None, rounds: ReactionsOption = 20, as_json: JsonOption = False
) -> None:
    """Measure how soon a wallet hears of a result, with two workers on a database of its own."""
    from acca.bench.react import measure_reaction  # noqa: PLC0415 - all that a worker has is loaded

    sizes = [(number, rounds) for number in tickets or (100, 10_000)]
    with sentences(), temporary_postgres() as server:
        place = asyncio.run(_prepare_place(server.url))
        found = asyncio.run(measure_reaction(place, sizes))
    if as_json:
        typer.echo(msgspec.json.encode([one._asdict() for one in found]).decode())
        return
    table = Table("Tickets", "Results", "p50, ms", "p99, ms", "Worst, ms", title="acca bench react")
    for column in table.columns:
        column.justify = "right"
    for one in found:
        times = (f"{each:.0f}" for each in (one.p50_ms, one.p99_ms, one.max_ms))
        table.add_row(f"{one.tickets:,}", str(one.rounds), *times)
    Console().print(table)


PlacedOption = Annotated[int, typer.Option(min=100, help="Tickets in each turn.")]
ConnectionsOption = Annotated[int, typer.Option(min=1, max=1_000, help="Asking at once.")]


@bench.command()
def place(
    tickets: PlacedOption = 5_000,
    connections: ConnectionsOption = 64,
    rounds: RoundsOption = 3,
    as_json: JsonOption = False,
) -> None:
    """Measure whole tickets beside the bare floor and the usual stack, on a database of its own."""
    from acca.bench.place import OPERATOR, Asking, measure_placing  # noqa: PLC0415 - loads the API

    secret = new_secret()
    asking = Asking(tickets, connections, rounds)
    with sentences(), temporary_postgres() as server:
        provider = asyncio.run(_prepare_sales(server.url, OPERATOR, secret))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(
                measure_placing(server.url, provider, secret.text, server.process.pid, asking)
            )
    if as_json:
        typer.echo(msgspec.json.encode(msgspec.to_builtins(found)).decode())
        return
    table = Table("What", "Tickets/s", "Of floor", "p50, ms", "p99, ms", title="acca bench place")
    for name in ("Server, µs", "Worker", "Postgres", "Wallet"):
        table.add_column(name)
    for column in table.columns[1:]:
        column.justify = "right"
    for one in found.rounds:
        shares = f"{one.per_second:,.0f}", f"{one.share_percent:.0f} %"
        times = f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}"
        table.add_row(one.name, *shares, *times, *(f"{cost:.0f}" for cost in one.spent))
    Console().print(table)
    half = f"p50 {found.half_p50_ms:.1f} ms, p99 {found.half_p99_ms:.1f} ms"
    typer.echo(f"At half of Acca's rate, {found.half_per_second:,.0f} a second: {half}.")
    if found.skipped is not None:
        typer.echo(found.skipped)
