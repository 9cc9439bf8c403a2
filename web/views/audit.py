"""What staff did, as the admins read it."""

from dataclasses import dataclass
from datetime import datetime

from web.views.people import PersonCard


@dataclass(frozen=True)
class ActLine:
    """One act: who, what, about what, what it was before and after, and why.

    Nobody's act is that of the clock or of the operator's shell; `changes` are names with what
    stood there before and after.
    """

    id: int
    act: str
    at: datetime
    about: str
    about_url: str = ""
    person: PersonCard | None = None
    by: str = ""
    """Who did it, where it was no person here."""
    changes: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""
    address: str = ""
