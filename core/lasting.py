"""What survives a power cut."""

import os
from pathlib import Path


def keep_on_disk(path: Path) -> None:
    """Have the disk keep a file as it is, or the names in a folder. Raises OSError."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
