import asyncio
import contextlib
import socket

import pytest
from api.asking import SECRET
from api.engines import make_engine

from acca.api.app import GROUPS, build_app
from acca.api.measures import Measures
from acca.api.serving import serve_api
from acca.flows.enrol_provider import enrol_provider


@contextlib.asynccontextmanager
async def serving(engine, groups=GROUPS):
    """Serve in this loop, on a free port, until the context ends."""
    stopping, ready = asyncio.Event(), asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:
        app = build_app(engine, Measures(), groups)
        task = asyncio.create_task(serve_api(app, door, stopping, ready.set))
        await asyncio.wait_for(ready.wait(), 10)
        try:
            yield door.getsockname()[1]
        finally:
            stopping.set()
            await asyncio.wait_for(task, 20)


@pytest.fixture
def serve():
    return serving


@pytest.fixture
def logged():
    """Return the list that the log's lines land in."""
    return []


@pytest.fixture
def engine(database, logged):
    return make_engine(database, logged)


@pytest.fixture
async def goals(database):
    """Return the id of an enrolled provider that can sign."""
    return (await enrol_provider(database, "goals", SECRET, "a test")).provider.id


@pytest.fixture
async def port(engine, goals):
    assert goals
    async with serving(engine) as opened:
        yield opened
