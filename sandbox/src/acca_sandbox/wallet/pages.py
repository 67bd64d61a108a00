"""The wallet's pages for people: which page is which, how forms are kept safe, how all is shown."""

import asyncio
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from acca_sandbox.clock import VirtualClock
from acca_sandbox.wallet import words
from acca_sandbox.wallet.asked import Asked, Done, Page, View, Wrong
from acca_sandbox.wallet.clock_bar import ClockBar
from acca_sandbox.wallet.faults import Faults
from acca_sandbox.wallet.looking import Looking
from acca_sandbox.wallet.taking import Taking, spell_fault
from acca_sandbox.wallet.wallet import Wallet

_HERE = Path(__file__).parent
_FILES = {
    "/style.css": Page(200, (_HERE / "style.css").read_bytes(), b"text/css; charset=utf-8"),
    "/icon.svg": Page(200, (_HERE / "icon.svg").read_bytes(), b"image/svg+xml"),
}
_NOTES_MAX = 1000
_LIVE_SECONDS_MAX = 3600
_SEEN = {"GET", "HEAD"}
_WORDS = {
    "money": words.money,
    "amount": words.amount,
    "when": words.when,
    "many": words.many,
    "spell_fault": spell_fault,
}


class Pages:
    """Answers browsers; `draw` makes what tells this process' forms from others."""

    def __init__(
        self,
        wallet: Wallet,
        faults: Faults,
        clock: VirtualClock | None,
        draw: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self._wallet: Wallet = wallet
        self._faults: Faults = faults
        self._bar: ClockBar | None = None if clock is None else ClockBar(clock)
        self._draw: Callable[[], str] = draw
        self._form_token: str = draw()
        self._notes: OrderedDict[str, str] = OrderedDict()
        self._templates: Environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        looking, taking = Looking(wallet, faults), Taking(wallet, faults, self._bar)
        self._shown: Mapping[str, Callable[[Asked, str], Awaitable[View]]] = {
            "": looking.players,
            "players": looking.player,
            "tickets": looking.ticket,
            "ledger": looking.ledger,
            "inbox": looking.inbox,
            "faults": looking.faults,
            "violations": looking.violations,
        }
        self._taken: Mapping[str, Callable[[Mapping[str, str]], Awaitable[Done]]] = {
            "/faults": taking.faults,
            "/players": taking.players,
            "/deposits": taking.deposits,
            "/tokens": taking.tokens,
            "/clock": taking.clock,
        }

    async def answer(self, asked: Asked) -> Page:
        """Answer a browser."""
        try:
            if asked.path in _FILES:
                return _FILES[asked.path]
            if asked.method == "POST":
                return await self._take(asked)
            return await self._show(asked)
        except Wrong as wrong:
            view = View("wrong.html", {"sentence": str(wrong)})
            return await self._render(asked, view, wrong.status)

    async def _show(self, asked: Asked) -> Page:
        if asked.method not in _SEEN:
            raise Wrong("Pages are looked at, and forms are sent.", 405)
        room, _, name = asked.path.removeprefix("/").partition("/")
        if room not in self._shown:
            raise Wrong("Nothing is here.", 404)
        return await self._render(asked, await self._shown[room](asked, name), 200)

    async def _take(self, asked: Asked) -> Page:
        take = self._taken.get(asked.path)
        if take is None:
            raise Wrong("Nothing is here.", 404)
        fields = dict(parse_qsl(asked.body.decode("utf-8", "replace")))
        token = fields.get("form", "").encode()
        if not (asked.is_own and hmac.compare_digest(token, self._form_token.encode())):
            raise Wrong("That form was not of a page of this wallet. Load the page again.", 403)
        if self._wallet.is_broken:
            raise Wrong("The journal cannot be written, so nothing may change.", 500)
        try:
            done = await take(fields)
        except OSError as failure:
            raise Wrong(f"It may not be kept: {failure}", 500) from failure
        return Page(303, b"", location=self._note(done))

    def _note(self, done: Done) -> str:
        """Keep what was done in words for the next page, and tell where that is."""
        name = self._draw()
        self._notes[name] = done.sentence
        if len(self._notes) > _NOTES_MAX:
            _ = self._notes.popitem(last=False)
        return f"{done.path}{'&' if '?' in done.path else '?'}done={name}"

    async def _render(self, asked: Asked, view: View, status: int) -> Page:
        ledger = self._wallet.ledger()
        bar = None if self._bar is None else await self._bar.show()
        # Calls that came meanwhile are answered before a page is made.
        await asyncio.sleep(0)
        shown = self._templates.get_template(view.template).render(
            **view.values,
            **_WORDS,
            operator=ledger.operator,
            wrongs=len(self._wallet.refused) + len(ledger.violations),
            faults_on=len(self._faults.in_force),
            bar=bar,
            form=self._form_token,
            said=self._notes.get(asked.query.get("done", "")),
            path=asked.path,
            here=asked.here,
            live=_live(asked),
        )
        return Page(status, shown.encode())


def _live(asked: Asked) -> int:
    """Read after how many seconds the page is to come anew; 0 is never."""
    given = asked.query.get("live", "")
    seconds = int(given) if given.isascii() and given.isdigit() and len(given) < len("10000") else 0
    return min(seconds, _LIVE_SECONDS_MAX)
