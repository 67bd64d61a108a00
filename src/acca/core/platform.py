"""The settings of the platform: the same for every operator (spec 8)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import final

from acca.core.kinds import duration, percent, switch, whole
from acca.core.setting import Setting, Settings


@final
@dataclass(frozen=True)
class PlatformSettings(Settings):
    """What the platform's traders decide for all operators."""

    derived_margin = Setting(
        percent(), 60_000, "Margin in the odds of markets that are derived from the score matrix."
    )
    two_person_results = Setting(
        switch(), default=True, meaning="One trader enters a result, another confirms it."
    )
    provider_silence = Setting(
        duration(timedelta(seconds=5), timedelta(minutes=10)),
        timedelta(seconds=20),
        "Without `alive` for so long, a provider's live markets are suspended.",
    )
    odds_jump_factor_max = Setting(
        whole(2, 1_000), 10, "Odds that jump by this factor are suspended, not taken."
    )


def judge_platform(_: PlatformSettings) -> list[str]:
    """Find nothing to refuse: no two of these settings depend on each other."""
    return []
