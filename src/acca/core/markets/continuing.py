"""With which points a part could still end, where points are only ever added."""

from functools import lru_cache

from acca.core.score import Points


@lru_cache(maxsize=64)
def grid_from(points: Points, beyond: int) -> tuple[Points, ...]:
    """List every score that may follow, to `beyond` points above the side that leads now.

    Enough for any rule about no more than `beyond` goals, or a lead of less than `beyond`.
    """
    home, away = points
    end = max(points) + beyond + 1
    return tuple((h, a) for h in range(home, end) for a in range(away, end))


@lru_cache(maxsize=64)
def axes_from(points: Points, beyond: int) -> tuple[Points, ...]:
    """List the scores that follow if one side alone scores on, to `beyond` above the leader.

    Enough for any rule that looks at nothing but the sum, the difference, or one side: each of
    their values that can follow at all is met, up to `beyond`.
    """
    home, away = points
    end = max(points) + beyond + 1
    return (
        *((h, away) for h in range(home, end)),
        *((home, a) for a in range(away + 1, end)),
    )
