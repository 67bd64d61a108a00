"""The command `verify`: receipts checked offline, without a database; nothing of the store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from acca.cli.app import MONEY, app
from acca.core.numbers import Malformed
from acca.wire.receipt_proof import Keys, ReceiptRefused, Unreadable, prove
from acca.wire.receipt_words import checked, not_checked
from acca.wire.receipts import parse_keys

KEYS_FILE = "acca-keys.json"
_REFUSED, _UNREADABLE = 1, 2
_LINES = {".jsonl", ".ndjson"}


class _Failed(NamedTuple):
    status: int
    sentence: str


@app.command(rich_help_panel=MONEY)
def verify(
    receipts: Annotated[
        Path, typer.Argument(metavar="RECEIPT", help="A receipt, or one in each line.")
    ],
    keys: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=f"The deployment's public keys; else {KEYS_FILE} beside it."
        ),
    ] = None,
) -> None:
    """Check receipts offline; exit status 1 if one is refused, 2 if one cannot be read."""
    known = _read_keys(receipts.parent / KEYS_FILE if keys is None else keys)
    documents = _documents(receipts)
    first = next(documents, None)
    if first is None:
        raise _stop(f"{receipts} is empty.")
    second = next(documents, None)
    if second is None and not _is_of_lines(receipts):
        _tell_one(first[1], known)
        return
    rest = [] if second is None else [second]
    _tell_many(_chain(first, rest, documents), known)


def _chain(
    first: tuple[int, bytes], second: list[tuple[int, bytes]], rest: Iterator[tuple[int, bytes]]
) -> Iterator[tuple[int, bytes]]:
    yield first
    yield from second
    yield from rest


def _stop(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(_UNREADABLE)


def _read_keys(path: Path) -> Keys:
    try:
        return parse_keys(path.read_bytes())
    except FileNotFoundError:
        where = f"from the deployment, at /.well-known/{KEYS_FILE}"
        raise _stop(f"There is no {path}: get it {where}.") from None
    except OSError as fault:
        raise _stop(f"{path} cannot be read: {fault.strerror}.") from None
    except Malformed as malformed:
        raise _stop(f"{path} holds no keys: {malformed}.") from None


def _is_of_lines(path: Path) -> bool:
    return path.suffix in _LINES


def _documents(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give the documents of a file with their lines: one in each, or one over all lines."""
    try:
        with path.open("rb") as lines:
            numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
            if _is_of_lines(path) or _begins_with_a_whole_one(path):
                yield from numbered
            elif whole := path.read_bytes():
                yield 1, whole
    except OSError as fault:
        raise _stop(f"{path} cannot be read: {fault.strerror}.") from None


def _begins_with_a_whole_one(path: Path) -> bool:
    with path.open("rb") as lines:
        first = next((line.strip() for line in lines if line.strip()), b"")
    return first.startswith(b"{") and first.endswith(b"}")


def _tell_one(body: bytes, keys: Keys) -> None:
    try:
        receipt, key = prove(body, keys)
    except (ReceiptRefused, Unreadable) as failed:
        told = _failed(failed)
        typer.echo(told.sentence, err=True)
        raise typer.Exit(told.status) from None
    for sentence in checked(receipt, key):
        typer.echo(f"checked      {sentence}")
    for sentence in not_checked(receipt):
        typer.echo(f"not checked  {sentence}")
    typer.echo("good")


def _failed(failed: ReceiptRefused | Unreadable) -> _Failed:
    if isinstance(failed, Unreadable):
        return _Failed(_UNREADABLE, f"cannot be read: {failed}")
    return _Failed(_REFUSED, f"refused: {failed}")


def _tell_many(documents: Iterator[tuple[int, bytes]], keys: Keys) -> None:
    good, statuses = 0, list[int]()
    for number, body in documents:
        try:
            _ = prove(body, keys)
            good += 1
        except (ReceiptRefused, Unreadable) as failed:
            told = _failed(failed)
            statuses.append(told.status)
            typer.echo(f"line {number} {told.sentence}", err=True)
    refused = statuses.count(_REFUSED)
    unread = statuses.count(_UNREADABLE)
    typer.echo(f"{good} good, {refused} refused, {unread} cannot be read")
    if statuses:
        raise typer.Exit(min(statuses))
