"""Ids that sort by time: milliseconds << 16 | sequence, as Mastodon's clients expect them."""

import itertools
import secrets
import time
from datetime import UTC, datetime

# Processes that work on the same rows begin at different places.
_sequence = itertools.count(secrets.randbelow(1 << 16))


def new_id(at: datetime | None = None) -> int:
    """Make an id for something that happened `at` (now), unique in this process within 65,536."""
    milliseconds = int((at.timestamp() if at else time.time()) * 1000)
    return milliseconds << 16 | next(_sequence) & 0xFFFF


def first_id_of(at: datetime) -> int:
    """Return the smallest id that something made at this moment could have."""
    return int(at.timestamp() * 1000) << 16


def moment_of(number: int) -> datetime:
    """Tell when an id was made, to the millisecond."""
    return datetime.fromtimestamp((number >> 16) / 1000, UTC)
