"""Starting and stopping a wallet: inside a test's loop, or as a process of its own."""

import contextlib
import socket
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import uvicorn
import uvloop

from acca_sandbox.clock import VirtualClock
from acca_sandbox.serving import GRACE_SECONDS, serving, stay_until_told
from acca_sandbox.wallet.changes import OperatorAdded
from acca_sandbox.wallet.faults import Faults
from acca_sandbox.wallet.journal import Journal
from acca_sandbox.wallet.ledger import Ledger
from acca_sandbox.wallet.people import add_players
from acca_sandbox.wallet.server import Closable, WalletApp
from acca_sandbox.wallet.wallet import Wallet

SAMPLE_KEYS = ("12345ABCDE",)
"""The key of the documentation's samples, for a sandbox only."""

_KEEP_ALIVE_SECONDS = 75
_BACKLOG = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletOptions:
    """Whose wallet it is, where it listens, and what it begins with."""

    operator: str = "site"
    keys: Sequence[str] = field(default=SAMPLE_KEYS, repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    players: int = 100
    balance_cents: int = 1_000_000
    currency: str = "KES"
    seed: int = 7
    journal: Path | None = None
    clock: VirtualClock | None = None


class RunningWallet(NamedTuple):
    """A wallet that answers."""

    url: str
    wallet: Wallet
    ledger: Ledger
    faults: Faults

    @property
    def pam_url(self) -> str:
        """Where Acca sends its calls."""
        return f"{self.url}/pam"

    @property
    def sms_url(self) -> str:
        """Where Acca sends its SMS notifications."""
        return f"{self.url}/sms"


@contextlib.asynccontextmanager
async def run_wallet(options: WalletOptions | None = None) -> AsyncGenerator[RunningWallet]:
    """Run a wallet in the present loop, on a free port where none is named."""
    chosen = options or WalletOptions()
    with (
        _open_journal(chosen.journal) as journal,
        socket.create_server((chosen.host, chosen.port), backlog=_BACKLOG) as listener,
    ):
        wallet, faults = _open_wallet(chosen, journal), Faults()
        port: int = listener.getsockname()[1]
        url = f"http://{chosen.host}:{port}"
        async with _serving(WalletApp(wallet, faults, chosen.clock), listener):
            yield RunningWallet(url, wallet, wallet.ledger(chosen.operator), faults)


def serve_wallet(options: WalletOptions) -> None:
    """Run a wallet until SIGTERM or Ctrl-C; print one JSON line when it answers."""
    uvloop.run(_serve_until_told(options))


async def _serve_until_told(options: WalletOptions) -> None:
    async with run_wallet(options) as running:
        urls = {"url": running.url, "pam_url": running.pam_url, "sms_url": running.sms_url}
        await stay_until_told(urls)


@contextlib.contextmanager
def _open_journal(path: Path | None) -> Generator[Journal | None]:
    if path is None:
        yield None
        return
    with contextlib.closing(Journal(path)) as journal:
        yield journal


def _open_wallet(options: WalletOptions, journal: Journal | None) -> Wallet:
    wallet = Wallet(journal, seed=options.seed)
    known = wallet.operators.get(options.operator)
    if known is None or known.keys != list(options.keys):
        wallet.change(OperatorAdded(options.operator, list(options.keys)))
    ledger = wallet.ledger(options.operator)
    missing = options.players - len(ledger.players)
    if missing > 0:
        _ = add_players(wallet, ledger, missing, options.balance_cents, options.currency)
    return wallet


@contextlib.asynccontextmanager
async def _serving(app: WalletApp, listener: socket.socket) -> AsyncGenerator[None]:
    config = uvicorn.Config(
        app,
        http=Closable,
        ws="none",
        lifespan="off",
        backlog=_BACKLOG,
        log_config=None,
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    async with serving(config, listener):
        try:
            yield
        finally:
            app.stop()
