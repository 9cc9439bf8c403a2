"""NoteDocument: a note as its own server tells of it, and for whom it was meant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from federation.vocabulary import PUBLIC
from notes.enclosures import Enclosure
from notes.note import Audience
from notes.questions import Question


class NoteDocument(Struct, frozen=True, kw_only=True):
    """A note as its own server tells of it; `content` is HTML that has not been cleaned.

    `owners` are the groups or channels it is attributed to beside its author; of a vote, `title`
    is the choice. `likes` and `shares` are hints.
    """

    id: str
    type: str
    author: str
    title: str
    content: str
    source: str
    summary: str
    excerpt: str
    sensitive: bool
    language: str
    published: datetime | None
    updated: datetime | None
    url: str | None
    in_reply_to: str | None
    to: list[str]
    cc: list[str]
    audience: list[str]
    owners: list[str]
    target: str | None
    mentions: list[tuple[str, str]]
    hashtags: list[str]
    flair: list[str]
    emojis: list[dict[str, str]]
    attachments: list[Enclosure]
    poll: Question | None
    quote: str | None
    is_legacy_quote: bool
    quote_authorization: str | None
    context: str | None
    conversation: str | None
    replies: str | None
    embedded_replies: dict[str, Any] | None
    likes: int
    shares: int
    is_vote: bool
    interaction: dict[str, Any] | None
    comments_enabled: bool
    starts: datetime | None
    ends: datetime | None
    place: str
    is_limited: bool = False
    """Whether it names nobody, and came to the own letterbox of each who may see it."""

    @property
    def group_candidates(self) -> list[str]:
        """Who may be the group it was posted in, the likeliest first (federation.md 7.2)."""
        named = [*self.audience, self.target, *self.owners, *self.to, *self.cc]
        return list(dict.fromkeys(each for each in named if each and each != PUBLIC))


class Addressed(Protocol):
    """Anything that was said to someone."""

    @property
    def to(self) -> Sequence[str]: ...
    @property
    def cc(self) -> Sequence[str]: ...


def audience_of(document: Addressed, followers_uri: str | None) -> Audience:
    """Tell for whom it was meant; what is not certain counts as the most private (PRIV-06)."""
    if PUBLIC in document.to:
        return Audience.PUBLIC
    if PUBLIC in document.cc:
        return Audience.QUIET
    if followers_uri and (followers_uri in document.to or followers_uri in document.cc):
        return Audience.FOLLOWERS
    return Audience.PEOPLE
