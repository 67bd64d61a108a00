"""Whatever somebody signs, it is proven or refused with a sentence, and nothing breaks."""

import hashlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from receipts_made import PRIVATE, jackpot, leg, played, receipt, superbet

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.superbet import Prize, VoidQuestion
from acca.core.finance import ExciseFormula, TaxTerms
from acca.core.jackpot_judging import How, Place
from acca.core.public_draw import commit_to
from acca.core.receipt import JackpotPlace, JackpotRound
from acca.core.receipting import complete
from acca.wire.ed25519 import key_id, public_of, sign
from acca.wire.plain_values import write
from acca.wire.receipt_proof import ReceiptRefused, Unreadable, prove
from acca.wire.receipts import canonical, message_of

SEED = bytes(range(32))
PUBLIC = public_of(PRIVATE)
KEYS = {key_id(PUBLIC): PUBLIC}
KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
TIERS = (Tier(PrizeKind.SHARED_PERCENT_OF_POOL, 0, 300_000), Tier(PrizeKind.FIXED_PER_LINE, 900))
STEPS = (VoidStep(VoidPolicy.PUBLIC_DRAW, None, 24, 2), VoidStep(VoidPolicy.RESERVES))
CARD = Jackpot(1000, 100, TIERS, (11, 12, 13), STEPS, (14,), commitment=commit_to(SEED))
PLACES = (
    JackpotPlace(Place(11, How.PLAYED), played(1, 0), None),
    JackpotPlace(Place(12, How.DRAWN), None, "1:1-0"),
    JackpotPlace(Place(13, How.REPLACED, reserve=14), played(0, 0), None),
)
ROUND = JackpotRound(1, None, 900_000, SEED.hex(), PLACES, 10_000, 7, (1, 2), (), (), ())
HOME, OVER = leg(played(2, 1, (1, 0))), leg(played(2, 1), "OUFT", "2.25", "O")
MADE = [
    complete(receipt(HOME, OVER, tax=KENYA, cap_cents=1200, day_cap_cents=1100)),
    complete(superbet(VoidQuestion.LOWER, HOME, OVER, prizes=(Prize(2, 500), Prize(1, 5)))),
    complete(jackpot(CARD, ROUND, {11: "1X", 12: "1X2", 13: "X", 14: "X"})),
]
TREES = [canonical(write(one)) for one in MADE]
TOKENS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.text(max_size=8)
    | st.sampled_from(["1", "X", "1.50", "0.5", "3/2", "void", "won", "drawn", "basketball", "99"])
    | st.lists(st.integers(0, 20), max_size=3)
    | st.just({})
)


def nodes(tree):
    """Give every container of a tree with each of its steps."""
    for step, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield tree, step
        if isinstance(inner, dict | list):
            yield from nodes(inner)


def signed(tree):
    content = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return json.dumps({
        "receipt": tree,
        "sha256": hashlib.sha256(content).hexdigest(),
        "key": key_id(PUBLIC),
        "signature": sign(PRIVATE, message_of(content)).hex(),
    }).encode()  # fmt: skip


def judged(body):
    """Say what becomes of a document; any other failure is a bug."""
    try:
        prove(body, KEYS)
    except ReceiptRefused as refused:
        return refused.sentence
    except Unreadable:
        return "cannot be read"
    return "proven"


def test_each_of_them_is_good_as_it_was_made():
    for tree, made in zip(TREES, MADE, strict=True):
        assert made == prove(signed(json.loads(tree)), KEYS).receipt


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(TREES), st.data())
def test_whatever_is_signed_is_proven_or_refused(text, data):
    tree = json.loads(text)
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(nodes(tree))
        inner, step = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.integers(0, 9)):
            inner[step] = data.draw(TOKENS)
        else:
            del inner[step]
    assert judged(signed(tree)) != "cannot be read"


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_the_bytes_are_they_are_refused_or_cannot_be_read(body):
    assert judged(body) != "proven"
