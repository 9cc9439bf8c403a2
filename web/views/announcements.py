"""What is announced, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from core.html import Sanitised


@dataclass(frozen=True)
class Announced:
    """An announcement in one language."""

    id: int
    html: Sanitised
    language: str
    made: datetime
    starts: datetime | None = None
    ends: datetime | None = None
