"""Acca's commands run as a user runs them: real processes, a home of their own."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ACCA = Path(sys.executable).with_name("acca")


def run(*arguments, **more):
    """Run a command to its end."""
    command = [ACCA, *arguments]
    environment = {**os.environ, "COLUMNS": "200", **more}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def running_database(home, *options):
    """Run `acca database start` in a home, from when it is ready until the context ends."""
    environment = {**os.environ, "ACCA_HOME": str(home)}
    with subprocess.Popen(
        [ACCA, "database", "start", *options], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert any(line.startswith("ready") for line in process.stdout)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
