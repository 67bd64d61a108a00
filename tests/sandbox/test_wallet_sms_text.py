import pytest

from acca_sandbox.wallet.sms_text import Length, measure_sms, write_sms


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length("GSM-7", 0, 1)),
        ("a" * 160, Length("GSM-7", 160, 1)),
        ("a" * 161, Length("GSM-7", 161, 2)),
        ("a" * 306, Length("GSM-7", 306, 2)),
        ("a" * 307, Length("GSM-7", 307, 3)),
        ("€" * 80, Length("GSM-7", 160, 1)),
        ("€" * 81, Length("GSM-7", 162, 2)),
        ("ł" * 70, Length("UCS-2", 70, 1)),
        ("ł" * 71, Length("UCS-2", 71, 2)),
        ("⚽", Length("UCS-2", 1, 1)),
        ("🏆", Length("UCS-2", 2, 1)),
        ("\ud83c", Length("UCS-2", 1, 1)),
    ],
)
def test_a_text_is_measured_as_it_is_on_the_air(text, length):
    assert length == measure_sms(text)


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("otp", {"code": "1234"}, "Your code is 1234. It is for you alone."),
        (
            "ticket_status",
            {"ticket_code": "CD4BDD", "status": "open", "result": "pending"},
            "Ticket CD4BDD is paid. Good luck!",
        ),
        (
            "ticket_status",
            {"ticket_code": "CD4BDD", "status": "resulted", "result": "won"},
            "Ticket CD4BDD: won.",
        ),
        ("bet_result", {"ticket_id": "66", "result": "lost"}, "A bet of your ticket 66: lost."),
        ("unheard", {"a": 1, "b": None}, "a 1; b None"),
        ("otp", {}, "Your code is . It is for you alone."),
    ],
)
def test_each_notification_has_its_words(kind, data, text):
    assert text == write_sms(kind, data)
