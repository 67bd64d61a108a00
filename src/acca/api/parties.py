"""Who may sign: operators and providers with their keys, read anew within a second of a change."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from acca.core.keys import Holder, Key, valid_keys
from acca.core.numbers import Malformed
from acca.core.operating import HolderUnknown, parse_name
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader
from acca.store.keys import list_keys
from acca.store.providers import get_provider
from acca.store.rules import OperatorRules, read_operator_rules
from acca.wire.signature import VERSIONS

AGE_SECONDS_MAX = 0.8
"""With the time of a reading this stays below the second in which a change has to be seen."""
PROVIDER_WINDOW_SECONDS = 300
_PARTIES_MAX = 10_000

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Party(Generic[Known]):
    """Who is known by a name: the secrets that are valid now, the newest first, and its terms."""

    id: int
    name: str
    secrets: tuple[str, ...] = field(repr=False)
    window_seconds: int
    versions: frozenset[int]
    settings: Known


class _Entry(NamedTuple, Generic[Known]):
    read: float
    party: "asyncio.Task[Party[Known] | None]"


class Parties(Generic[Known]):
    """The parties of one kind as this process remembers them, unknown names too."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[Party[Known] | None]],
        monotonic: Callable[[], float],
        age_seconds_max: float = AGE_SECONDS_MAX,
    ) -> None:
        self._load: Callable[[str], Awaitable[Party[Known] | None]] = load
        self._monotonic: Callable[[], float] = monotonic
        self._age_seconds_max: float = age_seconds_max
        self._entries: dict[str, _Entry[Known]] = {}

    async def find(self, name: str) -> Party[Known] | None:
        """Find a party, None where nobody has the name; many who ask at once share a reading."""
        entry = self._entries.get(name)
        if entry is None or self._is_over(entry):
            try:
                _ = parse_name(name)
            except Malformed:
                return None
            entry = self._begin(name)
        if entry.party.done():
            return entry.party.result()
        # A caller that goes away must not take the reading away from the others.
        return await asyncio.shield(entry.party)

    def _is_over(self, entry: _Entry[Known]) -> bool:
        task = entry.party
        failed = task.done() and (task.cancelled() or task.exception() is not None)
        return failed or self._monotonic() - entry.read > self._age_seconds_max

    def _begin(self, name: str) -> _Entry[Known]:
        if len(self._entries) >= _PARTIES_MAX:
            # Names that nobody has must not fill the memory; who is known is soon read again.
            self._entries.clear()
        task = asyncio.create_task(self._read(name))
        entry = self._entries[name] = _Entry(self._monotonic(), task)
        return entry

    async def _read(self, name: str) -> Party[Known] | None:
        return await self._load(name)


async def read_provider(database: Database, name: str) -> Party[None] | None:
    """Read a provider with the keys that are valid now, None where nobody has the name."""
    async with database.reader() as reader:
        try:
            provider = await get_provider(reader, name)
        except HolderUnknown:
            return None
        keys = await list_keys(reader, Holder.PROVIDER, provider.id)
        secrets = await _secrets(reader, keys)
    window, versions = PROVIDER_WINDOW_SECONDS, frozenset(VERSIONS)
    return Party(provider.id, provider.name, secrets, window, versions, None)


async def read_operator(database: Database, name: str) -> Party[OperatorRules] | None:
    """Read an operator with its rules and valid keys, None where nobody has the name."""
    async with database.reader() as reader:
        try:
            known = await read_operator_rules(reader, name)
        except HolderUnknown:
            return None
        secrets = await _secrets(reader, list(known.keys))
    settings = known.rules.settings
    window, versions = int(settings.clock_window.total_seconds()), settings.signature_versions
    return Party(known.operator.id, known.operator.name, secrets, window, versions, known)


async def _secrets(reader: Reader, keys: list[Key]) -> tuple[str, ...]:
    now = (await read_clock(reader)).now
    return tuple(key.secret.text for key in valid_keys(keys, now))
