import json

import pytest

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.products import event_ids
from acca.core.cards.quickbet import CouponEvent, Quickbet
from acca.core.cards.quicktip import Quicktip, Tip
from acca.core.cards.smartbet import Band, Smartbet
from acca.core.cards.superbet import Prize, Superbet, VoidQuestion
from acca.wire.card_files import body_of, parse_card_file
from acca.wire.defects import Defective
from acca.wire.document import render

HEAD = {"title": "Weekend", "description": "Five good ones", "currency": "KES"}
FILES = [
    (
        {"type": "quicktip", "tips": [{"event": 7, "bet": 1, "reason": "at home"}]},
        Quicktip((Tip(7, 1, "at home"),)),
    ),
    (
        {
            "type": "quickbet",
            "prices": [1000, 5000],
            "min_events": 1,
            "max_events": 2,
            "events": [{"event": 7, "bets": [1, 2, 3]}, {"event": 8, "bets": [1, 2, 3]}],
        },
        Quickbet((1000, 5000), 1, 2, (CouponEvent(7, (1, 2, 3)), CouponEvent(8, (1, 2, 3)))),
    ),
    (
        {
            "type": "smartbet",
            "stakes": [2000],
            "wins": [25000],
            "risks": ["1.25-1.99", "2.00-4.99"],
            "max_events": 12,
            "events": [7, 8],
        },
        Smartbet((2000,), (25000,), (Band(125, 199), Band(200, 499)), 12, (7, 8)),
    ),
    (
        {
            "type": "superbet",
            "event": 7,
            "price": 5000,
            "questions": [[1, 2, 3], [31, 32]],
            "prizes": [{"correct": 2, "amount": 20000}, {"correct": 1, "amount": 1000}],
            "void_question": "lower",
        },
        Superbet(
            7, 5000, ((1, 2, 3), (31, 32)), (Prize(2, 20000), Prize(1, 1000)), VoidQuestion.LOWER
        ),
    ),
    (
        {
            "type": "jackpot",
            "price": 9900,
            "max_lines": 1000,
            "tiers": [
                {"kind": "shared_amount", "amount": 10_000_000},
                {"kind": "shared_percent_of_pool", "pool": 12.5},
            ],
            "events": [7, 8, 9],
            "reserves": [10],
            "void_steps": [
                {"policy": "reserves"},
                {"policy": "refund_all", "threshold": 3},
            ],
            "carries_over": True,
        },
        Jackpot(
            9900,
            1000,
            (
                Tier(PrizeKind.SHARED_AMOUNT, 10_000_000),
                Tier(PrizeKind.SHARED_PERCENT_OF_POOL, 0, 125_000),
            ),
            (7, 8, 9),
            (VoidStep(VoidPolicy.RESERVES), VoidStep(VoidPolicy.REFUND_ALL, 3)),
            (10,),
            carries_over=True,
        ),
    ),
]


def file_of(members):
    return json.dumps({**HEAD, **members}).encode()


@pytest.mark.parametrize(("members", "body"), FILES, ids=lambda each: type(each).__name__)
def test_a_file_becomes_the_value_of_its_product(members, body):
    assert body == body_of(parse_card_file(file_of(members)))


@pytest.mark.parametrize(("members", "_body"), FILES, ids=lambda each: type(each).__name__)
def test_a_file_reads_alike_after_it_was_written(members, _body):
    file = parse_card_file(file_of(members))
    assert file == parse_card_file(render(file))


def test_a_card_tells_its_events_in_order():
    bodies = [body_of(parse_card_file(file_of(members))) for members, _ in FILES]
    assert [(7,), (7, 8), (7, 8), (7,), (7, 8, 9, 10)] == [event_ids(body) for body in bodies]


def test_every_defect_of_a_file_is_told():
    with pytest.raises(Defective) as refused:
        parse_card_file(b'{"type":"superbet","title":"","event":"x","price":0,"questions":[]}')
    places = [defect.loc[1:] for defect in refused.value.defects]
    assert [
        ("title",),
        ("currency",),
        ("event",),
        ("price",),
        ("questions",),
        ("prizes",),
    ] == places


def test_an_unknown_product_is_named():
    with pytest.raises(Defective) as refused:
        parse_card_file(file_of({"type": "megabet"}))
    assert [("body", "type")] == [defect.loc for defect in refused.value.defects]
