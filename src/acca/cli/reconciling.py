"""The command `reconcile`: an operator's list of tickets against ours."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from acca.cli.app import PARTIES, app, reader
from acca.cli.reconcile_list import Asked, reconcile_list
from acca.core.numbers import Malformed
from acca.core.ticket_id import first_id
from acca.wire.times import parse_instant

_SECONDS = range(2**32)


def _moment(text: str) -> datetime:
    instant = parse_instant(text)
    if int(instant.timestamp()) not in _SECONDS:
        raise Malformed("is a time that no id of a ticket begins with")
    return instant


FromOption = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        parser=reader(_moment),
        metavar="TIME",
        help="Tickets placed from then on have to be listed; else from the list's first.",
    ),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(
        parser=reader(_moment),
        metavar="TIME",
        help="Those placed before then; else up to the list's last. In UTC if it names no zone.",
    ),
]


@app.command(rich_help_panel=PARTIES)
def reconcile(
    operator: Annotated[str, typer.Argument(metavar="OPERATOR", help="Whose list it is.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list: CSV or JSON lines.")],
    since: FromOption = None,
    until: UntilOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for each difference, and the sums.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--csv", metavar="OUT", help="Write all differences to a file.")
    ] = None,
) -> None:
    """Compare an operator's list of tickets with ours; status 1 if they differ, 2 if it is bad."""
    first = None if since is None else first_id(since)
    end = None if until is None else first_id(until)
    asked = Asked(operator, file, first, end, as_json, out)
    if not reconcile_list(asked):
        raise typer.Exit(1)
