import signal

import pytest
from acceptance.commands import run, running_database


@pytest.fixture
def home(place):
    return place / "home"


def test_a_database_runs_until_it_is_told_to_end(home):
    with running_database(home, "--sandbox") as process:
        here = {"ACCA_HOME": str(home)}
        second = run("database", "start", **here)
        assert 1 == second.returncode
        assert f"in use by another Acca (process {process.pid})" in second.stderr
        assert "schema  up to date\n" == run("migrate", **here).stdout
        assert "1 day, 2:30:00 ahead (sandbox)" in run("clock", "advance", "1d2h30m", **here).stdout
        assert "1 day, 2:30:00 ahead (sandbox)" in run("clock", "show", **here).stdout
        back = run("clock", "advance", "2020-01-01T00:00:00", **here)
        assert (1, True) == (back.returncode, "The clock moves only forward" in back.stderr)
    assert 0 == process.returncode


def test_an_engine_that_was_killed_leaves_a_home_that_starts_again(home):
    with running_database(home, "--sandbox") as process:
        assert 0 == run("clock", "advance", "24h", ACCA_HOME=str(home)).returncode
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running_database(home) as process:
        assert "1 day, 0:00:00 ahead" in run("clock", "show", ACCA_HOME=str(home)).stdout
    assert 0 == process.returncode


def test_commands_find_the_home_of_no_running_database_by_themselves(home):
    here = {"ACCA_HOME": str(home)}
    assert "run `acca migrate`" in run("clock", "show", **here).stderr
    assert "schema  applied 0001 clock" in run("migrate", **here).stdout
    refused = run("clock", "advance", "1h", **here)
    assert (1, True) == (refused.returncode, "created as a sandbox" in refused.stderr)
    never = run("migrate", "--sandbox", **here)
    assert (1, True) == (never.returncode, "never becomes one" in never.stderr)


def test_a_server_out_of_reach_is_a_sentence_not_a_stack_of_calls():
    done = run("clock", "show", DATABASE_URL="postgresql://127.0.0.1:1/acca")
    assert 1 == done.returncode
    assert done.stderr.startswith("No connection to the database: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("jump", ["soon", "", "24", "-1h", "2026-13-01T00:00:00"])
def test_what_is_no_jump_is_named(jump):
    done = run("clock", "advance", "--", jump)
    assert 2 == done.returncode
    assert "is neither a duration such as 24h nor an instant" in done.stderr
