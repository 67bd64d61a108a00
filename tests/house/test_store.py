"""Laws of the store: every statement is used, none is composed, only flows hold transactions."""

import ast
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SOURCES = ROOT / "src" / "acca"
SQL_FILES = sorted(path for path in (SOURCES / "store").glob("*.sql") if path.stem != "schema")


def statements(path):
    return re.findall(r"^-- name: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def modules_that_load(path):
    texts = [module.read_text("utf-8") for module in (SOURCES / "store").glob("*.py")]
    return "".join(text for text in texts if f'"{path.name}"' in text)


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.name)
def test_every_statement_is_used_where_its_file_is_loaded(path):
    loading = modules_that_load(path)
    assert [] == [name for name in statements(path) if f'["{name}"]' not in loading]


def test_there_are_statements_to_look_at():
    assert len(SQL_FILES) > 2
    assert all(statements(path) for path in SQL_FILES)


def texts(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_sql_stands_in_python():
    spoken = re.compile(
        r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE)\s+\w+\s", re.ASCII
    )
    # The server's own making of its one database, in a process that no connection reaches.
    own = SOURCES / "store" / "embedded" / "directories.py"
    assert [] == [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES.rglob("*.py")
        if path != own
        for line, text in texts(path)
        if spoken.match(text)
    ]


def test_only_flows_open_transactions():
    begun = re.compile(r"\.transaction\(\)")
    # Migrating is a transaction for each step; the connection is where they come from.
    own = {"migrate.py", "connection.py"}
    assert [] == [
        str(path.relative_to(ROOT))
        for path in SOURCES.rglob("*.py")
        if "flows" not in path.parts
        and path.name not in own
        and begun.search(path.read_text(encoding="utf-8"))
    ]


def test_every_variable_of_the_environment_is_documented():
    read = re.findall(r'environment\.get\("(\w+)"', (SOURCES / "config.py").read_text("utf-8"))
    options = re.findall(
        r'envvar="(\w+)"',
        "".join(path.read_text("utf-8") for path in (SOURCES / "cli").glob("*.py")),
    )
    documented = "".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    ours = {name for name in [*read, *options] if not name.startswith(("XDG", "HOME"))}
    assert {"ACCA_HOME", "DATABASE_URL"} <= ours
    assert [] == [name for name in ours if f"`{name}" not in documented]
