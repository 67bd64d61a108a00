"""The control API of a wallet that is a process of its own, as a storm needs it."""

from collections import Counter
from collections.abc import Sequence

import httpx2
import msgspec

from acca_sandbox.wallet.faults import Fault

_SECONDS_MAX = 60.0


class Held(msgspec.Struct, frozen=True):
    """What the wallet holds of a ticket."""

    ticket_id: str
    taken_cents: int
    given_cents: int
    discarded: bool
    last_n: int

    @property
    def debit_cents(self) -> int:
        """Tell what the player is left without."""
        return self.taken_cents - self.given_cents


class Stats(msgspec.Struct, frozen=True):
    """What the wallet has counted: calls by action, and what it should never have been told."""

    calls: dict[str, int]
    violations: int

    @property
    def pam_calls(self) -> int:
        """Count the calls about tickets."""
        return sum(n for action, n in self.calls.items() if action.startswith("ticket_"))


class Player(msgspec.Struct, frozen=True):
    """A player as the wallet knows it; the balance in cents."""

    player_id: str
    balance: int
    currency: str


class _Line(msgspec.Struct, frozen=True):
    kind: str


class WalletControl:
    """Sets faults, gives out tokens, and reads what the wallet holds."""

    def __init__(self, url: str) -> None:
        self._client: httpx2.AsyncClient = httpx2.AsyncClient(
            base_url=url, timeout=_SECONDS_MAX, transport=httpx2.AsyncHTTPTransport()
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def issue_tokens(self, player: str, count: int, *, single_use: bool = True) -> list[str]:
        """Have tokens made, that serve once or as long as the wallet runs."""
        wanted = {"player_id": player, "count": count, "single_use": single_use}
        answer = await self._ask("POST", "tokens", wanted)
        tokens: list[str] = answer.json()["tokens"]
        return tokens

    async def set_faults(self, faults: Sequence[Fault], seed: int) -> None:
        """Have these faults from now on."""
        wanted = {"faults": msgspec.to_builtins(faults), "seed": seed}
        _ = await self._ask("POST", "faults", wanted)

    async def end_faults(self) -> Counter[str]:
        """Have no faults any more; tell how often each kind has happened."""
        told = (await self._ask("GET", "faults")).json()
        _ = await self._ask("DELETE", "faults")
        happened: Counter[str] = Counter()
        for fault, times in zip(told["faults"], told["happened"], strict=True):
            happened[fault["kind"]] += times
        return +happened

    async def export(self) -> bytes:
        """Return the whole wallet as lines."""
        return (await self._ask("GET", "export")).content

    async def player(self, player: str) -> Player:
        """Look up a player."""
        return msgspec.json.decode(
            (await self._ask("GET", f"players/{player}")).content, type=Player
        )

    async def stats(self) -> Stats:
        """Read what it has counted."""
        return msgspec.json.decode((await self._ask("GET", "stats")).content, type=Stats)

    async def _ask(self, method: str, path: str, body: object = None) -> httpx2.Response:
        answer = await self._client.request(method, f"/control/{path}", json=body)
        return answer.raise_for_status()


def read_held(export: bytes) -> dict[str, Held]:
    """Read the tickets of an export, by their ids."""
    lines = export.splitlines()
    kinds, tickets = msgspec.json.Decoder(_Line), msgspec.json.Decoder(Held)
    told = [tickets.decode(line) for line in lines if kinds.decode(line).kind == "ticket"]
    return {held.ticket_id: held for held in told}
