"""The wallet's pages for people: players, ledger, SMS inbox, and the switches of its failures."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, get_args
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from acca_sandbox.clock import VirtualClock
from acca_sandbox.wallet.book import Entry, player_account
from acca_sandbox.wallet.faults import Fault, Faults, Kind
from acca_sandbox.wallet.ledger import Ledger
from acca_sandbox.wallet.people import add_players
from acca_sandbox.wallet.wallet import Wallet

_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_bytes()
_PAGE = 50
_KINDS: tuple[Kind, ...] = get_args(Kind)
_ACTIONS = (
    "*", "identify", "ticket_create", "ticket_reserve", "ticket_update", "ticket_win",
    "ticket_lost", "ticket_void", "ticket_refund", "ticket_discard", "ticket_rollback",
    "ticket_closed", "sms",
)  # fmt: skip
_PRESETS: Mapping[str, Sequence[Fault]] = {
    "slow line": [Fault(kind="slow", probability=0.5, seconds=1.5)],
    "drops after doing it": [Fault(kind="drop", probability=0.2)],
    "says no to new tickets": [Fault(kind="decline", action="ticket_create")],
    "20 % of everything": [
        Fault(kind=kind, probability=0.05) for kind in ("error", "cut", "drop", "duplicate")
    ],
}
_ALL, _SECONDS_MAX, _JUMP_HOURS_MAX, _PLAYERS_MAX = 100, 60, 24 * 31, 1_000


class Page(NamedTuple):
    """What a browser is answered."""

    status: int
    body: bytes
    content_type: bytes = b"text/html; charset=utf-8"
    location: str | None = None


class Asked(NamedTuple):
    """What a browser asks."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: bytes

    @property
    def is_own(self) -> bool:
        """Tell whether a form was sent by a page of this very server."""
        site = self.headers.get(b"sec-fetch-site", b"").decode("latin-1")
        origin = self.headers.get(b"origin", b"").decode("latin-1")
        host = self.headers.get(b"host", b"").decode("latin-1")
        return site in {"", "same-origin", "none"} and (
            not origin or urlsplit(origin).netloc == host
        )


class Wrong(Exception):
    """A page or a form that cannot be answered; the sentence says why."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status: int = status


class Pages:
    """Renders what the wallet holds, and takes the forms."""

    def __init__(self, wallet: Wallet, faults: Faults, clock: VirtualClock | None) -> None:
        self._wallet: Wallet = wallet
        self._faults: Faults = faults
        self._clock: VirtualClock | None = clock
        self._templates: Environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._shown: Mapping[str, Callable[[Asked, str], Awaitable[Page]]] = {
            "": self._players,
            "players": self._player,
            "tickets": self._ticket,
            "ledger": self._ledger,
            "inbox": self._inbox,
            "faults": self._switches,
            "violations": self._violations,
        }
        self._taken: Mapping[str, Callable[[Mapping[str, str]], Awaitable[str]]] = {
            "faults": self._set_faults,
            "players": self._add_player,
            "clock": self._jump,
        }

    async def answer(self, asked: Asked) -> Page:
        """Answer a browser."""
        room, _, name = asked.path.strip("/").partition("/")
        try:
            if asked.path == "/favicon.ico":
                return Page(204, b"")
            if asked.path == "/style.css":
                return Page(200, _STYLE, b"text/css; charset=utf-8")
            if asked.method == "POST":
                return await self._take(asked, room)
            return await self._shown.get(room, self._nothing)(asked, name)
        except Wrong as wrong:
            return await self._render(wrong.status, "wrong.html", sentence=str(wrong))

    async def _nothing(self, _asked: Asked, _name: str) -> Page:
        raise Wrong("Nothing is here.", 404)

    async def _take(self, asked: Asked, room: str) -> Page:
        if not asked.is_own:
            raise Wrong("That form was not of this page.", 403)
        if room not in self._taken:
            raise Wrong("Nothing is here.", 404)
        fields = dict(parse_qsl(asked.body.decode("utf-8", "replace")))
        return Page(303, b"", location=await self._taken[room](fields))

    # ---- what is shown

    async def _players(self, asked: Asked, _name: str) -> Page:
        ledger, wanted = self._wallet.ledger(), asked.query.get("q", "").strip()
        before, rows = _number(asked.query, "from"), list(ledger.players.values())
        if wanted:
            rows = [each for each in rows if wanted in each.player_id or wanted in each.msisdn]
        shown = [(each, ledger.balance_cents(each)) for each in rows[before : before + _PAGE]]
        further = before + _PAGE if before + _PAGE < len(rows) else None
        return await self._render(
            200, "players.html", shown=shown, total=len(rows), q=wanted, further=further,
            calls=self._wallet.calls, tickets=len(ledger.tickets),
        )  # fmt: skip

    async def _player(self, asked: Asked, name: str) -> Page:
        ledger = self._wallet.ledger()
        player = ledger.players.get(name)
        if player is None:
            raise Wrong(f"There is no player {name}.", 404)
        places = ledger.book.by_account[player_account(name)]
        entries, older = _newest(ledger, places, _number(asked.query, "before"))
        return await self._render(
            200, "player.html", player_shown=player, balance=ledger.balance_cents(player),
            entries=entries, older=older, account=player_account(name),
        )  # fmt: skip

    async def _ticket(self, _asked: Asked, name: str) -> Page:
        ledger = self._wallet.ledger()
        ticket = ledger.tickets.get(name)
        if ticket is None:
            raise Wrong(f"The wallet was never told of a ticket {name}.", 404)
        places = ledger.book.by_ticket[name]
        entries = [ledger.book.entries[place] for place in places]
        return await self._render(200, "ticket.html", ticket=ticket, entries=entries)

    async def _ledger(self, asked: Asked, _name: str) -> Page:
        ledger = self._wallet.ledger()
        last = _number(asked.query, "before") or len(ledger.book.entries)
        first = max(0, min(last, len(ledger.book.entries)) - _PAGE)
        entries = ledger.book.entries[first:last][::-1]
        return await self._render(
            200, "ledger.html", entries=entries, older=first or None,
            balances=sorted(ledger.house_balances().items()),
        )  # fmt: skip

    async def _inbox(self, asked: Asked, _name: str) -> Page:
        wanted = asked.query.get("q", "").strip()
        inbox = [each for each in reversed(self._wallet.inbox) if wanted in str(each.data)]
        return await self._render(200, "sms.html", inbox=inbox[:_PAGE], q=wanted, total=len(inbox))

    async def _switches(self, _asked: Asked, _name: str) -> Page:
        in_force = list(zip(self._faults.in_force, self._faults.happened, strict=True))
        return await self._render(
            200,
            "faults.html",
            in_force=in_force,
            kinds=_KINDS,
            actions=_ACTIONS,
            presets=list(_PRESETS),
        )

    async def _violations(self, _asked: Asked, _name: str) -> Page:
        ledger = self._wallet.ledger()
        return await self._render(
            200, "violations.html", refused=self._wallet.refused[::-1][:_PAGE],
            broken=ledger.violations[::-1][:_PAGE],
        )  # fmt: skip

    # ---- what is taken

    async def _set_faults(self, fields: Mapping[str, str]) -> str:
        match fields.get("do"):
            case "clear":
                self._faults.set([], 0)
            case "preset":
                chosen = _PRESETS.get(fields.get("preset", ""))
                if chosen is None:
                    raise Wrong("There is no such preset.")
                self._faults.set(list(chosen), 1)
            case "add":
                self._faults.set([*self._faults.in_force, _fault_of(fields)], 1)
            case _:
                raise Wrong("Say what to do with the faults.")
        return "/faults"

    async def _add_player(self, fields: Mapping[str, str]) -> str:
        balance, ledger = fields.get("balance", ""), self._wallet.ledger()
        if not (balance.isascii() and balance.isdigit() and len(balance) <= len(str(10**9))):
            raise Wrong("The balance is a whole number of shillings.")
        if len(ledger.players) >= _PLAYERS_MAX * _PLAYERS_MAX:
            raise Wrong("There are enough players.")
        (token,) = add_players(self._wallet, ledger, 1, int(balance) * 100, "KES")
        return f"/players/{token.player_id}"

    async def _jump(self, fields: Mapping[str, str]) -> str:
        hours = fields.get("hours", "")
        if self._clock is None:
            raise Wrong("The clock cannot be moved from here.", 404)
        if not (hours.isascii() and hours.isdigit() and 0 < int(hours) <= _JUMP_HOURS_MAX):
            raise Wrong(f"Move it by 1 to {_JUMP_HOURS_MAX} hours.")
        _ = await self._clock.advance(dt.timedelta(hours=int(hours)))
        return "/"

    async def _render(self, status: int, template: str, **values: object) -> Page:
        # Another call is answered between two pages, however many ask for pages.
        await asyncio.sleep(0)
        ledger = self._wallet.ledger()
        shown = self._templates.get_template(template).render(
            **values,
            operator=ledger.operator,
            wrongs=len(self._wallet.refused) + len(ledger.violations),
            faults_on=len(self._faults.in_force),
            now=None if self._clock is None else await self._clock.glance(),
            money=_money,
            when=_when,
        )
        return Page(status, shown.encode())


def _fault_of(fields: Mapping[str, str]) -> Fault:
    kinds: dict[str, Kind] = {each: each for each in _KINDS}
    kind = kinds.get(fields.get("kind", ""))
    action = fields.get("action", "")
    if kind is None or action not in _ACTIONS:
        raise Wrong("Choose a kind of failure, and a call that it befalls.")
    try:
        share, seconds = int(fields.get("share", "")), int(fields.get("seconds", "1"))
    except ValueError:
        raise Wrong("The share and the seconds are whole numbers.") from None
    if not (0 < share <= _ALL and 0 <= seconds <= _SECONDS_MAX):
        raise Wrong("The share is from 1 to 100 percent, the seconds from 0 to 60.")
    return Fault(kind=kind, action=action, probability=share / _ALL, seconds=seconds)


def _newest(ledger: Ledger, places: Sequence[int], before: int) -> tuple[list[Entry], int | None]:
    """Take a page of entries, the newest first, from their places; `before` counts from the end."""
    end = len(places) - before
    chosen = places[max(0, end - _PAGE) : max(0, end)]
    older = before + _PAGE if end > _PAGE else None
    return [ledger.book.entries[place] for place in reversed(chosen)], older


def _number(query: Mapping[str, str], name: str) -> int:
    given = query.get(name, "0")
    if not (given.isascii() and given.isdigit() and len(given) < len(str(10**12))):
        raise Wrong(f"{name} is a whole number.")
    return int(given)


def _money(cents: int, currency: str = "") -> str:
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units:,}.{rest:02} {currency}".strip()


def _when(at_ms: int) -> str:
    return f"{dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC):%d %b %H:%M:%S}"
