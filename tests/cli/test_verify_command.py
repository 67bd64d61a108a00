import json
import subprocess
import sys

import pytest
from receipts_made import CREATED, PRIVATE, leg, played, receipt
from typer.testing import CliRunner

from acca.cli import app
from acca.core.receipting import complete
from acca.core.signing_key import PublicKey, SigningKey
from acca.wire.ed25519 import key_id, public_of
from acca.wire.receipts import render_keys, seal

PUBLIC = public_of(PRIVATE)
KEY = PublicKey(key_id(PUBLIC), PUBLIC, CREATED)
BODY = seal(complete(receipt(leg(played(2, 1), odds=195))), SigningKey(KEY, PRIVATE))
BAD = BODY.replace(b'"odds":"1.95"', b'"odds":"1.96"')


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "acca-keys.json").write_bytes(render_keys([KEY]))
    return tmp_path


@pytest.fixture
def verify(folder):
    """Return how a file of bytes is verified, in a folder that has the keys."""

    def run(body, *options, name="receipt.json"):
        path = folder / name
        path.write_bytes(body)
        return CliRunner().invoke(app, ["verify", str(path), *options], env={"COLUMNS": "200"})

    return run


def test_a_good_receipt_is_said_to_be_good_with_all_that_was_checked(verify):
    done = verify(BODY)
    assert 0 == done.exit_code, done.output
    assert f"signature by key {KEY.id}" in done.output
    assert "leg 1, Gor Mahia - AFC Leopards, MRFT 1 at 1.95: 2-1: won, factor 39/20" in done.output
    assert "not checked  that the scores are true" in done.output
    assert "good" == done.output.splitlines()[-1]


def test_a_receipt_over_many_lines_is_one(verify):
    assert 0 == verify(json.dumps(json.loads(BODY), indent=2).encode()).exit_code


def test_an_altered_receipt_is_refused_with_its_place(verify):
    done = verify(BAD)
    assert (1, True) == (done.exit_code, "refused: /legs/0/odds was altered" in done.output)


@pytest.mark.parametrize("body", [b"", b"no json", BODY[:500]])
def test_what_is_no_json_cannot_be_read(verify, body):
    assert 2 == verify(body).exit_code


def test_many_receipts_are_summed_up_and_failures_named_by_line(verify):
    lines = b"\n".join([BODY, BAD, b"", BODY, BODY[:99]])
    for name in ("receipts.jsonl", "receipts.json"):
        done = verify(lines, name=name)
        assert 1 == done.exit_code
        assert "line 2 refused: /legs/0/odds was altered" in done.output
        assert "line 5 cannot be read" in done.output
        assert "2 good, 1 refused, 1 cannot be read" == done.output.splitlines()[-1]
    assert 0 == verify(BODY + b"\n" + BODY, name="two.jsonl").exit_code
    assert 2 == verify(BODY + b"\n{", name="two.jsonl").exit_code


def test_without_keys_it_says_where_to_get_them(verify, folder):
    (folder / "acca-keys.json").unlink()
    done = verify(BODY)
    assert (2, True) == (done.exit_code, "/.well-known/acca-keys.json" in done.output)


def test_keys_are_taken_from_where_they_are_said_to_be(verify, folder):
    (folder / "acca-keys.json").rename(folder / "kept.json")
    assert 0 == verify(BODY, "--keys", str(folder / "kept.json")).exit_code
    (folder / "kept.json").write_text("{}")
    done = verify(BODY, "--keys", str(folder / "kept.json"))
    assert (2, True) == (done.exit_code, "holds no keys" in done.output)


def test_a_file_that_is_not_there_cannot_be_read(folder):
    done = CliRunner().invoke(app, ["verify", str(folder / "none.json")])
    assert 2 == done.exit_code


def test_what_proves_a_receipt_needs_no_database_and_no_network():
    code = (
        "import sys, acca.wire.receipt_proof, acca.wire.receipt_words;"
        "sys.exit(any(name in sys.modules for name in ('asyncpg', 'litestar', 'acca.store')))"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_the_keys_of_a_deployment_are_listed_published_and_rotated(database_url):
    def acca(*arguments):
        environment = {"DATABASE_URL": database_url, "COLUMNS": "200"}
        done = CliRunner().invoke(app, arguments, env=environment)
        assert 0 == done.exit_code, done.output
        return done.output

    acca("migrate")
    acca("migrate")
    first = json.loads(acca("platform", "key", "publish"))["keys"]
    assert 1 == len(first)
    acca("platform", "key", "rotate")
    listed = acca("platform", "key", "list")
    keys = json.loads(acca("platform", "key", "publish"))["keys"]
    assert first[0]["id"] == keys[0]["id"]
    assert [] == [key["id"] for key in keys if key["id"] not in listed]
    assert [False, True] == [key["retired"] is None for key in keys]
