"""What players are still to be told of single legs of tickets that are held."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from acca.core.leg_results import find_news, may_tell
from acca.core.ticket import TicketResult
from acca.core.ticket_facts import Key, Leg, LegResult, Ticket
from acca.store.connection import Reader
from acca.store.queries import load_queries
from acca.store.worlds import World

_QUERIES = load_queries("leg_results.sql")


async def read_leg_news(
    reader: Reader, tickets: Sequence[Ticket], world: World
) -> Mapping[Key, Sequence[LegResult]]:
    """Find the legs that are decided and not told so, of operators that tell their players."""
    telling = {
        operator
        for operator, told in world.tellers.items()
        if told.settings.bet_result and told.settings.sms_url is not None
    }
    wanted = [one for one in tickets if one.facts.key.operator in telling and may_tell(one)]
    if not wanted:
        return {}
    told = await _read_told(reader, [ticket.facts.key for ticket in wanted])
    return {
        facts.key: find_news(facts, world.outcomes.of(facts), told.get(facts.key, {}))
        for facts, _ in wanted
    }


async def _read_told(
    reader: Reader, keys: Sequence[Key]
) -> Mapping[Key, Mapping[Leg, TicketResult]]:
    rows = await reader.rows(
        _QUERIES["list_told_legs"], [key.operator for key in keys], [key.id for key in keys]
    )
    told: dict[Key, dict[Leg, TicketResult]] = defaultdict(dict)
    for operator, ticket, event, bet, result in rows:
        told[Key(operator, ticket)][Leg(event, bet)] = TicketResult(result)
    return told
