"""`POST /feed`: a provider's batch of events, odds, suspensions and results."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import partial

from acca.api.answers import Answer
from acca.api.bodies import require_json
from acca.api.calls import Call
from acca.api.measures import Measures
from acca.api.parties import Parties, read_provider
from acca.api.routes import Route
from acca.api.signing import OFFER, read_signed
from acca.engine import Engine
from acca.flows.apply_feed import apply_batch
from acca.wire.document import FEED_BYTES_MAX, render
from acca.wire.feed import FeedAnswer, parse_batch


def feed_routes(engine: Engine, measures: Measures) -> Sequence[Route]:
    """List the one route of the feed API."""
    parties = Parties(partial(read_provider, engine.database), engine.monotonic)

    async def take(call: Call) -> Answer:
        signed, body = await read_signed(call, parties, engine.unix_seconds(), FEED_BYTES_MAX)
        require_json(call)
        batch, sha256 = parse_batch(body), hashlib.sha256(body).digest()
        answer = await apply_batch(engine.database, signed.party_id, sha256, batch)
        _note(measures, answer)
        return Answer(200, render(answer))

    return [Route("/feed", {"POST": take}, (OFFER,))]


def _note(measures: Measures, answer: FeedAnswer) -> None:
    for verdict, number in Counter(each.verdict for each in answer.verdicts).items():
        measures.note_entries(verdict.value, number)
