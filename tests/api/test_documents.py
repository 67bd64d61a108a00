import asyncio
import base64
import hashlib
import html
import json
import re
import shutil
import tempfile
import time
from html.parser import HTMLParser
from secrets import token_bytes

import pytest
from api.asking import ask
from api.engines import make_log
from placing_made import SECRET, open_shop

from acca.api.answers import Answer
from acca.api.app import GROUPS
from acca.api.be import be_routes
from acca.api.documents import HTML, document_routes
from acca.api.measures import Measures
from acca.api.pages.reading import render_page
from acca.api.routes import Route
from acca.core.refusals import REFUSALS
from acca.engine import Means, open_engine
from acca.wire.be_openapi import be_service
from acca.wire.openapi import render_document

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SERVICE = be_service("1.2.3")
PAGE = render_page(SERVICE)
TEXT = PAGE.body.decode()
BYTES_MAX = 80_000
VOID = {"meta", "link", "input", "br"}
LEFT_OPEN = {"td", "th", "tr", "thead", "tbody"}


class Seen(HTMLParser):
    """What a page holds: its tags with their attributes, and whether they are closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID | LEFT_OPEN:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in LEFT_OPEN:
            assert tag == self.open.pop()

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


SEEN = Seen(TEXT)


@pytest.fixture
async def shop(database):
    async with open_shop(database) as opened:
        yield opened


@pytest.fixture
async def today(database, logged):
    """Return an engine by the true clock: a browser signs with its own."""
    log = make_log(logged)
    means = Means(lambda: int(time.time()), time.monotonic, token_bytes, log, allow_private=True)
    async with open_engine(database, means) as opened:
        yield opened


def groups(*more):
    return [*(group for group in GROUPS if group is not document_routes), document_routes, *more]


async def test_the_document_and_the_page_are_served_to_anyone(engine, serve):
    async with serve(engine, groups()) as port:
        told = await ask(port, "GET", "/be/openapi.json")
        page = await ask(port, "GET", "/be/docs")
        wrong = await ask(port, "POST", "/be/docs")
    assert (200, "application/json") == (told.status, told.headers["content-type"])
    assert "3.1.0" == told.json["openapi"]
    assert render_document(be_service(told.json["info"]["version"])) == told.body
    assert (200, "text/html; charset=utf-8") == (page.status, page.headers["content-type"])
    assert 405 == wrong.status
    for answer in (told, page):
        assert "public, max-age=300" == answer.headers["cache-control"]
        assert "nosniff" == answer.headers["x-content-type-options"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'; ")


def test_the_document_tells_of_every_route_and_of_no_other(engine):
    routes = {
        (method, route.path.replace(":str}", "}"))
        for route in be_routes(engine, Measures())
        for method in route.endpoints
    }
    assert routes == {(one.method, one.path) for one in SERVICE.operations}


# ---- the page


def test_the_page_is_small_and_needs_nothing_from_elsewhere():
    assert len(PAGE.body) < BYTES_MAX
    assert [] == re.findall(r"https?://", TEXT)
    assert [] == [one for one in SEEN.all("script") if one]
    assert {"data:,"} == {one["href"] for one in SEEN.all("link")}


@pytest.mark.parametrize(("tag", "policy"), [("script", "script-src"), ("style", "style-src")])
def test_the_policy_lets_run_what_stands_in_the_page_and_nothing_else(tag, policy):
    (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", TEXT, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    assert f"{policy} 'sha256-{digest}';" in PAGE.policy
    assert "unsafe" not in PAGE.policy
    assert [] == [one for _, one in SEEN.tags if {"style", "onclick", "onsubmit"} & one.keys()]


def test_the_page_is_whole_and_its_links_lead_somewhere():
    assert [] == SEEN.open
    ids = [one["id"] for _, one in SEEN.tags if "id" in one]
    assert len(ids) == len(set(ids))
    targets = {one["href"][1:] for one in SEEN.all("a") if one["href"].startswith("#")}
    assert targets <= set(ids)
    labels = {one["for"] for one in SEEN.all("label")}
    fields = {one["id"] for tag in ("input", "select", "textarea") for one in SEEN.all(tag)}
    assert labels == fields


def test_without_a_script_the_page_tells_all_and_shows_no_form():
    for operation in SERVICE.operations:
        assert f'id="{operation.name}"' in TEXT
    for refusal in REFUSALS:
        assert f"<tr><td>{refusal.code}<td>" in TEXT
    for form in SEEN.all("form"):
        assert "hidden" in form
    assert "hidden" not in {name for one in SEEN.all("article") for name in one}


# ---- in a browser

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is NOT installed: unseen")
TRY = """<script>
find("who-name").value = "site";
find("who-key").value = "%s";
find("who-version").value = "%s";
const form = document.querySelector("form[data-path='%s'][data-method=%s]");
for (const [name, value] of Object.entries(%s)) form.elements[name].value = value;
form.requestSubmit();
</script></body>"""


def trying(version, method, path, **fields):
    """Serve the page with a reader in it who fills in a form and sends it."""
    acts = TRY % (SECRET, version, path, method, json.dumps(fields))
    answer = Answer(200, TEXT.replace("</body>", acts).encode(), media=HTML)

    async def serve(_):
        return answer

    return lambda _engine, _measures: [Route("/trying", {"GET": serve})]


async def browse(url, *options):
    """Return the page as it stands in a browser once nothing more happens."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = await asyncio.create_subprocess_exec(
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}",
            "--virtual-time-budget=8000", *options, url,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(browser.communicate(), 60)
    return out.decode()


def shown(dom, name):
    """Return what the one form that was sent shows under a name."""
    found = re.findall(rf'<pre data-shows="{name}">([^<]*)</pre>', dom)
    (told,) = [one for one in map(str.strip, map(html.unescape, found)) if one]
    return told


@needs_chromium
@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_reader_signs_in_the_browser_and_is_believed(shop, today, serve, version):
    assert shop
    reader = trying(version, "GET", "/be/tickets/{identifier}", identifier="E36E20")
    async with serve(today, groups(reader)) as port:
        dom = await browse(f"http://127.0.0.1:{port}/trying", "--dump-dom")
    assert shown(dom, "answer").startswith("400\n")
    assert '"code": 102' in shown(dom, "answer")
    asked = f"http://127.0.0.1:{port}/be/tickets/E36E20"
    assert shown(dom, "command").startswith(f"curl -X GET '{asked}'")
    assert SECRET not in shown(dom, "command")
    told = shown(dom, "message").splitlines()
    expected = [] if version == "1" else ["v2", "GET", "/be/tickets/E36E20"]
    assert expected == [line for line in told if not line.isdecimal()]


@needs_chromium
async def test_a_body_is_signed_as_it_is_sent(shop, today, serve):
    assert shop
    body = '{"operator": "site",\n "token": "größer"}'
    reader = trying("1", "POST", "/be/tickets", body=body)
    async with serve(today, groups(reader)) as port:
        dom = await browse(f"http://127.0.0.1:{port}/trying", "--dump-dom")
    assert shown(dom, "answer").startswith("422\n")
    assert shown(dom, "message").endswith(body)


@needs_chromium
async def test_the_page_runs_under_its_own_policy(engine, serve):
    async with serve(engine, groups()) as port:
        dom = await browse(f"http://127.0.0.1:{port}/be/docs", "--dump-dom")
    forms = [form for form in Seen(dom).all("form") if "hidden" not in form]
    assert len(SEEN.all("form")) == len(forms)


# ---- of the Bet Card API, which nobody signs


async def test_the_bet_card_api_has_its_document_and_its_page(port):
    document = await ask(port, "GET", "/bc/openapi.json")
    assert (200, "Acca: Bet Card API") == (document.status, document.json["info"]["title"])
    page = await ask(port, "GET", "/bc/docs")
    text = page.body.decode()
    assert (200, HTML.decode()) == (page.status, page.headers["content-type"])
    assert 'href="/bc/openapi.json"' in text
    assert 'id="who-key"' not in text
    assert "Sign and send" not in text
    assert text.count("<button>Send</button>") == len(document.json["paths"]) + 2
    assert len(page.body) < 80_000
    assert not Seen(text).open
