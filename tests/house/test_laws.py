"""Laws of the house that no linter knows; each names the place that breaks it."""

import ast
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LINE_MAX, FUNCTION_MAX, MODULE_MAX = 100, 60, 400
PACKAGES = ("src/acca", "client/src", "sandbox/src")
WITH_FLOATS = re.compile(r"(board|tipping|(composing|picking|pricing)_\w+|deliver(y|ing))\.py")
LAZY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def tracked(*patterns):
    """Return the files that git tracks or would add, so that a build's leftovers do not count."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def text_of(path):
    return path.read_text(encoding="utf-8")


SOURCES = tracked(*(f"{package}/**.py" for package in PACKAGES))
ALL_PYTHON = tracked("*.py")
TEXTS = [path for path in tracked() if b"\0" not in path.read_bytes()[:8192]]


def places(paths, wrong):
    return [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in wrong(path)]


def lines_matching(pattern):
    compiled = re.compile(pattern)
    return lambda path: [
        number for number, line in enumerate(text_of(path).splitlines(), 1) if compiled.search(line)
    ]


def test_there_are_sources_to_look_at():
    assert len(SOURCES) > 20
    assert set(SOURCES) < set(ALL_PYTHON) < set(TEXTS)


def test_lines_are_short():
    paths = [*ALL_PYTHON, *tracked("*.sql")]
    assert [] == places(paths, lines_matching(f".{{{LINE_MAX + 1}}}"))


def test_modules_are_short():
    assert [] == [
        str(path.relative_to(ROOT))
        for path in ALL_PYTHON
        if len(text_of(path).splitlines()) > MODULE_MAX
    ]


def functions(path):
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_are_short():
    def long(path):
        return [
            node.lineno
            for node in functions(path)
            if node.end_lineno - node.lineno + 1 > FUNCTION_MAX
        ]

    assert [] == places(ALL_PYTHON, long)


def test_half_of_all_functions_have_at_most_ten_lines():
    lengths = sorted(
        node.end_lineno - node.lineno + 1 for path in SOURCES for node in functions(path)
    )
    assert lengths[len(lengths) // 2] <= 10
    assert lengths[len(lengths) * 9 // 10] <= 35


def test_no_room_has_a_lazy_name():
    assert [] == [
        str(path.relative_to(ROOT)) for path in SOURCES if {path.stem, *path.parts} & LAZY_NAMES
    ]


def test_imports_stand_at_the_top_but_for_a_command_that_says_why():
    def inner(path):
        lines = text_of(path).splitlines()
        excused = "noqa: PLC0415 - " if "cli" in path.parts else None
        return [
            node.lineno
            for function in functions(path)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
            and not (excused and excused in lines[node.lineno - 1])
        ]

    assert [] == places(SOURCES, inner)


def test_core_and_wire_hold_no_float_of_money_or_odds():
    """A float may stand where probabilities do, and for jitter; nowhere else in core and wire."""
    rooms = [
        path
        for path in tracked("src/acca/core/**.py", "src/acca/wire/**.py")
        if "probability" not in path.parts and not WITH_FLOATS.fullmatch(path.name)
    ]

    def floats(path):
        return [
            node.lineno
            for node in ast.walk(ast.parse(text_of(path)))
            if (isinstance(node, ast.Constant) and isinstance(node.value, float))
            or (isinstance(node, ast.Name) and node.id == "float")
            or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        ]

    assert [] == places(rooms, floats)


def test_every_module_says_what_it_is_for():
    assert [] == [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if not ast.get_docstring(ast.parse(text_of(path)))
    ]


def test_nothing_is_left_for_later():
    later = "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"])
    assert [] == places(ALL_PYTHON, lines_matching(rf"\b({later})\b"))


def test_no_checker_is_silenced_without_a_rule():
    silenced = r"#\s*(type: ignore|pyright: ignore(?!\[)|noqa(?!: [A-Z]+[0-9]+))"
    assert [] == places(SOURCES, lines_matching(silenced))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w.])/(root|home|work|Users)/",
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian",
        r"-----BEGIN [A-Z ]*PRIVATE KEY",
    ],
    ids=["path of a machine", "host of a registry", "secret"],
)
def test_no_file_holds_what_is_not_ours_to_publish(pattern):
    paths = [path for path in TEXTS if path != pathlib.Path(__file__).resolve()]
    assert [] == places(paths, lines_matching(pattern))
