"""The control API of the wallet: unsigned, for tests, demos and load; never for an operator's own.

`operator` may be left out everywhere: it is the first one then.
"""

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from acca_sandbox.wallet.changes import OperatorAdded
from acca_sandbox.wallet.export import export, ticket_line
from acca_sandbox.wallet.faults import Fault, Faults
from acca_sandbox.wallet.ledger import Ledger
from acca_sandbox.wallet.people import add_players, add_tokens
from acca_sandbox.wallet.wallet import OK, Answer, UnknownOperator, Wallet, identity, say

Count = Annotated[int, Meta(ge=1, le=1_000_000)]
_NOT_FOUND = 404
_PAGE = 1000


class NewOperator(Struct, frozen=True):
    """An operator, or its keys anew."""

    operator: Annotated[str, Meta(min_length=1)]
    keys: Annotated[list[str], Meta(min_length=1)]


class NewPlayers(Struct, frozen=True):
    """How many players to add, and what each has."""

    operator: str = ""
    count: Count = 1
    balance_cents: Annotated[int, Meta(ge=0)] = 1_000_000
    currency: str = "KES"


class NewTokens(Struct, frozen=True):
    """How many tokens to add, for whom."""

    player_id: str
    operator: str = ""
    count: Count = 1
    single_use: bool = False


class NewFaults(Struct, frozen=True):
    """The faults to have from now on."""

    faults: list[Fault]
    seed: int = 0


class Control:
    """Answers the control API from a wallet and its faults."""

    def __init__(self, wallet: Wallet, faults: Faults) -> None:
        self._wallet: Wallet = wallet
        self._faults: Faults = faults
        self._routes: dict[tuple[str, str], Callable[[Mapping[str, str], bytes], Answer]] = {
            ("POST", "operators"): self._add_operator,
            ("POST", "players"): self._add_players,
            ("POST", "tokens"): self._add_tokens,
            ("GET", "ledger"): self._show_ledger,
            ("GET", "export"): self._export,
            ("GET", "sms"): self._show_sms,
            ("GET", "stats"): self._show_stats,
            ("GET", "faults"): self._show_faults,
            ("POST", "faults"): self._set_faults,
            ("DELETE", "faults"): self._clear_faults,
        }

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request; `path` is what follows `/control/`."""
        try:
            kind, _, name = path.partition("/")
            if method == "GET" and name and kind in {"players", "tickets"}:
                show = self._show_player if kind == "players" else self._show_ticket
                return show(name, query)
            route = self._routes.get((method, path))
            if route is None:
                return say(_NOT_FOUND, _NOT_FOUND, "Nothing is here")
            return route(query, body)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as wrong:
            return say(400, 400, str(wrong))
        except UnknownOperator as unknown:
            return say(_NOT_FOUND, _NOT_FOUND, str(unknown))

    def _add_operator(self, _query: Mapping[str, str], body: bytes) -> Answer:
        new = msgspec.json.decode(body, type=NewOperator)
        self._wallet.change(OperatorAdded(new.operator, new.keys))
        return OK

    def _add_players(self, _query: Mapping[str, str], body: bytes) -> Answer:
        new = msgspec.json.decode(body or b"{}", type=NewPlayers)
        ledger = self._wallet.ledger(new.operator)
        tokens = add_players(self._wallet, ledger, new.count, new.balance_cents, new.currency)
        players = [{"player_id": each.player_id, "token": each.token} for each in tokens]
        return _json({"players": players})

    def _add_tokens(self, _query: Mapping[str, str], body: bytes) -> Answer:
        new = msgspec.json.decode(body, type=NewTokens)
        ledger = self._wallet.ledger(new.operator)
        if new.player_id not in ledger.players:
            return _no_player(new.player_id)
        added = add_tokens(
            self._wallet, ledger, new.player_id, new.count, single_use=new.single_use
        )
        return _json({"tokens": [each.token for each in added]})

    def _show_player(self, player_id: str, query: Mapping[str, str]) -> Answer:
        ledger = self._ledger(query)
        player = ledger.players.get(player_id)
        return _no_player(player_id) if player is None else _json(identity(ledger, player))

    def _show_ticket(self, ticket_id: str, query: Mapping[str, str]) -> Answer:
        ledger = self._ledger(query)
        ticket = ledger.tickets.get(ticket_id)
        if ticket is None:
            return say(_NOT_FOUND, 102, f"Ticket {ticket_id} was not found")
        return _json(ticket_line(ledger, ticket))

    def _show_ledger(self, query: Mapping[str, str], _body: bytes) -> Answer:
        entries, after = self._ledger(query).book.entries, _number(query, "after", 0)
        page = entries[after : after + _number(query, "limit", _PAGE)]
        return _json({"entries": [entry._asdict() for entry in page], "total": len(entries)})

    def _export(self, _query: Mapping[str, str], _body: bytes) -> Answer:
        return Answer(200, export(self._wallet))

    def _show_sms(self, query: Mapping[str, str], _body: bytes) -> Answer:
        after = _number(query, "after", 0)
        inbox = self._wallet.inbox[after : after + _number(query, "limit", _PAGE)]
        return _json({"sms": inbox, "total": len(self._wallet.inbox)})

    def _show_stats(self, _query: Mapping[str, str], _body: bytes) -> Answer:
        ledgers = [operator.ledger for operator in self._wallet.operators.values()]
        violations = len(self._wallet.refused) + sum(len(each.violations) for each in ledgers)
        return _json(
            {
                "calls": self._wallet.calls,
                "operators": {ledger.operator: _sizes(ledger) for ledger in ledgers},
                "violations": violations,
                "sms": len(self._wallet.inbox),
                "faults_happened": sum(self._faults.happened),
            }
        )

    def _show_faults(self, _query: Mapping[str, str], _body: bytes) -> Answer:
        return _json({"faults": self._faults.in_force, "happened": self._faults.happened})

    def _set_faults(self, _query: Mapping[str, str], body: bytes) -> Answer:
        new = msgspec.json.decode(body, type=NewFaults)
        self._faults.set(new.faults, new.seed)
        return OK

    def _clear_faults(self, _query: Mapping[str, str], _body: bytes) -> Answer:
        self._faults.set([], 0)
        return OK

    def _ledger(self, query: Mapping[str, str]) -> Ledger:
        return self._wallet.ledger(query.get("operator", ""))


def _sizes(ledger: Ledger) -> dict[str, int]:
    return {
        "players": len(ledger.players),
        "tickets": len(ledger.tickets),
        "entries": len(ledger.book.entries),
    }


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    given = query.get(name, str(default))
    if not (given.isascii() and given.isdigit()):
        raise ValueError(f"`{name}` is a whole number")
    return int(given)


def _no_player(player_id: str) -> Answer:
    return say(_NOT_FOUND, 101, f"Player {player_id} was not found")


def _json(value: object) -> Answer:
    return Answer(200, msgspec.json.encode(value))
