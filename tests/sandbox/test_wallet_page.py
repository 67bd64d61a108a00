"""The wallet's pages: what it holds, and the switches of its failures."""

import re

import httpx2
import pytest
from sandbox.wallet_calls import KEY, TICKET, body, post, signed
from sandbox.wallet_pages import SMS, done, form_token, said, send

from acca_sandbox.clock import VirtualClock
from acca_sandbox.storm.processes import StormFailed
from acca_sandbox.wallet.running import WalletOptions, run_wallet

BALANCE = 1_000_000
PAGES = (
    "/",
    "/players/player-1",
    f"/tickets/{TICKET}",
    "/ledger",
    "/inbox",
    "/faults",
    "/violations",
)
NOW = "2026-05-01 12:00:00 UTC, 0:00:00 ahead (sandbox)\n"


@pytest.fixture
async def running():
    async with run_wallet(WalletOptions(players=120, balance_cents=BALANCE)) as wallet:
        yield wallet


@pytest.fixture
async def client(running):
    async with httpx2.AsyncClient(base_url=running.url, timeout=20) as opened:
        assert 200 == (await post(opened, "", body("ticket_create"), 1)).status_code
        await opened.post("/sms", content=SMS, headers={**signed(SMS), "operator-name": "site"})
        yield opened


async def seen(client, path):
    answer = await client.get(path)
    assert 200 == answer.status_code, answer.text
    return answer.text


async def test_every_page_is_shown_and_keeps_the_key(client):
    for path in PAGES:
        answer = await client.get(path)
        assert 200 == answer.status_code, path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert KEY not in answer.text
        assert "refresh" not in answer.text
        assert 'refresh" content="5"' in await seen(client, f"{path}?live=5")
    assert 200 == (await client.get("/style.css")).status_code


async def test_players_are_found_and_paged(client):
    first = await seen(client, "/")
    assert "120 players" in first
    assert 50 == first.count('href="/players/')
    further = re.search(r'href="(/\?q=[^"]+)"', first)[1].replace("&amp;", "&")
    assert "player-100" in await seen(client, further)
    found = await seen(client, "/?q=player-77")
    assert ["player-77"] == re.findall(r'href="/players/([^"]+)"', found)
    assert "Nobody is like that" in await seen(client, "/?q=<script>")


async def test_what_is_open_goes_when_there_is_an_outcome_and_comes_back(client):
    def open_of(page):
        return re.search(r"([\d.,KES ]+) in open tickets", page)[1].strip()

    shown = [open_of(await seen(client, "/players/player-1"))]
    for n, action in enumerate(("ticket_win", "ticket_rollback", "ticket_lost"), 2):
        assert 200 == (await post(client, "", body(action), n)).status_code
        shown.append(open_of(await seen(client, "/players/player-1")))
    assert ["KES 5.00", "KES 0.00", "KES 5.00", "KES 0.00"] == shown


async def test_a_ledger_shows_each_balance_and_is_paged_without_a_gap(client, running):
    for n in range(60):
        ticket = f"{n:024x}"
        assert 200 == (await post(client, "", body("ticket_create", ticket), 1, ticket)).status_code
    path, shown = "/players/player-1", []
    while path:
        page = await seen(client, path)
        shown += re.findall(r"([-\d.,]+)<br><small>([-\d.,]+)</small>", page)
        older = re.search(r'href="\?before=(\d+)"', page)
        path = older and f"/players/player-1?before={older[1]}"
    cents = [[int(re.sub("[.,]", "", each)) for each in row] for row in shown]
    assert 1 + 61 * 2 == len(cents)
    balance_cents = 0
    for amount_cents, after_cents in reversed(cents):
        balance_cents += amount_cents
        assert balance_cents == after_cents
    assert running.ledger.balance_cents(running.ledger.players["player-1"]) == balance_cents
    assert 50 == (await seen(client, "/ledger")).count("<b>create</b>")


async def test_a_ticket_tells_every_call_and_what_it_moved(client):
    await done(client, "/faults", do="add", kind="error", action="ticket_win", share="100")
    assert 500 == (await post(client, "", body("ticket_win"), 2)).status_code
    await done(client, "/faults", do="clear")
    for _ in range(2):
        assert 200 == (await post(client, "", body("ticket_win"), 2)).status_code
    assert 409 == (await post(client, "", body("ticket_lost"), 3)).status_code
    page = await seen(client, f"/tickets/{TICKET}")
    told = re.findall(r'<b>(ticket_\w+)</b> <span class="[^"]*">([^<]+)<', page)
    assert [
        ("ticket_create", "200 ok"),
        ("ticket_win", "fault: error"),
        ("ticket_win", "200 ok"),
        ("ticket_win", "200 carried out before"),
        ("ticket_lost", "409 The outcome in force is won"),
    ] == told
    assert ["1", "2", "2", "2", "3"] == re.findall(r"· n (\d+) · attempt 1", page)
    assert ["KES 4.44", "KES 0.56", "KES 26.02", "KES 2.40"] == re.findall(
        r"<b>(KES [^<]+)</b></small>", page
    )


async def test_a_ticket_that_was_refused_has_its_call_shown(client):
    other = "a" * 24
    declined = body("ticket_create", other, stake=10**9, price=10**9 + 56)
    assert 400 == (await post(client, "", declined, 1, other)).status_code
    page = await seen(client, f"/tickets/{other}")
    assert "400 Insufficient funds" in page
    assert "has not taken it" in page


async def test_a_ticket_is_known_again_after_a_restart(tmp_path):
    options = WalletOptions(players=1, balance_cents=BALANCE, journal=tmp_path / "wallet.jsonl")
    shown = []
    for n, action in ((1, "ticket_create"), (2, "ticket_win")):
        async with (
            run_wallet(options) as wallet,
            httpx2.AsyncClient(base_url=wallet.url, timeout=20) as client,
        ):
            assert 200 == (await post(client, "", body(action), n)).status_code
            assert "was added" in await done(
                client, "/deposits", player_id="player-1", amount="10.50"
            )
            page = await seen(client, f"/tickets/{TICKET}")
            shown.append(re.findall(r"<b>(ticket_\w+)</b>", page))
            cents = wallet.ledger.balance_cents(wallet.ledger.players["player-1"])
    assert [["ticket_create"], ["ticket_create", "ticket_win"]] == shown
    assert BALANCE - 500 + 2602 + 2 * 1050 == cents


async def test_sms_are_shown_with_their_length_and_escaped(client):
    page = await seen(client, "/inbox")
    assert "Your code is &lt;b&gt;1234&lt;/b&gt;. It is for you alone." in page
    assert "46 of GSM-7, 1 part" in page
    assert "Your code" in await seen(client, "/inbox?q=700000001")
    assert "No SMS yet" in await seen(client, "/inbox?q=799")


async def test_a_long_inbox_is_paged(client):
    for n in range(60):
        sms = SMS.replace(b"<b>1234</b>", b"%04d" % n)
        await client.post("/sms", content=sms, headers={**signed(sms), "operator-name": "site"})
    page = await seen(client, "/inbox?q=700000001")
    older = re.search(r'href="(\?q=[^"]+)"', page)[1].replace("&amp;", "&")
    codes = re.findall(r"Your code is (\d+)\.", page + await seen(client, f"/inbox{older}"))
    assert [f"{n:04}" for n in range(59, -1, -1)] == codes


async def test_faults_are_switched_on_and_off(client, running):
    assert "slow line" in said(await done(client, "/faults", do="preset", preset="slow line"))
    assert ["slow"] == [fault.kind for fault in running.faults.in_force]
    added = {"kind": "late", "action": "ticket_win", "share": "20", "seconds": "1.5"}
    page = await done(client, "/faults", do="add", **added)
    assert "On: late of ticket_win." == said(page)
    assert (True, True, True) == ("20 %" in page, "1.5 s" in page, "2 faults on" in page)
    off = {"do": "end", "place": "0", "fault": "slow of every call"}
    page = await done(client, "/faults", **off)
    assert ("Off: slow of every call.", True) == (said(page), "1 fault on" in page)
    assert 400 == (await send(client, "/faults", **off)).status_code
    assert "All faults are off." == said(await done(client, "/faults", do="clear"))
    assert [] == running.faults.in_force


async def test_a_fifth_of_everything_is_a_fifth(client, running):
    await done(client, "/faults", do="preset", preset="20 % of everything")
    drawn = [running.faults.draw("ticket_create") for _ in range(20_000)]
    assert 3800 < sum(fault is not None for fault in drawn) < 4200
    assert 320 < min(running.faults.happened)
    assert 480 > max(running.faults.happened)


async def test_a_player_is_added_with_a_token_and_gets_more(client, running):
    page = await done(client, "/players", balance="250", currency="UGX")
    token = re.search(r"token ([0-9a-f]{32})", said(page))[1]
    assert "player-121" == running.ledger.identify(token)[0].player_id
    page = await done(client, "/deposits", player_id="player-121", amount="0.05")
    assert "UGX 0.05 was added." == said(page)
    assert "UGX 250.05" in page
    once = await done(client, "/tokens", player_id="player-121", once="on")
    assert running.ledger.identify(re.search(r"[0-9a-f]{32}", said(once))[0])[1]
    kept = await done(client, "/tokens", player_id="player-121")
    assert not running.ledger.identify(re.search(r"[0-9a-f]{32}", said(kept))[0])[1]


async def test_what_acca_did_wrong_is_loud(client):
    assert "broke a rule" not in await seen(client, "/")
    assert 409 == (await post(client, "", body("ticket_closed"), 2)).status_code
    assert "1 call broke a rule" in await seen(client, "/")
    page = await seen(client, "/violations")
    assert "The ticket has no outcome" in page
    assert "<dt>ticket_create</dt><dd>1</dd>" in page


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/faults", {}),
        ("/faults", {"do": "preset", "preset": "flood"}),
        ("/faults", {"do": "add", "kind": "flood", "action": "*", "share": "1"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "x", "share": "1"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "101"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "0"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "9" * 5000}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "5", "seconds": "nan"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "5", "seconds": "9999"}),
        ("/faults", {"do": "end", "place": "0", "fault": "x"}),
        ("/players", {"balance": "-5"}),
        ("/players", {"balance": "9" * 5000}),
        ("/players", {"balance": "1.005"}),
        ("/players", {"balance": "5", "currency": "kes"}),
        ("/deposits", {"player_id": "player-1", "amount": "0"}),
        ("/deposits", {"player_id": "player-1", "amount": "\u0663"}),
    ],
)
async def test_bad_forms_change_nothing_and_are_answered_in_words(client, running, path, fields):
    before = len(running.ledger.book.entries)
    answer = await send(client, path, **fields)
    assert (400, True) == (answer.status_code, "That was not done" in answer.text)
    after = running.faults.in_force, len(running.ledger.players), len(running.ledger.book.entries)
    assert ([], 120, before) == after


async def test_forms_of_other_pages_are_not_taken(client, running):
    preset = {"do": "preset", "preset": "slow line"}
    strange = [{"origin": "http://evil.example"}, {"origin": "null"}]
    strange += [{"sec-fetch-site": each} for each in ("cross-site", "same-site")]
    answers = [await send(client, "/faults", headers, **preset) for headers in strange]
    answers += [await send(client, "/faults", form=form, **preset) for form in ("x", "\u00e9")]
    answers.append(await client.post("/faults", data=preset))
    assert [403] * 7 == [answer.status_code for answer in answers]
    assert [] == running.faults.in_force
    own = {"origin": running.url, "sec-fetch-site": "same-origin"}
    assert 303 == (await send(client, "/faults", own, **preset)).status_code


async def test_what_is_not_there_is_said(client):
    paths = (
        "/nothing",
        "/players/nobody",
        "/tickets/none",
        "/?from=x",
        "/ledger?before=" + "9" * 5000,
    )
    assert [404, 404, 404, 400, 400] == [(await client.get(path)).status_code for path in paths]
    assert 404 == (await send(client, "/clock", to="hour")).status_code
    assert 404 == (await send(client, "/deposits", player_id="x", amount="1")).status_code
    assert 405 == (await client.delete("/")).status_code
    assert 200 == (await client.get("/?from=999999999")).status_code
    assert 'role="status"' not in await seen(client, "/?done=<b>hello</b>")


async def test_a_wallet_that_cannot_write_takes_no_form(tmp_path):
    options = WalletOptions(players=1, journal=tmp_path / "wallet.jsonl")
    async with (
        run_wallet(options) as wallet,
        httpx2.AsyncClient(base_url=wallet.url, timeout=20) as client,
    ):
        assert await form_token(client)
        wallet.wallet._journal.broken = True
        money = {"player_id": "player-1", "amount": "5"}
        answer = await send(client, "/deposits", **money)
        assert (500, True) == (answer.status_code, "journal cannot be written" in answer.text)
        assert 1 == len(wallet.ledger.book.entries)
        wallet.wallet._journal.broken = False


@pytest.fixture
async def clocked():
    """Have a wallet whose pages move a clock; give a client and what the clock was told."""
    moved = []

    async def run(*arguments):
        moved.append(arguments[1:])
        if "2026-05-03T00:00:00" in arguments:
            raise StormFailed("acca clock advance: this is not a sandbox")
        return NOW

    async with (
        run_wallet(WalletOptions(players=1, clock=VirtualClock(run))) as wallet,
        httpx2.AsyncClient(base_url=wallet.url, timeout=20) as client,
    ):
        yield client, moved


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({"to": "hour"}, "2026-05-01T13:00:00"),
        ({"to": "midnight"}, "2026-05-02T00:00:00"),
        ({"to": "day"}, "2026-05-02T12:00:00"),
        ({"to": "when", "when": "90m"}, "2026-05-01T13:30:00"),
        ({"to": "when", "when": "2026-05-01 20:00+03:00"}, "2026-05-01T17:00:00"),
        ({"to": "when", "when": "2026-05-02 15:00"}, "2026-05-02T15:00:00"),
    ],
)
async def test_the_clock_is_moved(clocked, fields, to):
    client, moved = clocked
    page = await done(client, "/clock", back="/ledger?before=5", **fields)
    assert "Fri 01 May 2026, 12:00" in page
    assert "<h1>Ledger</h1>" in page
    assert ("advance", to) == moved[-1]


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ("", 400),
        ("tomorrow", 400),
        ("0h", 400),
        ("2026-04-30", 400),
        ("2030-01-01", 400),
        ("0001-01-01T00:00+14:00", 400),
        ("999999d", 400),
        ("9" * 5000 + "h", 400),
        ("2026-05-03", 502),
    ],
)
async def test_a_clock_that_cannot_be_moved_so_says_why(clocked, when, status):
    client, _ = clocked
    answer = await send(client, "/clock", to="when", when=when)
    assert (status, True) == (answer.status_code, "That was not done" in answer.text)


async def test_the_clock_leads_nowhere_else(clocked):
    client, _ = clocked
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb: c"):
        answer = await send(client, "/clock", to="hour", back=back)
        assert answer.headers["location"].startswith("/?done=")


async def test_pages_are_shown_though_the_clock_is_away():
    async def run(*_):
        raise StormFailed("acca clock: no database")

    async with (
        run_wallet(WalletOptions(players=1, clock=VirtualClock(run))) as wallet,
        httpx2.AsyncClient(base_url=wallet.url, timeout=20) as client,
    ):
        page = await seen(client, "/")
        assert "The clock cannot be read: acca clock: no database" in page
        assert "player-1" in page
