import contextlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.wire.defects import DEFECTS_MAX, Defect, Defective
from acca.wire.tokens import Loaded, Number, load


def faults(body):
    return [(fault.loc, fault.msg, fault.type) for fault in load(body).faults]


def refused(body):
    with pytest.raises(Defective) as caught:
        load(body)
    return [(defect.msg, defect.type) for defect in caught.value.defects]


@pytest.mark.parametrize("escape", [b"", b',"x":"\\u0041"'])
def test_numbers_keep_their_spelling_but_for_plain_integers(escape):
    tree = load(b'{"a":1.10,"b":1e999,"c":7,"d":[-0.0,"s",null,true]%b}' % escape).tree
    assert tree["a"] == Number("1.10")
    assert tree["b"] == Number("1e999")
    assert tree["c"] == 7
    assert tree["d"] == [Number("-0.0"), "s", None, True]


def test_integers_of_any_length_are_read():
    assert load(b'{"a":%b}' % (b"9" * 30)).tree == {"a": int("9" * 30)}
    assert load(b'{"a":%b}' % (b"9" * 60_000)).tree == {"a": Number("9" * 60_000)}
    assert load(b'{"a":-7,"\\u0062":1}').tree == {"a": -7, "b": 1}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "is not JSON: expecting value at character 0"),
        (b'{"a":1', "is not JSON: expecting ',' delimiter at character 6"),
        (b"{} {}", "is not JSON: extra data at character 3"),
        (b'{"a":01}', "is not JSON: expecting ',' delimiter at character 6"),
        (b'{"a":"\x01"}', "is not JSON: invalid control character at at character 6"),
        (b"\xef\xbb\xbf{}", "is not JSON: expecting value at character 0"),
        (b"[" * 60_000, "is nested too deeply"),
    ],
)
def test_what_is_not_json_is_told_where(body, sentence):
    assert refused(body) == [(sentence, "json")]


def test_what_is_not_utf_8_is_told_where():
    assert refused(b'{"a":"\xff"}') == [("is not UTF-8 at byte 6", "encoding")]
    assert refused('{"a":1}'.encode("utf-16")) == [("is not UTF-8 at byte 0", "encoding")]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_of_other_languages_are_no_json(constant):
    loaded = load(f'{{"a":{constant},"b":{constant}}}'.encode())
    sentence = f"is not JSON: {constant} is not a number"
    assert loaded.tree == {"a": Number(constant), "b": Number(constant)}
    assert loaded.faults == (Defect((), sentence, "json"),)


def test_duplicates_are_found_at_every_level():
    body = b'{"a":1,"a":2,"b":[{"c":{"d":1,"d":1}}],"e":{"f":1}}'
    sentence = "is present more than once"
    assert faults(body) == [
        (("a",), sentence, "duplicate"),
        (("b", 0, "c", "d"), sentence, "duplicate"),
    ]


def test_a_duplicate_spelled_with_escapes_is_found():
    assert faults(b'{"a":1,"\\u0061":2}') == [(("a",), "is present more than once", "duplicate")]


def test_what_a_duplicate_replaces_is_not_searched():
    assert faults(b'{"a":{"b":1,"b":2},"a":3}') == [
        (("a",), "is present more than once", "duplicate")
    ]


@pytest.mark.parametrize("name", [r"pr ice", r" price", r"price\t", r"\nprice", r"\u0020"])
def test_a_blank_in_a_name_is_found_at_every_level(name):
    told = json.loads(f'"{name}"')
    assert faults(f'{{"a":[{{"{name}":1}}]}}'.encode()) == [
        (("a", 0, told), "holds a blank in its name", "name")
    ]


def test_blanks_and_colons_in_values_are_no_fault():
    body = b'{"a b":1}'.replace(b" ", b"") + b" "
    assert load(body) == Loaded({"ab": 1})
    assert load(b'{"a":"b c: d","e":["x y",": "]}').faults == ()


def test_a_senders_own_name_is_told_shortly_and_whole():
    name = "\\ud800" + "x" * 100
    assert faults(f'{{"{name}":1,"{name}":2}}'.encode())[0][0] == ("?" + "x" * 63,)


def test_no_more_than_a_hundred_faults_are_told():
    body = b"{" + b",".join([b'"a":1'] * 5_000) + b"}"
    assert len(load(body).faults) == DEFECTS_MAX


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**19), 10**19)
    | st.text(st.characters(), max_size=10),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(' :"\\ab', max_size=3), inner),
    max_leaves=10,
)


def _is_whole(value):
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        return False
    return True


@given(VALUES, st.booleans())
def test_what_the_standard_decoder_reads_is_read(value, escaped):
    if escaped or _is_whole(value):
        body = json.dumps(value, ensure_ascii=escaped).encode()
        assert load(body).tree == value


def objects_in(value):
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from objects_in(inner)


WHOLE_TEXTS = VALUES.filter(_is_whole)


@given(st.dictionaries(st.text(" ab:", max_size=3), WHOLE_TEXTS, min_size=1), st.data())
def test_both_ways_of_loading_agree_on_blank_names(value, data):
    expected = sum(" " in name for one in objects_in(value) for name in one)
    assert len(load(json.dumps(value).encode()).faults) == expected
    plain = msgspec.json.encode(value)
    assert len(load(plain).faults) == expected
    name = data.draw(st.sampled_from(sorted(value)))
    doubled = plain[:-1] + b"," + msgspec.json.encode(name) + b":0}"
    assert "duplicate" in {fault.type for fault in load(doubled).faults}


@given(st.binary())
def test_loading_raises_nothing_but_defects(body):
    with contextlib.suppress(Defective):
        assert isinstance(load(body), Loaded)
