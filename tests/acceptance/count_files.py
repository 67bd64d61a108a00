"""Count what the real files hold, by the csv and json modules alone: a check on the importers.

python tests/acceptance/count_files.py FOLDER
"""

import csv
import json
import pathlib
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

ONCE = timedelta(days=2)
TABLES = ("fixtures", "football-data.co.uk", "multimarket")
OVER_UNDER = {"FT": (0, 1, 3, 4), "HT": range(4), "2H": range(4)}
MULTIMARKET = (
    *("B365H", "B365D", "B365A", "B365>2.5", "B365<2.5", "BTTS_Yes", "BTTS_No"),
    *("DC_1X", "DC_12", "DC_X2", "DNB_1", "DNB_2", "odds_win_to_nil_1", "odds_win_to_nil_2"),
    *(f"Odd_{result}_{part}" for result in "1X2" for part in ("HT", "2H")),
    *(
        f"{side}_{part}_{n}_5"
        for side in ("Over", "Under")
        for part, goals in OVER_UNDER.items()
        for n in goals
    ),
)


class Count(NamedTuple):
    matches: int
    results: int
    odds: int


def pays(row, columns):
    return sum(Decimal(row.get(column) or 0) > 1 for column in columns)


def handicap_is_ours(row, bookmaker):
    line = Decimal(row["AHCh" if bookmaker.endswith("C") else "AHh"] or "99")
    return abs(line) <= 3 and line % Decimal("0.25") == 0


def football_data_odds(row):
    found = 0
    bookmakers = ("AvgC", "Avg", "B365C", "B365") if "FTHG" in row else ("Avg", "B365")
    for ends in ("HDA", (">2.5", "<2.5"), ("AHH", "AHA")):
        for name in bookmakers:
            ours = "AHH" not in ends or ("AHh" in row and handicap_is_ours(row, name))
            if ours and pays(row, [name + end for end in ends]) == len(ends):
                found += len(ends)
                break
    return found


def start(row):
    day = row["Date"].replace("-", "/").split("/")
    return date(*map(int, day if len(day[0]) == 4 else day[::-1]))


def count_table(path):
    """Count rows of fixtures that are months old, and blank ones, as none; told twice as one."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Date"] and row.get("Time")]
    kept = {}
    for row in sorted(rows, key=start):
        key = row["HomeTeam"], row["AwayTeam"]
        odds = football_data_odds(row) if "Div" in row else pays(row, MULTIMARKET)
        told = kept.setdefault(key, [])
        if told and start(row) - told[-1][0] <= ONCE:
            told[-1] = max(told[-1], (told[-1][0], odds, bool(row.get("FTHG"))))
        else:
            told.append((start(row), odds, bool(row.get("FTHG"))))
    events = [event for told in kept.values() for event in told]
    return Count(len(events), sum(e[2] for e in events), sum(e[1] for e in events))


def count_json(path):
    matches = json.loads(path.read_text(encoding="utf-8"))["matches"]
    told = [match for match in matches if match["score"]]
    return Count(len(matches), len(told), 0)


def count_all(folder):
    tables = {path: count_table(path) for name in TABLES for path in (folder / name).glob("*.csv")}
    return tables | {path: count_json(path) for path in (folder / "openfootball").glob("*.json")}


if __name__ == "__main__":
    for counted, count in sorted(count_all(pathlib.Path(sys.argv[1])).items()):
        print(f"{counted.name:48}", *(f"{each:7}" for each in count))  # noqa: T201
