import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from acca.core.cards.jackpot import PrizeKind, VoidPolicy
from acca.core.cards.quicktip import Risk
from acca.core.cards.smartbet import Band
from acca.core.finance import ExtType
from acca.core.ticket import TicketType
from acca.wire.bc import (
    CardsQuery,
    FinanceDetails,
    FinanceQuery,
    JackpotPickAnswer,
    JackpotPickRequest,
    Kept,
    PickedCardEvent,
    SmartbetAnswer,
    SmartbetRequest,
    Strategy,
)
from acca.wire.bc_cards import (
    BetEvent,
    CardBet,
    CardCategory,
    CardEvent,
    CardTeam,
    ChoiceEvent,
    JackpotCard,
    JackpotRules,
    Question,
    QuestionBet,
    QuickbetCard,
    QuicktipCard,
    SmartbetCard,
    SuperbetCard,
    TipEvent,
    VoidRule,
)
from acca.wire.defects import Defective
from acca.wire.document import parse, render
from acca.wire.parts import Prize
from acca.wire.queries import parse_query

HELSINKI = ZoneInfo("Africa/Johannesburg")
STARTS = datetime(2024, 7, 17, 17, tzinfo=UTC)

FINANCE = (
    '{"price":1000,"total_odds":3.42,"stake":889,"ext":12.5,"ext_amount":111,'
    '"ext_type":"inclusive","wht":20,"wht_amount":430,"gross_payout":3040,"net_payout":2610}'
)
CARD_EVENT = (
    '{"starts":"2024-07-17T17:00:00.000000","operator_time_starts":"2024-07-17T19:00:00.000000",'
    '"category":{"league_id":18450000,"league_slug":"football/finland/kakkonen-group-a",'
    '"league_name":"Kakkonen Group A","country_id":1880000,"country_slug":"finland",'
    '"country_name":"Finland"},'
    '"home_team":{"slug":"ppj","name":"PPJ","id":1141060000},'
    '"away_team":{"slug":"japs-47","name":"JaPS/47","id":1222480000},'
    '"bet":{"id":1,"bet_code":"1","bet_name":"Home","market_code":"MRFT",'
    '"market_name":"Match Result Full Time","line_code":null,"line_name":null,"odds":1.95,'
    '"updated":"2024-07-16T06:45:11"},"id":292275}'
)

PLACES = {
    "starts": STARTS,
    "category": CardCategory(
        league_id=18450000,
        league_slug="football/finland/kakkonen-group-a",
        league_name="Kakkonen Group A",
        country_id=1880000,
        country_slug="finland",
        country_name="Finland",
    ),
    "home_team": CardTeam(slug="ppj", name="PPJ", id=1141060000),
    "away_team": CardTeam(slug="japs-47", name="JaPS/47", id=1222480000),
    "id": 292275,
}
BET = CardBet(
    id=1,
    bet_code="1",
    bet_name="Home",
    market_code="MRFT",
    market_name="Match Result Full Time",
    line_code=None,
    line_name=None,
    odds=195,
    updated=datetime(2024, 7, 16, 6, 45, 11, tzinfo=UTC),
)
HEAD = {
    "code": "A1B2C3",
    "title": "Tips",
    "description": "",
    "sitename": None,
    "domain": None,
    "preview_img": None,
    "operator": "acme",
    "currency": "KES",
    "opens": STARTS,
    "closes": STARTS,
    "updated": STARTS,
}
CARDS = [
    (
        QuicktipCard(
            **HEAD,
            total_odds=195,
            risk=Risk.LOW,
            probability_basis_points=5012,
            events=(TipEvent(**PLACES, bet=BET, tip_reason=None),),
        ),
        "total_odds risk probability events",
    ),
    (
        QuickbetCard(
            **HEAD,
            prices=(1000, 2000),
            min_events=1,
            max_events=20,
            events=(ChoiceEvent(**PLACES, bets=(BET, BET)),),
        ),
        "prices min_events max_events events",
    ),
    (
        SmartbetCard(
            **HEAD,
            stakes=(1000,),
            wins=(25000,),
            risks=(Band(125, 199), Band(200, 499)),
            max_events=20,
            events_count=1800,
        ),
        "stakes wins risks max_events events_count",
    ),
    (
        SuperbetCard(
            **HEAD,
            event=CardEvent(**PLACES),
            questions=(
                Question(
                    market_code="BTTSFT",
                    market_name="Both teams to score",
                    line_code=None,
                    line_name=None,
                    bets=(QuestionBet(id=101, bet_code="Y", bet_name="Yes"),),
                ),
            ),
            price_cents=5000,
            prizes=(Prize(correct=6, amount_cents=1_000_000),),
        ),
        "event questions price prizes",
    ),
    (
        JackpotCard(
            **HEAD,
            price_cents=5000,
            prize_cents=100_000_000,
            bonus_prizes=(5_000_000,),
            max_lines=512,
            events=(ChoiceEvent(**PLACES, bets=(BET, BET, BET)),),
            rules=JackpotRules(
                prize_kinds=(PrizeKind.SHARED_AMOUNT, PrizeKind.FIXED_PER_LINE),
                highest_tier_only=True,
                carries_over=False,
                void_rules=(
                    VoidRule(
                        policy=VoidPolicy.PUBLIC_DRAW,
                        threshold=None,
                        after_hours=48,
                        max_events=3,
                        prize_factors=None,
                    ),
                ),
                reserves=(1, 2),
                commitment="0f" * 32,
            ),
        ),
        "price prize bonus_prizes max_lines events rules",
    ),
]


def test_finance_details_are_the_published_sample():
    details = FinanceDetails(
        price_cents=1000,
        total_odds=342,
        stake_cents=889,
        ext_rate=125_000,
        ext_amount_cents=111,
        ext_type=ExtType.INCLUSIVE,
        wht_rate=200_000,
        wht_amount_cents=430,
        gross_payout_cents=3040,
        net_payout_cents=2610,
    )
    assert render(details).decode() == FINANCE
    assert parse(FinanceDetails, FINANCE.encode()) == details


def test_the_published_card_event():
    event = BetEvent(**PLACES, bet=BET)
    assert render(event, HELSINKI).decode() == CARD_EVENT
    assert parse(BetEvent, CARD_EVENT.encode()) == event


@pytest.mark.parametrize(("card", "body"), CARDS, ids=lambda one: type(one).__name__)
def test_a_card_begins_with_the_head_and_ends_with_its_body(card, body):
    head = (
        "code title description sitename domain preview_img operator currency "
        "opens operator_time_opens closes operator_time_closes updated "
    )
    rendered = render(card, HELSINKI)
    assert list(json.loads(rendered)) == (head + body).split()
    assert parse(type(card), rendered) == card


def test_the_keys_inside_cards():
    quicktip, quickbet, smartbet, superbet, jackpot = (
        json.loads(render(card)) for card, _ in CARDS
    )
    places = "starts operator_time_starts category home_team away_team "
    assert list(quicktip["events"][0]) == (places + "bet tip_reason id").split()
    assert list(quickbet["events"][0]) == (places + "bets id").split()
    assert list(superbet["event"]) == (places + "id").split()
    assert smartbet["risks"] == ["1.25-1.99", "2.00-4.99"]
    assert quicktip["probability"] == 50.12
    question = "market_code market_name line_code line_name bets"
    assert list(superbet["questions"][0]) == question.split()
    assert superbet["questions"][0]["bets"] == [{"id": 101, "bet_code": "Y", "bet_name": "Yes"}]
    rules = "prize_kinds highest_tier_only carries_over void_rules reserves commitment"
    assert list(jackpot["rules"]) == rules.split()


# ---- smartbet and jackpot


def test_the_published_smartbet_request():
    request = parse(SmartbetRequest, b'{"stake":2000,"win":25000,"risk":"1.25-4.99"}')
    assert request == SmartbetRequest(stake_cents=2000, win_cents=25000, risk=Band(125, 499))
    assert (request.exclude, request.seed) == ((), None)


@pytest.mark.parametrize(
    ("risk", "sentence"),
    [
        ("5-2", "has to name the lower odds first"),
        ("abc", "has to be a band of odds such as 1.25-4.99"),
        ("1.25", "has to be a band of odds such as 1.25-4.99"),
        ("1.2345-2", "has more than 2 decimals"),
        ("0.5-2", "has to be between 1.00 and 100000.00"),
        ("1..5-2", "is not a number"),
        (7, "has to be a string"),
    ],
)
def test_a_band_that_is_none_is_a_defect(risk, sentence):
    body = json.dumps({"stake": 1, "win": 10**15, "risk": risk, "seed": "x"}).encode()
    with pytest.raises(Defective) as refused:
        parse(SmartbetRequest, body)
    assert [(one.loc, one.msg) for one in refused.value.defects] == [
        (("body", "win"), "has to be between 1 and 999999999999999"),
        (("body", "risk"), sentence),
        (("body", "seed"), "has to be an integer"),
    ]


def test_the_order_of_a_smartbet_answer():
    answer = SmartbetAnswer(
        price_cents=2000,
        stake_cents=1778,
        total_odds=1824,
        ext_rate=125_000,
        ext_amount_cents=222,
        wht_rate=200_000,
        wht_amount_cents=6131,
        gross_payout_cents=32431,
        net_payout_cents=26300,
        risk=Band(125, 199),
        events=(BetEvent(**PLACES, bet=BET),),
        probability_basis_points=412,
        seed=7,
    )
    assert list(json.loads(render(answer))) == [
        "price",
        "stake",
        "total_odds",
        "ext",
        "ext_amount",
        "wht",
        "wht_amount",
        "gross_payout",
        "net_payout",
        "risk",
        "events",
        "probability",
        "seed",
    ]
    assert render(answer).startswith(b'{"price":2000,"stake":1778,"total_odds":18.24,"ext":12.5,')


def test_a_jackpot_is_filled_by_weight_unless_it_is_said():
    assert parse(JackpotPickRequest, b"{}") == JackpotPickRequest(
        strategy=Strategy.WEIGHTED, lines=1, keep=(), seed=None
    )
    body = b'{"strategy":"outsiders","lines":4,"keep":[{"id":5,"bet":1}],"seed":7}'
    assert parse(JackpotPickRequest, body) == JackpotPickRequest(
        strategy=Strategy.OUTSIDERS, lines=4, keep=(Kept(id=5, bet=1),), seed=7
    )
    with pytest.raises(Defective) as refused:
        parse(JackpotPickRequest, b'{"strategy":"lucky","lines":0}')
    assert [one.loc for one in refused.value.defects] == [("body", "strategy"), ("body", "lines")]


def test_a_filled_jackpot_has_a_bet_or_bets_per_event():
    answer = JackpotPickAnswer(
        price_cents=10_000,
        lines=2,
        probability_e10=6272,
        seed=7,
        events=(PickedCardEvent(**PLACES, bet=BET), PickedCardEvent(**PLACES, bets=(BET, BET))),
    )
    rendered = json.loads(render(answer))
    assert list(rendered) == ["price", "lines", "probability", "seed", "events"]
    assert [("bet" in one, "bets" in one) for one in rendered["events"]] == [
        (True, False),
        (False, True),
    ]
    assert b'"probability":0.00006272' in render(answer)
    with pytest.raises(Defective, match=r"bet is missing"):
        parse(PickedCardEvent, render(CardEvent(**PLACES)))


# ---- queries


def query_defects(document, pairs):
    with pytest.raises(Defective) as refused:
        parse_query(document, pairs)
    return [(one.loc, one.msg, one.type) for one in refused.value.defects]


def test_the_published_finance_query():
    pairs = [("operator", "acme"), ("price", "1000"), ("odds", "1.24"), ("odds", "2.76")]
    assert parse_query(FinanceQuery, [*pairs, ("unknown", "x")]) == FinanceQuery(
        operator="acme", price_cents=1000, odds=(124, 276)
    )
    typed = parse_query(FinanceQuery, [*pairs, ("type", "jackpot")])
    assert typed.type is TicketType.JACKPOT


def test_every_defect_of_a_query_is_told_at_once():
    pairs = [("price", "0"), ("price", "5"), ("odds", "1.24"), ("odds", "0.99"), ("odds", "x")]
    assert query_defects(FinanceQuery, [*pairs, ("odds", "1.001"), ("type", "lotto")]) == [
        (("query", "price"), "is present more than once", "duplicate"),
        (("query", "operator"), "is missing", "missing"),
        (("query", "price"), "has to be between 1 and 999999999999999", "integer"),
        (("query", "odds", 1), "has to be between 1 and 100000", "odds"),
        (("query", "odds", 2), "is not a number", "odds"),
        (("query", "odds", 3), "has more than 2 decimals", "odds"),
        (
            ("query", "type"),
            "has to be one of quicktip, smartbet, quickbet, superbet, jackpot",
            "word",
        ),
    ]


@pytest.mark.parametrize("count", [0, 101])
def test_a_finance_query_has_one_to_a_hundred_odds(count):
    pairs = [("operator", "acme"), ("stake", "1000"), *[("odds", "1.5")] * count]
    assert [loc for loc, _, _ in query_defects(FinanceQuery, pairs)] == [("query", "odds")]


def test_a_parameter_given_twice_refuses_an_otherwise_good_query():
    pairs = [("operator", "acme"), ("operator", "acme")]
    assert query_defects(CardsQuery, pairs) == [
        (("query", "operator"), "is present more than once", "duplicate")
    ]


def test_the_filters_of_card_lists():
    pairs = [
        ("operator", "acme"),
        ("league_id", "18450000"),
        ("starts_before", "2024-07-17T19:00:00+02:00"),
        ("starts_after", "2024-07-17"),
        ("limit", "5"),
    ]
    assert parse_query(CardsQuery, pairs) == CardsQuery(
        operator="acme",
        league_id=18450000,
        starts_before=STARTS,
        starts_after=datetime(2024, 7, 17, tzinfo=UTC),
        limit=5,
    )
    assert query_defects(CardsQuery, [("limit", "0")])[0][0] == ("query", "operator")
