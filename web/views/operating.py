"""Letters to other servers and work that failed, as admins see them."""

from dataclasses import dataclass
from datetime import datetime

from web.views.frame import Tab


@dataclass(frozen=True)
class LineView:
    """A server and how letters to it go; numbers are words, for they end at a bound."""

    host: str
    url: str
    state: str
    mood: str = ""
    """good, late or nothing: how its badge looks."""
    waiting: str = "0"
    parked: str = "0"
    stopped: str = "0"
    has_waiting: bool = False
    has_parked: bool = False
    reached: datetime | None = None
    failing_since: datetime | None = None
    next: datetime | None = None
    """When it is tried next; None where nothing is planned."""
    otherwise: str = ""
    """What stands in its place there."""
    is_now: bool = False
    """Whether that is as soon as there is a hand free."""
    error: str = ""
    erred: datetime | None = None
    may_hurry: bool = True


@dataclass(frozen=True)
class LetterView:
    """A letter: what kind of act it carries, neither whose nor what it says."""

    id: int
    kind: str
    inbox: str
    attempts: int
    written: datetime
    due: datetime | None = None
    error: str = ""


@dataclass(frozen=True)
class LinePage:
    """One server, with the letters in one state."""

    line: LineView
    tabs: tuple[Tab, ...]
    state: str
    letters: tuple[LetterView, ...] = ()

    @property
    def may_try(self) -> bool:
        """Whether these letters can be taken up again one by one."""
        return self.state in ("stopped", "parked")


@dataclass(frozen=True)
class DropPage:
    """What would be dropped, before it is."""

    line: LineView
    state: str
    kinds: tuple[tuple[str, str], ...]
    """What kind of acts, and how many of each, in words."""
    many: str
    taking_back: str
    """How many of them take something back, or nothing."""
    up_to: int


@dataclass(frozen=True)
class JobLine:
    """A job that was parked."""

    id: int
    name: str
    about: str
    """What it does, in words."""
    error: str
    attempts: int
    tried: datetime
