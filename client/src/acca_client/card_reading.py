"""Documents of the Bet Card API made into the cards and answers of `acca_client.cards`.

Members that are not known are passed over.
"""

from datetime import datetime
from typing import TypedDict

from acca_client.cards import (
    CardBet,
    CardEvent,
    CardLeg,
    Choice,
    Composed,
    Filled,
    Finance,
    JackpotCard,
    League,
    Question,
    QuickbetCard,
    QuicktipCard,
    SmartbetCard,
    SuperbetCard,
)
from acca_client.documents import Members, array, instant, integer, number, text
from acca_client.tickets import Named, Prize


def read_quicktip(token: object, place: str = "answer") -> QuicktipCard:
    """Read a quicktip card."""
    members = Members(token, place)
    return QuicktipCard(
        **_head(members),
        total_odds=members.take("total_odds", number),
        risk=members.take("risk", text),
        probability_percent=members.take("probability", number),
        legs=members.take("events", array(_read_leg)),
    )


def read_quickbet(token: object, place: str = "answer") -> QuickbetCard:
    """Read a quickbet card."""
    members = Members(token, place)
    return QuickbetCard(
        **_head(members),
        prices_cents=members.take("prices", array(integer)),
        min_events=members.take("min_events", integer),
        max_events=members.take("max_events", integer),
        choices=members.take("events", array(_read_choice)),
    )


def read_smartbet(token: object, place: str = "answer") -> SmartbetCard:
    """Read a smartbet card."""
    members = Members(token, place)
    return SmartbetCard(
        **_head(members),
        stakes_cents=members.take("stakes", array(integer)),
        wins_cents=members.take("wins", array(integer)),
        risks=members.take("risks", array(text)),
        max_events=members.take("max_events", integer),
        events_count=members.take("events_count", integer),
    )


def read_superbet(token: object, place: str = "answer") -> SuperbetCard:
    """Read a superbet card."""
    members = Members(token, place)
    return SuperbetCard(
        **_head(members),
        event=members.take("event", _read_event),
        questions=members.take("questions", array(_read_question)),
        price_cents=members.take("price", integer),
        prizes=members.take("prizes", array(_read_prize)),
    )


def read_jackpot(token: object, place: str = "answer") -> JackpotCard:
    """Read a jackpot card."""
    members = Members(token, place)
    return JackpotCard(
        **_head(members),
        price_cents=members.take("price", integer),
        prize_cents=members.take("prize", integer),
        bonus_prizes_cents=members.take("bonus_prizes", array(integer)),
        max_lines=members.take("max_lines", integer),
        choices=members.take("events", array(_read_choice)),
    )


def read_composed(token: object) -> Composed:
    """Read what was composed for a wish."""
    members = Members(token, "answer")
    return Composed(
        price_cents=members.take("price", integer),
        stake_cents=members.take("stake", integer),
        total_odds=members.take("total_odds", number),
        ext_amount_cents=members.take("ext_amount", integer),
        wht_amount_cents=members.take("wht_amount", integer),
        gross_payout_cents=members.take("gross_payout", integer),
        net_payout_cents=members.take("net_payout", integer),
        risk=members.take("risk", text),
        legs=members.take("events", array(_read_leg)),
        probability_percent=members.take("probability", number),
        seed=members.take("seed", integer),
    )


def read_filled(token: object) -> Filled:
    """Read a jackpot that was filled."""
    members = Members(token, "answer")
    return Filled(
        price_cents=members.take("price", integer),
        lines=members.take("lines", integer),
        probability_percent=members.take("probability", number),
        seed=members.take("seed", integer),
        choices=members.take("events", array(_read_filled_choice)),
    )


def read_finance(token: object) -> Finance:
    """Read the calculator's answer."""
    members = Members(token, "answer")
    return Finance(
        price_cents=members.take("price", integer),
        stake_cents=members.take("stake", integer),
        total_odds=members.take("total_odds", number),
        ext_percent=members.take("ext", number),
        ext_amount_cents=members.take("ext_amount", integer),
        ext_type=members.take("ext_type", text),
        wht_percent=members.take("wht", number),
        wht_amount_cents=members.take("wht_amount", integer),
        gross_payout_cents=members.take("gross_payout", integer),
        net_payout_cents=members.take("net_payout", integer),
    )


class _Head(TypedDict):
    code: str
    title: str
    description: str | None
    sitename: str | None
    domain: str | None
    preview_img: str | None
    operator: str
    currency: str
    opens: datetime
    closes: datetime
    operator_time_closes: datetime
    updated: datetime


def _head(members: Members) -> _Head:
    closes = members.take("closes", instant)
    return {
        "code": members.take("code", text),
        "title": members.take("title", text),
        "description": members.maybe("description", text),
        "sitename": members.maybe("sitename", text),
        "domain": members.maybe("domain", text),
        "preview_img": members.maybe("preview_img", text),
        "operator": members.take("operator", text),
        "currency": members.take("currency", text),
        "opens": members.take("opens", instant),
        "closes": closes,
        "operator_time_closes": members.local("closes", closes),
        "updated": members.take("updated", instant),
    }


def _read_event(token: object, place: str) -> CardEvent:
    members = Members(token, place)
    starts = members.take("starts", instant)
    return CardEvent(
        id=members.take("id", integer),
        starts=starts,
        operator_time_starts=members.local("starts", starts),
        league=members.take("category", _read_league),
        home_team=members.take("home_team", _read_named),
        away_team=members.take("away_team", _read_named),
    )


def _read_league(token: object, place: str) -> League:
    members = Members(token, place)
    return League(
        members.take("league_id", integer),
        members.take("league_name", text),
        members.take("league_slug", text),
        members.take("country_name", text),
        members.take("country_id", integer),
    )


def _read_named(token: object, place: str) -> Named:
    members = Members(token, place)
    return Named(members.take("id", integer), members.take("name", text))


def _read_bet(token: object, place: str) -> CardBet:
    members = Members(token, place)
    return CardBet(
        id=members.take("id", integer),
        code=members.take("bet_code", text),
        name=members.take("bet_name", text),
        market_code=members.take("market_code", text),
        market_name=members.take("market_name", text),
        line_name=members.maybe("line_name", text),
        odds=members.maybe("odds", number),
    )


def _read_leg(token: object, place: str) -> CardLeg:
    members = Members(token, place)
    return CardLeg(
        event=_read_event(token, place),
        bet=members.take("bet", _read_bet),
        tip_reason=members.maybe("tip_reason", text),
    )


def _read_choice(token: object, place: str) -> Choice:
    bets = Members(token, place).take("bets", array(_read_bet))
    return Choice(event=_read_event(token, place), bets=bets)


def _read_filled_choice(token: object, place: str) -> Choice:
    """Read a match of a filled jackpot, which has one `bet`, or several `bets`."""
    bet = Members(token, place).maybe("bet", _read_bet)
    if bet is None:
        return _read_choice(token, place)
    return Choice(event=_read_event(token, place), bets=(bet,))


def _read_question(token: object, place: str) -> Question:
    members = Members(token, place)
    market = members.take("market_code", text), members.take("market_name", text)
    line = members.maybe("line_name", text)

    def read_answer(answer: object, where: str) -> CardBet:
        bet = Members(answer, where)
        return CardBet(
            id=bet.take("id", integer),
            code=bet.take("bet_code", text),
            name=bet.take("bet_name", text),
            market_code=market[0],
            market_name=market[1],
            line_name=line,
            odds=None,
        )

    answers = members.take("bets", array(read_answer))
    return Question(market_code=market[0], market_name=market[1], line_name=line, answers=answers)


def _read_prize(token: object, place: str) -> Prize:
    members = Members(token, place)
    return Prize(members.take("correct", integer), members.take("amount", integer))
