import pytest

from acca.wire.be_requests import CashOutRequest, OtpCheck, OtpRequest, parse_place
from acca.wire.defects import Defective, parse_defects, render_defects
from acca.wire.document import parse, parse_nothing, render


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_a_payment_has_no_body(content):
    parse_nothing(content)


@pytest.mark.parametrize("content", [b" ", b"{ }", b"[]", b'{"a":1}', b"\xff"])
def test_a_payment_with_a_body_is_refused(content):
    with pytest.raises(Defective) as refused:
        parse_nothing(content)
    assert render_defects(refused.value.defects) == (
        b'{"detail":[{"loc":["body"],"msg":"has to be empty","type":"empty"}]}'
    )


def test_the_body_of_a_422_is_read_back():
    with pytest.raises(Defective) as refused:
        parse_place(b'{"events":[{}]}')
    found = refused.value.defects
    assert parse_defects(render_defects(found)) == found
    assert str(refused.value).startswith("body.operator is missing; ")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"detail":[1]}', b"\xff"])
def test_what_is_no_body_of_a_422_is_refused(content):
    with pytest.raises(ValueError, match="is not the body of a 422"):
        parse_defects(content)


@pytest.mark.parametrize(
    ("document", "content"),
    [
        (CashOutRequest(operator="site", amount_cents=12), b'{"operator":"site","amount":12}'),
        (OtpRequest(operator="site", msisdn="+254"), b'{"operator":"site","msisdn":"+254"}'),
        (
            OtpCheck(operator="site", msisdn="254", code="0042"),
            b'{"operator":"site","msisdn":"254","code":"0042"}',
        ),
    ],
)
def test_the_small_requests(document, content):
    assert render(document) == content
    assert parse(type(document), content) == document
