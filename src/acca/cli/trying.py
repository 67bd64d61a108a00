"""The command `demo`, which is the sandbox's: the engine never imports the sandbox."""

import os
import sys
from pathlib import Path

import typer

from acca.cli.app import TRYING, app, fail


@app.command(
    rich_help_panel=TRYING,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def demo(context: typer.Context) -> None:
    """Run the demo of `acca-sandbox`."""
    program = Path(sys.executable).with_name("acca-sandbox")
    if not program.exists():
        fail("The demo is part of the distribution acca-sandbox: pip install acca-sandbox.")
    # In place of this process, so that Ctrl-C and every other signal reach the demo alone.
    os.execv(program, [str(program), "demo", *context.args])  # noqa: S606 - our own
