"""The command `audit`: whether all that is written of tickets fits together."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from acca.cli.app import DATABASE, app, fail, reader
from acca.cli.opened import on_database
from acca.cli.settings import show_table
from acca.core.audit import Invariant, Report, check_unknown
from acca.core.durations import parse_duration
from acca.core.numbers import Malformed
from acca.store.audit import audit_operator
from acca.store.connection import Database
from acca.store.operators import get_operator, list_operators
from acca.wire.wallet_export import WalletExport, parse_wallet_export

_YOUNG = timedelta(minutes=10)


@app.command(rich_help_panel=DATABASE)
def audit(
    operator: Annotated[
        str | None, typer.Option(help="Only this one's tickets; all if not given.")
    ] = None,
    wallet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The export of the wallet to compare with.")
    ] = None,
    young: Annotated[
        timedelta | None,
        typer.Option(
            parser=reader(parse_duration), help="Newer entries may lack their number; else 10m."
        ),
    ] = None,
) -> None:
    """Check that journals, streams, amounts and the wallet agree; exit status 1 if they do not."""
    export = None if wallet is None else _read(wallet)
    report = on_database(
        lambda opened: _audit(opened, operator, export, _YOUNG if young is None else young)
    )
    _show(report, export)
    if not report.is_clean:
        raise typer.Exit(1)


def _read(path: Path) -> WalletExport:
    try:
        with path.open("rb") as lines:
            return parse_wallet_export(lines)
    except OSError as fault:
        fail(f"{path} cannot be read: {fault.strerror}.")
    except Malformed as malformed:
        fail(f"{path} {malformed}.")


async def _audit(
    opened: Database, name: str | None, export: WalletExport | None, young: timedelta
) -> Report:
    report = Report()
    async with opened.reader() as connection:
        if name is None:
            operators = await list_operators(connection)
        else:
            operators = [await get_operator(connection, name)]
        for operator in operators:
            held = None if export is None else export.held.get(operator.name, {})
            await audit_operator(connection, operator, report, young, held)
    if export is not None:
        _note_rest(report, export, {operator.name for operator in operators}, name)
    return report


def _note_rest(report: Report, export: WalletExport, known: set[str], name: str | None) -> None:
    """Note what the wallet refused, and what it holds for operators that there are not."""
    for operator, ticket, sentence in export.refused:
        if name in {None, operator}:
            report.note(Invariant.I6, operator, ticket, [sentence])
    for operator, held in export.held.items():
        if name is None and operator not in known:
            for id_, one in held.items():
                report.note(Invariant.I6, operator, id_.hex(), check_unknown(one))


def _show(report: Report, export: WalletExport | None) -> None:
    later = {} if export is not None else {Invariant.I6: "needs --wallet FILE"}
    table = Table("Invariant", "Says", "Checked", "Violations")
    for invariant in Invariant:
        checked = later.get(invariant) or str(report.checked[invariant])
        violated = "" if invariant in later else str(report.violated[invariant])
        table.add_row(invariant.name, invariant.value, checked, violated)
    show_table(table)
    if not report.named:
        return
    table = Table("Invariant", "Operator", "Ticket", "Violation")
    for violation in report.named:
        table.add_row(violation.invariant.name, *violation[1:])
    show_table(table)
