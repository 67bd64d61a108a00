"""The one application that every group of commands hangs itself on."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

import typer

from acca.core.numbers import Malformed

MONEY = "Money"
WIRE = "Wire"
DATABASE = "Database"
PARTIES = "Operators and providers"
TRYING = "Try and measure"

Value = TypeVar("Value")

app = typer.Typer(
    name="acca",
    help="Bet cards, tickets, the operator's wallet and settlement.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def reader(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Make a parser of one argument whose Malformed texts are usage errors, exit status 2."""

    def read(text: str) -> Value:
        try:
            return parse(text)
        except Malformed as malformed:
            message = f"{text!r} {malformed}."
            raise typer.BadParameter(message) from malformed

    return read


def fail(sentence: str) -> NoReturn:
    """End the command with a sentence on standard error, exit status 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
