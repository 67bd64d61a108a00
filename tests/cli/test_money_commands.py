import pytest
from typer.testing import CliRunner

from acca.cli import app


def run(*arguments):
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200", "TERM": "dumb"})


def numbers(result):
    """Return the cents column of the table that a command printed."""
    return [line.split("│")[2].strip() for line in result.output.splitlines() if "│" in line]


def test_finance_shows_the_documented_sample():
    result = run(
        "finance", "--price", "1000", "--odds", "1.24", "--odds", "2.76", "--tax", "kenya-2023"
    )
    assert 0 == result.exit_code
    assert ["1000", "111", "889", "3040", "430", "2610"] == numbers(result)


def test_finance_prints_the_documented_answer_to_the_key_order():
    result = run(
        *("finance", "--price", "1000", "--odds", "1.24", "--odds", "2.76"),
        *("--tax", "kenya-2023", "--json"),
    )
    documented = (
        '{"price":1000,"total_odds":3.42,"stake":889,"ext":12.5,"ext_amount":111,'
        '"ext_type":"inclusive","wht":20,"wht_amount":430,"gross_payout":3040,"net_payout":2610}'
    )
    assert f"{documented}\n" == result.output


def test_finance_takes_a_stake_where_excise_comes_on_top():
    result = run(
        *("finance", "--stake", "1000", "--odds", "3.42"),
        *("--ext", "12.5", "--ext-formula", "exclusive", "--wht", "20"),
    )
    assert ["1125", "125", "1000", "3420", "484", "2936"] == numbers(result)


def test_finance_says_what_the_cap_took():
    result = run("finance", "--price", "1000", "--odds", "50", "--cap", "20000")
    assert "20000" == numbers(result)[3]
    assert "without the cap it would pay 500.00" in result.output


@pytest.mark.parametrize(
    ("legs", "title", "gross"),
    [
        (["1.24:won", "2.76:won"], "Ticket won", "3420"),
        (["1.24:won", "2.76:void"], "Ticket won", "1240"),
        (["1.24:pending", "2.76:lost"], "Ticket lost", "0"),
        (["1.24:void", "2.76:void"], "Ticket void", "1000"),
        (["1.90:half_lost", "1.95:half_lost"], "Ticket won", "250"),
        (["1.90:OUFT/2.5/O@2-1", "3.10:HTFT/1/1@2-1ht1-0"], "Ticket won", "5890"),
        (["1.90:OUFT/1.5/O@abandoned2-0"], "Ticket won", "1900"),
        (["1.90:OUFT/2.5/O@abandoned2-0ht1-0"], "Ticket void", "1000"),
        (["1.90:AHFT/-0.75/1@1-0"], "Ticket won", "1450"),
        (["1.90:MRFT/X@cancelled", "2:MRFT/1@0-0"], "Ticket lost", "0"),
    ],
)
def test_settle_pays_what_the_legs_say(legs, title, gross):
    result = run("settle", "--price", "1000", *(word for leg in legs for word in ("--leg", leg)))
    assert title in result.output
    assert gross == numbers(result)[3]


@pytest.mark.parametrize("leg", ["2:pending", "2:MRFT/1@postponed", "2:MRHT/1@2-1"])
def test_settle_waits_for_an_open_leg(leg):
    result = run("settle", "--price", "1000", "--leg", "1.24:won", "--leg", leg)
    assert "pending" in result.output
    assert 0 == result.exit_code


def test_taxes_lists_presets_with_their_source():
    result = run("taxes")
    assert "confirm with your tax adviser" in result.output
    assert "Finance Act 2023" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["finance", "--price", "1e999", "--odds", "2"], "has to be between 1 and"),
        (["finance", "--price", "-5", "--odds", "2"], "has to be between 1 and"),
        (["finance", "--price", "12345678901234567890", "--odds", "2"], "has to be between 1 and"),
        (["finance", "--price", "10", "--odds", "0.99"], "has to be between 1.00 and"),
        (["finance", "--price", "10", "--odds", "1.955"], "has more than 2 decimals"),
        (["finance", "--price", "10", "--odds", "NaN"], "is not a number"),
        (["finance", "--price", "10", "--odds", "2", "--tax", "mars"], "is not a tax preset"),
        (["finance", "--odds", "2"], "is missing"),
        (["finance", "--price", "10"], "Missing option"),
        (
            ["finance", "--price", "9", "--stake", "8", "--odds", "2"],
            "does not fit the stake",
        ),
        (["settle", "--price", "10", "--leg", "2"], "needs an outcome behind its odds"),
        (["settle", "--price", "10", "--leg", "2:good"], "has no outcome"),
        (["settle", "--price", "10", "--leg", "2:MRFT/9@1-0"], "names no football bet"),
        (["settle", "--price", "10", "--leg", "2:MRFT/1@x"], "has no score such as"),
        (["settle", "--price", "10", "--leg", "2:MRFT/1@1-0ht2-0"], "more points in its periods"),
        (["nonsense"], "No such command"),
    ],
)
def test_a_wrong_argument_is_named_and_ends_with_status_2(arguments, sentence):
    result = run(*arguments)
    assert 2 == result.exit_code
    assert sentence in " ".join(result.output.replace("│", " ").split())
