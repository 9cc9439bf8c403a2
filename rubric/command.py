"""Where the `rubric` command begins and ends: with no more in memory than it needs.

Tortoise and structlog load pydantic, rich and greenlet wherever they find them, where the tools
for tests are installed: 16 MiB of a server that uses none of them (architecture.md 5).
"""

import os
import sys
from contextlib import suppress

UNUSED = ("pydantic", "rich", "greenlet")

for name in UNUSED:
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]

from core.lookups import keep_few_lookups  # noqa: E402  Tortoise looks for them at once

keep_few_lookups()

from rubric.cli import main as command  # noqa: E402  what is unused has to be ruled out before


def main() -> None:
    """Run the command, and end the process once it is done.

    Not by taking the interpreter apart: a thread of the object store that is just telling the
    event loop of what was read last would abort the whole (SIGABRT, one of twenty commands on a
    busy machine). A profiler that looks on gets the usual end, at which it writes.
    """
    try:
        command()
    except SystemExit as end:
        if sys.getprofile() is not None or not isinstance(end.code, int | None):
            raise
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(end.code or 0)


__all__ = ["main"]
