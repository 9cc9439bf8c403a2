"""The policy and its versions, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from web.views.frame import Choice
from web.views.people import PersonCard


@dataclass(frozen=True)
class RuleView:
    """A rule of the policy, in the viewer's language."""

    id: str
    number: int
    title: str
    text: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    category: str = ""
    measures: tuple[str, ...] = ()
    is_appealable: bool = True
    changed: date | None = None
    """Set while the margin mark stands: ninety days after a change."""
    language: str = ""

    @property
    def url(self) -> str:
        """Path of the rule on the policy page."""
        return f"/policy#{self.id}"


@dataclass(frozen=True)
class EntryView:
    """A server the policy limits, with the reason and the day the measure is looked at again."""

    host: str
    measure: str
    reason: str
    since: date
    review: date | None = None
    source: str = ""


@dataclass(frozen=True)
class PolicySection:
    """A table of the policy, in words."""

    id: str
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PolicyVersion:
    """One line of the history."""

    version: int
    effective: datetime
    by: str
    summary: str
    changed_rules: int = 0
    is_current: bool = False
    is_coming: bool = False
    """Whether it is published and counts from a day on that is still to come."""
    is_overtaken: bool = False
    """Whether it never came into force, as a later one did before its day."""
    by_url: str = ""
    """The proposal that brought it, if one did."""


@dataclass(frozen=True)
class PolicyView:
    """The rules of the house, whole."""

    version: PolicyVersion
    rules: tuple[RuleView, ...]
    sections: tuple[PolicySection, ...] = ()
    entries: tuple[EntryView, ...] = ()
    sha256: str = ""
    languages: tuple[str, ...] = ()
    authoritative: str = ""
    """The language whose text counts where translations differ."""
    current_version: int = 0
    """The version in force, to which old ones point."""


@dataclass(frozen=True)
class DiffPart:
    """A run of words: same, added or removed."""

    text: str
    kind: str = "same"


@dataclass(frozen=True)
class FormField:
    """A field of the editor: tick, select, number, date, line, text, lines or many."""

    name: str
    label: str
    kind: str
    value: str = ""
    chosen: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class DiffRow:
    """A rule on both sides of a change: same, changed, added or removed."""

    kind: str
    title: str
    before: tuple[DiffPart, ...] = ()
    after: tuple[DiffPart, ...] = ()
    inline: tuple[DiffPart, ...] = ()
    """Both sides in one text."""


@dataclass(frozen=True)
class PolicyDiff:
    """What changed between two versions."""

    before: PolicyVersion
    after: PolicyVersion
    rows: tuple[DiffRow, ...]


@dataclass(frozen=True)
class HowWeDecide:
    """The box that tells a visitor who decides, by which rule."""

    policy_version: int
    effective: datetime
    rules: int
    moderators: int = 0
    reports_last_month: int | None = None
    median_hours: int | None = None


@dataclass(frozen=True)
class AboutView:
    """Who runs this place, and with what."""

    purpose: str
    contact: str = ""
    operator: str = ""
    software: str = "Rubric"
    version: str = ""
    languages: tuple[str, ...] = ()
    members: int = 0
    notes: int = 0
    peers: int = 0
    staff: tuple[PersonCard, ...] = ()
    decide: HowWeDecide | None = None
