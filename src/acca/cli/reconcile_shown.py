"""What a reconciliation found, counted while it is found, and shown as a table, JSON or CSV."""

import csv
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import typer
from rich.table import Table

from acca.cli.settings import show_table
from acca.core.money import render_units
from acca.core.reconciling import Difference, Kind
from acca.wire.differences import COLUMNS, render_row

NAMED_MAX = 20
"""So many tickets that differ are named, however many there are."""
Write = Callable[[Difference], None]


class Tally:
    """What was compared and found: tickets and money by kind and currency, the first by name."""

    def __init__(self) -> None:
        self.listed: int = 0
        self.differing: int = 0
        self.waiting: int = 0
        self.tickets: Counter[tuple[Kind, str]] = Counter()
        self.cents: Counter[tuple[Kind, str]] = Counter()
        self.named: list[Difference] = []

    def note(self, difference: Difference) -> None:
        """Count a difference."""
        if difference.is_waiting:
            self.waiting += 1
        else:
            self.differing += 1
            if len(self.named) < NAMED_MAX:
                self.named.append(difference)
        for kind, cents in zip(difference.kinds, difference.cents, strict=True):
            self.tickets[kind, difference.currency] += 1
            self.cents[kind, difference.currency] += cents

    def sums(self) -> list[tuple[Kind, str, int, int]]:
        """List kind, currency, tickets and cents, in the order of the kinds."""
        order = list(Kind)
        found = sorted(self.tickets, key=lambda each: (order.index(each[0]), each[1]))
        return [(*each, self.tickets[each], self.cents[each]) for each in found]


@contextmanager
def writing(operator: str, out: Path | None, *, as_json: bool) -> Generator[Write]:
    """Write each difference as it is found: to a file as CSV, or printed as JSON, or both."""
    if out is None:
        yield lambda difference: _print(operator, difference) if as_json else None
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        _ = table.writeheader()

        def write(difference: Difference) -> None:
            _ = table.writerow(render_row(operator, difference))
            if as_json:
                _print(operator, difference)

        yield write


def _print(operator: str, difference: Difference) -> None:
    typer.echo(msgspec.json.encode(render_row(operator, difference)))


def print_sums(tally: Tally) -> None:
    """Print the last line of JSON: how many tickets differ, and in what."""
    kinds = [
        {"differs": kind.value, "currency": currency, "tickets": tickets, "cents": cents}
        for kind, currency, tickets, cents in tally.sums()
    ]
    counts = {"listed": tally.listed, "differing": tally.differing, "waiting": tally.waiting}
    typer.echo(msgspec.json.encode({**counts, "kinds": kinds}))


def show(operator: str, tally: Tally) -> None:
    """Show what differs by kind, then the first tickets with what repairs them."""
    counts = f"{tally.differing:,} tickets differ, {tally.waiting:,} are waiting to be delivered"
    typer.echo(f"{tally.listed:,} tickets are listed: {counts}.")
    if tally.tickets:
        table = Table("Differs", "Tickets", "Money", "Currency")
        for kind, currency, tickets, cents in tally.sums():
            money = render_units(cents) if cents else ""
            table.add_row(kind.value, f"{tickets:,}", money, currency)
        show_table(table)
    if not tally.named:
        return
    table = Table("Ticket", "Line", "Differs", "There", "Should be", "Repair")
    table.columns[-1].overflow = "fold"
    for difference in tally.named:
        table.add_row(*_cells(render_row(operator, difference)))
    show_table(table)
    rest = tally.differing - len(tally.named)
    if rest:
        typer.echo(f"and {rest:,} more; --csv OUT writes all of them.")


def _cells(row: dict[str, object]) -> tuple[str, ...]:
    there, ours = (
        ", ".join(str(row[f"{side}{name}"]) for name in ("status", "paid_in", "paid_out"))
        if row[f"{side}status"]
        else ""
        for side in ("", "our_")
    )
    line = "" if row["line"] is None else str(row["line"])
    return str(row["ticket_id"]), line, str(row["differs"]), there, ours, str(row["repair"])
