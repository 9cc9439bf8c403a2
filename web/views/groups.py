"""Groups, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from core.html import Sanitised
from web.views.notes import Mark
from web.views.people import Notice, PersonCard


@dataclass(frozen=True)
class GroupCard:
    """A group in a list; `state` is how the reader stands to it."""

    card: PersonCard
    members: int = 0
    state: str = ""
    """asked, invited, member, left, banned, or empty."""
    sees: str = "everyone"
    can_join: bool = False


@dataclass(frozen=True)
class Officer:
    """Somebody who runs a group, since when, and until when if there is a term."""

    card: PersonCard
    role: str = "moderator"
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class MemberRow:
    """Somebody in a list of a group's people; `desk_url` is where something is done about it."""

    card: PersonCard
    role: str = "member"
    since: date | None = None
    until: date | None = None
    reason: str = ""
    desk_url: str = ""


@dataclass(frozen=True)
class GroupPage:
    """The head of a group's page."""

    card: PersonCard
    full_handle: str
    about: Sanitised
    members: int
    joins: str = "open"
    sees: str = "everyone"
    posts: str = "everyone"
    banner: str = ""
    banner_alt: str = ""
    rules: tuple[str, ...] = ()
    moderators: tuple[Officer, ...] = ()
    flair: tuple[Mark, ...] = ()
    """The marks of its threads; `url` shows those that carry one."""
    is_local: bool = True
    can_see_members: bool = False
    record_url: str = ""
    is_asleep: bool = False
    """Nobody runs it any more."""
    suspended: Notice | None = None
    is_restricted: bool = False
    """The server lets only those who run it begin threads."""
    closes: date | None = None
    """The day it ends, as its owner announced."""
    language: str = ""
    state: str = ""
    is_owner: bool = False
    runs: bool = False
    waiting: int = 0
    """Requests and notes that wait for who runs it."""
    reason: str = ""
    """Why the reader is banned, or was turned away."""
    is_refused: bool = False
    """The group did not take the viewer, or put them out."""
    until: date | None = None
    can_post: bool = False
    is_hidden: bool = False
    """What is in it is not for this reader."""
    remote_url: str = ""
    document_url: str = ""


@dataclass(frozen=True)
class WaitingNote:
    """A note that waits to be let into a group."""

    id: int
    author: PersonCard
    html: Sanitised
    came: datetime
    title: str = ""


@dataclass(frozen=True)
class Candidate:
    """A member who would run a group that nobody runs, and what they say for it."""

    card: PersonCard
    words: str
    asked: datetime


@dataclass(frozen=True)
class Asleep:
    """A group that nobody runs any more."""

    card: PersonCard
    since: date | None
    members: int
    candidates: tuple[Candidate, ...] = ()
