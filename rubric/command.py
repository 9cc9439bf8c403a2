"""Where the `rubric` command begins: with no more in memory than it needs.

Tortoise and structlog load pydantic, rich and greenlet wherever they find them, where the tools
for tests are installed: 16 MiB of a server that uses none of them (architecture.md 5).
"""

import sys

UNUSED = ("pydantic", "rich", "greenlet")

for name in UNUSED:
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]

from core.lookups import keep_few_lookups  # noqa: E402  Tortoise looks for them at once

keep_few_lookups()

from rubric.cli import main  # noqa: E402  what is unused has to be ruled out before

__all__ = ["main"]
