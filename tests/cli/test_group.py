import pytest

from acca.cli.group import Numbers


@pytest.mark.parametrize(
    ("api", "workers", "expected"), [(1, 1, 10), (3, 1, 10), (7, 1, 5), (0, 1, 10), (60, 4, 1)]
)
def test_a_group_shares_the_connections_that_an_embedded_server_takes(api, workers, expected):
    assert expected == Numbers(api, workers).connections_max()
