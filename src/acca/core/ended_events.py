"""How the legs of tickets ended, by the facts of their events as they are known now."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from acca.core.markets.settlement import settle
from acca.core.markets.sports import SPORTS
from acca.core.outcome import VOID, Outcome
from acca.core.score import Result
from acca.core.ticket_facts import Facts


class EventFacts(NamedTuple):
    """How an event ended as is known now.

    `voids` says of which operators the tickets that were placed before a time hold it as not
    played, since it was postponed for longer than they wait: for ever, though it is played later.
    """

    sport: str
    result: Result | None
    voids: tuple[tuple[int, datetime], ...] = ()


class Outcomes:
    """The outcomes of bets on some events; each is worked out once for all tickets that hold it."""

    def __init__(self, events: Mapping[int, EventFacts]) -> None:
        self._events: Mapping[int, EventFacts] = events
        self._voids: frozenset[int] = frozenset(id_ for id_, one in events.items() if one.voids)
        self._known: dict[tuple[int, int], Outcome | None] = {}

    def of(self, facts: Facts) -> list[Outcome | None]:
        """Tell the outcome of each leg of a ticket, None while it is open."""
        legs = list(zip(facts.events, facts.bets, strict=True))
        known = self._known
        try:
            outcomes = [known[leg] for leg in legs]
        except KeyError:
            known.update((leg, self._settle(*leg)) for leg in legs if leg not in known)
            outcomes = [known[leg] for leg in legs]
        if self._voids.isdisjoint(facts.events):
            return outcomes
        pairs = zip(facts.events, outcomes, strict=True)
        return [VOID if self._is_void(event, facts) else outcome for event, outcome in pairs]

    def _settle(self, event: int, bet: int) -> Outcome | None:
        sport, result, _ = self._events[event]
        if result is None:
            return None
        rules = SPORTS[sport]
        return settle(rules, rules.bets[bet], result)

    def _is_void(self, event: int, facts: Facts) -> bool:
        voids = self._events[event].voids
        return any(
            operator == facts.key.operator and facts.created < before for operator, before in voids
        )
