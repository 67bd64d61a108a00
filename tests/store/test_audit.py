import asyncio
import datetime as dt
import json

import pytest
from catalogue_seen import add_provider
from settling_made import untax
from ticket_lives import LONG_AGO, accept, lost, open_unapproved, reserve, save
from tickets_made import STARTS, add_events, add_operator, new_ticket
from typer.testing import CliRunner

from acca.cli import app
from acca.core.audit import Invariant, Report
from acca.core.confirming import state_when_new
from acca.core.holding import Held
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry
from acca.flows.confirm_payments import Payment, pay
from acca.flows.decide_approvals import Asked, decline
from acca.flows.expire_reservations import expire_reservations
from acca.flows.number_stream import number_stream
from acca.flows.recover_tickets import recover_tickets
from acca.store.audit import audit_operator
from acca.store.connection import open_database
from acca.store.operators import get_operator
from acca.store.rules import read_operator_rules

NOT_YOUNG = dt.timedelta(seconds=-1)


@pytest.fixture
async def operator(database):
    added = await add_operator(database)
    await untax(database)
    return added


@pytest.fixture
async def events(database):
    return await add_events(database, await add_provider(database, "feeder"))


async def live(database, operator, events):
    """Live the lives of five tickets: open, paid, expired, recovered and declined."""
    opened = new_ticket(operator, events)
    await accept(database, opened)
    state = state_when_new(opened.facts, approved=True)._replace(status=Status.OPEN)
    await save(database, Change(opened.facts.key, 1, state, (Entry("confirm"),)))
    paid = await reserve(database, operator, events)
    async with database.reader() as reader:
        rules = await read_operator_rules(reader, "site")
    await pay(database, [Payment(rules, paid.facts.code)])
    expired = await reserve(database, operator, events, LONG_AGO)
    await expire_reservations(database)
    recovered = await lost(database, operator, events)
    await recover_tickets(database)
    declined = await open_unapproved(database, operator, events)
    await decline(database, Asked("site", declined.facts.code, "a trader"), "no")
    await number_stream(database)
    return opened, paid, expired, recovered, declined


def wallet_of(opened, paid, expired, recovered, declined):
    """Return what a wallet holds that has carried out everything."""
    refunded = Held(1000, 1000, "refund", last_n=3)
    return {
        opened.facts.key.id: Held(1000, last_n=1),
        paid.facts.key.id: Held(last_n=1),
        expired.facts.key.id: Held(discarded=True, last_n=3),
        recovered.facts.key.id: Held(1000, 1000, discarded=True, last_n=2),
        declined.facts.key.id: refunded,
    }


async def audit(database, held=None, young=NOT_YOUNG):
    report = Report()
    async with database.reader() as reader:
        operator = await get_operator(reader, "site")
        await audit_operator(reader, operator, report, young, held)
    return report


async def spoil(database, *statements, tables=("journal", "ticket", "stream")):
    """Change what cannot be changed, as a hand in the database would."""
    async with database.writer() as writer:
        for table in tables:
            await writer.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement, *arguments in statements:
            await writer.run(statement, *arguments)


def found(report):
    return [(each.invariant.name, each.sentence) for each in report.named]


async def test_lives_that_went_well_are_clean(database, operator, events):
    tickets = await live(database, operator, events)
    report = await audit(database, wallet_of(*tickets))
    assert [] == found(report)
    assert report.is_clean
    five = [report.checked[each] for each in (Invariant.I2, Invariant.I3, Invariant.I4)]
    assert [5, 5, 5, 5] == [*five, report.checked[Invariant.I6]]


async def test_what_is_still_on_its_way_to_the_wallet_is_no_fault(database, operator, events):
    _, _, expired, recovered, declined = tickets = await live(database, operator, events)
    held = wallet_of(*tickets) | {
        expired.facts.key.id: Held(last_n=1),
        recovered.facts.key.id: Held(1000, last_n=1),
        declined.facts.key.id: Held(1000, last_n=1),
    }
    assert [] == found(await audit(database, held))
    async with database.writer() as writer:
        await writer.run("DELETE FROM agenda")
    lost_sendings = found(await audit(database, held))
    assert {
        ("I6", "entry 2 was not carried out, and nothing waits to be sent"),
        ("I6", "entry 3 was not carried out, and nothing waits to be sent"),
    } == set(lost_sendings)


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (Held(2000, last_n=1), "the wallet has taken_cents 2000 instead of 1000"),
        (Held(1000, 1000, last_n=1), "the wallet has given_cents 1000 instead of 0"),
        (Held(1000, 0, "lost", last_n=1), "the wallet has outcome lost instead of none"),
        (Held(1000, last_n=7), "the wallet carried out entry 7, and there are 2"),
        (Held(1000, closed=True, last_n=1), "the wallet has closed True instead of False"),
        (None, "entry 1 was not carried out, and nothing waits to be sent"),
    ],
)
async def test_a_wallet_that_holds_something_else_is_named(
    database, operator, events, held, sentence
):
    opened, *_ = tickets = await live(database, operator, events)
    wallet = wallet_of(*tickets)
    wallet.pop(opened.facts.key.id)
    if held is not None:
        wallet[opened.facts.key.id] = held
    assert ("I6", sentence) in found(await audit(database, wallet))


async def test_a_debit_without_a_ticket_is_named_unless_it_was_discarded(
    database, operator, events
):
    tickets = await live(database, operator, events)
    given_back, kept = bytes(12), bytes(11) + b"1"
    wallet = wallet_of(*tickets) | {
        given_back: Held(500, 500, discarded=True, last_n=2),
        kept: Held(500, last_n=1),
    }
    sentence = "the wallet took 500 for a ticket that does not exist"
    assert [("I6", sentence)] == found(await audit(database, wallet))


@pytest.mark.parametrize(
    ("statement", "invariant", "sentence"),
    [
        (
            "UPDATE ticket_state SET status = 'open' WHERE status = 'cancelled'",
            "I1",
            "its state is not what its last entry says",
        ),
        ("UPDATE journal SET n = 9 WHERE n = 2", "I1", "its journal is not numbered 1 to 2"),
        (
            "UPDATE journal SET kind = 'settle' WHERE kind = 'pay'",
            "I1",
            "entry 3, settle, does not lead from reserved",
        ),
        (
            "UPDATE journal SET kind = 'magic' WHERE kind = 'pay'",
            "I1",
            "entry 3, magic, does not lead from reserved",
        ),
        (
            "UPDATE journal SET body = '{}' WHERE n = 1",
            "I1",
            "number 1 of the stream does not have its hash",
        ),
        ("DELETE FROM stream WHERE number = 3", "I1", "number 4 follows 2 in the stream"),
        (
            "DELETE FROM stream WHERE number = (SELECT max(number) FROM stream)",
            "I1",
            "the head of the stream is not its last entry, 12",
        ),
        (
            "UPDATE journal SET action = 'ticket_win' WHERE action = 'ticket_refund'",
            "I6",
            "the wallet has outcome refund instead of won",
        ),
        (
            "UPDATE journal SET action = 'ticket_win' WHERE kind = 'recover'",
            "I2",
            "0 discards are told of a ticket that is cancelled",
        ),
        (
            "UPDATE journal SET lane = NULL, action = NULL, body = NULL WHERE kind = 'decline'",
            "I2",
            "0 outcomes are in force of a ticket that is resulted",
        ),
        (
            "UPDATE event SET starts = '2020-01-01 UTC' WHERE id = 1",
            "I4",
            "an event started at 2020-01-01 00:00:00, not after the ticket",
        ),
        (
            "UPDATE journal SET at = at - interval '1 day' WHERE n = 2",
            "I4",
            "an entry is older than the one before it",
        ),
    ],
)
async def test_what_was_changed_by_hand_is_named(
    database, operator, events, statement, invariant, sentence
):
    tickets = await live(database, operator, events)
    await spoil(database, (statement,))
    assert (invariant, sentence) in found(await audit(database, wallet_of(*tickets)))


async def test_an_entry_that_is_in_no_stream_is_counted(database, operator, events):
    await live(database, operator, events)
    await accept(database, new_ticket(operator, events))
    await spoil(database, ("DELETE FROM fresh",))
    assert [("I1", "14 entries are in journals, 13 others in the stream")] == found(
        await audit(database)
    )


async def test_an_entry_without_number_is_a_fault_once_it_is_not_young(database, operator, events):
    await accept(database, new_ticket(operator, events))
    assert [] == found(await audit(database, young=dt.timedelta(minutes=10)))
    ((invariant, sentence),) = found(await audit(database))
    assert ("I1", True) == (invariant, sentence.startswith("entry 1 has waited for its number"))


def run(url, *arguments):
    environment = {"DATABASE_URL": url, "COLUMNS": "200"}
    return CliRunner().invoke(app, ["audit", *arguments], env=environment)


async def live_in(url):
    async with open_database(url) as database:
        operator = await add_operator(database)
        await untax(database)
        events = await add_events(database, await add_provider(database, "feeder"), 2, STARTS)
        return await live(database, operator, events)


def export_of(wallet, *more, operator="site"):
    lines = [{"kind": "wallet", "version": 1}, {"kind": "player", "player_id": "p"}]
    lines += [
        {"kind": "ticket", "operator": operator, "ticket_id": id_.hex(), "reserved": False}
        | one._asdict()
        for id_, one in wallet.items()
    ]
    return "\n".join(json.dumps(line) for line in (*lines, *more))


def test_the_command_compares_with_the_wallets_export(database_url, tmp_path):
    wallet = wallet_of(*asyncio.run(live_in(database_url)))
    file = tmp_path / "wallet.jsonl"
    file.write_text(export_of(wallet), encoding="utf-8")
    clean = run(database_url, "--wallet", str(file), "--young", "0s")
    assert 0 == clean.exit_code
    assert all(each.name in clean.output for each in Invariant)
    assert 0 == run(database_url, "--operator", "site").exit_code
    told = {"at_ms": 1, "operator": "site", "ticket_id": "aa", "action": "ticket_win"}
    refused = {"kind": "violation", **told, "n": 3, "reason": "out of order"}
    anybody = refused | {"operator": ""}
    file.write_text(export_of(wallet, refused, anybody), encoding="utf-8")
    dirty = run(database_url, "--wallet", str(file))
    assert (1, 1) == (dirty.exit_code, dirty.output.count("refused ticket_win, entry 3"))


def test_the_command_names_the_first_violations_only(database_url, tmp_path):
    asyncio.run(live_in(database_url))
    file = tmp_path / "wallet.jsonl"
    unknown = {number.to_bytes(12): Held(700, last_n=1) for number in range(30)}
    file.write_text(export_of(unknown, operator="elsewhere"), encoding="utf-8")
    dirty = run(database_url, "--wallet", str(file))
    assert (1, 20) == (
        dirty.exit_code,
        dirty.output.count("does not exist") + dirty.output.count("was not carried out"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ('{"kind":"wallet","version":2}', "line 1: is no export of a wallet"),
        ('{"kind":"wallet","version":1}\nx', "line 2: "),
        ('{"kind":"wallet","version":1}\n{"kind":"ticket"}', "line 2: "),
    ],
)
def test_a_file_that_is_no_export_is_said(database_url, tmp_path, text, said):
    file = tmp_path / "wallet.jsonl"
    file.write_text(text, encoding="utf-8")
    refused = run(database_url, "--wallet", str(file))
    assert (1, True) == (refused.exit_code, said in refused.output)
    assert 1 == run(database_url, "--wallet", str(tmp_path / "none")).exit_code
