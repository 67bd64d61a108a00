"""What the forms of the pages change, each with a sentence that says what was done."""

import re
from collections.abc import Mapping

from acca_sandbox.wallet.asked import Done, Wrong, cents, whole
from acca_sandbox.wallet.changes import MoneyAdded
from acca_sandbox.wallet.clock_bar import ClockBar
from acca_sandbox.wallet.faults import Fault, Faults, Kind
from acca_sandbox.wallet.ledger import Player
from acca_sandbox.wallet.people import add_players, add_tokens
from acca_sandbox.wallet.presets import ACTIONS, MEANINGS, PRESETS
from acca_sandbox.wallet.wallet import Wallet
from acca_sandbox.wallet.words import money

Fields = Mapping[str, str]

_SHARE_MAX, _SECONDS_MAX, _FAULTS_MAX, _PLAYERS_MAX = 100, 3600, 100, 10**6
_SEED = 1
_SECONDS = re.compile(r"\d{1,4}(\.\d{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")


class Taking:
    """Takes the forms."""

    def __init__(self, wallet: Wallet, faults: Faults, bar: ClockBar | None) -> None:
        self._wallet: Wallet = wallet
        self._faults: Faults = faults
        self._bar: ClockBar | None = bar

    async def faults(self, fields: Fields) -> Done:
        """Switch failures on or off."""
        switches = {
            "clear": self._clear,
            "preset": self._preset,
            "add": self._add,
            "end": self._end,
        }
        switch = switches.get(fields.get("do", ""))
        if switch is None:
            raise Wrong("Say what to do with the faults.")
        return Done("/faults", switch(fields))

    async def players(self, fields: Fields) -> Done:
        """Add a player."""
        ledger, currency = self._wallet.ledger(), fields.get("currency", "KES")
        balance_cents = cents(fields.get("balance", ""))
        if _CURRENCY.fullmatch(currency) is None:
            raise Wrong("A currency has three capital letters, as KES.")
        if len(ledger.players) >= _PLAYERS_MAX:
            raise Wrong("There are enough players.")
        (added,) = add_players(self._wallet, ledger, 1, balance_cents, currency)
        path, balance = f"/players/{added.player_id}", money(balance_cents, currency)
        return Done(path, f"{added.player_id} has joined with {balance}; token {added.token}.")

    async def deposits(self, fields: Fields) -> Done:
        """Add money to a player."""
        player, amount_cents = self._player(fields), cents(fields.get("amount", ""))
        if amount_cents == 0:
            raise Wrong("Nothing was added: the amount is zero.")
        ledger, now_ms = self._wallet.ledger(), self._wallet.now_ms()
        self._wallet.change(MoneyAdded(now_ms, ledger.operator, player.player_id, amount_cents))
        added = money(amount_cents, player.currency)
        return Done(f"/players/{player.player_id}", f"{added} was added.")

    async def tokens(self, fields: Fields) -> Done:
        """Issue a token."""
        player, is_single = self._player(fields), "once" in fields
        ledger, name = self._wallet.ledger(), player.player_id
        (added,) = add_tokens(self._wallet, ledger, name, 1, single_use=is_single)
        serves = "once" if is_single else "as long as the wallet is kept"
        return Done(f"/players/{name}", f"A token that serves {serves}: {added.token}")

    async def clock(self, fields: Fields) -> Done:
        """Move the clock, and go back to the page that it was moved from."""
        if self._bar is None:
            raise Wrong("The clock cannot be moved from here.", 404)
        now = await self._bar.move(fields.get("to", ""), fields.get("when", ""))
        back = fields.get("back", "/")
        is_here = back.startswith("/") and not back.startswith("//") and back.isprintable()
        path = back if is_here and back.isascii() and "\\" not in back else "/"
        return Done(path, f"It is {now:%a %d %b %Y, %H:%M:%S} UTC now.")

    def _player(self, fields: Fields) -> Player:
        name = fields.get("player_id", "")
        player = self._wallet.ledger().players.get(name)
        if player is None:
            raise Wrong(f"There is no player {name}.", 404)
        return player

    def _clear(self, _fields: Fields) -> str:
        self._faults.set([], 0)
        return "All faults are off."

    def _preset(self, fields: Fields) -> str:
        name = fields.get("preset", "")
        if name not in PRESETS:
            raise Wrong("There is no such preset.")
        self._faults.set(list(PRESETS[name]), _SEED)
        return f"On, in place of all others: {name}."

    def _add(self, fields: Fields) -> str:
        fault = _fault_of(fields)
        if len(self._faults.in_force) >= _FAULTS_MAX:
            raise Wrong("There are enough faults; switch some off.")
        self._faults.set([*self._faults.in_force, fault], _SEED)
        return f"On: {spell_fault(fault)}."

    def _end(self, fields: Fields) -> str:
        place, left = whole(fields.get("place", ""), "place"), list(self._faults.in_force)
        if place >= len(left) or spell_fault(left[place]) != fields.get("fault"):
            raise Wrong("The faults have changed since that page was shown.")
        ended = left.pop(place)
        self._faults.set(left, _SEED)
        return f"Off: {spell_fault(ended)}."


def _fault_of(fields: Fields) -> Fault:
    kinds: dict[str, Kind] = {each: each for each in MEANINGS}
    kind = kinds.get(fields.get("kind", ""))
    action = fields.get("action", "")
    if kind is None or action not in ACTIONS:
        raise Wrong("Choose a kind of failure, and a call that it befalls.")
    share, seconds = whole(fields.get("share", ""), "share"), fields.get("seconds", "1")
    if not 0 < share <= _SHARE_MAX:
        raise Wrong("The share is from 1 to 100 percent.")
    if _SECONDS.fullmatch(seconds) is None or float(seconds) > _SECONDS_MAX:
        raise Wrong("The seconds are a number from 0 to 3600, as 1.5.")
    return Fault(kind=kind, action=action, probability=share / _SHARE_MAX, seconds=float(seconds))


def spell_fault(fault: Fault) -> str:
    """Name a fault by its kind and whom it befalls."""
    whose = "every call" if fault.action == "*" else fault.action
    return f"{fault.kind} of {whose}"
