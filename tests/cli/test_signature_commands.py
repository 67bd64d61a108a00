import json

import pytest
from known_answers import known_answers
from typer.testing import CliRunner

from acca.cli import app

SIGNATURES = known_answers("signatures")
KEY = SIGNATURES["key"]


def run(*arguments, given=b""):
    return CliRunner().invoke(app, ["signature", *arguments, "--key", KEY], input=given)


def check(vector, *more):
    return run(
        *("check", "--timestamp", str(vector["timestamp"]), "--signature", vector["signature"]),
        *("--body", "-", *more),
        given=vector["body"].encode(),
    )


@pytest.mark.parametrize(
    "vector",
    [*SIGNATURES["published"], *SIGNATURES["computed"]],
    ids=lambda vector: vector["name"],
)
def test_sign_gives_the_known_answers(vector):
    timestamp = str(vector["timestamp"])
    result = run("sign", "--timestamp", timestamp, "--body", "-", given=vector["body"].encode())
    assert f"timestamp: {timestamp}\nsignature: {vector['signature']}\n" == result.output


@pytest.mark.parametrize("vector", SIGNATURES["verify_also"], ids=lambda vector: vector["name"])
def test_check_names_the_form_that_fits_and_shows_its_message(vector):
    result = check(vector)
    assert 0 == result.exit_code
    assert "Good: the signature fits the form" in result.output
    assert f"{vector['timestamp']}{{" in result.output.partition("fits ")[2]


@pytest.mark.parametrize("vector", SIGNATURES["must_not_match"], ids=lambda vector: vector["name"])
def test_check_says_that_nothing_fits(vector):
    result = check(vector)
    assert 1 == result.exit_code
    assert "fits none of them" in result.output


@pytest.mark.parametrize("vector", SIGNATURES["version_2"], ids=lambda vector: vector["path"])
def test_version_2_is_signed_and_checked_with_its_request_line(vector):
    target = ("--target", f"{vector['method']} {vector['path']}")
    assert "Good: the signature fits the form `version 2`" in check(vector, *target).output
    assert 1 == check(vector, "--target", "POST /be/other").exit_code
    signed = run(
        *("sign", "--timestamp", str(vector["timestamp"]), "--body", "-", *target),
        given=vector["body"].encode(),
    )
    assert f"signature: {vector['signature']}" in signed.output


def test_a_body_may_come_from_a_file(tmp_path):
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"operator": "site"}))
    assert 0 == run("sign", "--body", str(body)).exit_code
    missing = run("sign", "--body", str(tmp_path / "nothing"))
    assert (1, True) == (missing.exit_code, "No such file" in missing.output)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sign", "--timestamp", "1706090303000"], "timestamp is in milliseconds"),
        (["sign", "--timestamp", "soon"], "unix seconds in decimal digits"),
        (["sign", "--target", "POST"], "is not a method and a path"),
    ],
)
def test_a_wrong_argument_is_named(arguments, sentence):
    result = run(*arguments)
    assert 2 == result.exit_code
    assert sentence in " ".join(result.output.replace("│", " ").split())
