import json

import msgspec
import pytest
from receipts_made import CREATED, PRIVATE, leg, played, receipt
from receipts_seen import altered_place

from acca.core.finance import ExciseFormula, TaxTerms
from acca.core.receipt import Stage
from acca.core.receipting import complete
from acca.core.signing_key import PublicKey, SigningKey
from acca.wire.ed25519 import key_id, public_of
from acca.wire.receipt_proof import ReceiptRefused, Unreadable, prove
from acca.wire.receipt_words import checked, not_checked
from acca.wire.receipts import seal

KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
OTHER = b"\1" * 32


def key_of(private):
    public = public_of(private)
    return SigningKey(PublicKey(key_id(public), public, CREATED), private)


def published(*privates):
    return {key_id(public_of(one)): public_of(one) for one in privates}


MADE = complete(receipt(leg(played(2, 1, (1, 0)), odds=195), tax=KENYA, cap_cents=100_000))
BODY, KEYS = seal(MADE, key_of(PRIVATE)), published(PRIVATE)


def refused(body, keys=KEYS):
    with pytest.raises(ReceiptRefused) as refusal:
        prove(body, keys)
    return refusal.value


def replaced(was, becomes):
    assert 1 == BODY.count(was), was
    return BODY.replace(was, becomes)


def test_a_receipt_is_proven_with_the_key_that_signed_it():
    assert (MADE, key_of(PRIVATE).public.id) == prove(BODY, {**published(OTHER), **KEYS})


def test_blanks_and_order_change_nothing():
    loose = json.dumps(json.loads(BODY), indent=2, sort_keys=False).encode()
    turned = json.dumps(dict(reversed(json.loads(BODY).items()))).encode()
    assert prove(BODY, KEYS) == prove(loose, KEYS) == prove(turned, KEYS)


def test_a_receipt_with_any_digit_altered_is_refused_at_its_place():
    for place, byte in enumerate(BODY):
        if not 48 <= byte <= 57:
            continue
        digit = 48 + (byte - 48 + 1 + place % 9) % 10
        body = BODY[:place] + bytes([digit]) + BODY[place + 1 :]
        refusal = refused(body)
        altered = altered_place(BODY, body)
        assert refusal.pointer, (body[place - 20 : place + 5], refusal)
        assert altered is None or altered.startswith(refusal.pointer), (altered, refusal)


def test_the_digit_that_was_signed_is_named():
    refusal = refused(replaced(b'"odds":"1.95"', b'"odds":"1.45"'))
    expected = '/legs/0/odds was altered: 4 stands there for 9, so "1.45" and not "1.95"'
    assert expected == str(refusal)


def test_a_number_that_begins_with_a_zero_is_found_though_it_is_no_json():
    refusal = refused(replaced(b'"cap_cents":100000', b'"cap_cents":000000'))
    assert "/cap_cents was altered: 0 stands there for 1" == str(refusal)


def test_two_altered_digits_are_told_by_what_does_not_follow():
    twice = replaced(b'"odds":"1.95"', b'"odds":"1.45"').replace(b'"player-1"', b'"player-2"')
    assert "/legs/0/factor" == refused(twice).pointer
    names = replaced(b"Gor Mahia", b"Gor Mahib").replace(b'"player-1"', b'"player-2"')
    assert ("", True) == (refused(names).pointer, "more than one digit" in str(refused(names)))


# ---- what stands beside the receipt

DOCUMENT = json.loads(BODY)


def with_members(**changes):
    return json.dumps({**DOCUMENT, **changes}).encode()


def other_digit(text):
    return ("1" if text[0] != "1" else "2") + text[1:]


def test_an_altered_hash_is_told_from_an_altered_content():
    refusal = refused(with_members(sha256=other_digit(DOCUMENT["sha256"])))
    assert ("/sha256", True) == (refusal.pointer, "the content fits the signature" in str(refusal))


def test_an_altered_signature_is_told_with_its_digit():
    signature = DOCUMENT["signature"]
    altered = signature[:50] + other_digit(signature[50:])
    refusal = refused(with_members(signature=altered))
    assert ("/signature", True) == (refusal.pointer, "in digit 51" in str(refusal))
    assert "forged" in str(refused(with_members(signature="00" * 64)))
    assert "forged" in str(refused(with_members(signature="zz")))


def test_an_altered_key_id_is_told_and_the_key_that_signed():
    refusal = refused(with_members(key=other_digit(DOCUMENT["key"])))
    assert f"/key was altered: the signature is by key {DOCUMENT['key']}" == str(refusal)


def test_a_key_that_is_not_given_is_never_believed():
    forged = seal(MADE, key_of(OTHER))
    refusal = refused(forged)
    assert ("/key", True) == (refusal.pointer, "another deployment, or forged" in str(refusal))


def test_a_key_that_is_named_wrongly_does_not_sign():
    forged = json.loads(seal(MADE, key_of(OTHER)))
    body = json.dumps({**forged, "key": DOCUMENT["key"]}).encode()
    assert "/signature" == refused(body).pointer


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (BODY.replace(b'"key":', b'"key":"1","key":', 1), "/key"),
        (replaced(b'"cap_cents":', b'"cap_cents":1,"cap_cents":'), "/cap_cents"),
        (replaced(b'"cap_cents":', b'"more":1,"cap_cents":'), "/more"),
        (with_members(more=1), "/more"),
        (b"[]", ""),
        (b'{"receipt":1}', "/key"),
        (with_members(receipt=[]), ""),
    ],
    ids=range(7),
)
def test_duplicate_unknown_and_missing_members_are_refused(body, pointer):
    assert pointer == refused(body).pointer


@pytest.mark.parametrize("length", [0, 1, 100, len(BODY) - 1])
def test_a_truncated_receipt_cannot_be_read(length):
    with pytest.raises(Unreadable):
        prove(BODY[:length], KEYS)


# ---- what is signed and false


def signed_lie(**changes):
    """Sign what does not follow, as nobody but the deployment could."""
    return seal(MADE._replace(**changes), key_of(PRIVATE))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"end": MADE.end._replace(net_cents=MADE.end.net_cents + 1)}, "/end/net_cents"),
        ({"charge": MADE.charge._replace(stake_cents=900, ext_cents=100)}, "/charge/stake_cents"),
        ({"steps": MADE.steps[:-1]}, "/steps"),
        ({"struck": None}, "/struck"),
        ({"legs": (MADE.legs[0]._replace(market="DCFT"),)}, "/legs/0/market"),
        ({"stage": Stage.STRUCK}, "/ticket/status"),
        ({"tax": TaxTerms(125_000, ExciseFormula.INCLUSIVE, 100_000)}, "/struck/wht_cents"),
    ],
    ids=str,
)
def test_what_the_deployment_signed_has_to_follow_all_the_same(changes, pointer):
    assert pointer == refused(signed_lie(**changes)).pointer


# ---- words


def test_what_was_checked_is_said_in_words():
    said = list(checked(MADE, "ab"))
    assert "signature by key ab over the canonical content, and its SHA-256" == said[0]
    assert (
        "leg 1, Gor Mahia - AFC Leopards, MRFT 1 at 1.95: 2-1 (1-0, 1-1): won, factor 39/20" in said
    )
    assert "stake_cents = price_cents / (1 + ext_rate) = 8000/9, half_up 889" in said
    assert "result won: gross 17.34, withheld 1.69, net 15.65 KES" == said[-1]
    assert "that the scores are true, and were known then" in not_checked(MADE)


def test_a_receipt_is_plain_for_msgspec_too():
    assert msgspec.json.decode(BODY) == DOCUMENT
