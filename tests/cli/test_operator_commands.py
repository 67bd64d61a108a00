import re

import pytest
from typer.testing import CliRunner

from acca.cli import app

WIDE = {"COLUMNS": "240"}


@pytest.fixture
def acca(database_url):
    """Return how a command is run on a database of the test's own."""

    def run(*arguments, status=0):
        done = CliRunner().invoke(app, arguments, env={**WIDE, "DATABASE_URL": database_url})
        assert status == done.exit_code, done.output
        return done.output

    return run


@pytest.fixture
def acme(acca):
    return acca(
        *("operator", "add", "acme", "otp_digits=6", "--display-name", "Acme", "--currency", "KES"),
        *("--time-zone", "Africa/Nairobi", "--pam-url", "https://wallet.example/"),
        *("--sms-url", "https://sms.example/", "--tax", "kenya-2023"),
    )


def secret_of(output):
    return re.search("secret  ([0-9a-f]{64})\n", output)[1]


def test_an_operator_is_added_and_shown_without_its_secret(acca, acme):
    assert "added   acme\nkey     1\nsecret  " in acme
    assert re.search("taxes   kenya-2023: .*until 2024-12-27.; confirm with your tax adv", acme)
    shown = acca("operator", "show", "acme")
    for text in ("Africa/Nairobi", "https://wallet.example/", "12.5 inclusive", "kenya-2023"):
        assert text in shown
    assert re.search("otp_digits +│ 6 +│ 4 ", shown)
    assert secret_of(acme) not in shown
    assert re.search("acme +│ Acme +│ Africa/Nairobi +│ KES", acca("operator", "list"))


def test_what_somebody_wrote_is_shown_as_it_is(acca):
    acca("operator", "add", "acme", "--display-name", "[red]Acme :smile:[/red]")
    for shown in (acca("operator", "list"), acca("operator", "show", "acme")):
        assert "[red]Acme :smile:[/red]" in shown


@pytest.mark.usefixtures("acme")
def test_a_name_is_taken_once(acca):
    assert "The operator acme exists already.\n" == acca("operator", "add", "acme", status=1)
    assert "is not a slug" in acca("operator", "add", "Acme", status=2)
    documented = acca("operator", "add", "site", "--documented-key", status=1)
    assert "only a sandbox takes it" in documented


@pytest.mark.usefixtures("acme")
def test_settings_are_all_set_or_every_defect_is_named(acca):
    assert "clock_window=1m\nbet_result=on\n" == acca(
        "operator", "set", "acme", "clock_window=60s", "bet_result=on"
    )
    assert "Nothing changed" in acca("operator", "set", "acme", "bet_result=on")
    refused = acca("operator", "set", "acme", "bet_result=off", "otp_digits=9", "x=1", status=1)
    assert 2 == len(refused.splitlines())
    assert "Nothing changed" in acca("operator", "set", "acme", "bet_result=on")
    assert "is not a name and a value" in acca("operator", "set", "acme", "bet_result", status=2)


@pytest.mark.usefixtures("acme")
def test_a_change_that_needs_a_reason_keeps_it(acca):
    asked = ("operator", "set", "acme", "update_types=jackpot,superbet")
    assert "with a reason" in acca(*asked, status=1)
    assert "is not a line" in acca(*asked, "--reason", "", status=2)
    acca(*asked, "--reason", "certified in May")
    history = acca("operator", "history", "acme")
    assert re.search("command line, .*update_types.*certified in May", history)


@pytest.mark.usefixtures("acme")
def test_limits_are_set_by_type_and_currency(acca):
    of_tips = ("--type", "quicktip", "--currency", "KES")
    limited = acca("operator", "limit", "acme", "price_cents_max=50000", *of_tips)
    assert re.search("quicktip +│ KES +│ price_cents_max=50000", limited)
    assert "price_cents_max=50000" in acca("operator", "show", "acme")
    refused = acca("operator", "limit", "acme", "legs_min=5", "--currency", "EUR", status=1)
    assert "The operator does not sell in EUR.\n" == refused


@pytest.mark.usefixtures("acme")
def test_taxes_are_a_preset_or_terms_but_never_nothing_by_mistake(acca):
    taxed = acca(
        *("operator", "tax", "acme", "--preset", "kenya-2024", "--from", "2026-01-01"),
        *("--to", "2026-07-01", "--type", "jackpot", "--wht", "25", "--class", "resident"),
        *("--wht-threshold", "500", "--on-excess", "--rounding", "down"),
    )
    for text in ("2025-12-31 21:00", "2026-06-30 21:00", "jackpot", "resident", "15 incl", "25 of"):
        assert text in taxed
    assert "is not a day" in acca(
        "operator", "tax", "acme", "--preset", "none", "--from", "soon", status=2
    )
    assert "Name a preset" in acca("operator", "tax", "acme", status=2)


@pytest.mark.parametrize("holder", ["operator", "provider"])
def test_keys_are_rotated(acca, holder):
    first = secret_of(acca(holder, "add", "acme"))
    second = secret_of(acca(holder, "key", "add", "acme"))
    assert first != second
    assert f"{second}\n" == acca(holder, "key", "show", "acme", "2")
    assert "retire one first" in acca(holder, "key", "add", "acme", status=1)
    assert "key     1, retires 20" in acca(holder, "key", "retire", "acme", "1", "--in", "24h")
    listed = acca(holder, "key", "list", "acme")
    assert [True, True] == ["valid until 20" in listed, f"{second[:4]}…" in listed]
    acca(holder, "key", "retire", "acme", "1")
    assert "retired 20" in acca(holder, "key", "list", "acme")
    assert "stays valid" in acca(holder, "key", "retire", "acme", "2", status=1)
    assert "There is no key 9.\n" == acca(holder, "key", "show", "acme", "9", status=1)
    assert f"There is no {holder} other.\n" == acca(holder, "key", "list", "other", status=1)


def test_a_provider_is_added_and_shown(acca):
    assert "added   goals-feed\nkey     1\nsecret  " in acca("provider", "add", "goals-feed")
    assert "exists already" in acca("provider", "add", "goals-feed", status=1)
    assert "goals-feed\n" == acca("provider", "list")
    shown = acca("provider", "show", "goals-feed")
    assert "goals-feed, enrolled 20" in shown
    assert "valid" in shown


def test_the_platform_has_settings_of_its_own(acca):
    assert "derived_margin=4.5%\n" == acca("platform", "set", "derived_margin=4.5%")
    assert re.search("derived_margin +│ 4.5% +│ 6%", acca("platform", "show"))
    assert "derived_margin" in acca("platform", "history")
    assert "provider_silence" in acca("platform", "set", "provider_silence=1h", status=1)
