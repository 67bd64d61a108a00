"""The command `import`."""

from pathlib import Path
from typing import Annotated

import typer

from acca.cli.app import DATABASE, app, fail
from acca.cli.opened import on_database


@app.command("import", rich_help_panel=DATABASE)
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="In order of time.")],
    provider: Annotated[
        str, typer.Option(help="Whose events they are; enrolled if there is none of the name.")
    ] = "files",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
) -> None:
    """Import fixtures, odds and results from season, fixtures, multi-market or JSON files."""
    from acca.cli.import_files import import_all  # noqa: PLC0415 - numpy loads slowly

    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        fail(f"There is no file {', '.join(missing)}; nothing was imported.")
    if on_database(lambda database: import_all(database, files, provider, dry_run=dry_run)):
        raise typer.Exit(1)
