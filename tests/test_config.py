import pathlib

import pytest

from acca.config import Config, default_home, read_config


@pytest.mark.parametrize(
    ("environment", "root", "expected"),
    [
        ({"HOME": "/h"}, False, "/h/.local/share/acca"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/data"}, False, "/data/acca"),
        ({"HOME": "/h", "XDG_DATA_HOME": "not/absolute"}, False, "/h/.local/share/acca"),
        ({"HOME": "/h", "XDG_DATA_HOME": ""}, False, "/h/.local/share/acca"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/data"}, True, "/var/lib/acca"),
    ],
)
def test_data_lies_where_the_system_wants_it(environment, root, expected):
    assert pathlib.Path(expected) == default_home(environment, root=root)


def test_what_is_told_goes_before_what_is_usual():
    told = {"ACCA_HOME": "/mine", "DATABASE_URL": "postgresql://db/acca", "HOME": "/h"}
    expected = Config(pathlib.Path("/mine"), "postgresql://db/acca")
    assert expected == read_config(told, root=True)


def test_an_empty_value_is_none():
    expected = Config(pathlib.Path("/h/.local/share/acca"), None)
    assert expected == read_config({"HOME": "/h", "ACCA_HOME": "", "DATABASE_URL": ""}, root=False)


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("", False), ("0", False)])
def test_wallets_have_private_addresses_where_that_is_said(value, expected):
    told = {"HOME": "/h", "ACCA_ALLOW_PRIVATE": value}
    assert expected == read_config(told, root=False).allow_private


def test_processes_of_a_group_are_told_where_they_share_what_they_measure():
    told = {"HOME": "/h", "PROMETHEUS_MULTIPROC_DIR": "/measures"}
    assert "/measures" == read_config(told, root=False).measures_folder
