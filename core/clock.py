"""What time it is, always with its zone."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def milliseconds() -> int:
    """Return this moment in milliseconds since 1970, as queues count it."""
    return int(time.time() * 1000)
