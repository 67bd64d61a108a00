import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def place():
    """Make a folder that the server's own user may pass through when root runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)
