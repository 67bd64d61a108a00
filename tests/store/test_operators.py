import datetime as dt
import pathlib
import re

import asyncpg
import pytest

import acca.store
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase
from acca.core.keys import Holder, Secret
from acca.core.limits import Limits, LimitsOf
from acca.core.numbers import Rounding
from acca.core.operating import HolderUnknown
from acca.core.operator import OperatorSettings
from acca.core.setting import declarations
from acca.core.tax_profiles import TaxProfile
from acca.core.ticket import TicketType
from acca.store.keys import insert_key, list_keys, retire_key
from acca.store.operator_limits import append_operator_limits, list_operator_limits
from acca.store.operator_settings import (
    append_operator_settings,
    get_operator_settings,
    list_operator_setting_changes,
)
from acca.store.operators import get_operator, insert_operator, list_operators
from acca.store.platform_settings import (
    append_platform_settings,
    get_platform_settings,
    list_platform_setting_changes,
)
from acca.store.providers import get_provider, insert_provider, list_providers
from acca.store.queries import load_queries
from acca.store.tax_profiles import StoredProfile, append_tax_profile, list_tax_profiles

WHO = "a test"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TERMS = TaxTerms(
    *(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.GROSS, 5),
    wht_on_excess=True,
    rounding=Rounding.DOWN,
)
FULL = Limits(dict(zip(declarations(Limits), range(101, 112), strict=True)))


def stored(valid_from=START, wht=0, **more):
    return StoredProfile(TaxProfile(TaxTerms(wht_rate=wht), valid_from, **more), None)


def secret(number):
    return Secret(f"{number:064x}")


@pytest.fixture
async def writer(database):
    async with database.writer() as lent:
        yield lent


@pytest.fixture
async def acme(writer):
    return await insert_operator(writer, "acme", WHO)


@pytest.fixture
async def other(writer):
    return await insert_operator(writer, "other", WHO)


async def test_an_operator_is_found_by_its_name(writer, acme):
    assert acme == await get_operator(writer, "acme")
    assert [acme] == await list_operators(writer)
    with pytest.raises(HolderUnknown, match="There is no operator acm"):
        await get_operator(writer, "acm")


@pytest.mark.usefixtures("acme")
async def test_a_name_is_given_once(writer):
    assert await insert_operator(writer, "acme", WHO) is None
    assert await insert_provider(writer, "acme", WHO) is not None
    assert await insert_provider(writer, "acme", WHO) is None


async def test_a_provider_is_found_by_its_name(writer):
    feed = await insert_provider(writer, "feed", WHO)
    assert feed == await get_provider(writer, "feed")
    assert [feed] == await list_providers(writer)
    with pytest.raises(HolderUnknown, match="There is no provider fed"):
        await get_provider(writer, "fed")


async def test_what_was_never_set_has_its_default(writer, acme):
    assert OperatorSettings() == await get_operator_settings(writer, acme.id)
    assert [] == await list_operator_limits(writer, acme.id)


async def test_the_last_version_of_a_setting_is_in_force_and_all_are_kept(writer, acme):
    for digits in ("5", "6"):
        await append_operator_settings(writer, acme.id, {"otp_digits": digits}, WHO, "so")
    await append_operator_settings(writer, acme.id, {"clock_window": "1m"}, WHO)
    settings = await get_operator_settings(writer, acme.id)
    assert (6, dt.timedelta(minutes=1)) == (settings.otp_digits, settings.clock_window)
    changes = await list_operator_setting_changes(writer, acme.id)
    assert [
        ("clock_window", 1, "1m", None, WHO),
        ("otp_digits", 2, "6", "so", WHO),
        ("otp_digits", 1, "5", "so", WHO),
    ] == [(each.name, each.version, each.value, each.reason, each.who) for each in changes]


async def test_the_platforms_settings_have_versions_too(writer):
    for silence in ("30s", "40s"):
        await append_platform_settings(writer, {"provider_silence": silence}, WHO)
    assert dt.timedelta(seconds=40) == (await get_platform_settings(writer)).provider_silence
    assert [2, 1] == [each.version for each in await list_platform_setting_changes(writer)]


async def test_limits_come_back_as_they_were_and_the_last_version_is_in_force(writer, acme):
    tip = LimitsOf(TicketType.QUICKTIP, "KES", FULL)
    await append_operator_limits(writer, acme.id, tip._replace(limits=Limits()), WHO)
    await append_operator_limits(writer, acme.id, tip, WHO)
    await append_operator_limits(writer, acme.id, tip._replace(currency="UGX"), WHO)
    assert [tip, tip._replace(currency="UGX")] == await list_operator_limits(writer, acme.id)


async def test_a_tax_profile_comes_back_as_it_was(writer, acme):
    profile = TaxProfile(TERMS, START, START, TicketType.JACKPOT, "resident")
    await append_tax_profile(writer, acme.id, StoredProfile(profile, "kenya-2023"), WHO)
    assert [StoredProfile(profile, "kenya-2023")] == await list_tax_profiles(writer, acme.id)


async def test_of_two_tax_profiles_of_one_place_the_later_stands(writer, acme):
    kept = [
        stored(wht=2),
        stored(wht=3, ticket_type=TicketType.JACKPOT),
        stored(START + dt.timedelta(days=1)),
    ]
    for profile in (stored(wht=1), *kept):
        await append_tax_profile(writer, acme.id, profile, WHO)
    found = await list_tax_profiles(writer, acme.id)
    assert sorted(map(repr, kept)) == sorted(map(repr, found))


@pytest.mark.parametrize("holder", Holder)
async def test_keys_are_numbered_and_may_get_an_end(writer, holder):
    insert = insert_operator if holder is Holder.OPERATOR else insert_provider
    owner = await insert(writer, "owner", WHO)
    made = [await insert_key(writer, holder, owner.id, secret(n), WHO) for n in (1, 2)]
    assert made == await list_keys(writer, holder, owner.id)
    retired = await retire_key(writer, holder, owner.id, 1, owner.created, WHO)
    assert owner.created == retired.retires
    assert [1, 2] == [key.number for key in await list_keys(writer, holder, owner.id)]


async def test_no_operator_is_shown_what_is_anothers(writer, acme, other):
    """Everything of one is there twice, and each list holds only what is its own."""
    for each, digits in ((acme, "5"), (other, "6")):
        await append_operator_settings(writer, each.id, {"otp_digits": digits}, WHO)
        limits = Limits({"legs_max": int(digits)})
        await append_operator_limits(
            writer, each.id, LimitsOf(TicketType.JACKPOT, "KES", limits), WHO
        )
        await append_tax_profile(writer, each.id, stored(wht=int(digits)), WHO)
        await insert_key(writer, Holder.OPERATOR, each.id, secret(int(digits)), WHO)
    await retire_key(writer, Holder.OPERATOR, other.id, 1, START, WHO)
    assert 5 == (await get_operator_settings(writer, acme.id)).otp_digits
    assert ["5"] == [each.value for each in await list_operator_setting_changes(writer, acme.id)]
    assert [5] == [each.limits.legs_max for each in await list_operator_limits(writer, acme.id)]
    assert [5] == [each.profile.terms.wht_rate for each in await list_tax_profiles(writer, acme.id)]
    keys = await list_keys(writer, Holder.OPERATOR, acme.id)
    assert [(1, secret(5), None)] == [(key.number, key.secret, key.retires) for key in keys]


async def test_every_tenant_table_has_the_operator_first_in_its_key(writer):
    rows = await writer.rows(
        """
        SELECT
            class.relname AS table_name,
            coalesce((key.indkey::smallint[])[0] = member.attnum, false) AS is_first
        FROM pg_class AS class
        JOIN pg_attribute AS member
        ON member.attrelid = class.oid AND member.attname = 'operator' AND NOT member.attisdropped
        LEFT JOIN pg_index AS key ON key.indrelid = class.oid AND key.indisprimary
        WHERE class.relkind IN ('r', 'p') AND class.relnamespace = 'public'::regnamespace
        """
    )
    assert {"operator_setting", "operator_key"} <= {row["table_name"] for row in rows}
    # What is unique on the platform has a small table of its own, keyed by just that; what is to be
    # settled by one result is of all operators.
    others = {row["table_name"] for row in rows if not row["is_first"]}
    assert {"card_code", "settlement_job", "settlement_chunk"} == others


TENANTS = r"\b(FROM|JOIN|INTO|UPDATE) (operator_setting|operator_limit|tax_profile|operator_key)\b"


@pytest.mark.parametrize(
    "file", sorted(pathlib.Path(acca.store.__file__).parent.glob("*.sql")), ids=lambda f: f.name
)
def test_every_statement_of_a_tenants_table_is_of_one_operator(file):
    if file.name != "schema.sql":
        assert [] == [
            name
            for name, statement in load_queries(file.name).items()
            if re.search(TENANTS, statement) and not re.search(r"\boperator = \$1\b", statement)
        ]


KEY = "(operator, number, secret, who) VALUES"
TAX = "tax_profile (operator, number, valid_from, ext_rate, ext_formula, wht_rate, wht_base, "
TAX += "wht_threshold_cents, wht_on_excess, rounding, who) VALUES (1, 1, now(), "
LIMIT = "operator_limit (operator, ticket_type, currency, version, price_cents_min, "
LIMIT += "price_cents_max, legs_min, legs_max, payout_cents_max, total_odds_max, who) VALUES (1, "
SETTING = "operator_setting (operator, name, version, value, reason, who) VALUES (1, "


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("operator (name, who) VALUES ('Acme', 'x')", "operator_name_is_a_slug"),
        ("operator (name, who) VALUES ('a', '')", "operator_was_made_by_somebody"),
        ("operator (name, who) VALUES ('acme', 'x')", "operator_name_is_taken_once"),
        ("provider (name, who) VALUES ('a--b', 'x')", "provider_name_is_a_slug"),
        (f"{SETTING} 'X', 1, '', NULL, 'x')", "operator_setting_has_a_name"),
        (f"{SETTING} 'x', 0, '', NULL, 'x')", "operator_setting_versions_count_from_one"),
        (f"{SETTING} 'x', 1, '', '', 'x')", "operator_setting_reason_is_a_sentence"),
        (
            f"{LIMIT} 'tip', 'KES', 1, 1, 1, 1, 1, 1, 100, 'x')",
            "operator_limit_is_of_a_ticket_type",
        ),
        (f"{LIMIT} 'jackpot', 'K', 1, 1, 1, 1, 1, 1, 100, 'x')", "operator_limit_is_of_a_currency"),
        (f"{LIMIT} 'jackpot', 'KES', 1, 2, 1, 1, 1, 1, 100, 'x')", "operator_limit_has_a_price"),
        (f"{LIMIT} 'jackpot', 'KES', 1, 1, 1, 2, 1, 1, 100, 'x')", "operator_limit_has_legs"),
        (
            f"{LIMIT} 'jackpot', 'KES', 1, 1, 1, 1, 1, 0, 100, 'x')",
            "operator_limit_of_amounts_is_above_zero",
        ),
        (
            f"{LIMIT} 'jackpot', 'KES', 1, 1, 1, 1, 1, NULL, 99, 'x')",
            "operator_limit_of_odds_is_not_below_one",
        ),
        (f"{TAX} 1, 'none', 0, 'net', 0, true, 'down', 'x')", "tax_profile_has_a_formula"),
        (f"{TAX} 0, 'none', 1000001, 'net', 0, true, 'down', 'x')", "tax_profile_rates_are_shares"),
        (f"{TAX} 0, 'none', 0, 'all', 0, true, 'down', 'x')", "tax_profile_has_a_base"),
        (
            f"{TAX} 0, 'none', 0, 'net', -1, true, 'down', 'x')",
            "tax_profile_threshold_is_not_below_zero",
        ),
        (f"{TAX} 0, 'none', 0, 'net', 0, true, 'up', 'x')", "tax_profile_has_a_rounding"),
        (f"operator_key {KEY} (1, 1, 'short', 'x')", "operator_key_secret_has_256_bits"),
        (
            f"operator_key {KEY} (1, 1, '12345ABCDE', 'x')",
            "operator_key_of_the_documentation_is_for_sandboxes",
        ),
        (
            f"operator_key {KEY} (1, 1, repeat('a', 64), 'x'), (1, 2, repeat('a', 64), 'x')",
            "operator_key_secret_is_nobody_elses",
        ),
    ],
)
@pytest.mark.usefixtures("acme")
async def test_the_schema_repeats_the_rules(writer, row, rule):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await writer.run(f"INSERT INTO {row}")
    assert rule == refused.value.constraint_name


@pytest.mark.parametrize(
    "table",
    [
        *("operator", "operator_setting", "operator_limit", "tax_profile"),
        *("provider", "platform_setting"),
    ],
)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET who = 'me'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
async def test_history_is_only_ever_added_to(writer, table, statement):
    with pytest.raises(asyncpg.CheckViolationError, match="are only ever added"):
        await writer.run(statement.format(table))


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE operator_key SET secret = repeat('b', 64)", "operator_key_keeps_its_secret"),
        ("UPDATE operator_key SET retires = NULL, retired_by = NULL WHERE number = 1", ...),
        ("UPDATE operator_key SET retires = 'infinity' WHERE number = 1", ...),
        ("UPDATE operator_key SET retires = now() WHERE number = 1", ...),
        ("DELETE FROM operator_key", "operator_key_is_never_deleted"),
        ("TRUNCATE operator_key", "operator_key_is_never_deleted"),
    ],
)
async def test_a_retired_key_stays_retired_and_every_key_what_it_is(writer, acme, statement, rule):
    for number in (1, 2):
        await insert_key(writer, Holder.OPERATOR, acme.id, secret(number), WHO)
    await retire_key(writer, Holder.OPERATOR, acme.id, 1, START, WHO)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await writer.run(statement)
    expected = "operator_key_keeps_its_secret" if rule is ... else rule
    assert expected == refused.value.constraint_name


async def test_a_key_with_an_end_to_come_may_get_another(writer, acme):
    await insert_key(writer, Holder.OPERATOR, acme.id, secret(1), WHO)
    for days in (20, 10):
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        retired = await retire_key(writer, Holder.OPERATOR, acme.id, 1, later, WHO)
        assert later == retired.retires
