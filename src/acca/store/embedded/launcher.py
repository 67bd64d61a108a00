"""Become the server: run as a script between the engine and PostgreSQL, importing nothing of ours.

    launcher.py ENGINE_PID TIED UID GID PROGRAM [ARGUMENT...]

On Linux a server that is TIED is told to stop (fast, as by Ctrl-C) when the thread that started it
ends, and thus when the engine is killed. The kernel forgets that wish when the user changes, so it
is made last. Elsewhere, and between two instructions, a server may be left over; the next start
ends it.
"""

import ctypes
import os
import signal
import sys

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C",
}
"""What every program of PostgreSQL sees; a PGDATA or PGOPTIONS of ours must not reach it."""

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Change the user, ask to be stopped with the engine, and turn into the program."""
    engine, tied, uid, gid, *command = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if tied == "tied" and sys.platform == "linux":
        _ = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        # The engine may have been killed before the wish was known.
        if os.getppid() != int(engine):
            sys.exit(1)
    # Python ignores this signal, and what is ignored stays so across exec.
    _ = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(command[0], command, ENVIRONMENT)  # noqa: S606 - the point of this script


if __name__ == "__main__":
    main(sys.argv[1:])
