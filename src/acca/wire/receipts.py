"""Receipts as signed documents: canonical bytes (RFC 8785), SHA-256, Ed25519."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, cast

import msgspec
import rfc8785

from acca.core.numbers import Malformed
from acca.core.receipt import FORMAT, Receipt
from acca.core.signing_key import PublicKey, SigningKey
from acca.wire import ed25519
from acca.wire.kinds import Schema
from acca.wire.plain_values import BadMember, read, write
from acca.wire.tokens import Json, load

_PREFIX = f"{FORMAT}\n".encode()
ALGORITHM = "Ed25519"


def _hex(digits: int) -> Schema:
    return {"type": "string", "pattern": f"^[0-9a-f]{{{digits}}}$"}


SIGNED_RECEIPT: Schema = {
    "type": "object",
    "properties": {
        "receipt": {"type": "object"},
        "sha256": _hex(64),
        "key": _hex(16),
        "signature": _hex(128),
    },
    "required": ["receipt", "sha256", "key", "signature"],
    "additionalProperties": False,
}
"""The answer to whoever asks for a receipt."""


class Envelope(NamedTuple):
    """A receipt with its hash, the id of the key that signed it, and its signature; all in hex."""

    receipt: Receipt
    sha256: str
    key: str
    signature: str


class _Key(NamedTuple):
    """A published key, as its document spells it."""

    id: str
    algorithm: str
    public_key: str
    valid_from: datetime
    retired: datetime | None


class _Keys(NamedTuple):
    keys: tuple[_Key, ...]


def canonical(tree: object) -> bytes:
    """Write plain values as RFC 8785 has it: one spelling for all."""
    return rfc8785.dumps(cast("dict[str, int]", tree))


def message_of(canonical_bytes: bytes) -> bytes:
    """Tell what is signed: the name of the format, a line feed, the canonical bytes."""
    return _PREFIX + canonical_bytes


def seal(receipt: Receipt, key: SigningKey) -> bytes:
    """Sign a receipt; the same one by the same key is the same bytes."""
    content = canonical(write(receipt))
    signature = ed25519.sign(key.private, message_of(content))
    envelope = {
        "receipt": msgspec.json.decode(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "key": key.public.id,
        "signature": signature.hex(),
    }
    return canonical(envelope)


def render_keys(keys: Iterable[PublicKey]) -> bytes:
    """Write the document `/.well-known/acca-keys.json`."""
    listed = tuple(
        _Key(key.id, ALGORITHM, key.public.hex(), key.valid_from, key.retired) for key in keys
    )
    return msgspec.json.encode(write(_Keys(listed)))


def parse_keys(body: bytes) -> dict[str, bytes]:
    """Read that document to public keys by their id; Malformed if it is none."""
    tree, faults = load(body)
    if faults:
        raise Malformed(f"{'.'.join(map(str, faults[0].loc))} {faults[0].msg}".strip())
    return dict(_parse_key(place, key) for place, key in enumerate(read(_Keys, tree).keys))


def _parse_key(place: int, key: _Key) -> tuple[str, bytes]:
    at = ("keys", place)
    if key.algorithm != ALGORITHM:
        raise BadMember((*at, "algorithm"), f"has to be {ALGORITHM}")
    public = parse_hex(key.public_key, ed25519.KEY_BYTES)
    if public is None:
        raise BadMember((*at, "public_key"), f"has to be {ed25519.KEY_BYTES} bytes in hex")
    if key.id != ed25519.key_id(public):
        raise BadMember((*at, "id"), "is not that of the public key")
    return key.id, public


def parse_hex(text: str, length: int) -> bytes | None:
    """Read so many bytes in lower-case hex, None where a text is something else."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        return None
    return value if len(value) == length and value.hex() == text else None


def members_of(tree: Json) -> Mapping[str, Json]:
    """Give the members of an object, none where a token is no object."""
    return tree if isinstance(tree, dict) else {}
