"""What the storefront sells from, and for whom: Acca, the wallet, the clock, and the sessions."""

import datetime as dt
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from acca_client.betcards import AsyncBetCards
from acca_client.engine import AsyncEngine
from acca_sandbox.clock import VirtualClock
from acca_sandbox.storm.control import Player, WalletControl

_SESSIONS_MAX = 10_000
_PLAYERS_SHOWN = 20
FIRST_PLAYER = "player-1"


@dataclass(slots=True)
class Session:
    """One browser: who plays there, by which token, and what its forms have to bring along."""

    player: str = FIRST_PLAYER
    token: str | None = None
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(18))


class Sessions:
    """The sessions of a process; the oldest go first."""

    def __init__(self, draw: Callable[[], str] = secrets.token_urlsafe) -> None:
        self._draw: Callable[[], str] = draw
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def find(self, key: str | None) -> tuple[str, Session]:
        """Find a session, or begin one; return it with its key."""
        if key is not None and (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return key, known
        made, session = self._draw(), Session()
        self._kept[made] = session
        if len(self._kept) > _SESSIONS_MAX:
            _ = self._kept.popitem(last=False)
        return made, session


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything that a page needs."""

    engine: AsyncEngine
    cards: AsyncBetCards
    wallet: WalletControl
    clock: VirtualClock | None
    wallet_url: str
    currency: str = "KES"
    sessions: Sessions = field(default_factory=Sessions)

    async def player(self, session: Session) -> Player | None:
        """Look up who plays, with the balance; nobody knows it while the wallet is away."""
        try:
            return await self.wallet.player(session.player)
        except httpx2.HTTPError:
            return None

    async def token(self, session: Session) -> str:
        """Have a token of the player, as a site has one while somebody is signed in."""
        if session.token is None:
            (session.token,) = await self.wallet.issue_tokens(session.player, 1, single_use=False)
        return session.token

    def players(self) -> list[str]:
        """Name the players that one may be."""
        return [f"player-{number}" for number in range(1, _PLAYERS_SHOWN + 1)]

    async def now(self) -> dt.datetime | None:
        """Tell the business time of a sandbox whose clock can be moved."""
        return None if self.clock is None else await self.clock.glance()
