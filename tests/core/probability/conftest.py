"""Properties of matrices settle bets on first use: a deadline would judge the machine."""

from hypothesis import settings

settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")
