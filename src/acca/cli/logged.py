"""What the processes of a group log: on standard error, for people on a terminal, else JSON."""

import logging
import os
import sys

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor


def open_log(**facts: object) -> FilteringBoundLogger:
    """Begin the log of this process, whose lines all bear these facts, the libraries' too.

    No renderer shows the values of variables, which may be secrets.
    """
    of_process = {"process": os.getpid(), **facts}

    def add_facts(_logger: object, _method: str, line: EventDict) -> EventDict:
        return {**of_process, **line}

    steps: list[Processor] = [
        add_facts,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _for_people() if sys.stderr.isatty() else _for_programs()
    _take_in_libraries(steps, last)
    structlog.configure(
        processors=[*steps, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    log: FilteringBoundLogger = structlog.get_logger()
    return log


def _take_in_libraries(steps: list[Processor], last: list[Processor]) -> None:
    """Let what the libraries say go the same way."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _for_people() -> list[Processor]:
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]


def _for_programs() -> list[Processor]:
    frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(frames), structlog.processors.JSONRenderer()]
