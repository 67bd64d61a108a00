"""The routes of the Bet Engine API, and their older paths without its prefix."""

from collections.abc import Sequence

from acca.api.be_cashing import CashingOut
from acca.api.be_otp import OneTime
from acca.api.be_reading import Reading
from acca.api.be_signed import Signers
from acca.api.be_tickets import Placing
from acca.api.measures import Measures
from acca.api.routes import Route
from acca.api.signing import OFFER
from acca.engine import Engine


def be_routes(engine: Engine, _measures: Measures) -> Sequence[Route]:
    """List the routes of the Bet Engine API."""
    signers = Signers(engine)
    placing, reading = Placing(engine, signers), Reading(engine, signers)
    cashing, one_time = CashingOut(engine, signers), OneTime(engine, signers)
    listing, one, paid = {"GET": reading.list}, {"GET": reading.get}, {"POST": placing.paid}
    endpoints = {
        "/be/tickets": {"POST": placing.create, **listing},
        "/be/tickets/reserve": {"POST": placing.reserve},
        "/be/tickets/quote": {"POST": placing.quote},
        "/be/tickets/{identifier:str}": one,
        "/be/tickets/{identifier:str}/paid": paid,
        "/be/tickets/{identifier:str}/timeline": {"GET": reading.timeline},
        "/be/tickets/{identifier:str}/cashout": {"GET": cashing.offer, "POST": cashing.accept},
        "/be/tickets/{identifier:str}/explain": {"GET": reading.explain},
        "/be/otp": {"POST": one_time.send},
        "/be/otp/verify": {"POST": one_time.verify},
        "/be/tickets/{identifier:str}/receipt": {"GET": reading.receipt},
        "/be/events": {"GET": reading.events},
        "/tickets": listing,
        "/tickets/{identifier:str}": one,
        "/tickets/{identifier:str}/paid": paid,
    }
    return [Route(path, methods, (OFFER,)) for path, methods in endpoints.items()]
