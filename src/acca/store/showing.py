"""What tickets are shown with: tax terms, events and cards, read for many tickets at once."""

from collections.abc import Sequence

from acca.core.cards.products import Body
from acca.core.ticket_facts import Ticket
from acca.store.connection import Reader
from acca.store.placing import CardName, read_cards, read_events
from acca.store.tax_profiles import read_terms_of
from acca.wire.ticket_answers import Shown


async def read_shown(reader: Reader, tickets: Sequence[Ticket]) -> list[Shown]:
    """Read what tickets of one operator are shown with, in their order."""
    if not tickets:
        return []
    operator = tickets[0].facts.key.operator
    assert all(ticket.facts.key.operator == operator for ticket in tickets), "one operator's"
    read = await read_events(reader, {id_ for ticket in tickets for id_ in ticket.facts.events})
    events = {id_: event.shown for id_, event in read.events.items()}
    codes = {ticket.facts.card for ticket in tickets if ticket.facts.card is not None}
    names = [CardName(operator, code) for code in sorted(codes)]
    found = await read_cards(reader, names, read.now) if names else {}
    cards: dict[str | None, Body] = {name.code: card.body for name, card in found.items()}
    terms = await read_terms_of(reader, operator, tickets)
    return [
        Shown(terms[ticket.facts.tax_profile], events, cards.get(ticket.facts.card))
        for ticket in tickets
    ]
