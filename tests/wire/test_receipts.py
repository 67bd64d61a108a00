import datetime as dt
import hashlib
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from receipts_made import CREATED, PRIVATE, leg, played, receipt

from acca.core.numbers import Malformed
from acca.core.receipt import Receipt
from acca.core.receipting import complete
from acca.core.signing_key import PublicKey, SigningKey
from acca.wire.ed25519 import is_signed, key_id, public_of, sign
from acca.wire.plain_values import SAFE_INTEGER_MAX, BadMember, read, write
from acca.wire.receipts import canonical, parse_keys, render_keys, seal

PUBLIC = public_of(PRIVATE)
KEY = SigningKey(PublicKey(key_id(PUBLIC), PUBLIC, CREATED), PRIVATE)
MADE = complete(receipt(leg(played(2, 1, (1, 0))), leg(played(0, 0), "DNBFT", None, "2")))
TREE = json.loads(canonical(write(MADE)))


def changed(at, value):
    """Change one member of the receipt's tree, or take it away."""
    tree = json.loads(json.dumps(TREE))
    inner = tree
    for step in at[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[at[-1]]
    else:
        inner[at[-1]] = value
    return tree


def test_a_receipt_is_read_as_it_was_written():
    assert MADE == read(Receipt, TREE)


def test_a_signed_receipt_is_canonical_hashed_and_signed_as_documented():
    sealed = json.loads(seal(MADE, KEY))
    assert ["key", "receipt", "sha256", "signature"] == list(sealed)
    content = json.dumps(
        sealed["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    assert content == canonical(TREE)
    assert hashlib.sha256(content).hexdigest() == sealed["sha256"]
    assert hashlib.sha256(PUBLIC).hexdigest()[:16] == sealed["key"]
    signature = bytes.fromhex(sealed["signature"])
    assert is_signed(PUBLIC, b"acca-receipt-v1\n" + content, signature)
    assert seal(MADE, KEY) == seal(MADE, KEY)


def test_no_number_of_a_receipt_is_a_float():
    def numbers(tree):
        if isinstance(tree, dict | list):
            for inner in tree.values() if isinstance(tree, dict) else tree:
                yield from numbers(inner)
        elif not isinstance(tree, str | bool | None):
            yield type(tree)

    assert {int} == set(numbers(TREE))


def test_values_have_one_spelling():
    first, second = TREE["legs"]
    assert ("1.50", "3/2", "1/1") == (first["odds"], first["factor"], second["factor"])
    assert {"won": 1, "void_halves": 0, "dead_heat": 1} == first["outcome"]
    assert "2026-05-01T12:00:00.250000" == TREE["ticket"]["created"]
    assert "day_cap_cents" not in TREE
    assert None is TREE["cap_cents"]


@given(st.integers(0, 10**25))
def test_whole_numbers_that_json_would_lose_are_texts(cents):
    made = MADE._replace(cap_cents=cents)
    token = write(made)["cap_cents"]
    assert (int if cents <= SAFE_INTEGER_MAX else str) is type(token)
    assert cents == read(Receipt, write(made)).cap_cents


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_exact_figures_keep_their_denominator(exact):
    step = MADE.steps[0]._replace(exact=exact)
    again = read(Receipt, write(MADE._replace(steps=(step,)))).steps[0].exact
    assert (exact, Fraction) == (again, type(again))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("cap_cents",), ...),
        (("cap_cents",), 1.5),
        (("cap_cents",), -1),
        (("cap_cents",), "12"),
        (("cap_cents",), 2**53),
        (("cap_cents",), True),
        (("day_cap_cents",), None),
        (("more",), 1),
        (("legs",), {}),
        (("legs", 0), None),
        (("legs", 0, "odds"), "1.5"),
        (("legs", 0, "odds"), 1.5),
        (("legs", 0, "odds"), "x"),
        (("legs", 0, "factor"), "6/4"),
        (("legs", 0, "factor"), "1.5"),
        (("legs", 0, "not_played"), 0),
        (("legs", 0, "starts"), "2026-05-02T17:00:00"),
        (("legs", 0, "starts"), 5),
        (("legs", 0, "starts"), "soon"),
        (("legs", 0, "league"), None),
        (("legs", 0, "result", "ending"), "won"),
        (("legs", 0, "result", "total"), [1]),
        (("legs", 0, "result", "more"), 1),
        (("stage",), 5),
        (("tax", "ext_rate"), "0.1250"),
    ],
    ids=str,
)
def test_what_is_spelled_otherwise_is_refused_with_its_place(at, value):
    with pytest.raises(BadMember) as bad:
        read(Receipt, changed(at, value))
    assert at == bad.value.at


def test_terms_that_cannot_be_are_refused():
    with pytest.raises(BadMember) as bad:
        read(Receipt, changed(("tax", "ext_rate"), "1.5"))
    assert ("tax",) == bad.value.at


# ---- published keys

KEYS = [
    PublicKey(KEY.public.id, PUBLIC, CREATED, CREATED + dt.timedelta(days=1)),
    PublicKey(key_id(public_of(b"\1" * 32)), public_of(b"\1" * 32), CREATED),
]


def test_published_keys_are_read_by_their_id():
    body = render_keys(KEYS)
    assert {key.id: key.public for key in KEYS} == parse_keys(body)
    first = json.loads(body)["keys"][0]
    assert {
        "id": KEY.public.id,
        "algorithm": "Ed25519",
        "public_key": PUBLIC.hex(),
        "valid_from": "2026-05-01T12:00:00.250000",
        "retired": "2026-05-02T12:00:00.250000",
    } == first


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Ed25519", b"Ed448"),
        (KEY.public.id.encode(), b"0" * 16),
        (PUBLIC.hex().encode(), b"ab"),
        (b'"keys"', b'"locks"'),
        (b'"retired"', b'"id":"1","retired"'),
        (b"{", b""),
    ],
)
def test_a_document_that_is_none_of_keys_is_refused(was, becomes):
    with pytest.raises(Malformed):
        parse_keys(render_keys(KEYS).replace(was, becomes))


def test_what_makes_a_key_sign_is_in_no_text_of_it():
    assert PRIVATE.hex() not in repr(KEY)
    assert repr(PRIVATE) not in repr(KEY)


def test_a_signature_is_of_its_message_and_key():
    signature = sign(PRIVATE, b"one")
    assert is_signed(PUBLIC, b"one", signature)
    assert not is_signed(PUBLIC, b"other", signature)
    assert not is_signed(public_of(b"\1" * 32), b"one", signature)
