"""Panels: what whoever sits on one reads, and what is told of one afterwards."""

from dataclasses import dataclass
from datetime import datetime

from web.views.notes import MediaView
from web.views.policy import RuleView


@dataclass(frozen=True)
class RedactedNote:
    """A note without whoever wrote it."""

    words: tuple[str, ...]
    media: tuple[MediaView, ...]
    written: datetime


@dataclass(frozen=True)
class RedactedCase:
    """A decision and the appeal against it, without the names of those concerned."""

    measure: str
    thing: str
    issued: datetime | None
    until: datetime | None
    no_end_because: str
    rule: RuleView | None
    rule_text: str
    policy_version: int | None
    law: str
    charter: str
    facts: str
    explanation: str
    words: str
    new_facts: str
    notes: tuple[RedactedNote, ...]


@dataclass(frozen=True)
class SeatView:
    """Somebody's seat: what they said so far, and until when they can change it."""

    url: str
    case: RedactedCase
    size: int
    is_binding: bool
    closes: datetime
    has_spoken: bool
    passes_on: datetime


@dataclass(frozen=True)
class PanelLine:
    """What is told of a panel, without names; each reason with the side it is of."""

    size: int
    is_binding: bool
    closes: datetime
    is_over: bool
    upheld: int
    overturned: int
    is_carried: bool
    reasons: tuple[tuple[str, str], ...]
