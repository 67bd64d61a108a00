import asyncio
import datetime as dt

import asyncpg
import pytest

from acca.core.keys import DOCUMENTED_SECRET, Holder, Secret
from acca.core.operating import KeyRefused, NameTaken, ReasonMissing
from acca.core.setting import Asked, BadSettings
from acca.core.tax_profiles import parse_preset
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.enrol_provider import enrol_provider
from acca.store.keys import list_keys
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import list_operators
from acca.store.providers import list_providers
from acca.store.tax_profiles import list_tax_profiles

WHO = "a test"
SECRET, OTHER = Secret("ab" * 32), Secret("cd" * 32)
ACME = Enrolment("acme", [Asked("time_zone", "Africa/Nairobi")], parse_preset("kenya-2023"))


async def operators_of(database):
    async with database.reader() as reader:
        return await list_operators(reader)


async def test_an_operator_is_enrolled_whole(database):
    made = await enrol_operator(database, ACME, SECRET, WHO)
    assert [made.operator] == await operators_of(database)
    async with database.reader() as reader:
        assert made.settings == await get_operator_settings(reader, made.operator.id)
        assert [made.key] == await list_keys(reader, Holder.OPERATOR, made.operator.id)
        (taxes,) = await list_tax_profiles(reader, made.operator.id)
    assert (SECRET, 1) == (made.key.secret, made.key.number)
    assert ("kenya-2023", 125_000) == (taxes.preset, taxes.profile.terms.ext_rate)
    begins = taxes.profile.valid_from.astimezone(made.settings.time_zone)
    assert dt.time() == begins.time()
    assert dt.timedelta() <= made.operator.created - begins < dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ([Asked("time_zone", "Mars"), Asked("currencies", "")], BadSettings),
        ([Asked("update_types", "quicktip")], ReasonMissing),
    ],
)
async def test_an_operator_whose_settings_are_refused_is_not_enrolled(database, asked, refusal):
    with pytest.raises(refusal):
        await enrol_operator(database, Enrolment("acme", asked), SECRET, WHO)
    assert [] == await operators_of(database)


async def test_only_a_sandbox_takes_the_key_of_the_documentation(database, sandbox):
    with pytest.raises(KeyRefused, match="only a sandbox takes it"):
        await enrol_operator(database, ACME, DOCUMENTED_SECRET, WHO)
    assert [] == await operators_of(database)
    for name in ("acme", "site"):
        made = await enrol_operator(sandbox, Enrolment(name), DOCUMENTED_SECRET, WHO)
        assert "12345ABCDE" == made.key.secret.text


async def test_of_two_who_take_a_name_at_once_one_gets_it_whole(database):
    both = await asyncio.gather(
        enrol_operator(database, ACME, SECRET, WHO),
        enrol_operator(database, ACME, OTHER, WHO),
        return_exceptions=True,
    )
    won = [each for each in both if not isinstance(each, Exception)]
    lost = [str(each) for each in both if isinstance(each, NameTaken)]
    assert (1, ["The operator acme exists already."]) == (len(won), lost)
    async with database.reader() as reader:
        assert [won[0].key] == await list_keys(reader, Holder.OPERATOR, won[0].operator.id)


async def test_an_enrolment_that_is_killed_between_its_statements_leaves_nothing(database):
    async with database.writer() as other:
        async with other.transaction():
            await other.run("LOCK TABLE operator_key")
            enrolling = asyncio.create_task(enrol_operator(database, ACME, SECRET, WHO))
            async with database.writer() as killer:
                await kill_who_waits(killer)
            with pytest.raises((asyncpg.AdminShutdownError, asyncpg.InterfaceError)):
                await enrolling
        assert [] == await operators_of(database)
        assert 0 == await other.value("SELECT count(*) FROM operator_setting")
    assert SECRET == (await enrol_operator(database, ACME, SECRET, WHO)).key.secret


async def kill_who_waits(connection):
    """Kill the session of our database that waits for a lock, once there is one."""
    query = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
        """
    for _ in range(80):
        if await connection.value(query):
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits")


async def test_a_provider_is_enrolled_with_its_key_and_once(database):
    made = await enrol_provider(database, "goals-feed", SECRET, WHO)
    with pytest.raises(NameTaken, match="The provider goals-feed exists already"):
        await enrol_provider(database, "goals-feed", OTHER, WHO)
    async with database.reader() as reader:
        assert [made.provider] == await list_providers(reader)
        assert [made.key] == await list_keys(reader, Holder.PROVIDER, made.provider.id)
