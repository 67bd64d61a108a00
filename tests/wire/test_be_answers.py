import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from acca.core.delivery import Verdict
from acca.core.finance import ExtType
from acca.core.ticket import Source, Status, TicketResult, TicketType
from acca.wire.be_answers import (
    Attempt,
    CashOutOffer,
    ErrorAnswer,
    EventsPage,
    Lane,
    OtpSent,
    OtpVerified,
    Quote,
    StreamEvent,
    StreamHead,
    TimelineEntry,
    parse_timeline,
)
from acca.wire.be_requests import PickedEvent
from acca.wire.be_tickets import (
    AccumulatorTicket,
    JackpotTicket,
    LegResult,
    SuperbetBet,
    SuperbetEvent,
    SuperbetTicket,
    TicketLeg,
    parse_ticket,
)
from acca.wire.defects import Defective
from acca.wire.document import render, render_list
from acca.wire.parts import Coded, EventScore, Named, Prize

NAIROBI = ZoneInfo("Africa/Nairobi")
CREATED = datetime(2024, 7, 16, 21, 30, 0, 1234, UTC)
STARTS = datetime(2024, 7, 17, 17, tzinfo=UTC)

HEAD = {
    "id": "668ef666333180bba97f0c93",
    "code": "CD4BDD",
    "psp": None,
    "price_cents": 500,
    "stake_cents": 444,
    "currency": "USD",
    "gross_payout_cents": 2842,
    "net_payout_cents": 2602,
    "wht_amount_cents": 240,
    "wht_rate": 100_000,
    "ext_amount_cents": 56,
    "ext_rate": 125_000,
    "ext_type": ExtType.INCLUSIVE,
    "status": Status.OPEN,
    "result": TicketResult.PENDING,
    "approved": True,
    "source": Source.MOBILE,
    "atag": "atag_value",
    "rtag": None,
    "aff_instant_comm_amt_cents": None,
    "aff_instant_comm_pct_rate": 25_000,
    "user_id": "sometokenvalue",
    "created": CREATED,
    "updated": CREATED,
}
PLACES = {
    "id": 292275,
    "starts": STARTS,
    "sport": Named(id=1, name="Football"),
    "category": Named(id=2, name="Finland"),
    "league": Named(id=3, name="Kakkonen Group A"),
    "home_team": Named(id=4, name="PPJ"),
    "away_team": Named(id=5, name="JäPS/47"),
}
LEG = TicketLeg(
    **PLACES,
    market=Coded(code="OUFT", name="Over/Under"),
    bet=Coded(code="O", name="Over"),
    line=Coded(code="2.5", name="2.5"),
    bet_id=101,
    odds=640,
    result=LegResult.WON,
    score=EventScore(ht=(1, 0), ft=(2, 1)),
)
QUICKTIP = AccumulatorTicket(
    **HEAD,
    type=TicketType.QUICKTIP,
    events=(LEG,),
    odds=640,
    betcard_code=None,
    settled_odds=None,
)
SUPERBET = SuperbetTicket(
    **HEAD,
    type=TicketType.SUPERBET,
    event=SuperbetEvent(**PLACES, score=None),
    bets=(
        SuperbetBet(
            market=Coded(code="BTTSFT", name="Both teams to score"),
            bet=Coded(code="Y", name="Yes"),
            line=None,
            bet_id=104,
            result=LegResult.PENDING,
        ),
    ),
    betcard_code="A1B2C3",
    prizes=(Prize(correct=6, amount_cents=1_000_000), Prize(correct=5, amount_cents=20_000)),
)
JACKPOT = JackpotTicket(
    **HEAD,
    type=TicketType.JACKPOT,
    events=(LEG, LEG),
    betcard_code="A1B2C3",
    prize_cents=100_000_000,
    bonus_prizes=(5_000_000,),
    lines=2,
)

AFTER_EXT_TYPE = (
    "status result approved source type atag rtag aff_instant_comm_amt aff_instant_comm_pct "
    "user_id created operator_time_created updated operator_time_updated "
)
HEAD_KEYS = (
    "id code psp price stake currency gross_payout net_payout wht_amount wht ext_amount ext "
    "ext_type " + AFTER_EXT_TYPE
)
SUPERBET_HEAD_KEYS = (
    "id code psp price stake gross_payout net_payout wht_amount wht ext_amount ext ext_type "
    "currency " + AFTER_EXT_TYPE
)
EVENT_KEYS = "id starts operator_time_starts sport category league home_team away_team "


@pytest.mark.parametrize(
    ("ticket", "keys"),
    [
        (QUICKTIP, HEAD_KEYS + "events odds betcard_code settled_odds"),
        (SUPERBET, SUPERBET_HEAD_KEYS + "event bets betcard_code prizes"),
        (JACKPOT, HEAD_KEYS + "events betcard_code prize bonus_prizes lines"),
    ],
)
def test_a_ticket_has_the_documented_keys_in_the_documented_order(ticket, keys):
    rendered = render(ticket, NAIROBI)
    assert list(json.loads(rendered)) == keys.split()
    assert parse_ticket(rendered) == ticket


def test_an_event_of_a_ticket_has_the_documented_keys():
    event = json.loads(render(QUICKTIP))["events"][0]
    assert list(event) == (EVENT_KEYS + "market bet line bet_id odds result score").split()
    assert list(event["sport"]) == ["id", "name"]
    assert list(event["market"]) == list(event["bet"]) == list(event["line"]) == ["code", "name"]
    assert event["score"] == {"ht": "1-0", "ft": "2-1"}


def test_the_event_and_the_bets_of_a_superbet_have_their_keys():
    superbet = json.loads(render(SUPERBET))
    assert list(superbet["event"]) == (EVENT_KEYS + "score").split()
    assert list(superbet["bets"][0]) == ["market", "bet", "line", "bet_id", "result"]
    assert superbet["prizes"][0] == {"correct": 6, "amount": 1_000_000}


def test_amounts_and_times_of_a_ticket():
    rendered = render(QUICKTIP, NAIROBI).decode()
    for member in (
        '"wht":10,"ext_amount":56,"ext":12.5,"ext_type":"inclusive"',
        '"aff_instant_comm_amt":null,"aff_instant_comm_pct":2.5',
        '"created":"2024-07-16T21:30:00.001234"',
        '"operator_time_created":"2024-07-17T00:30:00.001234"',
        '"starts":"2024-07-17T17:00:00.000000","operator_time_starts":"2024-07-17T20:00:00.000000"',
        '"name":"JäPS/47"',
        '"odds":6.4,"betcard_code":null,"settled_odds":null',
    ):
        assert member in rendered


def test_a_ticket_of_an_unknown_type_is_refused():
    with pytest.raises(Defective):
        parse_ticket(render(QUICKTIP).replace(b'"quicktip"', b'"lotto"'))


DOCUMENTS = [
    (
        ErrorAnswer(code=102, message="Ticket with `E36E20` identifier is not found"),
        '{"code":102,"message":"Ticket with `E36E20` identifier is not found"}',
    ),
    (
        CashOutOffer(
            amount_cents=900,
            gross_payout_cents=1000,
            wht_amount_cents=100,
            net_payout_cents=900,
            valid_until=STARTS,
        ),
        (
            '{"amount":900,"gross_payout":1000,"wht_amount":100,"net_payout":900,'
            '"valid_until":"2024-07-17T17:00:00.000000"}'
        ),
    ),
    (OtpSent(expires_in_seconds=300), '{"expires_in":300}'),
    (OtpVerified(verified=True), '{"verified":true}'),
    (
        Quote(
            price_cents=500,
            stake_cents=444,
            currency="USD",
            gross_payout_cents=2842,
            net_payout_cents=2602,
            wht_amount_cents=240,
            wht_rate=100_000,
            ext_amount_cents=56,
            ext_rate=125_000,
            ext_type=ExtType.EXCLUSIVE,
            approved=False,
            type=TicketType.QUICKBET,
            events=(PickedEvent(id=1, bet=2, odds=640),),
            odds=640,
            max_price_cents=10_000,
        ),
        (
            '{"price":500,"stake":444,"currency":"USD","gross_payout":2842,"net_payout":2602,'
            '"wht_amount":240,"wht":10,"ext_amount":56,"ext":12.5,"ext_type":"exclusive",'
            '"approved":false,"type":"quickbet","events":[{"id":1,"bet":2,"odds":6.4}],"odds":6.4,'
            '"max_price":10000}'
        ),
    ),
    (
        EventsPage(
            events=(
                StreamEvent(
                    number=7,
                    hash="0f" * 32,
                    at=STARTS,
                    ticket_id="668ef666333180bba97f0c93",
                    delivery_id="668ef666333180bba97f0c93-2",
                    kind="settle",
                    status=Status.RESULTED,
                    result=TicketResult.WON,
                    lane=Lane.PAM,
                    action="ticket_win",
                    body='{"action":"ticket_win"}',
                ),
                StreamEvent(
                    number=8,
                    hash="1e" * 32,
                    at=STARTS,
                    ticket_id="668ef666333180bba97f0c94",
                    delivery_id="668ef666333180bba97f0c94-2",
                    kind="confirm",
                    status=Status.OPEN,
                    result=TicketResult.PENDING,
                    lane=None,
                    action=None,
                    body=None,
                ),
            ),
            next=8,
            head=StreamHead(number=9, hash="1e" * 32),
        ),
        '{"events":[{"number":7,"hash":"' + "0f" * 32 + '","at":"2024-07-17T17:00:00.000000",'
        '"operator_time_at":"2024-07-17T20:00:00.000000",'
        '"ticket_id":"668ef666333180bba97f0c93","delivery_id":"668ef666333180bba97f0c93-2",'
        '"kind":"settle","status":"resulted","result":"won",'
        '"lane":"pam","action":"ticket_win","body":"{\\"action\\":\\"ticket_win\\"}"},'
        '{"number":8,"hash":"' + "1e" * 32 + '","at":"2024-07-17T17:00:00.000000",'
        '"operator_time_at":"2024-07-17T20:00:00.000000",'
        '"ticket_id":"668ef666333180bba97f0c94","delivery_id":"668ef666333180bba97f0c94-2",'
        '"kind":"confirm","status":"open","result":"pending",'
        '"lane":null,"action":null,"body":null}],"next":8,'
        '"head":{"number":9,"hash":"' + "1e" * 32 + '"}}',
    ),
]


@pytest.mark.parametrize(
    ("document", "text"),
    DOCUMENTS,
    ids=lambda one: "" if isinstance(one, str) else type(one).__name__,
)
def test_the_other_answers(document, text):
    assert render(document, NAIROBI).decode() == text


def test_a_timeline_is_a_bare_array():
    attempt = Attempt(
        attempt=1,
        is_late=False,
        at=STARTS,
        verdict=Verdict.UNREACHED,
        http_status=None,
        duration_ms=3000,
        answer=None,
    )
    entry = TimelineEntry(
        n=1,
        at=CREATED,
        kind="placed",
        status=Status.NEW,
        result=TicketResult.PENDING,
        actor=None,
        lane=Lane.PAM,
        action="ticket_create",
        body="{}",
        attempts=(attempt,),
    )
    rendered = render_list([entry, entry], NAIROBI)
    assert parse_timeline(rendered) == (entry, entry)
    (first, _) = json.loads(rendered)
    assert list(first) == (
        [
            "n",
            "at",
            "operator_time_at",
            "kind",
            "status",
            "result",
            "actor",
            "lane",
            "action",
            "body",
            "attempts",
        ]
    )
    assert list(first["attempts"][0]) == (
        [
            "attempt",
            "is_late",
            "at",
            "operator_time_at",
            "verdict",
            "http_status",
            "duration_ms",
            "answer",
        ]
    )
