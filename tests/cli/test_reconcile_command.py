"""The command `reconcile` on a database that a test fills, against what a wallet lists."""

import asyncio
import csv
import itertools
import json
import os
import pty
import subprocess
import sys
import tracemalloc

import pytest
from catalogue_seen import add_provider
from core.test_reconciling import status_of
from settling_made import AWAY_WINS, acknowledge, begin, untax
from store.test_audit import live_in, wallet_of
from ticket_lives import accept, rows
from tickets_made import CREATED, add_events, add_operator, new_ticket
from typer.testing import CliRunner

from acca.cli import app
from acca.core.finance import Payout, TaxTerms
from acca.core.operator import WebhookBlanks
from acca.store.connection import open_database
from acca.wire.pam_calls import Teller, tell_placing
from acca.wire.reconcile_files import pack, read_list
from acca_sandbox.wallet.calls import read_call
from acca_sandbox.wallet.export import ticket_line
from acca_sandbox.wallet.ledger import Ledger, Player

TELLER = Teller("site", WebhookBlanks.KEEP)
HEADER = "ticket_id,status,paid_in,paid_out"


@pytest.fixture
def run(database_url, tmp_path):
    """Return what reconciles a text with what is on the database."""

    def run(text, *arguments, operator="site"):
        file = tmp_path / "list"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        environment = {"DATABASE_URL": database_url, "COLUMNS": "250"}
        return CliRunner().invoke(
            app, ["reconcile", operator, str(file), *arguments], env=environment
        )

    return run


@pytest.fixture
def lived(database_url):
    """Return five tickets: open, paid, expired, recovered and declined."""
    return asyncio.run(live_in(database_url))


def lines_of(wallet, reserved=()):
    """List what a wallet holds of tickets, by their ids."""
    return {
        id_: f"{id_.hex()},{status_of(held, is_reserved=id_ in reserved).value}"
        f",{held.taken_cents},{held.given_cents}"
        for id_, held in wallet.items()
    }


def csv_of(lines):
    return "".join(f"{line}\n" for line in (HEADER, *lines))


def ids_of(tickets):
    return [ticket.facts.key.id for ticket in tickets]


def test_a_list_of_a_wallet_that_did_everything_differs_in_nothing(run, lived):
    agreed = run(csv_of(lines_of(wallet_of(*lived)).values()))
    counts = "5 tickets are listed: 0 tickets differ, 0 are waiting to be delivered.\n"
    assert (0, counts) == (agreed.exit_code, agreed.stdout)


def test_what_is_on_its_way_is_told_apart_and_nothing_differs(run, lived):
    lines = lines_of(wallet_of(*lived))
    declined = lived[-1].facts.key.id
    lines[declined] = f"{declined.hex()},open,1000,0"
    on_its_way = run(csv_of(lines.values()))
    assert 0 == on_its_way.exit_code
    assert "0 tickets differ, 1 are waiting" in on_its_way.stdout
    (one, sums) = map(json.loads, run(csv_of(lines.values()), "--json").stdout.splitlines())
    assert ("waiting", 1000) == (one["differs"], one["cents"])
    assert f"deliver {declined.hex()}-3 ticket_refund: acca deliveries replay" in one["repair"]
    assert {"listed": 5, "differing": 0, "waiting": 1} == {
        name: sums[name] for name in ("listed", "differing", "waiting")
    }


def test_each_difference_is_shown_summed_and_written_with_its_repair(run, lived, tmp_path):
    opened, paid, expired, recovered, declined = ids_of(lived)
    unknown = bytes(11) + b"\1"
    lines = lines_of(wallet_of(*lived))
    lines[declined] = f"{declined.hex()},refunded,1000,300"
    lines[recovered] = f"{recovered.hex()},discarded,1000,1200"
    lines[unknown] = f"{unknown.hex()},open,500,0"
    del lines[opened]
    out = tmp_path / "out.csv"
    found = run(csv_of(lines.values()), "--csv", str(out))
    assert 1 == found.exit_code
    assert "5 tickets are listed: 4 tickets differ, 0 are waiting" in found.stdout
    sums = [" ".join(line.replace("│", " ").split()) for line in found.stdout.splitlines()]
    for row in ("unknown to us 1 5.00", "missing there 1 10.00 KES", "paid_out 2 9.00 KES"):
        assert row in sums
    with out.open(encoding="utf-8", newline="") as file:
        written = {row["ticket_id"]: row for row in csv.DictReader(file)}
    assert {
        unknown.hex(): ("unknown-to-us", "look: unknown to us, discard; give back 500 cents"),
        opened.hex(): ("missing-there", "needs staff: a create is sent once"),
        recovered.hex(): ("paid_out", "take back 200 cents"),
        declined.hex(): ("paid_out", "credit 700 cents"),
    } == {id_: (row["differs"], row["repair"]) for id_, row in written.items()}
    assert ("refunded", "300", "refunded", "1000") == tuple(
        written[declined.hex()][name]
        for name in ("status", "paid_out", "our_status", "our_paid_out")
    )
    assert ("", "open", "1000") == tuple(
        written[opened.hex()][name] for name in ("line", "our_status", "our_paid_in")
    )
    assert {paid.hex(), expired.hex()}.isdisjoint(written)
    printed = run(csv_of(lines.values()), "--json", "--csv", str(out)).stdout.splitlines()
    assert list(written) == [json.loads(line)["ticket_id"] for line in printed[:-1]]


def test_the_first_tickets_are_named_and_all_are_counted(run, lived):
    lines = [f"{number:024x},open,100,0" for number in range(1, 31)]
    found = run(csv_of(lines), "--until", "2000-01-01")
    assert lived
    assert 20 == found.stdout.count("look: unknown to us")
    assert "and 10 more; --csv OUT writes all of them." in found.stdout


def test_all_of_a_period_has_to_be_listed_and_of_none_other(run, lived):
    opened, paid, _, recovered, declined = ids_of(lived)
    lines = lines_of(wallet_of(*lived))
    some = csv_of(lines[id_] for id_ in (paid, recovered))
    assert "0 tickets differ" in run(some).stdout
    whole = run(some, "--from", "2026-05-01", "--until", "2026-05-02", "--json")
    *missing, sums = map(json.loads, whole.stdout.splitlines())
    assert [opened.hex(), declined.hex()] == [one["ticket_id"] for one in missing]
    assert (1, 2, 2) == (whole.exit_code, sums["listed"], sums["differing"])
    second = f"{CREATED:%Y-%m-%dT%H:%M:%S}"
    assert "0 tickets differ" in run(some, "--from", "2026-04-01", "--until", second).stdout
    assert "1 tickets differ" in run(some, "--from", second).stdout
    nothing = run(csv_of([]), "--from", "2026-05-01", "--until", "2026-05-02")
    assert "0 tickets are listed: 2 tickets differ" in nothing.stdout


def test_a_list_of_another_operators_tickets_tells_nothing_of_them(run, lived, database_url):
    async def add():
        async with open_database(database_url) as database:
            await add_operator(database, "other")

    asyncio.run(add())
    lines = csv_of(lines_of(wallet_of(*lived)).values())
    found = run(lines, "--json", operator="other")
    *differences, _ = map(json.loads, found.stdout.splitlines())
    assert {"unknown-to-us"} == {one["differs"] for one in differences}
    assert {None} == {one["our_status"] for one in differences}
    # Two were discarded, and what is given back is nobody's.
    assert 3 == len(differences)


def test_a_bad_file_is_refused_whole_with_the_first_of_its_defects(run, lived):
    good = next(iter(lines_of(wallet_of(*lived)).values()))
    bad = run(csv_of([good, *["x,open,1,1"] * 30]))
    assert (2, "") == (bad.exit_code, bad.stdout)
    assert 20 == bad.stderr.count("ticket_id: an id is 24 hexadecimal digits, not 'x'.")
    assert "line 3: " in bad.stderr
    assert "and 10 more.\nNothing was compared.\n" in bad.stderr


def test_a_ticket_twice_is_refused_with_both_lines(run, lived):
    first, second, *_ = lines_of(wallet_of(*lived)).values()
    twice = run(csv_of([first, second, first.replace(",0\n", ",5\n"), first]))
    assert 2 == twice.exit_code
    ticket = first[:24]
    assert f"line 4: ticket_id: {ticket} stands in line 2 already." in twice.stderr
    assert f"line 5: ticket_id: {ticket} stands in line 4 already." in twice.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty."),
        ("a,b\n", "the first line has to name ticket_id"),
        (f"{HEADER}\n", "the file lists no ticket: name a period by --from and --until."),
        (b"\x1f\x8b123", "the file is packed with gzip: unpack it first."),
        (f"{HEADER}\n{'0' * 24},open,1,1", "line 2: does not end as the others do"),
    ],
)
def test_what_is_no_list_is_refused_before_any_database_is_asked(tmp_path, text, said):
    file = tmp_path / "list"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    environment = {"DATABASE_URL": "postgresql://nobody@localhost:1/none"}
    bad = CliRunner().invoke(app, ["reconcile", "site", str(file)], env=environment)
    assert (2, True) == (bad.exit_code, said in bad.stderr)


def test_what_cannot_be_asked_is_said(run, lived, tmp_path):
    lines = csv_of(lines_of(wallet_of(*lived)).values())
    assert 1 == run(lines, operator="nobody").exit_code
    assert 2 == run(lines, "--from", "1901-01-01").exit_code
    assert 2 == run(lines, "--from", "yesterday").exit_code
    unwritable = run(lines, "--csv", str(tmp_path))
    assert (2, True) == (unwritable.exit_code, "cannot be used" in unwritable.stderr)
    missing = CliRunner().invoke(app, ["reconcile", "site", str(tmp_path / "none")])
    assert (2, True) == (missing.exit_code, "No such file" in missing.stderr)


@pytest.mark.usefixtures("lived")
def test_what_is_printed_for_a_program_passes_by_a_terminal(database_url, tmp_path):
    file = tmp_path / "list"
    file.write_text(csv_of([f"{'0' * 24},open,1,0"]), encoding="utf-8")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "wb") as terminal:
        done = subprocess.run(
            [sys.executable, "-m", "acca", "reconcile", "site", str(file), "--json"],
            env={**os.environ, "DATABASE_URL": database_url, "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=terminal,
            check=False,
        )
    difference, sums = map(json.loads, done.stdout.splitlines())
    assert (1, "unknown-to-us", 1) == (done.returncode, difference["differs"], sums["differing"])


# ---- the sandbox's wallet


async def book_of(database, *tickets):
    """Let a sandbox's wallet carry out all that it was told of tickets."""
    ledger = Ledger("site")
    for ticket in tickets:
        facts = ticket.facts
        player = Player(player_id=facts.player, currency="KES", lang="en", msisdn="254700000001")
        ledger.add_player(player, 10**6, at_ms=0)
        query = "SELECT n, body FROM journal WHERE ticket = $1 AND lane = 'pam' ORDER BY n"
        for n, body in await rows(database, query, facts.key.id):
            # What a test places is told by a body that stands for it.
            told = tell_placing(TELLER, facts, TaxTerms()).body if n == 1 else body
            assert 200 == ledger.carry_out(read_call(told), n, at_ms=n).status
    return ledger


def json_of(ledger):
    """List what a wallet's book holds as its operator would."""
    words = {"refund": "refunded", "none": "open"}
    for ticket in ledger.tickets.values():
        line = ticket_line(ledger, ticket)
        outcome = words.get(line["outcome"], line["outcome"])
        status = "discarded" if line["discarded"] else "closed" if line["closed"] else outcome
        money = {"paid_in": line["taken_cents"], "paid_out": line["given_cents"]}
        names = {name: line[name] for name in ("ticket_id", "currency", "player_id")}
        yield json.dumps(names | money | {"status": status})


async def test_a_sandboxs_book_of_a_season_differs_in_nothing_until_it_is_spoilt(
    sandbox, sandbox_url, tmp_path
):
    season = await begin(sandbox)
    payout = Payout(1500, 0, 1500, 1500)
    won, lost = [await season.open([event], payout=payout) for event in season.events[:2]]
    opened = await season.open(season.events[2:])
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.end(season.events[1])
    await season.settle()
    await acknowledge(sandbox, won)
    await season.end(season.events[1], AWAY_WINS, 11, corrects=True)
    await season.settle()
    await acknowledge(sandbox, lost)
    ledger = await book_of(sandbox, won, lost, opened)
    file = tmp_path / "book.jsonl"

    async def reconcile():
        file.write_text("\n".join(json_of(ledger)), encoding="utf-8")
        environment = {"DATABASE_URL": sandbox_url, "COLUMNS": "250"}
        arguments = ["reconcile", "site", str(file), "--json"]
        done = await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)
        *found, _ = map(json.loads, done.stdout.splitlines())
        return done.exit_code, [(one["ticket_id"], one["differs"], one["repair"]) for one in found]

    assert (0, []) == await reconcile()
    assert ["won", "lost", "none"] == [each.outcome for each in ledger.tickets.values()]
    id_ = won.facts.key.id.hex()
    ledger.tickets[id_].given_cents += 5
    assert (1, [(id_, "paid_out", "take back 5 cents")]) == await reconcile()
    ledger.tickets[id_].outcome, ledger.tickets[id_].given_cents = "none", 0
    repair = f"send again {id_}-3 ticket_win: acca deliveries replay site {id_} --from 3"
    assert (1, [(id_, "status paid_out", repair)]) == await reconcile()


# ---- memory


async def fill(database, count):
    operator = await add_operator(database)
    await untax(database)
    events = await add_events(database, await add_provider(database, "feeder"))
    made = [new_ticket(operator, events) for _ in range(count)]
    await accept(database, *made)
    return ids_of(made)


def test_memory_stays_flat_however_long_a_list_is(run, database_url):
    async def open_and_fill():
        async with open_database(database_url) as database:
            return await fill(database, 300)

    ours = asyncio.run(open_and_fill())
    unknown = (number.to_bytes(12) for number in itertools.count(1))
    peaks = []
    for count in (20_000, 100_000):
        ids = [*itertools.islice(unknown, count), *ours]
        text = csv_of(f"{id_.hex()},discarded,100,100" for id_ in ids)
        assert count + len(ours) == sum(len(pack(one)) > 0 for one in read_list(lines(text)))
        tracemalloc.start()
        found = run(text)
        peaks.append(tracemalloc.get_traced_memory()[1] - len(text))
        tracemalloc.stop()
        assert f"{count + len(ours):,} tickets are listed" in found.stdout
    few, many = peaks
    assert many < few + 10_000_000


def lines(text):
    return text.encode().splitlines(keepends=True)
