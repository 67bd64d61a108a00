"""Webhooks of the double are those of Acca; a wallet that keeps the rules ends right by them."""

import asyncio
import itertools
import json
import subprocess
import sys

import pytest
from client.doubles import NOW, bet, requests

from acca.wire import pam, sms
from acca_client.signature import WebhookRefused
from acca_client.testing import AccaDouble, with_late_repeats
from acca_client.webhook import Delivery, Otp, Ping, TicketTold, judge, verify
from acca_sandbox.wallet.people import add_tokens
from acca_sandbox.wallet.running import WalletOptions, run_wallet

ACTIONS = [
    "ticket_create", "ticket_update", "ticket_win", "ticket_lost", "ticket_void", "ticket_refund",
    "ticket_rollback", "ticket_discard", "ticket_closed",
]  # fmt: skip


def heard(hook, now=NOW):
    return verify(["your-secret-key"], hook.headers, hook.body, now)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_webhook_is_one_that_acca_would_write(double, engine, action):
    hook = double.webhook(engine.create(bet(atag="a")), action)
    assert hook.body == pam.CALLS.render(pam.CALLS.parse(hook.body))
    assert action == heard(hook).action


@pytest.mark.parametrize("type_", ["quicktip", "superbet", "jackpot"])
def test_what_is_reserved_is_told_with_its_psp(double, engine, cards, type_):
    ticket = engine.reserve(requests(cards)[type_])
    hook = double.webhook(ticket.code, "ticket_reserve")
    assert hook.body == pam.CALLS.render(pam.CALLS.parse(hook.body))
    told = heard(hook)
    assert isinstance(told.data, TicketTold)
    assert (1, type_, ticket.amounts) == (told.n, told.data.ticket_type, told.data.amounts)


def test_what_is_told_of_nobody_is_no_webhook(double, engine):
    ticket = engine.create(bet())
    with pytest.raises(ValueError, match="ticket_reserve is not told of this ticket"):
        double.webhook(ticket, "ticket_reserve")
    with pytest.raises(KeyError):
        double.settle(ticket, "half_won")


def test_the_ticket_moves_with_what_is_told(double, engine):
    ticket = engine.create(bet())
    hooks = [*double.settle(ticket, "won"), *double.correct(ticket, "lost")]
    seen = [(hook.action, hook.n) for hook in hooks]
    after = engine.ticket(ticket.id)
    assert [("ticket_win", 3), ("ticket_rollback", 4), ("ticket_lost", 5)] == seen
    assert ("resulted", "lost", 0, "lost") == (
        after.status, after.result, after.amounts.net_payout_cents, after.legs[0].result,
    )  # fmt: skip
    double.correct(ticket, "void")
    assert ticket.amounts.price_cents == double.ticket(ticket.code).amounts.net_payout_cents
    double.webhook(ticket, "ticket_rollback")
    assert ticket.amounts == engine.ticket(ticket.id).amounts
    double.settle(ticket, "lost")
    double.webhook(ticket, "ticket_closed")
    assert ("closed", "lost") == (
        engine.ticket(ticket.id).status, engine.ticket(ticket.id).result,
    )  # fmt: skip


def test_a_prize_is_told_before_its_win(double, engine, cards):
    ticket = engine.create(requests(cards)["jackpot"])
    update, win = double.settle(ticket, "won", gross_payout_cents=5_000_000)
    told = heard(update).data.amounts
    assert (["ticket_update", "ticket_win"], 5_000_000) == (
        [update.action, win.action], told.gross_payout_cents,
    )  # fmt: skip
    assert engine.ticket(ticket.id).amounts == told


def test_the_next_attempt_has_the_same_bytes_and_its_own_signature():
    seconds = itertools.count(NOW)
    double = AccaDouble(clock=lambda: next(seconds))
    with double.engine() as engine:
        first = double.webhook(engine.create(bet()), "ticket_create")
    second = first.again()
    assert (first.body, first.n) == (second.body, second.n)
    assert ("1", "2") == (first.headers["attempt"], second.headers["attempt"])
    assert first.headers["signature"] != second.headers["signature"]
    assert heard(first).data == heard(second).data


def test_what_is_to_be_refused_is_refused(double, engine):
    hook = double.webhook(engine.create(bet()), "ticket_create")
    with pytest.raises(WebhookRefused, match="does not fit"):
        heard(hook.forged())
    with pytest.raises(WebhookRefused, match="more than 300 s from now"):
        heard(hook.stale())
    assert heard(hook.stale(299)).n == 1


def test_what_is_of_no_ticket_has_no_number(double, engine):
    assert Ping("acme") == heard(double.ping()).data
    assert "signature" not in double.ping().headers
    assert "t" == heard(double.identify("t")).data.token
    otp, status = (
        double.otp("+254700000001"),
        double.ticket_status(engine.create(bet()), "+254700000002"),
    )
    assert Otp("1234", "+254700000001") == heard(otp).data
    assert ("acme", None) == (otp.headers["operator-name"], heard(otp).n)
    assert "pending" == heard(status).data.result
    for hook in (otp, status):
        assert hook.body == sms.NOTIFICATIONS.render(sms.NOTIFICATIONS.parse(hook.body))


def test_repeats_come_late_and_are_already_done(double, engine):
    ticket = engine.create(bet())
    hooks = [double.webhook(ticket, "ticket_create"), *double.settle(ticket, "won")]
    arriving = with_late_repeats([*hooks, *double.correct(ticket, "lost")])
    last, done = None, []
    for hook in arriving:
        if judge(last, heard(hook).n) is Delivery.CARRY_OUT:
            last = hook.n
            done.append(hook.action)
    assert ["ticket_create", "ticket_win", "ticket_rollback", "ticket_lost"] == done
    assert (14, 1) == (len(arriving), arriving[-1].n)


async def test_the_reference_wallet_ends_right_by_them():
    """Take, win, take back, void, with each delivery repeated late: the price is back."""
    double = AccaDouble()
    options = WalletOptions(operator="acme", keys=[double.key])
    async with run_wallet(options) as wallet, double.async_engine() as engine:
        (token,) = add_tokens(wallet.wallet, wallet.ledger, "player-1", 1, single_use=False)
        double.players[token.token] = "player-1"
        before = await balance(double, wallet, token.token)
        ticket = await engine.create(bet(token=token.token))
        taken = [double.webhook(ticket, "ticket_create")]
        assert [200] * 2 == await posted(with_late_repeats(taken), wallet)
        assert before - 5000 == await balance(double, wallet, token.token)
        won = double.settle(ticket, "won")
        assert {200} == set(await posted(with_late_repeats([*taken, *won]), wallet))
        paid = ticket.amounts.net_payout_cents - 5000
        assert before + paid == await balance(double, wallet, token.token)
        hooks = [*taken, *won, *double.correct(ticket, "void")]
        assert {200} == set(await posted(with_late_repeats(hooks), wallet))
        assert before == await balance(double, wallet, token.token)
        assert 200 not in await posted([taken[0].forged(), taken[0].stale()], wallet)


async def posted(hooks, wallet):
    return [(await asyncio.to_thread(hook.post, wallet.pam_url)).status_code for hook in hooks]


async def balance(double, wallet, token):
    answer = await asyncio.to_thread(double.identify(token).post, wallet.pam_url)
    return json.loads(answer.content)["balance"]


OF_A_USER = """
def test_a_ticket_is_placed(acca_double):
    request = acca_double.cards().quicktips()[0].to_request("player-1", "mobile", 1000)
    ticket = acca_double.engine().create(request)
    assert ticket.user_id == "player-1"
    assert acca_double.url.startswith("http://127.0.0.1:")
"""


def test_the_fixture_is_there_for_a_users_tests(tmp_path):
    (tmp_path / "test_of_a_user.py").write_text(OF_A_USER, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "acca_client.testing.plugin", "-p",
               "no:asyncio", "--rootdir", str(tmp_path), "-W", "error"]  # fmt: skip
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (0, True) == (ran.returncode, "1 passed" in ran.stdout), ran.stdout + ran.stderr
