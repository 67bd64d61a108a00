"""The client's reference, written from its docstrings and signatures."""

import dataclasses
import enum
import importlib
import inspect
import re
import types
import typing
from decimal import Decimal

from acca_client import placing

MODULES = (
    "betcards", "cards", "placing", "engine", "asking", "tickets", "amounts", "journal", "webhook",
    "signature", "feed", "errors", "conversation", "testing", "testing.plugin",
)  # fmt: skip
SHOWN_OF = {
    "asking": {"Filters"},
    "conversation": {"Patience", "Means"},
    "errors": None,
    "testing": {"AccaDouble", "Hook", "Taxes", "with_late_repeats"},
}
"""What users need of a module that holds more; None: all of it."""

LEFT_OUT = {
    "read_ticket", "read_tickets", "read_quote", "read_timeline", "read_receipt", "read_page",
    "read_explanation", "read_pick", "take_amounts", "render", "refused", "pick_of",
}  # fmt: skip
MODULE_NAMES = re.compile(r"\b(?:[a-z_0-9]+\.)+(?=[A-Za-z])")
PLAIN = int | float | str | bytes | tuple | Decimal | None
UNPACKED = re.compile(r"\*<class '(\w+)'>")


def reference():
    """Write the whole reference."""
    return "\n\n".join(block for name in MODULES for block in module(name))


def module(name):
    found = importlib.import_module(f"acca_client.{name}")
    yield f"## acca_client.{name}"
    told = inspect.getdoc(found)
    yield f"```text\n{told}\n```" if "├" in told else told
    for member, value in shown(found, name):
        yield from one(member, value)


def shown(found, name):
    """Go through what a module defines, in its order."""
    wanted = SHOWN_OF.get(name)
    for member, value in vars(found).items():
        if wanted is not None:
            is_shown = member in wanted
        elif member.startswith("_") or member in LEFT_OUT:
            is_shown = False
        else:
            is_shown = is_defined_in(found, member, value) and type(value) is not typing.TypeVar
        if is_shown:
            yield member, value


def is_defined_in(found, member, value):
    if is_alias(value):
        return f"\n{member} = " in inspect.getsource(found)
    return getattr(value, "__module__", None) == found.__name__


def is_alias(value):
    return isinstance(value, types.UnionType) or typing.get_origin(value) is typing.Literal


def one(name, value):
    if is_alias(value):
        yield f"### {name}\n\n`{name} = {MODULE_NAMES.sub('', inspect.formatannotation(value))}`"
    elif inspect.isclass(value):
        yield from of_class(name, value)
    elif type(value).__name__ == "FixtureFunctionDefinition":
        yield f"### {name}\n\nA fixture. {inspect.getdoc(value)}"
    elif callable(value):
        yield f"### {name}\n\n`{name}{signature(value)}`\n\n{inspect.getdoc(value)}"


def of_class(name, value):
    parents = [parent.__name__ for parent in value.__bases__ if not is_plain(parent)]
    told = f" ({', '.join(parents)})" if parents else ""
    yield f"### {name}{told}\n\n{inspect.getdoc(value)}"
    if dataclasses.is_dataclass(value):
        yield table((f.name, spelled(f.type), default(f)) for f in dataclasses.fields(value))
    elif typing.is_typeddict(value):
        yield table((key, spelled(told), "") for key, told in annotations(value))
    elif issubclass(value, enum.Enum):
        yield table((member.name, repr(member.value), "") for member in value)
    elif "__init__" in vars(value) and not issubclass(value, BaseException):
        yield f"`{name}{signature(value)}`"
    if told := list(methods(value)):
        yield "\n".join(told)


def is_plain(parent):
    return parent in {object, dict} or parent.__name__.startswith("_")


def annotations(value):
    return typing.get_type_hints(value).items()


def methods(value):
    """Show the methods and properties that a class has of its own."""
    for name, method in vars(value).items():
        hidden = name.startswith("_")
        if not hidden and isinstance(method, property):
            yield f"- `{name}: {returned(method.fget)}`\n  {text(method.fget)}"
        elif not hidden and inspect.isfunction(method):
            is_async = inspect.iscoroutinefunction(method)
            word = "await " if is_async else ""
            yield f"- `{word}{name}{signature(method)}`\n  {text(method)}"


def text(function):
    return (inspect.getdoc(function) or "").replace("\n\n", " ").replace("\n", " ")


def returned(function):
    return spelled(inspect.signature(function).return_annotation)


def signature(value):
    """Write a signature with bare names of types, and without `self`."""
    told = inspect.signature(value)
    kept = [hidden_default(each) for name, each in told.parameters.items() if name != "self"]
    of_class_ = inspect.isclass(value)
    returns = inspect.Signature.empty if of_class_ else told.return_annotation
    return bare(str(told.replace(parameters=kept, return_annotation=returns)))


def bare(written):
    """Write types by their bare names, and long lists of words by the name that they have."""
    written = re.sub(r"-> '(\w+)'", r"-> \1", written)
    short = UNPACKED.sub(r"Unpack[\1]", MODULE_NAMES.sub("", written))
    for name in ("Source", "AccumulatorType"):
        short = short.replace(str(getattr(placing, name)).removeprefix("typing."), name)
    return short


def hidden_default(parameter):
    """Leave a default out that reads as an address or a private thing."""
    if parameter.default is parameter.empty or isinstance(parameter.default, PLAIN):
        return parameter
    return parameter.replace(default=Dots())


class Dots:
    """What stands for a default that is no plain value."""

    def __repr__(self):
        return "..."


def default(field):
    if field.default is not dataclasses.MISSING:
        plain = isinstance(field.default, PLAIN)
        return repr(field.default) if plain else "..."
    return "" if field.default_factory is dataclasses.MISSING else "..."


def spelled(annotation):
    if isinstance(annotation, str):
        return annotation
    return bare(inspect.formatannotation(annotation))


def table(rows):
    """Write a table of names, types and defaults."""
    lines = ["| name | type | default |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {cell(n)} | {cell(t)} | {cell(d)} |" for n, t, d in rows)])


def cell(value):
    return f"`{value}`".replace("|", "\\|") if value else ""
