"""The known answers of `tests/vectors`, read once for every room that tests against them."""

import json
import pathlib

FOLDER = pathlib.Path(__file__).parent / "vectors"


def known_answers(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
