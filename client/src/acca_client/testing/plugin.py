"""Fixtures for pytest, there as soon as the client is installed."""

from collections.abc import Iterator

import pytest

from acca_client.testing.double import AccaDouble


@pytest.fixture
def acca_double() -> Iterator[AccaDouble]:
    """Serve a double of Acca on loopback while the test runs."""
    with AccaDouble() as double:
        yield double
