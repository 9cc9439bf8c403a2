"""How much of a video we take, and what is said of one that is more (security.md 2)."""

from dataclasses import dataclass
from fractions import Fraction

from notes.orders import Unfit

LONG_SIDE, SHORT_SIDE = 3840, 2160  # security.md 2
LEAST_SIDE = 16
MOST_RATE = 60
RATE_SLACK = Fraction(21, 20)  # a phone's sixty pictures a second are now and then sixty-one
SHORTEST = Fraction(1, 10)
LENGTH_SLACK = Fraction(1, 2)  # seconds; the sound often ends a little after the last picture
# What a decoder measures: whole blocks, which of a film that stands are wider than it is.
MOST_DECODED = (LONG_SIDE + 128) * (SHORT_SIDE + 128)
DAMAGED = "This video is damaged and cannot be read."


@dataclass(frozen=True, slots=True)
class Bounds:
    """What this machine takes, as its settings say."""

    seconds: int
    megabytes: int

    @property
    def frames(self) -> int:
        """How many pictures the longest video may have."""
        return int(self.seconds * MOST_RATE * RATE_SLACK)

    def check_length(self, seconds: Fraction) -> None:
        """Refuse what lasts longer than this machine takes. Raises Unfit."""
        if seconds > self.seconds + LENGTH_SLACK:
            raise Unfit(f"This video is longer than {self.seconds} seconds.")


def check_size(width: int, height: int) -> None:
    """Refuse sides that are too long or too short to show. Raises Unfit."""
    long, short = max(width, height), min(width, height)
    if long > LONG_SIDE or short > SHORT_SIDE:
        raise Unfit(f"This video is larger than {LONG_SIDE} x {SHORT_SIDE} pixels.")
    if short < LEAST_SIDE:
        raise Unfit("This video is too small to be seen.")
