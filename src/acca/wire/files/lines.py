"""Lines of a file that comes in chunks: bounded in memory, whatever the bytes are."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from acca.core.fixtures import RefusedRow

LINE_BYTES_MAX = 64 * 1024
"""The widest real line has a thousand bytes."""
GIVE_UP_BYTES = 1024 * 1024
"""A line that has not ended by then is no line; what follows it is not looked for."""
_BOM = b"\xef\xbb\xbf"
_ENCODINGS = ("utf-8", "cp1252", "latin-1")
"""Tried in this order; the last reads any bytes."""


class Line(NamedTuple):
    """A line without its end, and how it was read; a cut one has no end, it is the last."""

    number: int
    text: str
    encoding: str
    is_cut: bool


def decode(raw: bytes) -> tuple[str, str]:
    """Read bytes as text, in UTF-8 if they are, and tell the encoding."""
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads any bytes")


def read_lines(chunks: Iterable[bytes]) -> Iterator[Line | RefusedRow]:
    """Give each line; one that is too long is refused, and an endless one ends the reading."""
    number, held, size = 1, b"", 0
    for piece, ends in _pieces(chunks):
        size += len(piece)
        if size > GIVE_UP_BYTES:
            reason = f"is longer than {GIVE_UP_BYTES} bytes; nothing is read from here on"
            yield RefusedRow(number, reason)
            return
        held = held + piece if size <= LINE_BYTES_MAX else b""
        if ends:
            yield _line(number, held, size, is_cut=False)
            number, held, size = number + 1, b"", 0
    if size:
        yield _line(number, held, size, is_cut=True)


def _pieces(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            yield piece, True
        yield rest, False


def _line(number: int, raw: bytes, size: int, *, is_cut: bool) -> Line | RefusedRow:
    if size > LINE_BYTES_MAX:
        return RefusedRow(number, f"is longer than {LINE_BYTES_MAX} bytes")
    text, encoding = decode(raw.removeprefix(_BOM) if number == 1 else raw)
    return Line(number, text.rstrip("\r"), encoding, is_cut)
