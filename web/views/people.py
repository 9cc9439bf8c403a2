"""People, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from core.html import Sanitised


@dataclass(frozen=True)
class PersonCard:
    """A person or a group wherever one is named."""

    id: int
    name: str
    handle: str
    """`@mei` for people here, `@ana@remote.example` for others: the host is never hidden."""
    url: str
    """Path of the page here: `/@mei`, `/@ana@remote.example`, `/g/name`."""
    avatar: str = ""
    about: str = ""
    """One plain line."""
    is_remote: bool = False
    is_group: bool = False
    is_bot: bool = False
    is_locked: bool = False
    is_gone: bool = False
    relation: "Relation | None" = None
    emojis: tuple[tuple[str, str], ...] = ()
    """Codes in the name, and where their pictures are."""


@dataclass(frozen=True)
class Relation:
    """What is between the viewer and a person."""

    is_me: bool = False
    following: bool = False
    requested: bool = False
    followed_by: bool = False
    muting: bool = False
    blocking: bool = False
    blocking_server: bool = False


@dataclass(frozen=True)
class BlockedServer:
    """A server that the viewer blocks; `/settings/blocks/servers/{id}/end` lets it go."""

    id: int
    host: str


@dataclass(frozen=True)
class ProfileField:
    """A line of the table on a profile."""

    name: str
    value: Sanitised
    is_verified: bool = False


@dataclass(frozen=True)
class Notice:
    """A dated notice that something was decided about a note or a person."""

    decided_on: date
    reason: str = ""
    rule: str = ""
    """`3. No harassment`."""
    rule_url: str = ""
    record_url: str = ""
    until: date | None = None
    appeal: str = ""
    """Where an appeal stands, as a sentence."""


@dataclass(frozen=True)
class PersonPage:
    """The head of a profile."""

    card: PersonCard
    full_handle: str
    about: Sanitised
    banner: str = ""
    fields: tuple[ProfileField, ...] = ()
    notes: int = 0
    followers: int | None = None
    """None where the person keeps the number to themselves."""
    following: int | None = None
    joined: date | None = None
    remote_url: str = ""
    language: str = ""
    moved_to: PersonCard | None = None
    suspended: Notice | None = None
    atom_url: str = ""
    document_url: str = ""
    """What other servers read instead of the page; of those who live here."""
    banner_alt: str = ""


@dataclass(frozen=True)
class FollowRequest:
    """Someone asks to follow; answers post to `/requests/{person.id}/accept` or `/reject`."""

    person: PersonCard
    asked: datetime


@dataclass(frozen=True)
class Alias:
    """Another address of the reader's own; `label` is its handle, or the address itself."""

    uri: str
    label: str
