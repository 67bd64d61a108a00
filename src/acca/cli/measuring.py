"""Commands that measure: `bench core`."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from acca.cli.app import TRYING, app

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

bench = typer.Typer(no_args_is_help=True, help="Measure Acca on this machine.")
app.add_typer(bench, name="bench", rich_help_panel=TRYING)


@bench.callback()
def group() -> None:
    """Keep `core` a command of its own while it is the only one."""


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
