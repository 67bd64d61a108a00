import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.reconciling import Listed, WalletStatus
from acca.wire.reconcile_files import LINE_BYTES_MAX, Defect, pack, read_list, unpack

ID = bytes(range(12))
HEADER = "ticket_id,status,paid_in,paid_out"
WON = Listed(ID, 2, WalletStatus.WON, 1000, 1400)
ROW = f"{ID.hex()},won,1000,1400"
OBJECT = {"ticket_id": ID.hex(), "status": "won", "paid_in": 1000, "paid_out": 1400}


def read(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return list(read_list(raw.splitlines(keepends=True)))


def csv_of(*lines, header=HEADER):
    return "".join(f"{line}\n" for line in (header, *lines))


@pytest.mark.parametrize(
    "text",
    [
        csv_of(ROW),
        csv_of(ROW).replace("\n", "\r\n"),
        "\ufeff" + csv_of(ROW),
        csv_of(f'"{ID.hex()}","won",1000,"1400"'),
        csv_of(f" {ID.hex().upper()} , won,01000,1400,,"),
        csv_of(
            f"x,1400,won,1000,{ID.hex()},,,",
            header="other,paid_out,status,paid_in,ticket_id,currency,code,player_id",
        ),
    ],
)
def test_a_table_is_read_whatever_the_order_of_its_columns(text):
    assert [WON] == read(text)


@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_lines_of_json_are_read_and_their_last_needs_no_end(end):
    line = json.dumps(OBJECT | {"other": [1]})
    assert [WON._replace(line=1)] == read(line + end)
    assert [WON._replace(line=1)] == read("\ufeff" + line + end)


def test_names_are_read_where_they_are_given():
    full = WON._replace(currency="KES", code="ABCDEF", player="7")
    header = f"{HEADER},currency,code,player_id"
    assert [full] == read(csv_of(f"{ROW},KES,abcdef,7", header=header))
    names = {"currency": "KES", "code": "abcdef", "player_id": 7}
    assert [full._replace(line=1)] == read(json.dumps(OBJECT | names))
    nothing = {"currency": None, "code": "", "player_id": None}
    assert [WON._replace(line=1)] == read(json.dumps(OBJECT | nothing))


def test_blank_lines_are_passed_over_and_counted():
    assert [WON._replace(line=4)] == read(csv_of("", " ", ROW, ""))


def test_a_table_may_hold_nothing():
    assert [] == read(csv_of())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\n", "lacks ticket_id, status, paid_in, paid_out"),
        (csv_of(ROW, header="ticket_id,status,paid_in"), "lacks paid_out"),
        (csv_of(ROW, header=HEADER.replace(",", ";")), "lacks ticket_id"),
        (csv_of(ROW, header=f"{HEADER},status"), "names status twice"),
        (csv_of(ROW, header=f'{HEADER},"'), "a quote that is not closed"),
        (gzip.compress(b"x", mtime=0), "packed with gzip: unpack it first"),
        (b"PK\x03\x04xyz", "packed with zip"),
        (csv_of(ROW).encode("utf-16"), "is not UTF-8 from its byte 1 on"),
        (b"\0", "holds a NUL byte"),
        ("x" * (LINE_BYTES_MAX + 1), "the first line is longer than"),
        ("[1]\n", "lacks ticket_id"),
    ],
)
def test_what_is_no_list_at_all_is_one_defect(text, said):
    ((line, sentence),) = read(text)
    assert (0, True) == (line, said in sentence)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            ROW.replace("1400", "14.00"),
            "paid_out: amounts are integers in cents, from 0 on, not '1",
        ),
        (ROW.replace("1000", "-5"), "paid_in: amounts are integers in cents, from 0 on, not '-5'"),
        (ROW.replace("1000", "KES 10"), "not 'KES 10'"),
        (ROW.replace("1000", ""), "paid_in: amounts are integers in cents, from 0 on, not ''"),
        (ROW.replace("1000", "\uff11\uff10"), "not '\uff11\uff10'"),
        (ROW.replace("1000", "9" * 19), "paid_in: amounts are integers"),
        (ROW.replace("1400", '"1,400"'), "not '1,400'"),
        (ROW.replace("won", "Won"), "status: is one of open, reserved, won, lost, void, refunded"),
        (
            ROW.replace(ID.hex(), "ABCDEF"),
            "ticket_id: an id is 24 hexadecimal digits, not 'ABCDEF'",
        ),
        (ROW.replace(ID.hex(), "x" * 100), f"not '{'x' * 39}…"),
        (f"{ID.hex()},won,1000", "has 3 cells, and the first line 4"),
        (f"{ROW},more", "has 5 cells"),
        (f'{ROW},"', "a quote that is not closed"),
        (f"{ROW}\0", "holds a NUL byte"),
    ],
)
def test_a_row_that_is_no_ticket_is_named_with_its_line_and_column(row, said):
    (first, (line, sentence), last) = read(csv_of(ROW, row, ROW))
    assert (2, 3, 4) == (first.line, line, last.line)
    assert said in sentence


def test_broken_text_is_named_with_its_byte():
    raw = csv_of(ROW).encode() + b"\xff,won,1,1\n"
    assert Defect(3, "is not UTF-8 from its byte 1 on") == read(raw)[1]


@pytest.mark.parametrize("cut", [1, 2, 3, 10, 30])
def test_a_last_row_that_is_cut_off_is_no_row_even_if_it_looks_like_one(cut):
    *_, (line, sentence) = read(csv_of(ROW, ROW)[:-cut])
    assert (3, "does not end as the others do: is the file cut off?") == (line, sentence)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"paid_in": "1000"}, "paid_in: amounts are integers in cents, from 0 on, not '1000'"),
        ({"paid_in": 10.0}, "from 0 on, not 10.0"),
        ({"paid_in": True}, "not True"),
        ({"paid_in": None}, "not None"),
        ({"paid_out": 10**18}, "paid_out: amounts are integers"),
        ({"paid_out": -1}, "not -1"),
        ({"status": 5}, "not 5"),
        ({"ticket_id": 5}, "ticket_id: an id is 24"),
        ({"currency": "XYZ"}, "currency: 'XYZ' is not a currency"),
        ({"currency": ["KES"]}, "currency: ['KES'] is not"),
        ({"code": "hello"}, "code: a code is 6 to 12"),
        ({"code": {}}, "code: a code is 6 to 12"),
        ({"player_id": []}, "player_id: is a text"),
        ({"player_id": "x" * 256}, "player_id: is a text"),
    ],
)
def test_an_object_that_is_no_ticket_is_named_with_its_line_and_name(changes, said):
    line, sentence = read(json.dumps(OBJECT) + "\n" + json.dumps(OBJECT | changes))[1]
    assert (2, True) == (line, said in sentence)


@pytest.mark.parametrize("name", list(OBJECT))
def test_an_object_lacks_nothing(name):
    lacking = {key: value for key, value in OBJECT.items() if key != name}
    assert [Defect(1, f"{name} is missing")] == read(json.dumps(lacking))


@pytest.mark.parametrize("text", ['{"ticket_id": ', "{}x", '{"a": "\\ud800"', ROW, "[]"])
def test_a_line_that_is_no_object_is_said_to_be_none(text):
    line, sentence = read(json.dumps(OBJECT) + "\n" + text)[1]
    assert (2, True) == (line, sentence.startswith("is no JSON object"))


def test_nothing_is_read_from_a_line_without_end_on():
    long = "x" * (LINE_BYTES_MAX + 1)
    first, (line, sentence) = read(csv_of(ROW, long, ROW))
    assert (WON, 3, True) == (first, line, "is longer than" in sentence)


NAMES = st.none() | st.text(max_size=255)
LISTED = st.builds(
    Listed,
    st.binary(min_size=12, max_size=12),
    st.integers(1, 2**40),
    st.sampled_from(WalletStatus),
    st.integers(0, 10**18 - 1),
    st.integers(0, 10**18 - 1),
    NAMES,
    NAMES,
    NAMES,
)


@given(st.lists(LISTED, max_size=8))
def test_what_is_packed_is_read_again_and_stands_in_order(many):
    packed = sorted(map(pack, many))
    keys = [(one.id, one.line) for one in map(unpack, packed)]
    assert sorted((one.id, one.line) for one in many) == keys
    assert all(one == unpack(pack(one)) for one in many)


@given(st.binary(max_size=200), st.sampled_from(["", f"{HEADER}\n", "{}\n"]))
def test_no_bytes_are_more_than_defects(raw, head):
    assert all(isinstance(one, Listed | Defect) for one in read(head.encode() + raw))
