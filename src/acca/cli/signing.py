"""Commands that make and check signatures: `signature sign`, `signature check`."""

import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from acca.boot import unix_seconds
from acca.cli.app import WIRE, app, fail, reader
from acca.core.numbers import Malformed
from acca.wire.be_requests import PLACE_SIGNED
from acca.wire.signature import (
    candidate_bodies,
    message_v2,
    parse_timestamp,
    sign,
    sign_v2,
    verify,
    verify_exactly,
)

_STANDARD_INPUT = "-"
_FORMS = {
    "received": "the bytes as received",
    "compact": "without the whitespace between tokens",
    "blankless": "without any space, tab or line break, inside strings too",
    "ordered": "rebuilt in the documented order, missing nullable members as null",
    "ordered-older": "the same, without psp and rtag where they are missing",
}


def _parse_time(text: str) -> str:
    _ = parse_timestamp(text)
    return text


class Target(NamedTuple):
    """What version 2 signs beside the body."""

    method: str
    path: str


def _parse_target(text: str) -> Target:
    method, _, path = text.partition(" ")
    if not (method.isalpha() and path.startswith("/")):
        message = "is not a method and a path, such as 'POST /be/tickets'"
        raise Malformed(message)
    return Target(method.upper(), path)


KeyOption = Annotated[str, typer.Option(help="The operator's secret key.", envvar="ACCA_KEY")]
BodyOption = Annotated[
    str, typer.Option(metavar="FILE", help="The body; - is standard input, none is no body.")
]
TargetOption = Annotated[
    Target | None,
    typer.Option(
        parser=reader(_parse_target),
        metavar="'METHOD PATH'",
        help="Version 2: the request line, its query included.",
    ),
]

signature = typer.Typer(no_args_is_help=True, help="Sign a body; find out why one does not verify.")
app.add_typer(signature, name="signature", rich_help_panel=WIRE)


@signature.command("sign")
def sign_body(
    key: KeyOption,
    body: BodyOption = "",
    timestamp: Annotated[
        str | None, typer.Option(parser=reader(_parse_time), help="Unix seconds; now if not given.")
    ] = None,
    target: TargetOption = None,
) -> None:
    """Print the headers that sign a body, exactly as its bytes are."""
    at, content = timestamp or str(unix_seconds()), _read(body)
    if target is None:
        typer.echo(f"timestamp: {at}\nsignature: {sign(key, at, content)}")
        return
    signed = sign_v2(key, at, *target, content)
    typer.echo(f"timestamp: {at}\nsignature-version: 2\nsignature: {signed}")


@signature.command("check")
def check_signature(
    key: KeyOption,
    given: Annotated[str, typer.Option("--signature", help="The signature to check.")],
    timestamp: Annotated[str, typer.Option(parser=reader(_parse_time), help="Its header.")],
    body: BodyOption = "",
    target: TargetOption = None,
) -> None:
    """Show each message that may have been signed, and which one the signature fits."""
    content = _read(body)
    if target is not None:
        message = message_v2(timestamp, *target, content)
        fits = verify_exactly(given, [key], message) is not None
        _show("version 2", message, fits=fits)
        _end("version 2" if fits else None)
        return
    fit = verify(given, [key], timestamp, content, PLACE_SIGNED)
    for form, candidate in candidate_bodies(content, PLACE_SIGNED):
        fits = fit is not None and fit.form is form
        _show(f"{form.value}: {_FORMS[form.value]}", timestamp.encode() + candidate, fits=fits)
    _end(None if fit is None else fit.form.value)


def _show(title: str, message: bytes, *, fits: bool) -> None:
    typer.echo(f"{'fits ' if fits else '     '} {title}\n      {message.decode(errors='replace')}")


def _end(form: str | None) -> None:
    if form is None:
        fail("The signature fits none of them: another key, timestamp or body was signed.")
    typer.echo(f"Good: the signature fits the form `{form}`.")


def _read(body: str) -> bytes:
    if not body:
        return b""
    if body == _STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(body).read_bytes()
    except OSError as fault:
        fail(f"{body}: {fault.strerror}.")
