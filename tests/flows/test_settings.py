import asyncio
import datetime as dt

import pytest

from acca.core.keys import Secret
from acca.core.operating import HolderUnknown, LimitsRefused, ReasonMissing, TaxesRefused
from acca.core.setting import Asked, BadSettings
from acca.core.tax_profiles import AskedProfile, parse_preset
from acca.core.ticket import TicketType
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.set_operator import set_operator
from acca.flows.set_platform import set_platform
from acca.flows.tax_operator import tax_operator
from acca.store.operator_limits import list_operator_limits
from acca.store.operator_settings import get_operator_settings, list_operator_setting_changes
from acca.store.platform_settings import get_platform_settings, list_platform_setting_changes
from acca.store.tax_profiles import list_tax_profiles

WHO = "a test"


@pytest.fixture
async def acme(database):
    asked = [Asked("currencies", "KES,UGX"), Asked("time_zone", "Africa/Nairobi")]
    enrolled = await enrol_operator(database, Enrolment("acme", asked), Secret("ab" * 32), WHO)
    return enrolled.operator


async def settings_of(database, operator):
    async with database.reader() as reader:
        return await get_operator_settings(reader, operator.id)


async def test_settings_change_together_and_only_changes_are_written(database, acme):
    asked = [Asked("otp_digits", "6"), Asked("clock_window", "300s")]
    assert {"otp_digits": "6"} == await set_operator(database, "acme", asked, WHO, "safer")
    assert {} == await set_operator(database, "acme", asked, WHO)
    assert 6 == (await settings_of(database, acme)).otp_digits
    async with database.reader() as reader:
        changes = await list_operator_setting_changes(reader, acme.id)
    assert [("otp_digits", "safer")] == [(c.name, c.reason) for c in changes if c.reason]


async def test_one_bad_setting_leaves_all_as_they_were(database, acme):
    before = await settings_of(database, acme)
    asked = [Asked("otp_digits", "6"), Asked("clock_window", "1s"), Asked("zone", "UTC")]
    with pytest.raises(BadSettings) as refused:
        await set_operator(database, "acme", asked, WHO)
    assert 2 == len(refused.value.defects)
    assert before == await settings_of(database, acme)


async def test_changes_at_once_wait_for_each_other(database, acme):
    await asyncio.gather(
        *(
            set_operator(database, "acme", [Asked("otp_per_hour_max", str(each))], WHO)
            for each in range(1, 9)
        )
    )
    async with database.reader() as reader:
        changes = await list_operator_setting_changes(reader, acme.id)
    found = sorted(each.version for each in changes if each.name == "otp_per_hour_max")
    assert list(range(1, 9)) == found


async def test_settings_that_fit_alone_are_judged_together_also_at_once(database, acme):
    """Each leaves the wallet its 5 seconds, both together would not."""
    both = await asyncio.gather(
        set_operator(database, "acme", [Asked("identify_timeout", "4s")], WHO),
        set_operator(database, "acme", [Asked("create_timeout", "8s")], WHO),
        return_exceptions=True,
    )
    assert 1 == sum(isinstance(each, BadSettings) for each in both)
    found = await settings_of(database, acme)
    assert found.create_timeout - found.identify_timeout >= dt.timedelta(seconds=5)


async def test_a_wallet_is_trusted_with_updates_only_for_a_reason(database, acme):
    asked = [Asked("update_types", "jackpot,quicktip")]
    with pytest.raises(ReasonMissing, match="carry out quicktip"):
        await set_operator(database, "acme", asked, WHO)
    await set_operator(database, "acme", asked, WHO, "certified on 5 May")
    assert TicketType.QUICKTIP in (await settings_of(database, acme)).update_types
    await set_operator(database, "acme", [Asked("update_types", "none")], WHO)
    assert not (await settings_of(database, acme)).update_types


async def test_limits_are_set_for_all_types_and_currencies_or_those_named(database, acme):
    every = await limit_operator(database, "acme", AskedLimits([Asked("legs_max", "20")]), WHO)
    assert 10 == len(every)
    tips = AskedLimits([Asked("legs_max", "30")], [TicketType.QUICKTIP], ["KES"])
    assert 1 == len(await limit_operator(database, "acme", tips, WHO))
    assert [] == await limit_operator(database, "acme", tips, WHO)
    async with database.reader() as reader:
        found = await list_operator_limits(reader, acme.id)
    assert [(TicketType.QUICKTIP, "KES")] == [
        (each.ticket_type, each.currency) for each in found if each.limits.legs_max == 30
    ]


async def test_limits_that_cross_are_refused_for_every_type(database, acme):
    await limit_operator(
        database, "acme", AskedLimits([Asked("price_cents_max", "100")], [TicketType.JACKPOT]), WHO
    )
    with pytest.raises(BadSettings, match="price_cents_min has to be at most"):
        await limit_operator(database, "acme", AskedLimits([Asked("price_cents_min", "500")]), WHO)
    async with database.reader() as reader:
        found = await list_operator_limits(reader, acme.id)
    assert {1} == {each.limits.price_cents_min for each in found}


@pytest.mark.usefixtures("acme")
async def test_limits_are_for_currencies_that_the_operator_sells_in(database):
    with pytest.raises(LimitsRefused, match="does not sell in EUR"):
        await limit_operator(database, "acme", AskedLimits([], (), ["EUR", "KES"]), WHO)
    await set_operator(database, "acme", [Asked("currencies", "none")], WHO)
    with pytest.raises(LimitsRefused, match="no currencies yet"):
        await limit_operator(database, "acme", AskedLimits([Asked("legs_max", "1")]), WHO)


async def test_taxes_begin_at_the_operators_midnight(database, acme):
    preset = parse_preset("kenya-2024")
    asked = AskedProfile(preset.terms, preset, dt.date(2026, 1, 1), dt.date(2026, 7, 1))
    stored = await tax_operator(database, "acme", asked, WHO)
    assert dt.datetime(2025, 12, 31, 21, tzinfo=dt.UTC) == stored.profile.valid_from
    async with database.reader() as reader:
        assert [stored] == await list_tax_profiles(reader, acme.id)


@pytest.mark.usefixtures("acme")
async def test_taxes_that_end_before_they_begin_are_refused(database):
    preset = parse_preset("none")
    asked = AskedProfile(preset.terms, preset, dt.date(2026, 1, 2), dt.date(2026, 1, 1))
    with pytest.raises(TaxesRefused, match="does not end before it begins"):
        await tax_operator(database, "acme", asked, WHO)


async def test_an_unknown_operator_is_named(database):
    preset = parse_preset("none")
    for change in (
        set_operator(database, "nobody", [], WHO),
        limit_operator(database, "nobody", AskedLimits([]), WHO),
        tax_operator(database, "nobody", AskedProfile(preset.terms, preset), WHO),
    ):
        with pytest.raises(HolderUnknown, match="There is no operator nobody"):
            await change


async def test_settings_of_the_platform_change_one_after_another(database):
    await asyncio.gather(
        *(
            set_platform(database, [Asked("odds_jump_factor_max", str(each))], WHO)
            for each in range(20, 28)
        )
    )
    async with database.reader() as reader:
        changes = await list_platform_setting_changes(reader)
        found = await get_platform_settings(reader)
    assert list(range(8, 0, -1)) == [each.version for each in changes]
    assert str(found.odds_jump_factor_max) == changes[0].value
    with pytest.raises(BadSettings, match="provider_silence"):
        await set_platform(database, [Asked("provider_silence", "1s")], WHO)
