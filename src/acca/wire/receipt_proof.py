"""Whether a receipt is genuine and adds up; if not, the place where it is wrong. Needs no network.

Nothing is believed of a key that stands in a receipt: keys are given. Beside the hash a signature
says that something was altered, and a search of single digits says what.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, product
from typing import NamedTuple, cast

from acca.core.receipt import Receipt
from acca.core.receipt_parts import Contradiction, Pointer
from acca.core.receipting import complete
from acca.wire import ed25519
from acca.wire.defects import Defective
from acca.wire.plain_values import BadMember, read, write
from acca.wire.receipts import Envelope, canonical, members_of, message_of, parse_hex
from acca.wire.tokens import Json, load

Keys = Mapping[str, bytes]
_DIGITS, _HEX = b"0123456789", "0123456789abcdef"


Difference = tuple[Pointer, str, str]
"""Where two trees differ, and what stands there in each, as JSON."""


class Unreadable(Exception):
    """A document is no JSON at all."""


class ReceiptRefused(Exception):
    """A receipt is not what it says, with the place as a JSON pointer into it."""

    def __init__(self, at: Pointer, sentence: str) -> None:
        self.pointer: str = spell_pointer(at)
        self.sentence: str = sentence
        super().__init__(f"{self.pointer or 'the receipt'} {sentence}")


class Proven(NamedTuple):
    """A receipt that is good, and the key that signed it."""

    receipt: Receipt
    key: str


def spell_pointer(at: Pointer) -> str:
    """Spell a place as RFC 6901 has it; places are told from inside the receipt."""
    inner = at[1:] if at[:1] == ("receipt",) else at
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in inner)


def prove(body: bytes, keys: Keys) -> Proven:
    """Check a signed receipt, all of it; raise Unreadable, or ReceiptRefused with the place."""
    try:
        tree, faults = load(body)
    except Defective as defective:
        raise _unloaded(body, keys, defective) from None
    for fault in faults:
        raise ReceiptRefused(fault.loc, fault.msg)
    return _prove_tree(tree, keys)


def _prove_tree(tree: Json, keys: Keys) -> Proven:
    try:
        envelope = read(Envelope, tree)
    except BadMember as bad:
        raise ReceiptRefused(bad.at, bad.sentence) from None
    content = canonical(members_of(tree)["receipt"])
    _require_genuine(envelope, content, keys)
    for at, sentence in _derived_wrongly(envelope.receipt):
        raise ReceiptRefused(at, sentence)
    return Proven(envelope.receipt, envelope.key)


def _require_genuine(envelope: Envelope, content: bytes, keys: Keys) -> None:
    has_hash = hashlib.sha256(content).hexdigest() == envelope.sha256
    if envelope.key not in keys:
        raise _unknown_key(envelope, content, keys)
    is_signed = _is_signed(keys[envelope.key], content, envelope.signature)
    if has_hash and is_signed:
        return
    if is_signed:
        raise ReceiptRefused(("sha256",), "was altered: the content fits the signature, not it")
    if has_hash:
        raise _wrong_signature(envelope, content, keys[envelope.key])
    raise _altered(envelope, content)


def _is_signed(public: bytes, content: bytes, signature: str) -> bool:
    parsed = parse_hex(signature, ed25519.SIGNATURE_BYTES)
    return parsed is not None and ed25519.is_signed(public, message_of(content), parsed)


def _unknown_key(envelope: Envelope, content: bytes, keys: Keys) -> ReceiptRefused:
    for id_, public in keys.items():
        if _is_signed(public, content, envelope.signature):
            return ReceiptRefused(("key",), f"was altered: the signature is by key {id_}")
    sentence = f"{envelope.key} is in none of the keys given: from another deployment, or forged"
    return ReceiptRefused(("key",), sentence)


def _wrong_signature(envelope: Envelope, content: bytes, public: bytes) -> ReceiptRefused:
    """Say which digit of a signature was altered, if one was: any other makes it good again."""
    given = envelope.signature
    # What was a number before is the more likely to be one still.
    for others in (_HEX[:10], _HEX[10:]):
        for (place, digit), other in product(enumerate(given), others):
            if _is_signed(public, content, given[:place] + other + given[place + 1 :]):
                sentence = f"was altered in digit {place + 1}: {digit} stands there for {other}"
                return ReceiptRefused(("signature",), sentence)
    sentence = f"is not by key {envelope.key}: the receipt is forged, or its signature was altered"
    return ReceiptRefused(("signature",), sentence)


def _altered(envelope: Envelope, content: bytes) -> ReceiptRefused:
    """Say where a content was altered that fits neither its hash nor its signature."""
    for place, other in _digits_that_restore(content, envelope.sha256):
        before = content[:place] + other + content[place + 1 :]
        found = first_difference(load(before).tree, load(content).tree)
        if found is not None:
            at, signed, given = found
            digits = f"{content[place : place + 1].decode()} stands there for {other.decode()}"
            return ReceiptRefused(at, f"was altered: {digits}, so {given} and not {signed}")
    for at, sentence in _derived_wrongly(envelope.receipt):
        return ReceiptRefused(at, f"{sentence}; hash and signature do not fit either")
    return ReceiptRefused((), "was altered in more than one digit: hash and signature do not fit")


def _digits_that_restore(content: bytes, sha256: str) -> Iterator[tuple[int, bytes]]:
    """Try each digit in place of each: whatever gives the hash again is what was signed."""
    wanted = parse_hex(sha256, hashlib.sha256().digest_size)
    if wanted is None:
        return
    before, done = hashlib.sha256(), 0
    for place, digit in enumerate(content):
        if digit not in _DIGITS:
            continue
        before.update(content[done:place])
        done, rest = place, content[place + 1 :]
        for other in _DIGITS:
            tried = before.copy()
            tried.update(bytes((other,)) + rest)
            if tried.digest() == wanted:
                yield place, bytes((other,))


def _derived_wrongly(receipt: Receipt) -> Iterator[tuple[Pointer, str]]:
    """Work all of it out again, and tell the first member that is something else."""
    try:
        made = complete(receipt)
    except Contradiction as contradiction:
        yield contradiction.at, contradiction.sentence
        return
    except AssertionError as broken:
        yield (), f"cannot be: {broken}"
        return
    found = first_difference(write(made), write(receipt))
    if found is not None:
        at, follows, given = found
        yield at, f"is {given}, and {follows} follows from the rest"


def first_difference(one: object, other: object, at: Pointer = ()) -> Difference | None:
    """Find the first place where two trees differ, in the order of the first."""
    kinds = {type(one), type(other)}
    if kinds == {dict}:
        left, right = cast("dict[str, object]", one), cast("dict[str, object]", other)
        return _first_of(((name, left.get(name), right.get(name)) for name in left | right), at)
    if kinds == {list}:
        items, others = cast("list[object]", one), cast("list[object]", other)
        if len(items) != len(others):
            return at, f"{len(items)} items", f"{len(others)} items"
        return _first_of(zip(count(), items, others, strict=False), at)
    # True equals 1 in Python, and not in JSON.
    if len(kinds) == 1 and one == other:
        return None
    return at, json.dumps(one), json.dumps(other)


def _first_of(pairs: Iterable[tuple[str | int, object, object]], at: Pointer) -> Difference | None:
    found = (first_difference(mine, theirs, (*at, step)) for step, mine, theirs in pairs)
    return next((one for one in found if one is not None), None)


def _unloaded(body: bytes, keys: Keys, defective: Defective) -> Unreadable | ReceiptRefused:
    """Say what is wrong with what is not JSON: a number of one digit altered may begin with 0."""
    broken = defective.__cause__
    if isinstance(broken, json.JSONDecodeError) and body.isascii():
        place = broken.pos - 1
        if body[place : place + 1] == b"0" and body[place + 1 : place + 2].isdigit():
            refused = _find_zero(body, place, keys)
            if refused is not None:
                return refused
    return Unreadable(str(defective))


def _find_zero(body: bytes, place: int, keys: Keys) -> ReceiptRefused | None:
    texts = [body[:place] + str(digit).encode() + body[place + 1 :] for digit in range(1, 10)]
    for digit, text in enumerate(texts, 1):
        try:
            _ = prove(text, keys)
        except (Unreadable, ReceiptRefused):
            continue
        found = first_difference(load(text).tree, load(texts[digit % 9]).tree)
        assert found is not None, "another digit makes another number"
        return ReceiptRefused(found[0], f"was altered: 0 stands there for {digit}")
    return None
