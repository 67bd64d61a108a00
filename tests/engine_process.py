"""An engine for tests that kill it: owns the database of a home until it is stopped.

engine_process.py HOME VERSION [untied | dies-before-rename]
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading

from acca.store.embedded.server import own_postgres


def own(home, version):
    with own_postgres(home, version=version, tell=say) as server:
        say(f"url {server.url}")
        say(f"pid {server.process.pid}")
        signal.pause()


def say(sentence):
    _ = sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def own_untied(home, version):
    """Own it in a thread, so that the server outlives the engine's death."""
    threading.Thread(target=own_until_killed, args=(home, version)).start()
    signal.pause()


def own_until_killed(home, version):
    with own_postgres(home, version=version, tell=say) as server:
        say(f"url {server.url}")
        say(f"pid {server.process.pid}")
        threading.Event().wait()


def die_before_rename(home, version):
    pathlib.Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    own(home, version)


@contextlib.contextmanager
def engine(home, version, how=""):
    """Start an engine; it is killed at the end if it still runs."""
    command = [sys.executable, __file__, str(home), str(version), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process, word):
    """Return what the engine says after a word, once it says it."""
    for line in process.stdout:
        first, _, rest = line.strip().partition(" ")
        if first == word:
            return rest
    message = f"the engine ended and never said {word}"
    raise AssertionError(message)


WAYS = {"": own, "untied": own_untied, "dies-before-rename": die_before_rename}

if __name__ == "__main__":
    WAYS[sys.argv[3]](pathlib.Path(sys.argv[1]), int(sys.argv[2]))
