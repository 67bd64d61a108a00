"""Languages of explanations: each is one file beside this one, with the keys of `en.toml`.

A phrase holds its values in braces. Counted phrases have a form `one`, for the numbers that
`[plural]` lists, and a form `other`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import NamedTuple, cast

from acca.core.finance import render_percent
from acca.core.money import render_units
from acca.core.numbers import Malformed, render_fixed

MODEL = "en"
"""The language whose keys and placeholders all others have."""
_FILES = files("acca.wire.languages")
_SUFFIX = ".toml"
_SINGULAR = "plural.one"


class BadLanguage(Exception):
    """A file that is no language: phrases are missing, not known, or hold other values."""


class Language(NamedTuple):
    """The phrases of a language by their keys, and the numbers that take the singular."""

    code: str
    phrases: Mapping[str, str]
    singular: frozenset[int]

    def say(self, key: str, **values: object) -> str:
        """Write a phrase with its values; more may be given than it holds."""
        return self.phrases[key].format(**values)

    def counted(self, key: str, number: int) -> str:
        """Write a counted phrase."""
        form = "one" if number in self.singular else "other"
        return self.say(f"{key}.{form}", count=number)

    def number(self, plain: str) -> str:
        """Write a number, spelled with commas and a point, by the marks of the language."""
        marks = {",": self.phrases["form.thousands"], ".": self.phrases["form.decimal"]}
        return "".join(marks.get(each, each) for each in plain)

    def amount(self, cents: int) -> str:
        """Write an amount without its currency."""
        return self.number(render_units(cents))

    def money(self, cents: int, currency: str) -> str:
        """Write an amount with its currency."""
        return self.say("form.money", amount=self.amount(cents), currency=currency)

    def odds(self, hundredths: int) -> str:
        """Write odds with two decimals."""
        return self.number(render_fixed(hundredths, 2))

    def percent(self, rate: int) -> str:
        """Write a rate in percent."""
        return self.say("form.percent", rate=self.number(render_percent(rate)))

    def time(self, at: datetime, zone: tzinfo) -> str:
        """Write a time to the minute, as clocks of a zone show it."""
        year, month, day, hour, minute = f"{at.astimezone(zone):%Y %m %d %H %M}".split()
        return self.say("form.time", year=year, month=month, day=day, hour=hour, minute=minute)


def load_languages(folder: Traversable) -> dict[str, Language]:
    """Read every language of a folder; BadLanguage names what keeps one from being complete."""
    found = {code: _parse(code, folder) for code in list_codes(folder)}
    for language in found.values():
        _compare(language, found[MODEL])
    return found


def list_codes(folder: Traversable = _FILES) -> list[str]:
    """Name the languages of a folder."""
    names = (each.name for each in folder.iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


@cache
def known_languages() -> Mapping[str, Language]:
    """Read the languages that come with Acca."""
    return load_languages(_FILES)


def parse_code(text: str) -> str:
    """Read the code of a language that there is."""
    if text not in known_languages():
        raise Malformed(f"has to be one of {', '.join(known_languages())}")
    return text


def _parse(code: str, folder: Traversable) -> Language:
    tree = tomllib.loads(folder.joinpath(f"{code}{_SUFFIX}").read_text("utf-8"))
    phrases = dict(_flatten("", tree))
    singular = phrases.pop(_SINGULAR, None)
    if not isinstance(singular, list) or not all(isinstance(one, str) for one in phrases.values()):
        raise BadLanguage(f"{code} has to hold texts, and in {_SINGULAR} a list of numbers")
    numbers = frozenset(cast("list[int]", singular))
    return Language(code, cast("dict[str, str]", phrases), numbers)


def _flatten(key: str, tree: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(f"{key}{name}.", cast("dict[str, object]", value))
        else:
            yield f"{key}{name}", value


def _compare(language: Language, model: Language) -> None:
    missing = sorted(model.phrases.keys() - language.phrases.keys())
    unknown = sorted(language.phrases.keys() - model.phrases.keys())
    if missing or unknown:
        raise BadLanguage(f"{language.code}: missing {missing}, not known {unknown}")
    for key, phrase in language.phrases.items():
        held, wanted = _placeholders(phrase), _placeholders(model.phrases[key])
        if held != wanted:
            raise BadLanguage(f"{language.code}: {key} holds {held}, and has to hold {wanted}")


def _placeholders(phrase: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(phrase) if name is not None})
