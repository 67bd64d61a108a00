import pytest
from catalogue_seen import add_provider


@pytest.fixture
async def provider(database):
    """Return the id of a provider of events."""
    return await add_provider(database, "feeder")
