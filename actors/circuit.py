"""Circuit: how often a server failed us, and when it is tried again (reliability.md 3.7)."""

import random

import msgspec

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FAILURES = 5
WITHIN = 10 * MINUTE
FIRST_PAUSE = 5 * MINUTE
LONGEST_PAUSE = 6 * HOUR
GIVEN_UP_AFTER = 8 * DAY


class Circuit(msgspec.Struct, frozen=True):
    """Failures in a row; it is open, and nothing is sent but a probe, once `pause` is set.

    All moments and spans are in milliseconds. `failing_since` is when the server last began to
    fail, `counted_since` when the ten minutes began in which `failures` were counted.
    """

    failures: int = 0
    counted_since: int = 0
    failing_since: int = 0
    pause: int = 0

    @property
    def is_open(self) -> bool:
        """Whether letters wait without being tried."""
        return self.pause > 0

    @property
    def is_doubtful(self) -> bool:
        """Whether its last answer was a failure, so that it must not hold up others."""
        return self.failures > 0

    def is_lost(self, now: int) -> bool:
        """Tell whether it has been silent for so long that its letters are given up."""
        return self.is_open and now - self.failing_since >= GIVEN_UP_AFTER

    def after_failure(self, now: int) -> "Circuit":
        """Count one more; opens at the fifth within ten minutes, waits longer at each probe."""
        since = self.failing_since or now
        if self.is_open:
            pause = min(2 * self.pause, LONGEST_PAUSE)
            return Circuit(self.failures + 1, self.counted_since, since, pause)
        if now - self.counted_since > WITHIN:
            return Circuit(1, now, since, 0)
        failures = self.failures + 1
        pause = FIRST_PAUSE if failures >= FAILURES else 0
        return Circuit(failures, self.counted_since, since, pause)

    def next_probe(self, now: int) -> int:
        """Say when to try it again; a little off the mark, so that not all probe at once."""
        return now + jittered(self.pause)


CLOSED = Circuit()


def jittered(span: int) -> int:
    """Return a span that is up to a fifth longer or shorter."""
    return int(span * random.uniform(0.8, 1.2))  # noqa: S311  no secret hangs on it
