"""The demo: Acca's own commands, run one after another as a user would."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

_STOP_SECONDS_MAX = 90
_LEGS = (
    ("1.24", "MRFT/1@2-1ht1-0"),
    ("2.76", "HTFT/X/2@0-1ht0-0"),
    ("1.85", "OUFT/2.75/O@2-1ht1-1"),
    ("2.10", "BTTSFT/Y@cancelled"),
)
_TAX = "kenya-2023"


class DemoFailed(Exception):
    """A command of the demo failed; the sentence says which, and what it said."""


class Engine(NamedTuple):
    """The command to drive, and the environment that names the demo's own home."""

    acca: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """Run one command to its end and return what it printed."""
        done = subprocess.run(
            [self.acca, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DemoFailed(f"acca {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


def show(acca: Path, parent: Path, price_cents: int) -> None:
    """Show the demo; its database lies in a new folder below `parent` and is removed at the end."""
    console = Console()
    home = parent / f"acca-demo-{secrets.token_hex(4)}"
    # A database of the user's own must not be touched.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    engine = Engine(acca, {**environment, "ACCA_HOME": str(home), "COLUMNS": "100"})
    try:
        with _database(engine, console):
            _show_clock(engine, console)
            _show_ticket(engine, console, price_cents)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    console.print(
        "The database was stopped and removed. Next: [bold]acca --help[/bold], README.md."
    )


@contextlib.contextmanager
def _database(engine: Engine, console: Console) -> Generator[None]:
    console.rule("1. The embedded database starts")
    command = [engine.acca, "database", "start", "--sandbox"]
    with subprocess.Popen(
        command, env=engine.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            _wait_until_ready(process, console)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            _ = process.wait(_STOP_SECONDS_MAX)


def _wait_until_ready(process: subprocess.Popen[str], console: Console) -> None:
    assert process.stdout is not None, "its output is piped"
    with console.status("making a database and starting it"):
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("ready"):
                console.print("\n".join(lines), markup=False, highlight=False)
                return
    raise DemoFailed("The database did not start.")


def _show_clock(engine: Engine, console: Console) -> None:
    console.rule("2. A sandbox may move its clock, forward only")
    for arguments in (("clock", "show"), ("clock", "advance", "24h")):
        console.print(f"[dim]$ acca {' '.join(arguments)}[/dim]")
        console.print(engine.run(*arguments), markup=False, highlight=False, end="")


def _show_ticket(engine: Engine, console: Console, price_cents: int) -> None:
    console.rule("3. A sample ticket: what it costs, and what it would pay")
    odds = [word for odds, _ in _LEGS for word in ("--odds", odds)]
    _show(engine, console, "finance", "--price", str(price_cents), "--tax", _TAX, *odds)
    console.rule("4. Its four matches end: two legs won, one half won, one cancelled")
    legs = [word for odds, outcome in _LEGS for word in ("--leg", f"{odds}:{outcome}")]
    _show(engine, console, "settle", "--price", str(price_cents), "--tax", _TAX, *legs)


def _show(engine: Engine, console: Console, *arguments: str) -> None:
    console.print(f"[dim]$ acca {' '.join(arguments)}[/dim]")
    console.print(engine.run(*arguments), markup=False, highlight=False)
