import asyncio
import datetime as dt
import time
from functools import partial

import msgspec
import pytest
from api.asking import ALIVE, SECRET, ask, feed, signed, signed_v2
from api.engines import NOW

from acca.api.answers import Answer
from acca.api.parties import Parties, read_operator
from acca.api.routes import Route
from acca.api.signing import read_signed
from acca.core.keys import Holder, Secret
from acca.core.setting import Asked
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.rotate_key import add_key, retire_key
from acca_client.signature import Credentials

OTHER = Secret(f"{2:064x}")
LATE, EARLY = NOW - 412, NOW + 301


def refused(response):
    assert (403, 1) == (response.status, response.json["code"])
    return response.json["message"]


async def test_a_genuine_request_is_answered_with_an_offer_of_version_2(port):
    response = await feed(port)
    assert 200 == response.status
    assert ["applied"] == [one["verdict"] for one in response.json["verdicts"]]
    assert "1, 2" == response.headers["signature-versions"]
    assert {"date", "x-request-id"} <= response.headers.keys()


@pytest.mark.parametrize("header", ["timestamp", "operator-name", "signature"])
@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
async def test_a_missing_header_is_named(port, header, value):
    headers = signed(ALIVE, **{header: value})
    assert f"{header} is missing" == refused(await feed(port, ALIVE, headers))


@pytest.mark.parametrize("header", ["timestamp", "operator-name", "signature"])
async def test_a_header_that_stands_twice_is_refused_even_with_the_same_value(port, header):
    headers = signed(ALIVE)
    twice = [*headers, (header, dict(headers)[header])]
    assert f"{header} is given more than once" == refused(await feed(port, ALIVE, twice))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"timestamp": "soon"}, "timestamp has to be unix seconds in decimal digits"),
        ({"timestamp": "-1"}, "timestamp has to be unix seconds in decimal digits"),
        ({"timestamp": str(NOW * 1000)}, "timestamp is in milliseconds; unix seconds are needed"),
        ({"timestamp": str(NOW + 1)}, "signature does not fit the request"),
        ({"signature": "f" * 63}, "signature has to be 64 lower-case hex digits"),
        ({"signature": "F" * 64}, "signature has to be 64 lower-case hex digits"),
        ({"signature": "f" * 64}, "signature does not fit the request"),
        ({"operator-name": "nobody"}, "operator-name is not known"),
        ({"operator-name": "Goals"}, "operator-name is not known"),
        ({"operator-name": "g" * 5000}, "operator-name is not known"),
        ({"operator-name": "gøals"}, "operator-name is not known"),
        ({"signature-version": "3"}, "signature-version has to be 1 or 2"),
        ({"signature-version": "2"}, "signature does not fit the request"),
    ],
)
async def test_a_wrong_header_is_named_and_never_put_right(port, changes, sentence):
    assert sentence == refused(await feed(port, ALIVE, signed(ALIVE, **changes)))


@pytest.mark.parametrize(
    ("timestamp", "sentence"),
    [
        (LATE, "timestamp is 412 s behind; 300 s are allowed"),
        (EARLY, "timestamp is 301 s ahead; 300 s are allowed"),
    ],
)
async def test_a_stale_request_is_told_how_far_its_clock_is_off(port, timestamp, sentence):
    assert sentence == refused(await feed(port, ALIVE, signed(ALIVE, at=timestamp)))


@pytest.mark.parametrize("timestamp", [NOW - 300, NOW + 300])
async def test_at_the_edge_of_the_window_a_request_is_good(port, timestamp):
    assert 200 == (await feed(port, ALIVE, signed(ALIVE, at=timestamp))).status


async def test_another_body_is_refused(port):
    other = b'{"entries":[]}'
    assert "signature does not fit the request" == refused(await feed(port, other, signed(ALIVE)))


async def test_blanks_between_tokens_do_no_harm(port):
    headers = signed(ALIVE)
    assert 200 == (await feed(port, ALIVE.replace(b":", b" : "), headers)).status


@pytest.mark.parametrize("path", ["/feed", "/feed?a=1&b=%20x", "/feed/", "//feed", "/%66eed"])
async def test_version_2_signs_the_path_as_it_stands_on_the_request_line(port, path):
    assert 200 == (await feed(port, ALIVE, signed_v2(ALIVE, path), path)).status


@pytest.mark.parametrize(
    "headers",
    [signed_v2(ALIVE, "/feed?a=1"), signed_v2(ALIVE, "/feed", "PUT"), signed_v2(b"{}", "/feed")],
    ids=["path", "method", "body"],
)
async def test_version_2_fits_no_other_request(port, headers):
    assert "signature does not fit the request" == refused(await feed(port, ALIVE, headers))


async def test_version_2_has_but_one_form(port):
    headers = signed_v2(ALIVE, "/feed")
    assert "signature does not fit the request" == refused(await feed(port, ALIVE + b" ", headers))


async def test_version_2_given_twice_is_refused(port):
    headers = [*signed_v2(ALIVE, "/feed"), ("signature-version", "1")]
    assert "signature-version has to be 1 or 2" == refused(await feed(port, ALIVE, headers))


async def test_a_body_is_not_read_before_the_headers_are_good(port):
    headers = [("timestamp", "1"), ("content-length", "1000000000")]
    response = await ask(port, "POST", "/feed", headers, b"")
    assert 403 == response.status


async def status_with(port, secret, body=ALIVE):
    return (await feed(port, body, signed(body, Credentials("goals", secret.text)))).status


async def becomes(expected, status_of):
    """Wait, at most the second that is promised, until a status is as expected."""
    begun = time.monotonic()
    while expected != await status_of():
        assert time.monotonic() - begun < 1
        await asyncio.sleep(0.02)


async def test_a_new_key_is_good_within_a_second_and_a_retired_one_is_not(port, database):
    assert (200, 403) == (await status_with(port, SECRET), await status_with(port, OTHER))
    key = await add_key(database, Holder.PROVIDER, "goals", OTHER, "a test")
    await becomes(200, lambda: status_with(port, OTHER))
    assert 200 == await status_with(port, SECRET)
    await retire_key(database, Holder.PROVIDER, "goals", key.number - 1, dt.timedelta(), "a test")
    await becomes(403, lambda: status_with(port, SECRET))
    assert 200 == await status_with(port, OTHER)


def operator_routes(engine, _):
    """Answer who signed, to operators."""
    parties = Parties(partial(read_operator, engine.database), engine.monotonic)

    async def tell(call):
        signed, body = await read_signed(call, parties, NOW)
        assert SECRET.text == signed.secret
        assert SECRET.text not in repr(signed) + repr(await parties.find(signed.party_name))
        told = [
            signed.party_name,
            signed.version,
            signed.settings.rules.settings.pam_url,
            len(body),
        ]
        return Answer(200, msgspec.json.encode(told))

    return [Route("/be/{what:str}", {"POST": tell, "GET": tell})]


async def test_an_operator_is_held_to_its_window_and_versions(engine, database, serve, logged):
    terms = [Asked("clock_window", "60s"), Asked("signature_versions", "2")]
    await enrol_operator(database, Enrolment("acme", terms), SECRET, "a test")
    acme = Credentials("acme", SECRET.text)
    async with serve(engine, [operator_routes]) as port:
        good = await feed(port, ALIVE, signed_v2(ALIVE, "/be/x", credentials=acme), "/be/x")
        old = await feed(port, ALIVE, signed(ALIVE, acme), "/be/x")
        stale = await feed(port, ALIVE, signed(ALIVE, acme, NOW - 61), "/be/x")
        empty = signed_v2(b"", "/be/x", "GET", acme)
        read = await ask(port, "GET", "/be/x", empty)
        provider = await feed(port, ALIVE, signed(ALIVE), "/be/x")
    assert [] == [line for line in logged if line["level"] == "error"]
    assert ["acme", 2, None, len(ALIVE)] == good.json
    assert "signature-version has to be 2" == refused(old)
    assert "timestamp is 61 s behind; 60 s are allowed" == refused(stale)
    assert ["acme", 2, None, 0] == read.json
    assert "operator-name is not known" == refused(provider)


async def test_many_who_ask_at_once_share_a_reading():
    asked = []

    async def load(name):
        asked.append(name)
        await asyncio.sleep(0)

    now = [0.0]
    parties = Parties(load, lambda: now[0])
    await asyncio.gather(*(parties.find("goals") for _ in range(10)))
    assert ["goals"] == asked
    now[0] = 0.9
    await parties.find("goals")
    assert ["goals"] * 2 == asked


async def test_a_reading_that_failed_is_made_again():
    asked = []

    async def load(name):
        asked.append(name)
        if len(asked) == 1:
            raise OSError("away")
        return name

    parties = Parties(load, lambda: 0.0)
    with pytest.raises(OSError, match="away"):
        await parties.find("goals")
    assert "goals" == await parties.find("goals")
