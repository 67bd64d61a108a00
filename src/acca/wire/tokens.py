"""Bytes to JSON tokens: numbers exactly as they are spelled, duplicates found at every level."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, TypeAlias, cast

import msgspec

from acca.wire.defects import DEFECTS_MAX, Defect, Defective, Place


class Number(msgspec.Struct, frozen=True, array_like=True):
    """A number that is not a plain integer, in the sender's spelling."""

    text: str


Json: TypeAlias = "bool | int | str | Number | list[Json] | dict[str, Json] | None"
"""A token."""

Pairs: TypeAlias = list[tuple[str, Json]]
Node: TypeAlias = dict[str, Json] | list[Json]

_INTEGER_LENGTH_MAX = 4_000
"""Python makes no integer of many more digits than these."""
_NAME_LENGTH_MAX = 64

_DECODER = msgspec.json.Decoder(float_hook=Number)
_ENCODER = msgspec.json.Encoder()
_NOT_LOADED = (msgspec.MsgspecError, UnicodeError, RecursionError)
_BLANK_NAME = re.compile(rb'"[^" ]* [^"]*":')
_BLANK = re.compile(r"[ \t\r\n]")


class Loaded(NamedTuple):
    """The tokens of a body, and what is wrong with it whatever it should hold."""

    tree: Json
    faults: tuple[Defect, ...] = ()


def load(body: bytes) -> Loaded:
    """Read the tokens of a body; Defective if it is not JSON in UTF-8."""
    try:
        tree = cast("Json", _DECODER.decode(body))
        if _is_plain(body, tree):
            return Loaded(tree)
    except _NOT_LOADED:
        pass
    return _load_slowly(body)


def _is_plain(body: bytes, tree: Json) -> bool:
    """Tell whether nothing was lost: no escapes, no duplicates, no blank in a name.

    The decoder keeps the last of two members; written out again, such a body has fewer colons.
    """
    if b"\\" in body:
        return False
    again = _ENCODER.encode(tree)
    if body.count(b":") != again.count(b":"):
        return False
    return b" " not in again or _BLANK_NAME.search(again) is None


def _load_slowly(body: bytes) -> Loaded:
    """Read what is not plain, or not JSON at all, saying what is wrong."""
    watch = _Watch()
    try:
        tree = watch.decode(body.decode())
    except UnicodeDecodeError as error:
        raise _defective(f"is not UTF-8 at byte {error.start}", "encoding") from error
    except json.JSONDecodeError as error:
        sentence = error.msg[0].lower() + error.msg[1:]
        raise _defective(f"is not JSON: {sentence} at character {error.pos}", "json") from error
    except RecursionError as error:
        raise _defective("is nested too deeply", "json") from error
    return Loaded(tree, tuple(islice(watch.faults_in(tree), DEFECTS_MAX)))


def _defective(sentence: str, word: str) -> Defective:
    return Defective([Defect((), sentence, word)])


class _Watch:
    """The standard decoder, with an eye on what it would let pass."""

    def __init__(self) -> None:
        self._suspects: dict[int, tuple[dict[str, Json], Pairs]] = {}
        self._constants: list[str] = []
        self._decoder: json.JSONDecoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=Number,
            parse_int=_integer,
            parse_constant=self._constant,
        )

    def decode(self, text: str) -> Json:
        return cast("Json", self._decoder.decode(text))

    def faults_in(self, tree: Json) -> Iterator[Defect]:
        """Tell where duplicates and blank names stand, outermost first."""
        for constant in self._constants[:1]:
            yield Defect((), f"is not JSON: {constant} is not a number", "json")
        if not self._suspects:
            return
        nodes: list[tuple[Place, Node]] = [((), cast("Node", tree))]
        for place, node in nodes:
            if isinstance(node, dict):
                for name, sentence, word in self._faults_of(node):
                    yield Defect((*place, _fit(name)), sentence, word)
            nodes.extend(_inside(place, node))

    def _object(self, pairs: Pairs) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs) or any(map(_BLANK.search, members)):
            # Held by identity, so kept alive: the tree drops what a duplicate replaces.
            self._suspects[id(members)] = (members, pairs)
        return members

    def _faults_of(self, node: dict[str, Json]) -> Iterator[tuple[str, str, str]]:
        suspect = self._suspects.get(id(node))
        return iter(()) if suspect is None else _faults(suspect[1])

    def _constant(self, constant: str) -> Number:
        self._constants.append(constant)
        return Number(constant)


def _integer(text: str) -> int | Number:
    return int(text) if len(text) <= _INTEGER_LENGTH_MAX else Number(text)


def _faults(pairs: Pairs) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            yield name, "is present more than once", "duplicate"
        if _BLANK.search(name):
            yield name, "holds a blank in its name", "name"
        seen.add(name)


def _inside(place: Place, node: Node) -> Iterator[tuple[Place, Node]]:
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for key, inner in members:
        if isinstance(inner, dict | list):
            yield (*place, _fit(key) if isinstance(key, str) else key), inner


def _fit(name: str) -> str:
    """Make a sender's own name fit to be told: short, and storable as UTF-8."""
    return name[:_NAME_LENGTH_MAX].encode("utf-8", "replace").decode()
