"""Whether a process lives, whether it can work, and its numbers: for those who watch over Acca."""

from collections.abc import Sequence

import msgspec

from acca.api.answers import Answer
from acca.api.calls import Call
from acca.api.measures import MEDIA, Measures
from acca.api.routes import Route
from acca.engine import Engine
from acca.store.migrate import require_schema

_LIVE = msgspec.json.encode({"status": "live"})
_READY = msgspec.json.encode({"status": "ready"})


def health_routes(engine: Engine, measures: Measures) -> Sequence[Route]:
    """List the routes of the watch; none is signed, and none tells of any operator."""

    async def live(_: Call) -> Answer:
        return Answer(200, _LIVE)

    async def ready(_: Call) -> Answer:
        await require_schema(engine.database)
        return Answer(200, _READY)

    async def metrics(_: Call) -> Answer:
        return Answer(200, measures.render(), media=MEDIA)

    return [
        Route("/health/live", {"GET": live}),
        Route("/health/ready", {"GET": ready}),
        Route("/metrics", {"GET": metrics}),
    ]
