"""Templates in their compiled form, kept beside them as Python keeps modules.

To compile all takes a second, and the first to look at a page would wait a fifth of one; the
compiler leaves 5 MiB behind.
"""

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """Kept in the `__pycache__` of a folder; what cannot be written there is compiled each time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(Path(cache_from_source(str(folder / "page.py"))).parent))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, where this user may, and Python was not told to keep nothing."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
