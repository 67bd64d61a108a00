"""A browser without script at the wallet's pages."""

import re

from sandbox.wallet_calls import written

SMS = written("otp", {"msisdn": "+254700000001", "code": "<b>1234</b>"}).replace(b"action", b"type")
FORM = re.compile(r'name="form" value="([^"]+)"')


async def form_token(client):
    found = FORM.search((await client.get("/")).text)
    return found[1]


async def send(client, path, headers=None, **fields):
    """Send a form as a browser does that was shown it."""
    fields = {"form": await form_token(client)} | fields
    return await client.post(path, data=fields, headers=headers or {}, follow_redirects=False)


async def done(client, path, **fields):
    """Send a form, go where it leads, and return that page."""
    answer = await send(client, path, **fields)
    assert 303 == answer.status_code, answer.text
    return (await client.get(answer.headers["location"])).text


def said(page):
    """Read what a page says was done."""
    found = re.search(r'role="status">([^<]*)<', page)
    return found and found[1]
