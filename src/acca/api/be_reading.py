"""`/be`: tickets, their timelines and the operator's stream, as they stand now."""

from acca.api.answers import Answer
from acca.api.be_orders import read_identifier
from acca.api.be_signed import Signers, zone_of
from acca.api.calls import Call
from acca.core.numbers import Malformed
from acca.core.receipt_sources import make_receipt
from acca.core.refusals import TicketNotFound
from acca.core.ticket_facts import Ticket
from acca.core.ticket_id import parse_identifier
from acca.engine import Engine
from acca.flows.place_tickets import Busy
from acca.flows.rotate_signing_key import make_first_key
from acca.store.connection import Reader
from acca.store.explaining import read_explained
from acca.store.listing import list_tickets
from acca.store.receipts import read_sources
from acca.store.showing import read_shown
from acca.store.signing_keys import read_key_in_force
from acca.store.stream import read_page, read_timeline
from acca.store.tickets import find_ticket
from acca.wire.be_queries import EventsQuery, ExplainQuery, TicketsQuery
from acca.wire.defects import Defective, defects_under
from acca.wire.document import parse_nothing, render, render_list
from acca.wire.ed25519 import KEY_BYTES
from acca.wire.explaining import tell
from acca.wire.languages import known_languages
from acca.wire.queries import parse_query
from acca.wire.receipts import seal
from acca.wire.ticket_answers import answer_ticket


class Reading:
    """The endpoints that only read, on the tools of a process."""

    def __init__(self, engine: Engine, signers: Signers) -> None:
        self._engine: Engine = engine
        self._signers: Signers = signers

    async def get(self, call: Call) -> Answer:
        """Show one ticket of the operator."""
        signed, body = await self._signers.read(call)
        parse_nothing(body)
        async with self._engine.database.reader() as reader:
            ticket = await _find(reader, signed.party_id, read_identifier(call))
            (shown,) = await read_shown(reader, [ticket])
        return Answer(200, render(answer_ticket(ticket, shown), zone_of(signed)))

    async def list(self, call: Call) -> Answer:
        """List tickets of the operator, the newest first."""
        signed, body = await self._signers.read(call)
        self._signers.require_rate(signed)
        parse_nothing(body)
        query = parse_query(TicketsQuery, call.pairs())
        async with self._engine.database.reader() as reader:
            tickets = await _list(reader, signed.party_id, query)
            shown = await read_shown(reader, tickets)
        pairs = zip(tickets, shown, strict=True)
        answers = [answer_ticket(ticket, seen) for ticket, seen in pairs]
        return Answer(200, render_list(answers, zone_of(signed)))

    async def timeline(self, call: Call) -> Answer:
        """Show all that happened to a ticket."""
        signed, body = await self._signers.read(call)
        self._signers.require_rate(signed)
        parse_nothing(body)
        async with self._engine.database.reader() as reader:
            ticket = await _find(reader, signed.party_id, read_identifier(call))
            entries = await read_timeline(reader, ticket.facts.key)
        return Answer(200, render_list(entries, zone_of(signed)))

    async def explain(self, call: Call) -> Answer:
        """Explain a ticket in sentences, in one of our languages."""
        signed, body = await self._signers.read(call)
        self._signers.require_rate(signed)
        parse_nothing(body)
        query = parse_query(ExplainQuery, call.pairs())
        async with self._engine.database.snapshot() as reader:
            ticket = await _find(reader, signed.party_id, read_identifier(call))
            explained, zone = await read_explained(reader, ticket)
        told = tell(explained, known_languages()[query.lang], query.audience, zone)
        return Answer(200, render(told, zone))

    async def receipt(self, call: Call) -> Answer:
        """Show how the amounts of a ticket came about, signed."""
        signed, body = await self._signers.read(call)
        self._signers.require_rate(signed)
        parse_nothing(body)
        identifier = read_identifier(call)
        sealed = await self._seal(signed.party_id, identifier)
        if sealed is None:
            await make_first_key(self._engine.database, self._engine.random_bytes(KEY_BYTES))
            sealed = await self._seal(signed.party_id, identifier)
        if sealed is None:
            # Where readers are sent to a replica, the key has not come there yet.
            raise Busy("The key that signs receipts was made just now; try again")
        return Answer(200, sealed)

    async def _seal(self, operator: int, identifier: str) -> bytes | None:
        """Read a ticket and all that made its amounts at one moment; None without a key."""
        async with self._engine.database.snapshot() as reader:
            ticket = await _find(reader, operator, identifier)
            key = await read_key_in_force(reader)
            if key is None:
                return None
            (source,) = await read_sources(reader, [ticket])
        return seal(make_receipt(source), key)

    async def events(self, call: Call) -> Answer:
        """Show a page of the operator's stream."""
        signed, body = await self._signers.read(call)
        self._signers.require_rate(signed)
        parse_nothing(body)
        query = parse_query(EventsQuery, call.pairs())
        async with self._engine.database.reader() as reader:
            page = await read_page(reader, signed.party_id, query.after, query.limit)
        return Answer(200, render(page, zone_of(signed)))


async def _find(reader: Reader, operator: int, identifier: str) -> Ticket:
    ticket = await find_ticket(reader, operator, parse_identifier(identifier))
    if ticket is None:
        raise TicketNotFound(identifier=identifier)
    return ticket


async def _list(reader: Reader, operator: int, query: TicketsQuery) -> list[Ticket]:
    try:
        return await list_tickets(reader, operator, query, query.limit)
    except Malformed as malformed:
        raise Defective(defects_under(("query", "before"), malformed, "identifier")) from None
