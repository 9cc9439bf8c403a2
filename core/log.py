"""How log lines look: one line each, no secrets, nothing that could be taken for another line."""

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from cachetools import TTLCache
from structlog.dev import ConsoleRenderer
from structlog.processors import JSONRenderer
from structlog.typing import Processor, WrappedLogger

from core.settings import Log

Line = MutableMapping[str, Any]

LONGEST = 2000
MOST_ALIKE = 50
WHILE_S = 10
HIDDEN = "[hidden]"
_SECRET = re.compile(r"pass|token|secret|cookie|authori[sz]|signature|csrf|e_?mail", re.IGNORECASE)
_BEARER = re.compile(r"\b(bearer|basic)\s+\S+", re.IGNORECASE)
_QUERY = re.compile(r"([?&][\w.~-]+=)[^&\s'\"]+")
_LOGIN = re.compile(r"(\w+://)[^/@\s]+@")
# Control characters, line ends of all kinds, and those that turn the direction of text (DOS-12).
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def set_up_log(chosen: Log) -> None:
    """Write everything that is logged, here or in a library, in one form to standard error."""
    own: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
        keep_one_line,
    ]
    last: Processor = JSONRenderer() if chosen.json else ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *own],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen.level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            Sampling(),
            *own,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def hide_secrets(logger: WrappedLogger, method: str, line: Line) -> Line:
    """Leave out what must not stand in a log (security.md OPS-05)."""
    for key, value in line.items():
        if _SECRET.search(key):
            line[key] = HIDDEN
        elif isinstance(value, str):
            text = _BEARER.sub(rf"\1 {HIDDEN}", value)
            text = _LOGIN.sub(rf"\1{HIDDEN}@", text)
            line[key] = _QUERY.sub(rf"\1{HIDDEN}", text)
    return line


def keep_one_line(logger: WrappedLogger, method: str, line: Line) -> Line:
    """Escape what could start a line of its own; a traceback keeps its lines, set in."""
    for key, value in line.items():
        if key == "exception":
            line[key] = "\n".join("    " + _escaped(each) for each in str(value).split("\n"))
        elif isinstance(value, str):
            line[key] = _escaped(value)[:LONGEST]
        elif not isinstance(value, int | float | bool | None):
            line[key] = _escaped(repr(value))[:LONGEST]
    return line


class Sampling:
    """Lets so many lines of one kind through in a while, so that nobody fills the disk."""

    def __init__(self) -> None:
        self._seen: TTLCache[str, int] = TTLCache(1000, WHILE_S, timer=time.monotonic)

    def __call__(self, logger: WrappedLogger, method: str, line: Line) -> Line:
        event = str(line.get("event"))[:200]
        count = self._seen.get(event, 0) + 1
        if count <= MOST_ALIKE:
            self._seen[event] = count
        if count == MOST_ALIKE:
            line["note"] = f"more of these are left out for up to {WHILE_S} seconds"
        elif count > MOST_ALIKE:
            raise structlog.DropEvent
        return line


def _escaped(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
