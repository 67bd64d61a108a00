"""Tables of the documents that are written from the code; run it to write them anew."""

import pathlib

from client.reference import reference

from acca.cli import app
from acca.core.lifecycle import MOVES, render_diagram
from acca.core.limits import Limits
from acca.core.operator import OperatorSettings
from acca.core.platform import PlatformSettings
from acca.core.refusals import APART, PRECEDENCE
from acca.core.setting import declarations

DOCS = pathlib.Path(__file__).parents[1] / "docs"


def table(*rows):
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def refusals():
    stages = [
        (str(place), refusal) for place, stage in enumerate(PRECEDENCE, 1) for refusal in stage
    ]
    rows = [
        (refusal.code, refusal.sentence.replace("|", "\\|"), refusal.__doc__, place)
        for place, refusal in [*stages, *(("apart", refusal) for refusal in APART)]
    ]
    return table(("code", "message", "when", "stage"), *rows)


def diagram():
    return f"```mermaid\n{render_diagram()}\n```"


def moves():
    rows = [
        (
            move.name,
            move.before.value,
            move.after.value,
            ", ".join(f"`{message.value}`" for message in move.tells) or "-",
            "yes" if move.seals else "",
        )
        for move in MOVES
    ]
    return table(("move", "from", "to", "may tell, in this order", "final"), *rows)


def commands():
    groups = _groups("acca", app)
    rows = [
        (f"`{prefix} {command.name or command.callback.__name__}`", _first_line(command.callback))
        for prefix, group in groups
        for command in group.registered_commands
    ]
    return table(("command", "does"), *sorted(rows))


def _groups(name, group):
    """List a group of commands and those inside it."""
    inner = [
        _groups(f"{name} {each.name}", each.typer_instance) for each in group.registered_groups
    ]
    return [(name, group), *(found for groups in inner for found in groups)]


def settings_of(settings):
    rows = [
        (
            f"`{name}`",
            setting.kind.form.replace("|", "\\|"),
            f"`{setting.kind.render(setting.default)}`".replace("``", "(empty)"),
            setting.meaning,
        )
        for name, setting in declarations(settings).items()
    ]
    return table(("setting", "is", "default", "means"), *rows)


def _first_line(function):
    return function.__doc__.splitlines()[0]


WRITTEN = {
    "protocol/errors.md": {"refusals": refusals},
    "lifecycle.md": {"diagram": diagram, "moves": moves},
    "operating/commands.md": {"commands": commands},
    "operating/settings.md": {
        "operator": lambda: settings_of(OperatorSettings),
        "limits": lambda: settings_of(Limits),
        "platform": lambda: settings_of(PlatformSettings),
    },
    "../client/docs/reference.md": {"reference": reference},
}


def rewritten(name, text):
    for block, write in WRITTEN[name].items():
        start, end = f"<!-- written: {block} -->\n", "<!-- end -->"
        before, found, rest = text.partition(start)
        assert found, f"{name} has no block {block}"
        text = f"{before}{start}{write()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    for document in WRITTEN:
        path = DOCS / document
        path.write_text(rewritten(document, path.read_text(encoding="utf-8")), encoding="utf-8")
