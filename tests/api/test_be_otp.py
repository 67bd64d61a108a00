"""One-time passwords over HTTP: sent, checked, limited, and seen by nobody else."""

import asyncio
import datetime as dt
import json
import re
import time
from secrets import token_bytes

import pytest
from api.engines import make_log
from placing_made import SECRET, open_shop

from acca.core.setting import Asked
from acca.engine import Means, open_engine
from acca.flows.advance_clock import advance_by
from acca.flows.set_operator import set_operator
from acca_client.engine import AsyncEngine
from acca_client.errors import CodeWrong, Refused, TooManyCodes
from acca_sandbox.wallet.faults import Fault

MSISDN = "+254700000001"


async def allow(database, **settings):
    asked = [Asked(name, value) for name, value in settings.items()]
    await set_operator(database, "site", asked, "test", "for a test")


@pytest.fixture
async def shop(sandbox):
    async with open_shop(sandbox) as opened:
        await allow(sandbox, features="reserve,paid,otp")
        yield opened


@pytest.fixture
async def port(sandbox, shop, logged, serve):
    assert shop
    means = Means(
        lambda: int(time.time()), time.monotonic, token_bytes, make_log(logged), allow_private=True
    )
    async with open_engine(sandbox, means) as made, serve(made) as opened:
        yield opened


@pytest.fixture
async def client(port):
    async with AsyncEngine(f"http://127.0.0.1:{port}", "site", SECRET) as engine:
        yield engine


async def inbox(shop, count=1):
    """Wait for so many codes in the telephone's inbox, and read them."""
    for _ in range(200):
        codes = [one.data["code"] for one in shop.wallet.wallet.inbox if one.type == "otp"]
        if len(codes) >= count:
            return codes
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {count} codes came")


def other_than(code):
    return f"{(int(code) + 1) % 10_000:04d}"


async def test_a_code_is_sent_and_right_once(client, shop):
    assert 300 == await client.send_code(MSISDN)
    (code,) = await inbox(shop)
    assert re.fullmatch("[0-9]{4}", code)
    await client.verify_code("254700000001", code)
    with pytest.raises(CodeWrong):
        await client.verify_code(MSISDN, code)


async def test_fifty_guesses_at_once_are_five_tries(client, shop):
    await client.send_code(MSISDN)
    (code,) = await inbox(shop)
    wrong = other_than(code)
    answers = await asyncio.gather(
        *(client.verify_code(MSISDN, wrong) for _ in range(50)), return_exceptions=True
    )
    assert [45, 5] == sorted(
        sum(isinstance(one, kind) for one in answers) for kind in (TooManyCodes, CodeWrong)
    )[::-1]
    with pytest.raises(TooManyCodes):
        await client.verify_code(MSISDN, code)


async def test_ten_wrong_tries_lock_the_number_for_a_day(client, shop, sandbox):
    for turn in range(2):
        await client.send_code(MSISDN)
        code = (await inbox(shop, turn + 1))[-1]
        for _ in range(5):
            with pytest.raises(CodeWrong):
                await client.verify_code(MSISDN, other_than(code))
    with pytest.raises(TooManyCodes):
        await client.send_code("00254700000001")
    await client.send_code("254700000002")
    await advance_by(sandbox, dt.timedelta(days=1, minutes=1))
    assert 300 == await client.send_code(MSISDN)


async def test_three_codes_in_ten_minutes_and_an_operators_hour_are_limits(client, sandbox):
    for _ in range(3):
        await client.send_code(MSISDN)
    with pytest.raises(TooManyCodes):
        await client.send_code(MSISDN)
    await allow(sandbox, otp_per_hour_max="4")
    await asyncio.sleep(1.2)
    await client.send_code("254700000002")
    with pytest.raises(TooManyCodes):
        await client.send_code("254700000003")


async def test_a_code_expires_with_business_time(client, shop, sandbox):
    await client.send_code(MSISDN)
    (code,) = await inbox(shop)
    await advance_by(sandbox, dt.timedelta(minutes=5, seconds=1))
    with pytest.raises(CodeWrong):
        await client.verify_code(MSISDN, code)


async def test_a_receiver_that_fails_is_asked_again_and_nobody_waits_for_it(client, shop):
    shop.wallet.faults.set([Fault(kind="error", action="sms", times=1)], 1)
    began = time.monotonic()
    await client.send_code(MSISDN)
    assert time.monotonic() - began < 1
    assert 1 == len(await inbox(shop))


async def test_an_operator_without_the_feature_gets_its_code(client, sandbox):
    await allow(sandbox, features="paid")
    await asyncio.sleep(1.2)
    for asked in (client.send_code(MSISDN), client.verify_code(MSISDN, "1234")):
        with pytest.raises(Refused) as refused:
            await asked
        assert (100, "OTP feature not implemented yet") == (
            refused.value.code,
            refused.value.message,
        )


async def test_the_code_stands_nowhere_on_our_side(client, shop, sandbox, logged):
    await allow(sandbox, otp_digits="8")
    await asyncio.sleep(1.2)
    await client.send_code(MSISDN)
    (code,) = await inbox(shop)
    async with sandbox.reader() as reader:
        tables = await reader.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        for (table,) in tables:
            rows = await reader.rows(f'SELECT row_to_json(t)::text AS row FROM "{table}" AS t')
            assert not [one for one in rows if code in one["row"]], table
    assert code not in json.dumps(logged, default=str)
    with pytest.raises(CodeWrong) as wrong:
        await client.verify_code(MSISDN, other_than(code[:4]) + code[4:])
    assert code not in str(wrong.value)
