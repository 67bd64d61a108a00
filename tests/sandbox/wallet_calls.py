"""Calls as Acca makes them: bodies in the documented order, numbered and signed."""

import json
import time

from acca_client.signature import sign
from acca_sandbox.wallet.calls import read_call
from acca_sandbox.wallet.ledger import Ledger, Player

KEY = "12345ABCDE"
TICKET = "668ef666333180bba97f0c93"
OPENING = 10_000
TOLD = ("ticket_create", "ticket_reserve", "ticket_update")
REASONED = ("ticket_refund", "ticket_discard", "ticket_rollback")

AMOUNTS = {
    "price": 500,
    "stake": 444,
    "wht_amount": 240,
    "wht": 10,
    "ext_amount": 56,
    "ext": 12.5,
    "ext_type": "inclusive",
    "gross_payout": 2842,
    "net_payout": 2602,
}
REFUND = {"gross_payout": 500, "net_payout": 500, "wht_amount": 0}


def body(action, ticket_id=TICKET, operator="site", **changed):
    data = {"operator": operator, "ticket_id": ticket_id}
    if action in TOLD:
        data |= {"ticket_code": "CD4BDD", "player_id": "player-1"}
        if action != "ticket_create":
            data["psp"] = None
        data |= AMOUNTS | {"currency": "KES", "atag": "a", "rtag": None, "ticket_type": "quickbet"}
    elif action == "ticket_void":
        data |= AMOUNTS | REFUND
    elif action in REASONED:
        data["reason"] = "no-answer"
    return written(action, data | changed)


def identify_body(token, operator="site"):
    return written("identify", {"operator": operator, "token": token})


def written(action, data):
    return json.dumps({"action": action, "data": data}, separators=(",", ":")).encode()


def signed(document, key=KEY, timestamp=None, **more):
    at = int(time.time()) if timestamp is None else timestamp
    return {"timestamp": str(at), "signature": sign(key, at, document), **more}


async def post(client, url, document, n=None, ticket_id=TICKET, key=KEY):
    more = {} if n is None else {"delivery-id": f"{ticket_id}-{n}", "attempt": "1"}
    return await client.post(f"{url}/pam", content=document, headers=signed(document, key, **more))


def new_ledger():
    ledger = Ledger("site")
    player = Player(player_id="player-1", currency="KES", lang="en", msisdn="+254700000001")
    ledger.add_player(player, OPENING, at_ms=0)
    return ledger


def carry(ledger, n, action, ticket_id=TICKET, **changed):
    """Carry out a call and return the status and the code of its verdict."""
    verdict = ledger.carry_out(read_call(body(action, ticket_id, **changed)), n, at_ms=n)
    return verdict.status, verdict.code


def balance(ledger):
    return ledger.balance_cents(ledger.players["player-1"])
