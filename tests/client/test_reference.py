import pathlib

from client.reference import reference

REFERENCE = pathlib.Path(__file__).parents[2] / "client" / "docs" / "reference.md"


def test_the_reference_says_what_the_code_says():
    text = REFERENCE.read_text("utf-8")
    assert f"<!-- written: reference -->\n{reference()}\n<!-- end -->\n" in text, "run `make docs`"


def test_every_public_name_of_the_readme_is_in_the_reference():
    text = REFERENCE.read_text("utf-8")
    names = ("Engine", "AsyncEngine", "BetCards", "FeedClient", "verify", "judge", "AccaDouble")
    assert [] == [name for name in names if f"### {name}" not in text]
