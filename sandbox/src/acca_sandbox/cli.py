"""The commands of `acca-sandbox`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from acca_sandbox.clock import VirtualClock
from acca_sandbox.simulator.command import season_digest, simulate
from acca_sandbox.storefront.running import StorefrontOptions, serve_storefront
from acca_sandbox.storm.command import run_storm
from acca_sandbox.storm.processes import Acca
from acca_sandbox.wallet.journal import JournalUnfit
from acca_sandbox.wallet.running import SAMPLE_KEYS, WalletOptions, serve_wallet
from acca_sandbox.weekend.command import run_demo

app = typer.Typer(
    name="acca-sandbox",
    help="What a newcomer and an operator try Acca with.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def group() -> None:
    """Show the commands where none is named."""


@app.command()
def wallet(  # noqa: PLR0913 - an option of a command is an argument
    *,
    operator: Annotated[str, typer.Option(help="Whose wallet it is.")] = "site",
    key: Annotated[
        list[str] | None, typer.Option(help="A secret key of the operator; may be repeated.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    players: Annotated[int, typer.Option(min=0, max=10**6, help="How many it has.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the players and their tokens.")] = 7,
    journal: Annotated[
        Path | None, typer.Option(dir_okay=False, help="File that the wallet is kept in.")
    ] = None,
    clock: Annotated[bool, typer.Option(help="Show buttons that move a sandbox's clock.")] = False,
) -> None:
    """Run the reference wallet, with pages to look at; its first line says where it answers."""
    options = WalletOptions(
        operator=operator,
        keys=key or SAMPLE_KEYS,
        host=host,
        port=port,
        players=players,
        seed=seed,
        journal=journal,
        clock=_clock() if clock else None,
    )
    try:
        serve_wallet(options)
    except (JournalUnfit, OSError) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure


@app.command()
def storefront(  # noqa: PLR0913 - an option of a command is an argument
    *,
    acca: Annotated[str, typer.Option(help="Where Acca answers, http://host:port.")],
    wallet: Annotated[str, typer.Option(help="Where the reference wallet answers.")],
    key: Annotated[str, typer.Option(envvar="ACCA_KEY", help="The operator's secret key.")],
    operator: Annotated[str, typer.Option(help="In whose name it sells.")] = "site",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    clock: Annotated[bool, typer.Option(help="Show buttons that move a sandbox's clock.")] = False,
) -> None:
    """Run a storefront as a player sees it on a phone; its first line says where it answers."""
    options = StorefrontOptions(
        acca=acca,
        operator=operator,
        key=key,
        wallet=wallet,
        host=host,
        port=port,
        clock=_clock() if clock else None,
    )
    serve_storefront(options)


_ = app.command("demo")(run_demo)
_ = app.command()(simulate)
_ = app.command()(season_digest)
_ = app.command("storm")(run_storm)


def _clock() -> VirtualClock:
    """Have the clock of the sandbox that `acca` speaks to here."""
    return VirtualClock(Acca(Path(sys.executable).parent, os.environ).run)


def main() -> None:
    """Run the command that the process was started with."""
    app()
