import itertools
import json

import pytest

from acca.core.refusals import Refusal
from acca_client import errors
from acca_client.conversation import Call, Caller, Lost, Means, Patience, Pause, Reply, Send
from acca_client.documents import Members, text
from acca_client.signature import Credentials, sign, sign_v2

KEY, NOW, BODY = "12345ABCDE", 1_706_090_303, b'{"operator":"site"}'
GOOD = (200, {}, b'{"word":"good"}')
BUSY = (503, {"retry-after": "1"}, b'{"code":503,"message":"later"}')


def read(token):
    return Members(token, "answer").take("word", text)


def call_of(body=BODY, method="POST", path="/be/tickets", idempotency_key="key-1"):
    return Call(method, path, read, body, idempotency_key)


def refusal(code, message="no", status=400, **headers):
    return (
        status,
        {name.replace("_", "-"): value for name, value in headers.items()},
        json.dumps({"code": code, "message": message}).encode(),
    )


class Clock:
    """Unix seconds that grow with every look, and monotonic ones that grow with every pause."""

    def __init__(self):
        self.seconds = itertools.count(NOW)
        self.elapsed = 0.0

    def means(self):
        return Means(
            now=lambda: next(self.seconds),
            new_key=lambda: "drawn",
            monotonic=lambda: self.elapsed,
            chance=lambda: 1.0,
        )


class Played:
    """A call played against a list of answers, each a reply's parts or a Lost."""

    def __init__(self, *answers, call=None, patience=None, url="https://acca.example"):
        self.clock, self.sent, self.pauses = Clock(), [], []
        self.caller = Caller(
            url, Credentials("site", KEY), patience or Patience(), self.clock.means()
        )
        self.answers = iter(answers)
        self.call = call or call_of()

    def result(self):
        talk = self.caller.converse(self.call)
        step = next(talk)
        try:
            while True:
                step = talk.send(self.carry_out(step))
        except StopIteration as end:
            return end.value

    def carry_out(self, step):
        if isinstance(step, Pause):
            self.pauses.append(step.seconds)
            self.clock.elapsed += step.seconds
            return None
        assert isinstance(step, Send)
        self.sent.append(step)
        answer = next(self.answers)
        return answer if isinstance(answer, Lost) else Reply(*answer)


def raised_by(played):
    with pytest.raises(errors.AccaError) as raised:
        played.result()
    return raised.value


def test_a_good_answer_is_read():
    played = Played(GOOD)
    assert played.result() == "good"
    (sent,) = played.sent
    assert (sent.method, sent.path, sent.body) == ("POST", "/be/tickets", BODY)
    assert sent.headers == {
        "timestamp": str(NOW),
        "operator-name": "site",
        "signature": sign(KEY, NOW, BODY),
        "content-type": "application/json",
        "idempotency-key": "key-1",
    }


@pytest.mark.parametrize(
    "failure",
    [
        Lost("ConnectError"),
        BUSY,
        (429, {"retry-after": "1"}, b""),
        (500, {}, b'{"code":500,"message":"oops"}'),
        (502, {}, b"<html>bad gateway</html>"),
        (200, {}, b'{"word":"go'),
        (200, {}, b"<html>welcome</html>"),
        (200, {}, b""),
    ],
)
def test_another_try_has_the_same_bytes_and_key_and_a_new_timestamp(failure):
    played = Played(failure, failure, GOOD)
    assert played.result() == "good"
    assert {(BODY, "key-1")} == {(one.body, one.headers["idempotency-key"]) for one in played.sent}
    stamps = [int(one.headers["timestamp"]) for one in played.sent]
    assert [NOW, NOW + 1, NOW + 2] == stamps
    assert [sign(KEY, stamp, BODY) for stamp in stamps] == [
        one.headers["signature"] for one in played.sent
    ]


def test_a_get_is_tried_again_too():
    played = Played(Lost("cut"), GOOD, call=call_of(b"", "GET", "/be/tickets/A1", None))
    assert played.result() == "good"
    assert ["idempotency-key" in one.headers for one in played.sent] == [False, False]
    assert ["content-type" in one.headers for one in played.sent] == [False, False]


@pytest.mark.parametrize("code", [216, 218, 208, 117, 999])
def test_a_refusal_is_never_tried_again(code):
    played = Played(refusal(code), GOOD)
    error = raised_by(played)
    assert (1, code) == (len(played.sent), error.code)


def test_pauses_grow_up_to_their_limit():
    played = Played(*[Lost("cut")] * 7, GOOD)
    played.result()
    assert played.pauses == [0.2, 0.4, 0.8, 1.6, 3.0, 3.0, 3.0]


def test_half_of_a_pause_is_left_to_chance():
    patience, lost = Patience(), errors.Unreached("cut")
    assert patience.pause(lost, 1, 0.0) == pytest.approx(0.1)
    assert patience.pause(lost, 10_000, 1.0) == pytest.approx(3.0)


def test_retry_after_is_honoured_up_to_its_limit():
    played = Played(BUSY, (429, {"retry-after": "3600"}, b"{}"), GOOD)
    played.result()
    assert played.pauses == pytest.approx([1.2, 10.4])


@pytest.mark.parametrize("spelled", ["", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "²"])
def test_a_retry_after_that_is_no_number_counts_as_none(spelled):
    error = raised_by(
        Played((429, {"retry-after": spelled}, b"{}"), patience=Patience(total_seconds=0))
    )
    assert isinstance(error, errors.TooManyRequests)
    assert error.retry_after is None


def test_patience_ends_with_the_last_failure():
    played = Played(*[Lost("cut")] * 100)
    error = raised_by(played)
    assert isinstance(error, errors.Unreached)
    assert str(error) == "cut"
    assert 20 < played.clock.elapsed < 30
    assert [12.0] * 5 == [one.timeout_seconds for one in played.sent[:5]]
    assert played.sent[-1].timeout_seconds < 12.0


def test_the_error_tells_the_key_to_ask_again_with():
    assert raised_by(Played(*[Lost("cut")] * 100)).idempotency_key == "key-1"
    assert raised_by(Played(refusal(216))).idempotency_key == "key-1"


def test_version_2_is_used_once_it_is_offered():
    offer = {"signature-versions": "1, 2"}
    played = Played((503, offer, b""), GOOD, url="https://acca.example/engine/")
    played.result()
    first, second = played.sent
    assert "signature-version" not in first.headers
    assert second.headers["signature-version"] == "2"
    assert second.path == "/engine/be/tickets"
    expected = sign_v2(KEY, NOW + 1, "POST", "/engine/be/tickets", BODY)
    assert second.headers["signature"] == expected


def test_version_2_is_left_when_it_is_no_longer_offered():
    played = Played((503, {"signature-versions": "1"}, b""), GOOD)
    played.caller.version = 2
    played.result()
    assert ["signature-version" in one.headers for one in played.sent] == [True, False]


def test_an_answer_without_the_offer_changes_nothing():
    played = Played((502, {}, b""), Lost("cut"), GOOD)
    played.caller.version = 2
    played.result()
    assert [True] * 3 == ["signature-version" in one.headers for one in played.sent]


def test_an_operator_that_takes_version_2_only_is_served_at_once():
    played = Played(refusal(1, status=403, signature_versions="1, 2"), GOOD)
    assert played.result() == "good"
    assert [] == played.pauses
    assert ["signature-version" in one.headers for one in played.sent] == [False, True]


def test_a_server_that_went_back_to_version_1_is_served_at_once():
    played = Played(refusal(1, status=403, signature_versions="1"), GOOD)
    played.caller.version = 2
    assert played.result() == "good"
    assert ["signature-version" in one.headers for one in played.sent] == [True, False]


def test_a_server_that_changes_its_mind_is_not_asked_for_ever():
    answers = [refusal(1, status=403, signature_versions=one) for one in ("1, 2", "1", "1, 2")]
    played = Played(*answers, GOOD)
    assert isinstance(raised_by(played), errors.NotAuthentic)
    assert len(played.sent) == 2


def test_a_wrong_key_is_not_tried_for_ever():
    no = refusal(1, status=403, signature_versions="1, 2")
    played = Played(no, no, GOOD)
    assert isinstance(raised_by(played), errors.NotAuthentic)
    assert len(played.sent) == 2


@pytest.mark.parametrize("code", errors.REFUSALS)
def test_each_documented_code_has_its_class(code):
    status = 403 if code < 100 else 409 if code == 226 else 400
    error = raised_by(Played(refusal(code, "why", status)))
    assert type(error) is errors.REFUSALS[code]
    assert (code, "why", None) == (error.code, error.message, error.because)


def test_the_documented_codes_are_those_of_the_server():
    assert {one.code for one in Refusal.__subclasses__()} <= set(errors.REFUSALS)


def test_a_code_has_a_class_of_its_own():
    assert len(set(errors.REFUSALS.values())) == len(errors.REFUSALS)


def test_a_refusal_may_tell_why_in_a_header():
    error = raised_by(Played(refusal(117, refused_because="event-started")))
    assert (errors.TicketNotReserved, "event-started") == (type(error), error.because)


@pytest.mark.parametrize(("status", "code"), [(404, 404), (405, 405), (400, 12345)])
def test_a_code_that_is_not_documented_is_a_plain_refusal(status, code):
    error = raised_by(Played(refusal(code, status=status)))
    assert (errors.Refused, code) == (type(error), error.code)


def test_defects_are_told():
    body = b'{"detail":[{"loc":["body","events",0,"odds"],"msg":"is missing","type":"missing"}]}'
    error = raised_by(Played((422, {}, body)))
    assert isinstance(error, errors.Invalid)
    loc = ("body", "events", 0, "odds")
    assert (errors.Defect(loc, "is missing", "missing"),) == error.detail
    assert str(error) == "body.events.0.odds is missing"


@pytest.mark.parametrize("body", [b'{"code":413,"message":"x"}', b"", b"<html>"])
def test_a_body_above_the_limit_is_told(body):
    assert isinstance(raised_by(Played((413, {}, body), GOOD)), errors.TooLarge)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((200, {}, b'{"word":1}'), "answered 200, and answer.word has to be a text"),
        ((200, {}, b"[]"), "answered 200, and answer has to be an object"),
        ((201, {}, b'{"word":"good"}'), "answered 201"),
        ((302, {"location": "/login"}, b""), "answered 302, and the body is not JSON"),
        ((403, {}, b"<html>no"), "answered 403, and the body is not JSON"),
        ((400, {}, b'{"error":"no"}'), "answered 400, and answer.code is missing"),
        ((422, {}, b'{"detail":"no"}'), "answered 422, and answer.detail has to be a list"),
        ((418, {}, b'{"code":1,"message":"x"}'), "answered 418"),
    ],
)
def test_what_acca_would_not_say_is_unreadable_and_not_tried_again(answer, sentence):
    played = Played(answer, GOOD)
    error = raised_by(played)
    assert (errors.Unreadable, sentence) == (type(error), str(error))
    assert len(played.sent) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acca.example",
        "ftp://acca.example",
        "https://",
        "https://a:b@c.example",
        "https://c/?x",
        "https://c/ä",
        "https://c/../d",
        "https://c//d",
        "https://c/%7e",
    ],
)
def test_a_base_url_that_is_none_is_refused(url):
    with pytest.raises(ValueError, match="the base URL has to be such as"):
        Caller(url, Credentials("site", KEY), Patience(), Means())


def test_a_port_that_is_none_is_refused():
    with pytest.raises(ValueError, match="Port out of range"):
        Caller("https://acca.example:99999", Credentials("site", KEY), Patience(), Means())


@pytest.mark.parametrize("name", ["", "two words", "line\nbreak", "säk", "x" * 256])
def test_an_operator_name_that_no_header_can_hold_is_refused(name):
    with pytest.raises(ValueError, match="the operator's name has to be"):
        Caller("https://acca.example", Credentials(name, KEY), Patience(), Means())
