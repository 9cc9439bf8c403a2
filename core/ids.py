"""Ids that sort by time: milliseconds << 16 | sequence, as Mastodon's clients expect them."""

import itertools
import time
from datetime import UTC, datetime

_sequence = itertools.count()


def new_id(at: datetime | None = None) -> int:
    """Make an id for something that happened `at` (now), unique in this process within 65,536."""
    milliseconds = int((at.timestamp() if at else time.time()) * 1000)
    return milliseconds << 16 | next(_sequence) & 0xFFFF


def moment_of(number: int) -> datetime:
    """Tell when an id was made, to the millisecond."""
    return datetime.fromtimestamp((number >> 16) / 1000, UTC)
