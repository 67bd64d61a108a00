import re
import signal
import subprocess

import httpx2
import pytest
from acceptance.commands import ACCA, run
from oracle import season


def shown_by(done):
    assert ("", 0) == (done.stderr, done.returncode), done.stdout
    return " ".join(done.stdout.split())


def is_clean(shown):
    return "ledger difference │ 0.00 KES" in shown and "0 violations of I1-I6" in shown


def test_a_weekend_of_real_matches_is_played(place):
    data = season.DATA.parent
    if not (data / "fixtures").is_dir():
        pytest.skip(f"no real fixtures: {data} not found; ACCA_DATA names another folder")
    asked = "--exit", "--tickets", "80", "--players", "20", "--data", str(data)
    assert is_clean(shown_by(run("demo", *asked, TMPDIR=str(place))))


def test_the_demo_says_what_is_wrong_with_an_argument(place):
    done = run("demo", "--tickets", "0")
    assert 2 == done.returncode
    assert "--tickets" in done.stderr
    done = run("demo", "--data", str(place))
    assert 2 == done.returncode
    assert "holds no CSV files" in done.stderr


def read_until_up(process):
    """Wait until the demo stays up, and return all that it said until then."""
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C ends it" in line:
            return said
    raise AssertionError(said)


def test_a_weekend_is_played_through_faults_and_stays_up_until_it_is_told_to_end(place):
    command = [ACCA, "demo", "--tickets", "250", "--players", "25"]
    environment = {
        "TMPDIR": str(place), "PATH": "/usr/bin:/bin", "COLUMNS": "200",
        "DATABASE_URL": "postgresql://nowhere/",
    }  # fmt: skip
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            said = read_until_up(process)
            urls = [word for word in said.split() if word.startswith("http")]
            with httpx2.Client(transport=httpx2.HTTPTransport()) as client:
                assert [200] * 4 == [client.get(url).status_code for url in urls]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    shown = " ".join(said.split())
    assert is_clean(shown)
    assert all(each in shown for each in ("jackpot", "quickbet", "quicktip", "smartbet"))
    assert "ticket_rollback" in shown
    assert "asked again with the same key" in shown
    assert re.search(r"│ cashed out │ [1-9]\d*: \S+ KES for what cost", shown), shown
    assert 0 == process.returncode
    assert [] == list(place.iterdir())
