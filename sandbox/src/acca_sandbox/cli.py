"""The commands of `acca-sandbox`."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from acca_sandbox.demo import DemoFailed, show

app = typer.Typer(
    name="acca-sandbox",
    help="What a newcomer and an operator try Acca with.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def group() -> None:
    """Keep `demo` a command of its own while it is the only one."""


@app.command()
def demo(
    price: Annotated[
        int, typer.Option(min=1, max=10**9, help="Price of the ticket, cents.")
    ] = 1000,
) -> None:
    """Start Acca's database as any user would, and show the money of a sample ticket."""
    acca = Path(sys.executable).with_name("acca")
    try:
        show(acca, Path(tempfile.gettempdir()), price)
    except DemoFailed as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure


def main() -> None:
    """Run the command that the process was started with."""
    app()
