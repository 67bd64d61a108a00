"""The operator's list of tickets, as CSV or JSON lines: lines to values, defects with their place.

What a line tells is packed here too, so that packed lines stand in the order of their ids.
"""

import csv
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from acca.core.money import parse_currency
from acca.core.numbers import Malformed
from acca.core.reconciling import Listed, WalletStatus

LINE_BYTES_MAX = 64 * 1024
_NEEDED = ("ticket_id", "status", "paid_in", "paid_out")
_COLUMNS = (*_NEEDED, "currency", "code", "player_id")
_BOM = b"\xef\xbb\xbf"
_PACKERS = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip"}
_ID = re.compile(r"[0-9a-fA-F]{24}", re.ASCII)
_CODE = re.compile(r"[0-9a-fA-F]{6,12}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_CENTS = range(10**18)
_SHOWN_MAX, _PLAYER_MAX = 40, 255

_STATUSES = {status.value: status for status in WalletStatus}
_ORDERED = tuple(WalletStatus)
_NUMBERS = {status: number for number, status in enumerate(_ORDERED)}
_FIXED = struct.Struct(">12sQBQQ")
_pack_names = msgspec.msgpack.Encoder().encode
_unpack_names = msgspec.msgpack.Decoder(tuple[str | None, str | None, str | None]).decode


class Defect(NamedTuple):
    """What is wrong with a line; 0 where it is the whole file."""

    line: int
    sentence: str


_Read = Callable[[str], Sequence[object]]


class _Reading(NamedTuple):
    """How lines are read: into values in the order of our columns, and whether each must end."""

    read: _Read
    needs_end: bool


def read_list(lines: Iterable[bytes]) -> Iterator[Listed | Defect]:
    """Read each line, with its end, to a ticket or to what is wrong with it; blank ones are none.

    What makes the whole file unreadable is the only thing that is given, and a line that is
    longer than LINE_BYTES_MAX the last: it may come in pieces.
    """
    numbered = enumerate(lines, 1)
    _, first = next(numbered, (0, b""))
    first = first.removeprefix(_BOM)
    try:
        reading = _recognise(first)
    except Malformed as malformed:
        yield Defect(0, str(malformed))
        return
    for number, line in numbered if reading.needs_end else chain([(1, first)], numbered):
        if len(line) > LINE_BYTES_MAX:
            yield Defect(number, f"is longer than {LINE_BYTES_MAX} bytes: nothing is read from it")
            return
        found = _take(reading, number, line)
        if found is not None:
            yield found


def _recognise(first: bytes) -> _Reading:
    for magic, packer in _PACKERS.items():
        if first.startswith(magic):
            raise Malformed(f"the file is packed with {packer}: unpack it first")
    if not first:
        raise Malformed("the file is empty")
    if len(first) > LINE_BYTES_MAX:
        raise Malformed(f"the first line is longer than {LINE_BYTES_MAX} bytes")
    text = _decode(first)
    return _Reading(_read_json, needs_end=False) if text[:1] == "{" else _read_header(text)


def _take(reading: _Reading, number: int, line: bytes) -> Listed | Defect | None:
    try:
        text = _decode(line)
        if not text:
            return None
        if reading.needs_end:
            _require_end(line)
        return _listed(number, reading.read(text))
    except Malformed as malformed:
        return Defect(number, str(malformed))


def _require_end(line: bytes) -> None:
    """Refuse a last line that was cut off: an amount without its last digits is an amount too."""
    if not line.endswith(b"\n"):
        raise Malformed("does not end as the others do: is the file cut off?")


def _decode(line: bytes) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"is not UTF-8 from its byte {error.start + 1} on") from None
    if "\0" in text:
        raise Malformed("holds a NUL byte")
    return text.strip()


# ---- CSV


def _read_header(text: str) -> _Reading:
    names = _split(text)
    missing = [name for name in _NEEDED if name not in names]
    twice = [name for name in _COLUMNS if names.count(name) > 1]
    if missing:
        lacks = f"{_shown(text)} lacks {', '.join(missing)}"
        raise Malformed(f"the first line has to name {', '.join(_NEEDED)}; {lacks}")
    if twice:
        raise Malformed(f"the first line names {', '.join(twice)} twice")
    places = [names.index(name) if name in names else None for name in _COLUMNS]

    def read(text: str) -> Sequence[object]:
        cells = _split(text) if '"' in text else [cell.strip() for cell in text.split(",")]
        if len(cells) < len(names) or any(cells[len(names) :]):
            raise Malformed(f"has {len(cells)} cells, and the first line {len(names)}")
        found = [None if place is None else cells[place] for place in places]
        return [*found[:2], *map(_number, found[2:4]), *found[4:]]

    return _Reading(read, needs_end=True)


def _split(text: str) -> list[str]:
    try:
        return [cell.strip() for row in csv.reader((text,), strict=True) for cell in row]
    except csv.Error:
        raise Malformed("has a quote that is not closed, or a line end inside") from None


def _number(cell: str | None) -> object:
    """Read digits; all else stays a text, which is no amount."""
    return int(cell) if cell is not None and _DIGITS.fullmatch(cell) else cell


# ---- JSON lines


class _Line(msgspec.Struct, frozen=True):
    ticket_id: object = msgspec.UNSET
    status: object = msgspec.UNSET
    paid_in: object = msgspec.UNSET
    paid_out: object = msgspec.UNSET
    currency: object = None
    code: object = None
    player_id: object = None


_decode_line = msgspec.json.Decoder(_Line).decode


def _read_json(text: str) -> Sequence[object]:
    try:
        line = _decode_line(text)
    except msgspec.MsgspecError as error:
        raise Malformed(f"is no JSON object: {error}") from None
    values = msgspec.structs.astuple(line)
    for name, value in zip(_NEEDED, values, strict=False):
        if value is msgspec.UNSET:
            raise Malformed(f"{name} is missing")
    return values


# ---- values


def _listed(number: int, values: Sequence[object]) -> Listed:
    ticket_id, status, paid_in, paid_out, currency, code, player = values
    if type(ticket_id) is not str or _ID.fullmatch(ticket_id) is None:
        raise Malformed(f"ticket_id: an id is 24 hexadecimal digits, not {_shown(ticket_id)}")
    seen = _STATUSES.get(status) if type(status) is str else None
    if seen is None:
        raise Malformed(f"status: is one of {', '.join(_STATUSES)}, not {_shown(status)}")
    return Listed(
        bytes.fromhex(ticket_id),
        number,
        seen,
        _cents("paid_in", paid_in),
        _cents("paid_out", paid_out),
        None if _is_blank(currency) else _currency(currency),
        None if _is_blank(code) else _code(code),
        None if _is_blank(player) else _player(player),
    )


def _is_blank(value: object) -> bool:
    return value is None or value == ""


def _cents(name: str, value: object) -> int:
    if type(value) is int and value in _CENTS:
        return value
    raise Malformed(f"{name}: amounts are integers in cents, from 0 on, not {_shown(value)}")


def _currency(value: object) -> str:
    try:
        return parse_currency(value if type(value) is str else "")
    except Malformed:
        raise Malformed(f"currency: {_shown(value)} is not a currency of ISO 4217") from None


def _code(value: object) -> str:
    if type(value) is not str or _CODE.fullmatch(value) is None:
        raise Malformed(f"code: a code is 6 to 12 hexadecimal digits, not {_shown(value)}")
    return value.upper()


def _player(value: object) -> str:
    text = str(value) if type(value) is int else value
    if type(text) is not str or len(text) > _PLAYER_MAX:
        raise Malformed(f"player_id: is a text of at most {_PLAYER_MAX} characters")
    return text


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"


# ---- packed


def pack(listed: Listed) -> bytes:
    """Pack what a line tells; packed lines stand in the order of ids, then of lines."""
    id_, line, status, in_cents, out_cents, *names = listed
    return _FIXED.pack(id_, line, _NUMBERS[status], in_cents, out_cents) + _pack_names(names)


def unpack(packed: bytes) -> Listed:
    """Read what was packed."""
    id_, line, number, in_cents, out_cents = _FIXED.unpack_from(packed)
    names = _unpack_names(packed[_FIXED.size :])
    return Listed(id_, line, _ORDERED[number], in_cents, out_cents, *names)
