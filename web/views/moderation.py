"""Reports, and what staff look at."""

from dataclasses import dataclass, field
from datetime import datetime

from core.html import Sanitised
from web.views.frame import Form
from web.views.notes import NoteLink
from web.views.people import PersonCard
from web.views.policy import RuleView


@dataclass(frozen=True)
class ReportForm:
    """Reporting a note or a person."""

    action: str
    person: PersonCard
    note: NoteLink | None = None
    rules: tuple[RuleView, ...] = ()
    form: Form = field(default_factory=Form)
    """rule, words, forward, block, mute."""
    host: str = ""
    """The other server, which may be told as well."""


@dataclass(frozen=True)
class ReportView:
    """A report, as its reporter or a moderator sees it."""

    id: int
    url: str
    state: str
    """filed, in_case, answered or withdrawn."""
    filed: datetime
    person: PersonCard | None = None
    note: NoteLink | None = None
    rule: RuleView | None = None
    words: str = ""
    outcome: str = ""
    answered: datetime | None = None
    reporter: PersonCard | None = None
    """For moderators only."""
    source: str = "member"
    """member, remote or filter."""
    host: str = ""
    """The server that sent it."""
    due: datetime | None = None
    claimed_by: PersonCard | None = None
    is_overdue: bool = False


@dataclass(frozen=True)
class Applicant:
    """Someone who asked to join."""

    id: int
    card: PersonCard
    asked: datetime
    reason: str = ""
    has_confirmed: bool = False


@dataclass(frozen=True)
class HeldNote:
    """A note from elsewhere that nobody sees before a moderator has."""

    id: int
    author: PersonCard
    came: datetime
    html: Sanitised
    title: str = ""
    because: str = ""
