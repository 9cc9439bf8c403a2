"""What concerns oneself: notifications and conversations."""

from dataclasses import dataclass
from datetime import datetime

from web.views.notes import NoteLink
from web.views.people import PersonCard


@dataclass(frozen=True)
class NotificationView:
    """Something that happened; a few people may have done the same."""

    id: int
    kind: str
    """mention, reply, like, boost, follow, follow_request, poll, edit, decision, report, welcome"""
    people: tuple[PersonCard, ...]
    moment: datetime
    more_people: int = 0
    note: NoteLink | None = None
    text: str = ""
    """For decision, report and welcome: what is to be said."""
    url: str = ""
    is_unread: bool = False


@dataclass(frozen=True)
class Conversation:
    """Private notes between the same people."""

    url: str
    people: tuple[PersonCard, ...]
    excerpt: str
    moment: datetime
    is_unread: bool = False
