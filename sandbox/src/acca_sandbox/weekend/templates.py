"""The cards of a weekend: a template of each product, composed by the command `acca card`."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from acca_sandbox.storm.processes import Acca

_RISKS = ("1.25-1.99", "1.25-4.99", "2.00-9.99")
_CODE = re.compile(r"^([0-9A-F]{6})\b", re.MULTILINE)


_TEMPLATES: Sequence[Mapping[str, object]] = (
    {"name": "tips", "type": "quicktip", "cards_max": 12, "themes": ["risk", "league"]},
    {"name": "coupons", "type": "quickbet", "prices": [2_000, 5_000, 10_000], "max_events": 10},
    {
        "name": "smart",
        "type": "smartbet",
        "title": "You name the win",
        "stakes": [2_000, 5_000, 10_000, 50_000],
        "wins": [10_000, 50_000, 200_000, 1_000_000, 5_000_000],
        "risks": _RISKS,
    },
    {
        "name": "quiz",
        "type": "superbet",
        "price": 5_000,
        "matches": 3,
        "prizes": [{"correct": 6, "amount": 100}, {"correct": 5, "amount": 10}],
    },
    {
        "name": "jackpot",
        "type": "jackpot",
        "title": "Weekend Jackpot 13",
        "price": 2_000,
        "max_lines": 64,
        "matches": 13,
        "tiers": [
            {"kind": "shared_amount", "amount": 100_000_000},
            {"kind": "shared_amount", "amount": 5_000_000},
            {"kind": "fixed_per_line", "amount": 200_000},
            {"kind": "fixed_per_line", "amount": 20_000},
        ],
        "void_steps": [
            {"policy": "count_as_correct", "prize_factors": [100, 90, 80, 70]},
            {"policy": "refund_all", "threshold": 4},
        ],
    },
)


async def compose_cards(acca: Acca, operator: str, folder: Path, days: int) -> Counter[str]:
    """Have cards of all products made of the matches of so many days; count them by product."""
    made = await asyncio.gather(
        *(_compose(acca, operator, folder, {**template, "days": days}) for template in _TEMPLATES)
    )
    return Counter(dict(made))


async def _compose(
    acca: Acca, operator: str, folder: Path, template: Mapping[str, object]
) -> tuple[str, int]:
    file = folder / f"{template['name']}.json"
    _ = await asyncio.to_thread(file.write_text, json.dumps(template))
    said = await acca.run("card", "compose", str(file), "--operator", operator)
    return str(template["type"]), len(_CODE.findall(said))
