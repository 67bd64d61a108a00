"""Players of a weekend cash out: who does is the seed's choice, and the table tells of it."""

import io
from collections import Counter
from decimal import Decimal

import pytest
from rich.console import Console

from acca_client.placing import Accumulator, Pick, Superbet
from acca_client.testing import AccaDouble
from acca_sandbox.storm.crowd import Heard, Way, Wish
from acca_sandbox.storm.plan import Answered
from acca_sandbox.weekend.cashing import CashDesk, CashOuts, choose
from acca_sandbox.weekend.plan import WeekendReport
from acca_sandbox.weekend.reckoning import sum_up
from acca_sandbox.weekend.showing import show_weekend

HEAD = {"token": "t", "price_cents": 5000, "currency": "KES", "source": "mobile"}
PICKS = (Pick(100001, 1, Decimal("1.95")), Pick(100002, 1, Decimal("1.5")))
TIP = Accumulator(**HEAD, picks=PICKS)
QUIZ = Superbet(**HEAD, event=100001, bets=[1, 101])


def heard(number, request=TIP, way=Way.CREATE):
    return Heard(Wish(number, request, way), placed={f"id-{number}"})


def test_the_same_seed_chooses_the_same_few_in_any_order():
    all_of_them = [heard(number) for number in range(5000)]
    early, late = choose(all_of_them, 7)
    assert 130 < len(early) + len(late) < 170
    assert min(len(early), len(late)) > 50
    again = choose(all_of_them[::-1], 7)
    assert (set(early), set(late)) == (set(again.early), set(again.late))
    assert set(early) != set(choose(all_of_them, 8).early)


def test_prizes_and_what_nobody_paid_are_not_cashed_out():
    others = [heard(number, QUIZ) for number in range(1000)]
    others += [heard(number, way=Way.LEAVE) for number in range(1000)]
    assert ([], []) == choose(others, 7)
    assert [] != choose([heard(number, way=Way.PAY) for number in range(1000)], 7).early


@pytest.fixture
def double():
    return AccaDouble()


@pytest.fixture
async def engine(double):
    async with double.async_engine() as opened:
        yield opened


async def test_what_is_offered_is_taken_and_the_rest_is_counted(double, engine):
    tickets = [await engine.create(TIP) for _ in range(3)]
    desk = CashDesk(engine, clients=2)
    double.lose_answers()
    await desk.cash_out([each.id for each in tickets[:2]])
    double.suspend(100002, 1)
    await desk.cash_out([tickets[2].id])
    assert CashOuts(done=2, refused=1, price_cents=10_000, paid_cents=2 * 4222) == desk.done
    (sales,) = sum_up([await engine.ticket(each.id) for each in tickets]).values()
    assert {"cashed out": 2, "pending": 1} == sales.results
    assert (2 * 4222, 15_000) == (sales.paid_out_cents, sales.turnover_cents)


async def test_the_closing_table_is_eighty_columns_wide(engine):
    ticket = await engine.create(TIP)
    await engine.cash_out(ticket.id, 1000)
    report = WeekendReport(
        matches=1,
        cards=Counter(quicktip=1),
        answered=Answered(
            placed=1, refused=Counter(), unknown=0, seconds=[0.1], lasted_seconds=1.0, calls=1,
            retries=0,
        ),
        dropped=0,
        sales=sum_up([await engine.ticket(ticket.id)]),
        cashed_out=CashOuts(done=1234, refused=567, price_cents=10**9, paid_cents=10**9),
        corrected=[],
        deliveries=Counter(),
        calls=1,
        faults=Counter(),
        difference_cents=0,
        violations=0,
        left=0,
        audit="",
        audit_is_clean=True,
    )  # fmt: skip
    told = io.StringIO()
    show_weekend(Console(file=told, width=80), report)
    shown = told.getvalue()
    assert max(map(len, shown.splitlines())) <= 80
    sales = next(line for line in shown.splitlines() if line.startswith("│cashed out"))
    assert ["1", "1"] == [cell.strip() for cell in sales.split("│")[2:-1]]
    assert "1,234: 10,000,000.00 KES for what cost" in shown
