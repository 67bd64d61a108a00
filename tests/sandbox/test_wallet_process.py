import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from sandbox.wallet_calls import TICKET, body, identify_body, signed

from acca_sandbox.wallet.changes import CallTaken, one_line, read_change, write_change
from acca_sandbox.wallet.running import WalletOptions, run_wallet

COMMAND = Path(sys.executable).with_name("acca-sandbox")


@contextmanager
def wallet_process(*options, before=()):
    command = [*before, COMMAND, "wallet", "--operator", "site", "--key", "12345ABCDE", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            urls = json.loads(process.stdout.readline())
            with httpx2.Client(base_url=urls["url"], timeout=20) as client:
                yield process, client
        finally:
            process.kill()


def post(client, document, n):
    headers = signed(document) | {"delivery-id": f"{TICKET}-{n}"}
    return client.post("/pam", content=document, headers=headers).status_code


def seen(client):
    return [client.get(f"/control/{path}").json() for path in ("ledger", "sms", "players/player-2")]


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_is_and_ends_well_when_told(told):
    with wallet_process("--players", "2") as (process, client):
        assert 200 == client.get("/control/stats").status_code
        process.send_signal(told)
        assert ("", 0) == (process.stdout.read(), process.wait(20))


def test_the_process_ends_when_told_though_a_fault_is_pausing():
    with wallet_process("--players", "1") as (process, client):
        slow = {"faults": [{"kind": "slow", "seconds": 600}]}
        assert 200 == client.post("/control/faults", json=slow).status_code
        with pytest.raises(httpx2.ReadTimeout):
            client.post("/pam", content=identify_body("x"), headers=signed(identify_body("x")),
                        timeout=0.3)  # fmt: skip
        begun = time.monotonic()
        process.terminate()
        assert 0 == process.wait(20)
        assert 5 > time.monotonic() - begun


def test_a_killed_wallet_knows_everything_again(tmp_path):
    journal = tmp_path / "wallet.jsonl"
    options = ("--players", "2", "--journal", str(journal))
    with wallet_process(*options) as (process, client):
        single = {"player_id": "player-1", "single_use": True, "count": 2}
        used, kept = client.post("/control/tokens", json=single).json()["tokens"]
        assert 200 == post(client, identify_body(used), 1)
        assert 200 == post(client, body("ticket_create"), 1)
        pretty = json.dumps(json.loads(body("ticket_win")), indent=2).encode()
        assert 200 == post(client, pretty, 2)
        assert 409 == post(client, body("ticket_lost"), 3)
        sms = b'{"type":"otp","data":{"code":"1234"}}'
        headers = signed(sms) | {"operator-name": "site"}
        assert 200 == client.post("/sms", content=sms, headers=headers).status_code
        before, exported = seen(client), client.get("/control/export").text
        process.kill()
        assert -signal.SIGKILL == process.wait(20)
    with journal.open("ab") as torn:
        torn.write(b'{"kind":"call","at_ms":1,"n":4,"bo')
    with wallet_process(*options) as (_, client):
        assert (before, exported) == (seen(client), client.get("/control/export").text)
        assert [400, 200] == [post(client, identify_body(token), 1) for token in (used, kept)]
        assert 200 == post(client, body("ticket_win"), 2)
        assert 200 == post(client, body("ticket_rollback"), 3)
        exported = client.get("/control/export").text
    with wallet_process(*options) as (_, client):
        assert exported == client.get("/control/export").text


async def test_new_tokens_after_a_restart_are_new(tmp_path):
    options = WalletOptions(players=1, journal=tmp_path / "wallet.jsonl")

    async def token():
        async with (
            run_wallet(options) as running,
            httpx2.AsyncClient(base_url=running.url) as client,
        ):
            answer = await client.post("/control/tokens", json={"player_id": "player-1"})
            return answer.json()["tokens"]

    assert await token() != await token()


def test_a_change_is_one_line_whatever_the_body_looks_like():
    change = CallTaken(1, 2, one_line(b'{\n "action" : "x\\n" \r\n}'))
    line = write_change(change)
    assert (1, True) == (line.count(b"\n"), line.endswith(b"\n"))
    assert b'{"action":"x\\n"}' == bytes(read_change(line).body)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(b"nonsense\n", "line 1 of the journal is damaged"), (b'{"kind":"x"}\n', "damaged")],
)
def test_a_damaged_journal_is_not_begun_with(tmp_path, lines, reason):
    journal = tmp_path / "wallet.jsonl"
    journal.write_bytes(lines)
    done = refused("--journal", str(journal))
    assert (1, "", True) == (done.returncode, done.stdout, reason in done.stderr)
    assert lines == journal.read_bytes()


def test_a_journal_serves_one_wallet(tmp_path):
    options = ("--journal", str(tmp_path / "wallet.jsonl"))
    with wallet_process(*options):
        done = refused(*options)
        assert (1, True) == (done.returncode, "in use" in done.stderr)


def test_a_port_that_is_taken_is_said_to_be():
    with wallet_process("--players", "0") as (_, client):
        done = refused("--port", str(client.base_url.port))
        assert (1, True) == (done.returncode, "in use" in done.stderr)


def refused(*options):
    return subprocess.run(
        [COMMAND, "wallet", *options], capture_output=True, text=True, check=False, timeout=30
    )


def test_a_wallet_that_cannot_write_says_so_until_it_is_begun_anew(tmp_path):
    journal = tmp_path / "wallet.jsonl"
    options = ("--players", "1", "--journal", str(journal))
    bounded = ("prlimit", "--fsize=1600")
    with wallet_process(*options, before=bounded) as (_, client):
        statuses = [post(client, body("ticket_create"), 1), post(client, body("ticket_win"), 2)]
        long = body("ticket_rollback", reason="x" * 2000)
        statuses += [post(client, long, 3), post(client, long, 3)]
        statuses.append(post(client, body("ticket_create"), 1))
    assert [200, 200, 500, 500, 500] == statuses
    with wallet_process(*options) as (_, client):
        ticket = client.get(f"/control/tickets/{TICKET}").json()
        assert ("won", 2) == (ticket["outcome"], ticket["last_n"])
