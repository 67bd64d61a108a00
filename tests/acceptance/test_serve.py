import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import NamedTuple

import psutil
import pytest
from acceptance.commands import ACCA, run

SECONDS_MAX = 30
ORPHANS_SECONDS_MAX = 10


class Served(NamedTuple):
    """A group of processes, and where it answers."""

    process: subprocess.Popen
    ready: str
    port: int

    def family(self):
        """Return all processes below the parent, the database's among them."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, role):
        """Return the processes of one kind."""
        words = ["serve", role, "--child-of"]
        return [each for each in self.family() if words == command_of(each)[3:6]]

    def is_complete(self, role, number, without):
        """Make the question whether a kind has so many processes again."""
        return lambda: len(set(self.find(role)) - {without}) == number

    def ask(self, path):
        """Return the status of an answer, None where there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return None


def command_of(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def until(is_so, seconds=SECONDS_MAX):
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be so in time"
        time.sleep(0.02)


def gone(processes, seconds):
    """Wait for processes to end, and tell that none is left."""
    _, left = psutil.wait_procs(processes, seconds)
    return [] == left


@contextlib.contextmanager
def serving(errors, *arguments, **more):
    """Run `acca serve` from when it is ready; it is told to end with the context."""
    environment = {**os.environ, **more}
    command = [ACCA, "serve", *arguments]
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as process,
    ):
        try:
            ready = process.stdout.readline()
            assert ready.startswith("ready  "), errors.read_text()
            port = re.search(r":(\d+)  ", ready)
            yield Served(process, ready.strip(), int(port[1]) if port else 0)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(SECONDS_MAX)
            finally:
                process.kill()


@pytest.fixture
def home(place):
    return str(place / "home")


@pytest.fixture
def errors(tmp_path):
    return tmp_path / "errors"


def test_a_group_serves_and_keeps_itself_complete_until_it_is_told_to_end(home, errors):
    with serving(errors, "--port", "0", "--api-processes", "2", ACCA_HOME=home) as served:
        assert f"ready  http://127.0.0.1:{served.port}  (api 2, worker 1)" == served.ready
        assert (200, 200) == (served.ask("/health/live"), served.ask("/health/ready"))
        for role, number in (("api", 2), ("worker", 1)):
            killed = served.find(role)[0]
            killed.kill()
            until(served.is_complete(role, number, without=killed))
        until(lambda: served.ask("/health/ready") == 200)
        family = served.family()
    assert 0 == served.process.returncode
    assert gone(family, 0)
    lines = [json.loads(line) for line in errors.read_text().splitlines()]
    assert [("api", -9), ("worker", -9)] == [(line["post"], line["status"]) for line in lines]


def test_a_group_that_cannot_begin_says_why_in_a_sentence(home, errors, place):
    with serving(errors, "--port", "0", ACCA_HOME=home) as served:
        again = run("serve", "--port", "0", ACCA_HOME=home)
        assert 1 == again.returncode
        assert f"in use by another Acca (process {served.process.pid})" in again.stderr
        taken = run("serve", "--port", str(served.port), ACCA_HOME=str(place / "other"))
        assert 1 == taken.returncode
        said = f"There is no listening at 127.0.0.1, port {served.port}: Address already in use.\n"
        assert said == taken.stderr
        assert not (place / "other").exists()


def test_a_parent_that_is_killed_leaves_nothing_running_and_a_home_that_serves_again(home, errors):
    with serving(errors, "--port", "0", ACCA_HOME=home) as served:
        family = served.family()
        served.process.kill()
        assert gone(family, ORPHANS_SECONDS_MAX)
    with serving(errors, "--port", "0", ACCA_HOME=home) as served:
        assert 200 == served.ask("/health/ready")
    assert 0 == served.process.returncode


def test_a_group_whose_database_has_gone_ends_and_says_so(home, errors):
    with serving(errors, "--port", "0", ACCA_HOME=home) as served:
        family = served.family()
        parents = {each.pid: each for each in family if each.name() == "postgres"}
        (postmaster,) = [each for each in parents.values() if each.ppid() not in parents]
        postmaster.kill()
        assert 1 == served.process.wait(SECONDS_MAX)
    assert "The database server has gone" in errors.read_text()
    assert gone(family, ORPHANS_SECONDS_MAX)


def test_a_request_that_runs_is_answered_before_the_end(home, errors):
    with serving(errors, "--port", "0", "--api-processes", "1", ACCA_HOME=home) as served:
        with socket.create_connection(("127.0.0.1", served.port), SECONDS_MAX) as connection:
            connection.sendall(
                b"POST /feed HTTP/1.1\r\nhost: acca\r\noperator-name: none\r\n"
                b"timestamp: 1780000000\r\nsignature: none\r\n"
                b"content-type: application/json\r\ncontent-length: 2\r\n\r\n{"
            )
            until(lambda: served.ask("/health/live") == 200)
            served.process.send_signal(signal.SIGTERM)
            until(lambda: served.ask("/health/live") is None)
            connection.sendall(b"}")
            assert connection.recv(100).startswith(b"HTTP/1.1 403 ")
        assert 0 == served.process.wait(SECONDS_MAX)


async def test_parts_of_a_group_run_alone_on_a_database_that_others_share(database_url, errors):
    here = {"DATABASE_URL": database_url}
    with serving(errors, "worker", "--worker-processes", "2", **here) as worker:
        assert "ready  (worker 2)" == worker.ready
        with serving(errors, "api", "--host", "127.0.0.1", "--port", "0", **here) as api:
            assert api.ready.endswith("  (api 1)")
            assert 200 == api.ask("/health/ready")
            family = [*worker.family(), *api.family()]
            assert 3 == len(family)
    assert (0, 0) == (worker.process.returncode, api.process.returncode)
    assert gone(family, 0)


async def test_parts_of_a_group_refuse_a_database_that_is_not_theirs_to_make(empty_url):
    bare = run("serve", "worker", DATABASE_URL="")
    assert (1, True) == (bare.returncode, "set DATABASE_URL" in bare.stderr)
    empty = run("serve", "api", "--port", "0", DATABASE_URL=empty_url)
    assert (1, True) == (empty.returncode, "run `acca migrate`" in empty.stderr)
    late = run("serve", "worker", "--sandbox", DATABASE_URL=empty_url)
    assert (1, True) == (late.returncode, "`acca migrate --sandbox`" in late.stderr)


async def test_a_group_migrates_a_database_of_others_and_may_make_it_a_sandbox(empty_url, errors):
    here = {"DATABASE_URL": empty_url}
    with serving(errors, "--port", "0", "--sandbox", **here) as served:
        assert 200 == served.ask("/health/ready")
        assert "(sandbox)" in run("clock", "show", **here).stdout
        served.process.send_signal(signal.SIGINT)
        served.process.wait(SECONDS_MAX)
    assert 0 == served.process.returncode
