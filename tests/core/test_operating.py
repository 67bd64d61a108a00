import pytest

from acca.core.numbers import Malformed
from acca.core.operating import parse_name, parse_reason


@pytest.mark.parametrize("text", ["acme", "acme-kenya", "a1-2", "a" * 64])
def test_a_name_is_a_slug(text):
    assert text == parse_name(text)


@pytest.mark.parametrize(
    "text", ["", "Acme", "1acme", "-acme", "acme-", "acme--kenya", "acme_kenya", "a" * 65, "é"]
)
def test_what_is_no_slug_is_no_name(text):
    with pytest.raises(Malformed, match="is not a slug"):
        parse_name(text)


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "a" * 501])
def test_a_reason_is_a_line(text):
    with pytest.raises(Malformed, match="is not a line"):
        parse_reason(text)
    assert "certified in May" == parse_reason("certified in May")
