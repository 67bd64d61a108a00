"""Settings as declarations: one each, from which commands, tables and pages are made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from difflib import get_close_matches
from typing import Generic, NamedTuple, TypeVar, cast, overload

from acca.core.kinds import Kind
from acca.core.numbers import Malformed

Value = TypeVar("Value")
Some = TypeVar("Some", bound="Settings")


class Setting(Generic[Value]):
    """One setting of a class of Settings, whose members have its values.

    `meaning` is a sentence for people; what has a unit says it there or in its kind's form.
    """

    def __init__(self, kind: Kind[Value], default: Value, meaning: str) -> None:
        self.kind: Kind[Value] = kind
        self.default: Value = default
        self.meaning: str = meaning
        self.name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Setting[Value]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object, owner: type) -> "Setting[Value] | Value":
        """Return the declaration; an instance holds its values under the same names."""
        return self if instance is None else cast("Value", vars(instance)[self.name])


@dataclass(frozen=True)
class Settings:
    """A frozen value of declared settings; what is not given has its default.

    A class of settings is a frozen dataclass itself, or its instances could be written to.
    """

    given: InitVar[Mapping[str, object] | None] = None
    values: tuple[object, ...] = field(init=False)

    def __post_init__(self, given: Mapping[str, object] | None) -> None:
        declared = declarations(type(self))
        asked = given or {}
        assert asked.keys() <= declared.keys(), "only declared settings have values"
        values = {name: asked.get(name, setting.default) for name, setting in declared.items()}
        # An instance's own members go before those of its class, so reading one costs no call.
        self.__dict__.update(values, values=tuple(values.values()))


class BadSettings(Malformed):
    """What was asked for cannot be set; one sentence for each defect."""

    def __init__(self, defects: Sequence[str]) -> None:
        self.defects: tuple[str, ...] = tuple(defects)
        super().__init__("\n".join(defects))


class Asked(NamedTuple):
    """A setting and the text that it is to have, as somebody wrote them."""

    name: str
    text: str


def parse_asked(text: str) -> Asked:
    """Read `name=value`."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise Malformed("is not a name and a value, such as clock_window=300s")
    return Asked(name, value)


def declarations(settings: type[Settings]) -> dict[str, Setting[object]]:
    """List the settings of a class by name, in their order."""
    members = cast("Mapping[str, object]", vars(settings))
    return {
        name: cast("Setting[object]", member)
        for name, member in members.items()
        if isinstance(member, Setting)
    }


def render_settings(settings: Settings) -> dict[str, str]:
    """Write every setting as a text that reads back as the same value."""
    declared = declarations(type(settings)).items()
    pairs = zip(declared, settings.values, strict=True)
    return {name: setting.kind.render(value) for (name, setting), value in pairs}


def read_settings(settings: type[Some], texts: Mapping[str, str]) -> Some:
    """Read settings from texts that were written from values; the rest has its default."""
    declared = declarations(settings)
    return settings({name: declared[name].kind.parse(text) for name, text in texts.items()})


def change_settings(
    current: Some, asked: Sequence[Asked], judge: Callable[[Some], list[str]]
) -> Some:
    """Set several settings at once, all of them or none; BadSettings names every defect.

    `judge` says, a sentence each, what does not fit together once every text is a value.
    """
    declared = declarations(type(current))
    values = dict(zip(declared, current.values, strict=True))
    defects: list[str] = []
    for place, (name, text) in enumerate(asked):
        if any(name == earlier.name for earlier in asked[:place]):
            defects.append(f"{name} is given twice.")
        elif name not in declared:
            near = [each for each in declared if name in each] or get_close_matches(name, declared)
            defects.append(f"{name} is not a setting; near it is {', '.join(near) or 'none'}.")
        else:
            try:
                values[name] = declared[name].kind.parse(text)
            except Malformed as malformed:
                defects.append(f"{name}: {text!r} {malformed}.")
    changed = type(current)(values)
    defects = defects or judge(changed)
    if defects:
        raise BadSettings(defects)
    return changed


def differences(before: Some, after: Some) -> dict[str, str]:
    """List the settings that changed, with the texts that they have now."""
    old = render_settings(before)
    return {name: text for name, text in render_settings(after).items() if text != old[name]}
