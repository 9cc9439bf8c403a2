"""A person, a group or a server, as moderators look at them before they decide."""

from dataclasses import dataclass, field
from datetime import date, datetime

from web.views.frame import Pager
from web.views.moderation import CaseLine, DecisionLine
from web.views.people import PersonCard
from web.views.policy import RuleView


@dataclass(frozen=True)
class Breaks:
    """What one measure would break: counts by their names, found among `most` of each if not 0."""

    measure: str
    counts: tuple[tuple[str, int], ...] = ()
    most: int = 0


@dataclass(frozen=True)
class EntryLine:
    """A measure of the policy against a server; `key` tells it from the others."""

    domain: str
    measure: str
    reason: str = ""
    since: date | None = None
    until: date | None = None
    source: str = ""
    key: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class Told:
    """What a list that we follow says of a server."""

    list_id: str
    measure: str
    reason: str = ""
    since: datetime | None = None
    is_gone: bool = False
    is_ignored: bool = False


@dataclass(frozen=True)
class FilterLine:
    """A filter of the policy, with what it met lately; `trials` of the notes without acting."""

    id: str
    rule: RuleView | None
    then: str
    where: str
    trial_until: date | None = None
    is_trial: bool = False
    notes: int = 0
    authors: int = 0
    trials: int = 0
    local: int = 0


@dataclass(frozen=True)
class Dossier:
    """Everything a moderator reads of somebody or of a server; `facts` are names with words.

    `measures` are the decisions in force, `history` all that were issued, the newest first.
    """

    title: str
    new_case_url: str
    person: PersonCard | None = None
    host: str = ""
    host_url: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    measures: tuple[DecisionLine, ...] = ()
    entries: tuple[EntryLine, ...] = ()
    told: tuple[Told, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    history: tuple[DecisionLine, ...] = ()
    pager: Pager = field(default_factory=Pager)
    breaks: tuple[Breaks, ...] = ()
