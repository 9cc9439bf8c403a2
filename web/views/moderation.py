"""Reports, and what staff look at."""

from dataclasses import dataclass, field
from datetime import datetime

from core.html import Sanitised
from web.views.frame import Form
from web.views.notes import MediaView, NoteLink, NoteView
from web.views.panels import PanelLine
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
    hosts: tuple[str, ...] = ()
    """The other servers, which may be told as well."""
    group: str = ""
    """The group here whose moderators can answer it."""


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
    about: str = ""
    """What its reporter said it is about, where that is no rule."""
    affected: str = ""
    """Who is harmed, as they said."""
    outcome: str = ""
    answered: datetime | None = None
    reporter: PersonCard | None = None
    """For moderators only."""
    source: str = "member"
    """member, remote or filter."""
    host: str = ""
    """The server that sent it."""
    group: str = ""
    """The group whose moderators answer it, not those of the server."""


@dataclass(frozen=True)
class CaseLine:
    """A case, as the queue shows it."""

    id: int
    url: str
    state: str
    due: datetime
    opened: datetime
    reports: int
    person: PersonCard | None = None
    host: str = ""
    claimed_by: PersonCard | None = None
    is_overdue: bool = False
    is_idle: bool = False


@dataclass(frozen=True)
class Load:
    """How many cases and appeals somebody works on."""

    person: PersonCard
    cases: int
    appeals: int


@dataclass(frozen=True)
class DecisionLine:
    """A decision, in one line of a list."""

    id: int
    url: str
    measure: str
    thing: str
    state: str
    state_words: str
    issued: datetime | None
    until: datetime | None = None
    rule: str = ""
    summary: str = ""
    is_in_force: bool = False
    needs_second: bool = False
    record_url: str = ""


@dataclass(frozen=True)
class CaseView:
    """A case with everything its moderator needs; `bar` says why it is not theirs to decide."""

    line: CaseLine
    source: str
    reports: tuple[ReportView, ...]
    decisions: tuple[DecisionLine, ...]
    history: tuple[DecisionLine, ...]
    similar: tuple[DecisionLine, ...]
    words: tuple[tuple[str, datetime, str], ...]
    hidden: tuple[int, ...] = ()
    is_mine: bool = False
    may_claim: bool = False
    bar: str = ""
    warning: str = ""
    waiting: str = ""
    waiting_until: datetime | None = None
    no_breach: str = ""
    others: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class DecisionView:
    """A decision, as the person concerned reads it, and as its preview shows it."""

    line: DecisionLine
    rule: RuleView | None
    rule_text: str
    policy_version: int | None
    law: str
    facts: str
    explanation: str
    no_end_because: str
    quote: Sanitised | None = None
    record_url: str = ""
    lifted_because: str = ""
    charter: str = ""
    """The rule of the group that its moderators named."""
    is_restored_as: str = ""


@dataclass(frozen=True)
class AppealView:
    """An appeal, as the person concerned and its reviewer read it."""

    id: int
    url: str
    state: str
    state_words: str
    words: str = ""
    new_facts: str = ""
    reasons: str = ""
    filed: datetime | None = None
    due: datetime | None = None
    window_ends: datetime | None = None
    days_left: int = 0
    may_file: bool = False
    may_file_again: bool = False
    is_same_person: bool = False
    is_overdue: bool = False
    person: PersonCard | None = None
    reviewer: PersonCard | None = None
    measure: str = ""
    pictures: tuple[MediaView, ...] = ()
    """For who filed it and who hears it alone."""
    unready: int = 0
    """How many pictures cannot be shown: they are still worked on, or could not be read."""
    panel: PanelLine | None = None


@dataclass(frozen=True)
class RecordLine:
    """An entry of the public record."""

    id: int
    url: str
    number: int
    kind: str
    title: str
    issued: datetime
    rule: str = ""
    rule_url: str = ""
    policy_version: int = 0
    summary: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    explanation: str = ""
    appeal: str = ""
    hash: str = ""
    prev_hash: str = ""
    digest: str = ""
    redacted: tuple[str, ...] = ()
    about_url: str = ""


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
    """A note that nobody sees before a moderator has; `view` has one of ours with its pictures."""

    id: int
    author: PersonCard
    came: datetime
    html: Sanitised
    title: str = ""
    because: str = ""
    view: NoteView | None = None
