"""What is kept of a ticket and its world made into its receipt, which has to say what it says."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import Body
from acca.core.cards.superbet import Superbet
from acca.core.finance import TaxTerms
from acca.core.jackpot_judging import Decided, How, Place, Refunded
from acca.core.jackpot_settling import Prizes, Tally, prize_tiers
from acca.core.public_draw import Drawn, draw
from acca.core.receipt import (
    FORMAT,
    CashOut,
    End,
    JackpotPart,
    JackpotPlace,
    JackpotRound,
    Known,
    Leg,
    Named,
    Receipt,
    Stage,
    SuperbetPart,
)
from acca.core.receipt_parts import Contradiction
from acca.core.receipting import complete
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Facts, State, Ticket

_ENDED = {Status.RESULTED, Status.CLOSED}
_BLANK = End(TicketResult.PENDING, None, 0, 0, 0)
_SEALED = {"decline": Stage.DECLINED, "cash out": Stage.CASHED_OUT}


class Confirmed(NamedTuple):
    """A version of a result, and since when it is a fact."""

    known: Known
    since: datetime


class NotPlayed(NamedTuple):
    """A postponed event counts as not played for tickets from before `told`, since `judged`."""

    told: datetime
    judged: datetime


class EventRecord(NamedTuple):
    """An event with all that was ever a fact of its result, the last version first."""

    sport: str
    league: str
    home_team: str
    away_team: str
    starts: datetime
    results: tuple[Confirmed, ...]
    not_played: tuple[NotPlayed, ...]

    def known(self, until: datetime | None) -> Known | None:
        """Tell the result that was a fact at a time, or is now."""
        facts = (each.known for each in self.results if until is None or each.since <= until)
        return next(facts, None)

    def is_not_played(self, created: datetime, until: datetime | None) -> bool:
        """Tell whether a ticket held the event as not played at a time, or does now."""
        return any(
            created < each.told and (until is None or each.judged <= until)
            for each in self.not_played
        )


class RoundRecord(NamedTuple):
    """A version of a jackpot: how it was decided, what all its tickets brought, its prizes."""

    version: int
    at: datetime
    outcome: Decided | Refunded
    counted: Tally
    prizes: Prizes


class JackpotRecord(NamedTuple):
    """The versions of a jackpot, the last first, what was drawn for it, and the seed if ours."""

    rounds: tuple[RoundRecord, ...]
    drawn: tuple[Drawn, ...]
    seed: bytes | None


class Sealing(NamedTuple):
    """The last journal entry that brought a ticket to an end.

    `cash_out` and `day_cap_cents` are what it tells of those, if anything.
    """

    at: datetime
    kind: str
    cash_out: CashOut | None = None
    day_cap_cents: int | None = None


class Source(NamedTuple):
    """All that a receipt is made of; the card's body stands for superbets and jackpots alone."""

    operator: str
    ticket: Ticket
    tax: TaxTerms
    body: Body | None
    events: Mapping[int, EventRecord]
    jackpot: JackpotRecord | None
    sealing: Sealing | None


class _Cut(NamedTuple):
    """Which facts count: those until a time, or all; and the round of the jackpot."""

    until: datetime | None
    round: RoundRecord | None


def make_receipt(source: Source) -> Receipt:
    """Make the receipt of a ticket as it stands.

    It is worked out by the facts of now; where these do not give the amounts in force, as a
    correction came after the close or is still on its way, by those until it was settled. What
    never gives them is a bug: nothing false is signed.
    """
    blank = _blank(source)
    made, contradictions = list[Receipt](), list[str]()
    for cut in _cuts(source):
        try:
            made.append(complete(_with_facts(source, blank, cut)))
        except Contradiction as contradiction:
            contradictions.append(str(contradiction))
    for is_same in (_is_same, _pays_the_same):
        for receipt in made:
            if is_same(source.ticket.state, receipt):
                return receipt
    found = "; ".join([*contradictions, *(str(tuple(each.end)) for each in made)])
    key = source.ticket.facts.key
    raise AssertionError(f"no facts lead to the amounts of ticket {key.id.hex()}: {found}")


def _cuts(source: Source) -> list[_Cut]:
    rounds = () if source.jackpot is None else source.jackpot.rounds
    cuts = [_Cut(None, rounds[0] if rounds else None)]
    if source.sealing is not None:
        until = source.sealing.at
        round_ = next((each for each in rounds if each.at <= until), None)
        cuts.append(_Cut(until if round_ is None else round_.at, round_))
    return cuts


def _is_same(state: State, receipt: Receipt) -> bool:
    odds = receipt.end.settled_odds
    return _pays_the_same(state, receipt) and odds in {None, state.settled_odds}


def _pays_the_same(state: State, receipt: Receipt) -> bool:
    if receipt.stage is Stage.CANCELLED:
        return True
    result, _, *amounts = receipt.end
    return state.result is result and [*state[4:7]] == amounts


def _stage(state: State, sealing: Sealing | None) -> Stage:
    if state.status is Status.CANCELLED:
        return Stage.CANCELLED
    if state.status not in _ENDED:
        return Stage.STRUCK
    if not state.sealed:
        return Stage.SETTLED
    assert sealing is not None, "what is sealed has an entry that tells why"
    return _SEALED[sealing.kind]


def _blank(source: Source) -> Receipt:
    """Write down the inputs but for what happened after the ticket was struck."""
    facts, state = source.ticket
    stage = _stage(state, source.sealing)
    sealing = source.sealing if stage in {Stage.SETTLED, Stage.CASHED_OUT} else None
    return Receipt(
        format=FORMAT,
        stage=stage,
        ticket=_named(source.operator, facts, state),
        charge=facts.charge,
        tax=source.tax,
        cap_cents=facts.cap_cents,
        void_refund=facts.void_refund,
        legs=tuple(_legs(source, facts)),
        struck=None,
        superbet=_superbet(source, facts),
        jackpot=_jackpot(source, facts),
        steps=(),
        end=_BLANK,
        day_cap_cents=None if sealing is None else sealing.day_cap_cents,
        cash_out=None if sealing is None else sealing.cash_out,
    )


def _named(operator: str, facts: Facts, state: State) -> Named:
    return Named(
        operator,
        facts.key.id.hex(),
        facts.code,
        facts.type,
        facts.player,
        facts.currency,
        facts.created,
        state.status,
    )


def _legs(source: Source, facts: Facts) -> list[Leg]:
    odds = facts.odds or (None,) * len(facts.bets)
    return [
        _leg(event, source.events[event], bet, struck)
        for event, bet, struck in zip(facts.events, facts.bets, odds, strict=True)
    ]


def _leg(event: int, record: EventRecord, bet: int, odds: int | None) -> Leg:
    return Leg(
        event=event,
        sport=record.sport,
        league=record.league,
        home_team=record.home_team,
        away_team=record.away_team,
        starts=record.starts,
        bet_id=bet,
        market="",
        line=None,
        bet="",
        odds=odds,
        result=None,
        not_played=False,
        outcome=None,
        factor=None,
    )


def _superbet(source: Source, facts: Facts) -> SuperbetPart | None:
    if facts.type is not TicketType.SUPERBET:
        return None
    assert isinstance(source.body, Superbet), "a superbet is taken from a card of superbets"
    return SuperbetPart(facts.card or "", source.body, None)


def _jackpot(source: Source, facts: Facts) -> JackpotPart | None:
    if facts.type is not TicketType.JACKPOT:
        return None
    assert isinstance(source.body, Jackpot), "a jackpot is taken from a card of jackpots"
    return JackpotPart(facts.card or "", source.body, None)


def _with_facts(source: Source, blank: Receipt, cut: _Cut) -> Receipt:
    if blank.stage is not Stage.SETTLED:
        return blank
    if blank.jackpot is not None:
        if cut.round is None:
            return blank
        round_ = _round(source, blank.jackpot, cut.round, cut.until)
        return blank._replace(jackpot=blank.jackpot._replace(round=round_))
    created = source.ticket.facts.created
    legs = [
        leg._replace(
            result=source.events[leg.event].known(cut.until),
            not_played=source.events[leg.event].is_not_played(created, cut.until),
        )
        for leg in blank.legs
    ]
    return blank._replace(legs=tuple(legs))


def _round(
    source: Source, part: JackpotPart, record: RoundRecord, until: datetime | None
) -> JackpotRound:
    outcome, card = record.outcome, part.terms
    blank = JackpotRound(record.version, None, 0, None, (), 0, 0, (), (), (), ())
    if isinstance(outcome, Refunded):
        return blank._replace(refund=outcome.reason)
    assert source.jackpot is not None, "a round is of a jackpot that is known"
    drawn = {each.place: each for each in source.jackpot.drawn}
    places = [
        _place(source, counts, drawn.get(number), until)
        for number, counts in enumerate(outcome.places, 1)
    ]
    # The sum of what was put in is all that tells what the last round had carried over.
    without = prize_tiers(card, outcome.prize_rate, record.counted)
    carried_in = _put_in(record.prizes) - _put_in(without)
    return blank._replace(
        prize_rate=outcome.prize_rate,
        seed=_seed(source.jackpot, part.card, outcome),
        places=tuple(places),
        pool_stake_cents=record.counted.stake_cents,
        carried_in_cents=carried_in,
        winning_lines=record.counted.lines,
    )


def _put_in(prizes: Prizes) -> int:
    return sum(tier.put_in_cents for tier in prizes.tiers)


def _place(
    source: Source, counts: Place, drawn: Drawn | None, until: datetime | None
) -> JackpotPlace:
    scores = None
    if counts.how is How.DRAWN:
        assert drawn is not None, "what counts by a draw was drawn"
        scores = drawn.scores
    result = None
    if counts.how in {How.PLAYED, How.REPLACED}:
        event = counts.event if counts.reserve is None else counts.reserve
        result = source.events[event].known(until)
    return JackpotPlace(counts, result, scores)


def _seed(jackpot: JackpotRecord, card: str, outcome: Decided) -> str | None:
    """Tell our seed once it has drawn; a draw that was entered from elsewhere is not by it."""
    seed = jackpot.seed
    places = {n for n, each in enumerate(outcome.places, 1) if each.how is How.DRAWN}
    if seed is None or not places:
        return None
    ours = all(
        draw(seed, card, each.place, each.scores) is each.sign
        for each in jackpot.drawn
        if each.place in places
    )
    return seed.hex() if ours else None
