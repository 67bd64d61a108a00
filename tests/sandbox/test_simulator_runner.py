import datetime as dt
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import typer
from typer.testing import CliRunner

from acca_client.errors import Unreached
from acca_client.feed import Verdict
from acca_sandbox.simulator.command import season_digest, simulate
from acca_sandbox.simulator.runner import Clockwork, Player, play
from acca_sandbox.simulator.timeline import digest, make_stream
from acca_sandbox.simulator.world import make_world

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
WORLD = make_world(7, START, leagues=1, teams=8)
MOMENTS = list(make_stream(WORLD))
ENTRIES = [entry for moment in MOMENTS for entry in moment.entries]


class Recorder:
    """Takes entries as the engine's end of the feed does, and loses some answers."""

    def __init__(self, *, lost=(), verdict=lambda _: "applied"):
        self.batches, self.alive, self.calls = [], [], 0
        self.lost, self.verdict = set(lost), verdict

    async def send(self, entries):
        self.calls += 1
        kept = self.alive if entries[0]["kind"] == "alive" else self.batches
        kept.append(list(entries))
        if self.calls in self.lost:
            raise Unreached("the answer was lost")
        words = [self.verdict(entry) for entry in entries]
        return [
            Verdict(place, word, None if word == "applied" else f"is {word}", entry.get("event"))
            for place, (entry, word) in enumerate(zip(entries, words, strict=True))
        ]

    @property
    def entries(self):
        return [entry for batch in self.batches for entry in batch]


class Seconds:
    """Seconds that pass while somebody waits, and no others."""

    def __init__(self):
        self.passed = 0.0

    async def sleep(self, seconds):
        assert seconds > 0
        self.passed += seconds

    def clockwork(self):
        return Clockwork(lambda: self.passed, self.sleep)


async def test_without_waiting_all_is_sent_in_its_order():
    feed, seconds = Recorder(), Seconds()
    report = await play(Player(feed, MOMENTS), START, 0, seconds.clockwork())
    assert ENTRIES == feed.entries
    assert (1, 0.0) == (len(feed.alive), seconds.passed)
    assert {"applied": len(ENTRIES)} == report.verdicts
    assert len(feed.batches) == report.batches < len(ENTRIES) / 400


async def test_at_a_speed_each_moment_is_sent_when_its_time_has_come():
    feed, seconds, speed = Recorder(), Seconds(), 500_000
    sent = []

    def note(report):
        sent.append((seconds.passed, report.instant))

    report = await play(Player(feed, MOMENTS), START, speed, seconds.clockwork(), note)
    assert ENTRIES == feed.entries
    for passed, instant in sent:
        early = (instant - START).total_seconds() / speed - passed
        assert -0.01 < early <= 1e-6
    assert 1 + int(seconds.passed / 5) == len(feed.alive) == report.alive


async def test_what_lies_before_the_start_is_sent_at_once():
    feed, seconds = Recorder(), Seconds()
    middle, end = MOMENTS[len(MOMENTS) // 2].instant, MOMENTS[-1].instant
    due = []

    def note(report):
        if not seconds.passed:
            due.append(report.instant)

    await play(Player(feed, MOMENTS), middle, 500_000, seconds.clockwork(), note)
    assert ENTRIES == feed.entries
    assert middle == due[-1]
    assert pytest.approx((end - middle).total_seconds() / 500_000, abs=0.01) == seconds.passed


async def test_alive_is_told_while_nothing_happens():
    feed, seconds = Recorder(), Seconds()
    player = Player(feed, MOMENTS[:1])
    wait = (MOMENTS[0].instant - START).total_seconds()
    await play(player, START, wait / 62, seconds.clockwork())
    assert 13 == len(feed.alive)
    assert 62 <= seconds.passed < 62.1


async def test_what_was_not_answered_is_sent_again():
    feed = Recorder(lost={2, 5})
    player = Player(feed, MOMENTS)
    for _ in range(2):
        with pytest.raises(Unreached):
            await play(player, START, 0)
    report = await play(player, START, 0)
    assert feed.batches[0] == feed.batches[1]
    assert feed.batches[2] == feed.batches[3]
    del feed.batches[2], feed.batches[0]
    assert ENTRIES == feed.entries
    assert len(ENTRIES) == report.verdicts.total()
    assert player.is_over


async def test_a_lost_alive_loses_no_entry():
    feed, seconds = Recorder(lost={1}), Seconds()
    player = Player(feed, MOMENTS[:3])
    with pytest.raises(Unreached):
        await play(player, START, 10**6, seconds.clockwork())
    await play(player, START, 10**6, seconds.clockwork())
    assert [entry for moment in MOMENTS[:3] for entry in moment.entries] == feed.entries


async def test_a_clock_that_jumps_is_caught_up_with():
    feed = Recorder()
    player = Player(feed, MOMENTS)
    middle = MOMENTS[len(MOMENTS) // 2].instant
    await player.catch_up(middle)
    due = [entry for moment in MOMENTS if moment.instant <= middle for entry in moment.entries]
    assert due == feed.entries
    assert player.next_instant > middle
    await player.catch_up(middle - dt.timedelta(days=1))
    assert due == feed.entries
    await player.catch_up()
    assert (ENTRIES, True, None) == (feed.entries, player.is_over, player.next_instant)


async def test_verdicts_that_are_not_taken_are_counted_by_kind():
    kinds = {"result": "refused", "suspension": "stale", "odds": "suspicious"}
    feed = Recorder(verdict=lambda entry: kinds.get(entry["kind"], "applied"))
    report = await play(Player(feed, MOMENTS), START, 0)
    told = [entry["kind"] for entry in ENTRIES]
    assert {
        "refused": told.count("result"),
        "suspicious": told.count("odds"),
    } == report.not_taken
    assert told.count("suspension") == report.verdicts["stale"]
    assert 10 == len(report.messages)
    assert {"is refused", "is suspicious"} == set(report.messages.values())


async def test_an_empty_stream_is_over_at_once():
    feed = Recorder()
    report = await play(Player(feed, []), START, 1, Seconds().clockwork())
    assert (None, []) == (report.instant, feed.batches)


# ---- the command


class Answerer(BaseHTTPRequestHandler):
    verdict, status = "applied", 200

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = {
            "verdicts": [
                {"entry": place, "verdict": self.verdict, "event": entry.get("event")}
                for place, entry in enumerate(body["entries"])
            ]
        }
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


@contextmanager
def answering(verdict, status=200):
    handler = type("Handler", (Answerer,), {"verdict": verdict, "status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def run(*arguments):
    app = typer.Typer()
    app.command("simulate")(simulate)
    app.command("season-digest")(season_digest)
    return CliRunner().invoke(app, [str(each) for each in arguments])


SEASON = ("--seed", 7, "--leagues", 1, "--teams", 8)
ACCESS = ("--key", "k" * 64, "--start", "2024-01-01", "--speed", 0)


def test_the_command_tells_a_season_and_counts_the_verdicts():
    with answering("applied") as url:
        done = run("simulate", url, *SEASON, *ACCESS)
    assert 0 == done.exit_code, done.output
    first, second, third = done.stdout.splitlines()
    assert "56 matches, seed 7, start 2024-01-01T00:00:00" == first
    assert second.startswith(f"{len(ENTRIES)} entries in")
    assert f"applied {len(ENTRIES)}" == third.strip()


def test_the_command_says_so_where_the_key_is_not_known():
    with answering("applied", status=403) as url:
        done = run("simulate", url, *SEASON, *ACCESS)
    assert 1 == done.exit_code
    assert "The engine did not take it" in done.stderr


def test_the_command_fails_where_entries_are_not_taken():
    with answering("refused") as url:
        done = run("simulate", url, *SEASON, *ACCESS)
    assert 1 == done.exit_code
    assert f"refused {len(ENTRIES)}" in done.stdout


def test_the_command_prints_the_digest_of_a_season():
    done = run("season-digest", "2024-01-01", *SEASON)
    assert digest(MOMENTS) == done.stdout.strip()


def test_leagues_of_odd_numbers_are_refused():
    assert 2 == run("season-digest", "2024-01-01", "--teams", 9).exit_code
