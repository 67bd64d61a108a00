"""The sports that Acca knows, by their code."""

from collections.abc import Mapping

from acca.core.markets.basketball import BASKETBALL
from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Sport
from acca.core.markets.tennis import TENNIS

SPORTS: Mapping[str, Sport] = {sport.code: sport for sport in (FOOTBALL, BASKETBALL, TENNIS)}
