"""The order of what is trending, with its arithmetic."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RankedNote:
    """A place, and the sum that led to it."""

    place: int
    url: str
    title: str
    author: str
    people: int
    saves: int
    comments: int
    boosts: int
    likes: int
    weight: float
    """What the acts add up to, before age is counted."""
    hours: float
    """The age of the note when it was counted."""
    score: float


@dataclass(frozen=True)
class RankingView:
    """The formula of the policy in force, and what it makes of today's notes."""

    version: int
    numbers: tuple[tuple[str, str], ...]
    save: float
    comment: float
    boost: float
    like: float
    half_life_hours: float
    notes: tuple[RankedNote, ...] = ()
    least_notes: int = 0
    counted: int = 0
    """How many notes are eligible now."""
