import hashlib
import pathlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.chain import START, Link, Linked, extend_chain, hash_entry

CREATED = Linked(
    ticket=bytes.fromhex("668ef666333180bba97f0c93"),
    n=1,
    at=datetime(2024, 7, 16, 21, 30, 0, 1234, UTC),
    kind="new",
    status="new",
    result="pending",
    lane="pam",
    action="ticket_create",
    body=b'{"action":"ticket_create"}',
)
CONFIRMED = Linked(
    ticket=CREATED.ticket,
    n=2,
    at=datetime(2024, 7, 16, 21, 30, 1, tzinfo=UTC),
    kind="confirm",
    status="open",
    result="pending",
    lane=None,
    action=None,
    body=None,
)
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "protocol" / "stream.md"


def test_the_documented_entries_have_the_documented_hashes():
    first, second = extend_chain(START, [CREATED, CONFIRMED])
    document = DOCUMENT.read_text(encoding="utf-8")
    assert (1, 2) == (first.number, second.number)
    assert f"`{first.hash.hex()}`" in document
    assert f"`{second.hash.hex()}`" in document


def test_an_entry_that_is_sent_nowhere_ends_with_three_empty_lines():
    before = Link(7, b"\x0f" * 32)
    text = (
        "0f" * 32 + "\n8\n668ef666333180bba97f0c93\n2\n2024-07-16T21:30:01.000000\n"
        "confirm\nopen\npending\n\n\n"
    )
    assert hashlib.sha256(text.encode()).digest() == hash_entry(before, CONFIRMED)


@pytest.mark.parametrize(
    "change",
    [
        {"ticket": bytes(12)},
        {"n": 3},
        {"at": datetime(2024, 7, 16, 21, 30, 0, 1235, UTC)},
        {"kind": "renew"},
        {"status": "open"},
        {"result": "won"},
        {"lane": "sms"},
        {"action": "ticket_reserve"},
        {"body": b"{}"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_nothing_in_an_entry_can_change_unseen(change):
    assert hash_entry(START, CREATED) != hash_entry(START, CREATED._replace(**change))


def test_neither_the_number_nor_what_came_before_can_change_unseen():
    befores = [START, Link(1, START.hash), Link(0, b"\x01" * 32)]
    assert 3 == len({hash_entry(before, CREATED) for before in befores})


@given(st.lists(st.sampled_from([CREATED, CONFIRMED]), max_size=6), st.integers(0, 6))
def test_a_chain_is_the_same_in_however_many_steps_it_grows(entries, cut):
    whole = extend_chain(START, entries)
    first = extend_chain(START, entries[:cut])
    head = first[-1] if first else START
    assert whole == first + extend_chain(head, entries[cut:])
    assert list(range(1, len(entries) + 1)) == [link.number for link in whole]
