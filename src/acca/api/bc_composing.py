"""The endpoints of the Bet Card API that work something out: calculator, smartbets, jackpots."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.api.answers import Answer
from acca.api.bc_cards import Cards
from acca.api.bc_offer import Offer
from acca.api.bc_operators import Operators
from acca.api.bodies import read_body, require_json
from acca.api.calls import Call
from acca.core.calculating import Asked, calculate
from acca.core.cards.composing_field import Composed, OutOfReach, Wanted
from acca.core.cards.composing_smartbet import Prepared, compose, leave_out, prepare
from acca.core.cards.jackpot import Jackpot
from acca.core.cards.picking_jackpot import Choice, PickWish, pick
from acca.core.cards.smartbet import Band, Smartbet, narrowest
from acca.core.drawing import Draws
from acca.core.finance import TaxTerms, charge_stake
from acca.core.numbers import Malformed
from acca.core.placing import Rules, bounds_of, limits_of, terms_in_force
from acca.core.probability.shown import basis_points, fine_parts
from acca.core.refusals import (
    PriceOutOfLimits,
    TicketTypeOff,
    WinNotReachable,
)
from acca.core.ticket import TicketType
from acca.engine import Engine
from acca.store.board import OfferedCard
from acca.wire.bc import (
    FinanceQuery,
    JackpotPickAnswer,
    JackpotPickRequest,
    SmartbetAnswer,
    SmartbetRequest,
)
from acca.wire.bc_showing import eligible, finance_details, jackpot_bets, show_leg, show_picked
from acca.wire.defects import Defective, defects_under
from acca.wire.document import parse, render
from acca.wire.queries import parse_query

_FRESH = ((b"cache-control", b"no-store"),)
_PREPARED_MAX = 200
_SEED_BYTES = 6
"""A drawn seed is exact in every language's numbers."""


class Composing:
    """The endpoints that compose for a player, on the tools of a process."""

    def __init__(self, engine: Engine, operators: Operators, offer: Offer, cards: Cards) -> None:
        self._engine: Engine = engine
        self._operators: Operators = operators
        self._offer: Offer = offer
        self._cards: Cards = cards
        self._edition: int = -1
        self._eligible: dict[str, NDArray[np.bool_]] = {}
        self._prepared: dict[tuple[str, Band], Prepared] = {}

    async def finance_details(self, call: Call) -> Answer:
        """Tell what a price at some odds costs and pays, taxes included."""
        query = parse_query(FinanceQuery, call.pairs())
        rules = (await self._operators.find(query.operator)).rules
        await self._offer.catch_up()
        asked = Asked(query.price_cents, query.stake_cents, query.odds, query.type)
        try:
            found = calculate(asked, rules, self._offer.now())
        except Malformed as malformed:
            raise Defective(defects_under(("query", "price"), malformed, "integer")) from None
        return Answer(200, render(finance_details(found)), _FRESH)

    async def smartbet(self, call: Call) -> Answer:
        """Compose a smartbet for a stake, a wanted win and a band of odds."""
        require_json(call)
        request = parse(SmartbetRequest, await read_body(call))
        card = await self._cards.require_open(call.parameter("code"), TicketType.SMARTBET)
        assert isinstance(card.body, Smartbet), "a card's body is of its type"
        known = await self._operators.find(card.operator_name)
        terms = _terms(known.rules, self._offer, TicketType.SMARTBET)
        wanted = _wanted(request, card, known.rules, terms)
        prepared = self._prepare(card, card.body, request)
        composed = compose(prepared, wanted)
        if isinstance(composed, OutOfReach):
            raise WinNotReachable(nearest=composed.nearest_cents)
        told = _Told(request.risk, card.body.risks, self._seed(request.seed), terms)
        answer = _smartbet_answer(wanted, composed, told, self._offer)
        return Answer(200, render(answer, known.rules.settings.time_zone), _FRESH)

    async def jackpot(self, call: Call) -> Answer:
        """Fill a jackpot for the player."""
        require_json(call)
        request = parse(JackpotPickRequest, await read_body(call))
        card = await self._cards.require_open(call.parameter("code"), TicketType.JACKPOT)
        body = card.body
        assert isinstance(body, Jackpot), "a card's body is of its type"
        rules = (await self._operators.find(card.operator_name)).rules
        _require_sold(rules, TicketType.JACKPOT)
        seed = self._seed(request.seed)
        keep = tuple((kept.id, kept.bet) for kept in request.keep)
        choices = {event: self._choice(event) for event in card.events}
        wish = PickWish(request.strategy, request.lines, keep)
        picked = pick(body, choices, wish, Draws(seed).draw)
        answer = JackpotPickAnswer(
            price_cents=picked.lines * body.price_cents,
            lines=picked.lines,
            probability_e10=fine_parts(picked.probability),
            seed=seed,
            events=tuple(
                show_picked(self._offer.board[event], bets) for event, bets in picked.picks
            ),
        )
        return Answer(200, render(answer, rules.settings.time_zone), _FRESH)

    def _prepare(self, card: OfferedCard, body: Smartbet, request: SmartbetRequest) -> Prepared:
        """Gather what a smartbet may be made of, once for each band in an edition of the offer."""
        offer = self._offer
        edition = offer.edition
        if edition != self._edition or len(self._prepared) >= _PREPARED_MAX:
            self._edition = edition
            self._eligible.clear()
            self._prepared.clear()
        marked = self._eligible.get(card.code)
        if marked is None:
            ids = (event.id for event in eligible(body.events, offer.board, offer.now()))
            marked = self._eligible[card.code] = offer.field.rows(ids)
        key = card.code, request.risk
        if key not in self._prepared:
            self._prepared[key] = prepare(offer.field.field, marked, request.risk)
        if not request.exclude:
            return self._prepared[key]
        excluded = offer.field.rows(request.exclude)
        left = leave_out(self._prepared[key], excluded)
        return left or prepare(offer.field.field, marked & ~excluded, request.risk)

    def _choice(self, event: int) -> Choice:
        """Tell the bets 1, X and 2 and how likely they are, as far as the odds tell."""
        seen = self._offer.board[event]
        bets = jackpot_bets(seen.sport)
        found = [seen.chances[bet] for bet in bets if bet in seen.chances]
        return Choice(bets, tuple(found) if len(found) == len(bets) else ())

    def _seed(self, named: int | None) -> int:
        if named is not None:
            return named
        return int.from_bytes(self._engine.random_bytes(_SEED_BYTES))


def _terms(rules: Rules, offer: Offer, type_: TicketType) -> TaxTerms:
    _require_sold(rules, type_)
    return terms_in_force(rules, offer.now(), type_)


def _require_sold(rules: Rules, type_: TicketType) -> None:
    if type_ not in rules.settings.ticket_types:
        raise TicketTypeOff(type=type_.value)


def _wanted(request: SmartbetRequest, card: OfferedCard, rules: Rules, terms: TaxTerms) -> Wanted:
    assert isinstance(card.body, Smartbet), "a card's body is of its type"
    limits = limits_of(rules, TicketType.SMARTBET, card.file.currency)
    charged = charge_stake(request.stake_cents, terms)
    least, most = limits.price_cents_min, limits.price_cents_max
    if not least <= charged.price_cents <= most:
        raise PriceOutOfLimits(min=least, max=most)
    bounds = bounds_of(rules, limits)
    return Wanted(
        charge=charged,
        terms=terms,
        cap_cents=bounds.cap_cents,
        win_cents=request.win_cents,
        events_min=limits.legs_min,
        events_max=min(card.body.max_events, limits.legs_max),
        odds_max=bounds.total_odds_max,
        gross_max_cents=bounds.gross_cents_max,
    )


class _Told(NamedTuple):
    """What of a request and its card stands in the answer."""

    band: Band
    risks: Iterable[Band]
    seed: int
    terms: TaxTerms


def _smartbet_answer(
    wanted: Wanted, composed: Composed, told: _Told, offer: Offer
) -> SmartbetAnswer:
    charged, payout, terms = wanted.charge, composed.payout, told.terms
    odds = [chosen.odds for chosen in composed.chosen]
    return SmartbetAnswer(
        price_cents=charged.price_cents,
        stake_cents=charged.stake_cents,
        total_odds=composed.total_odds,
        ext_rate=terms.ext_rate,
        ext_amount_cents=charged.ext_cents,
        wht_rate=terms.wht_rate,
        wht_amount_cents=payout.wht_cents,
        gross_payout_cents=payout.gross_cents,
        net_payout_cents=payout.net_cents,
        risk=narrowest(told.risks, odds) or told.band,
        events=tuple(show_leg(offer.board[one.event], one.bet) for one in composed.chosen),
        probability_basis_points=basis_points(composed.probability),
        seed=told.seed,
    )
