from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acca.core.finance import TaxTerms, charge_price, pay_out
from acca.core.numbers import Malformed
from acca.core.tax_profiles import (
    PRESETS,
    AskedProfile,
    TaxProfile,
    parse_player_class,
    parse_preset,
    place_profile,
    profile_in_force,
)
from acca.core.ticket import TicketType

START = datetime(2025, 1, 1, tzinfo=UTC)
TIP = TicketType.QUICKTIP
DAY = timedelta(days=1)


def profile(wht, valid_from=START, valid_to=None, **more):
    return TaxProfile(TaxTerms(wht_rate=wht), valid_from, valid_to, **more)


def test_a_profile_begins_at_its_instant_and_ends_before_the_other():
    old, new = profile(1, valid_to=START + DAY), profile(2, START + DAY)
    assert profile_in_force([old, new], START - DAY, TIP) is None
    assert old == profile_in_force([old, new], START, TIP)
    assert new == profile_in_force([old, new], START + DAY, TIP)


def test_the_newest_of_equals_is_in_force():
    old, new = profile(1), profile(2, START + DAY)
    assert new == profile_in_force([new, old], START + 2 * DAY, TIP)


def test_the_players_class_goes_before_the_type_and_both_before_the_rest():
    every = profile(1, START + DAY)
    of_type = profile(2, ticket_type=TIP)
    of_class = profile(3, player_class="resident")
    profiles = [every, of_type, of_class]
    later = START + 2 * DAY
    assert of_class == profile_in_force(profiles, later, TIP, "resident")
    assert of_type == profile_in_force(profiles, later, TIP, "tourist")
    assert every == profile_in_force(profiles, later, TicketType.JACKPOT)


def test_presets_have_names_of_their_own_and_name_their_source():
    assert len(PRESETS) == len({preset.name for preset in PRESETS})
    assert all(preset.source for preset in PRESETS)


def test_presets_of_a_country_follow_each_other_without_a_gap():
    kenya = [preset for preset in PRESETS if preset.country == "KE"]
    assert [preset.valid_to for preset in kenya[:-1]] == [p.valid_from for p in kenya[1:]]


def test_zambia_takes_ten_of_a_hundred():
    zambia = next(preset for preset in PRESETS if preset.name == "zambia-2025")
    charged = charge_price(10_000, zambia.terms)
    assert (9_000, 1_000) == (charged.stake_cents, charged.ext_cents)
    assert 31_108 == pay_out(charged, 389, zambia.terms).net_cents


NAIROBI = ZoneInfo("Africa/Nairobi")


def test_a_profile_begins_at_midnight_of_the_operator():
    asked = AskedProfile(TaxTerms(), first_day=date(2026, 1, 1), day_after=date(2026, 7, 1))
    placed = place_profile(asked, START, NAIROBI)
    assert datetime(2025, 12, 31, 21, tzinfo=UTC) == placed.valid_from
    assert datetime(2026, 6, 30, 21, tzinfo=UTC) == placed.valid_to


def test_without_a_day_a_profile_begins_with_the_operators_today():
    late = datetime(2026, 5, 5, 22, tzinfo=UTC)
    assert (
        date(2026, 5, 6) == place_profile(AskedProfile(TaxTerms()), late, NAIROBI).valid_from.date()
    )


def test_a_preset_is_found_by_its_name():
    assert "kenya-2023" == parse_preset("kenya-2023").name
    with pytest.raises(Malformed, match="is not a tax preset; they are none, kenya-2023"):
        parse_preset("kenya")


@pytest.mark.parametrize("text", ["", "Resident", "a b", "a" * 65])
def test_a_class_of_players_is_a_slug(text):
    assert "non-resident" == parse_player_class("non-resident")
    with pytest.raises(Malformed, match="is not a slug"):
        parse_player_class(text)
