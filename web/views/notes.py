"""Notes, as pages show them."""

from dataclasses import dataclass, field
from datetime import datetime

from core.html import Sanitised
from web.colour import average_of
from web.views.frame import PAPER, Pager
from web.views.people import Notice, PersonCard


@dataclass(frozen=True)
class Captions:
    """What is said in a video, as a WebVTT file."""

    url: str
    language: str = ""
    label: str = ""


@dataclass(frozen=True)
class OwnEmoji:
    """A picture of this server, and the code that it stands for."""

    code: str
    path: str


@dataclass(frozen=True)
class Source:
    """The same picture at another size or in another format."""

    url: str
    width: int
    type: str = "image/jpeg"


@dataclass(frozen=True, eq=False)
class MediaView:
    """A picture, video or sound; each is like itself alone, which is quicker told than by parts."""

    url: str
    small_url: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    kind: str = "image"
    """image, video, gifv, audio or unknown."""
    blurhash: str = ""
    focus_x: float = 0.0
    focus_y: float = 0.0
    seconds: int | None = None
    sources: tuple[Source, ...] = ()
    captions: tuple[Captions, ...] = ()
    media_type: str = ""
    id: int = 0
    remote_url: str = ""
    moves: bool = False
    """Whether a picture moves by itself; `small_url` is of one that stands still."""

    @property
    def colour(self) -> str:
        """`#rrggbb` to show while the picture is on its way."""
        return average_of(self.blurhash) or PAPER

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, 4:3 where nobody told."""
        return (self.width, self.height) if self.width and self.height else (4, 3)

    def sets(self, widest: int = 5000) -> tuple[list[tuple[str, str]], str]:
        """Write the sources for a browser to choose from: by type, and those everything reads."""
        found: dict[str, list[str]] = {}
        for each in self.sources:
            if each.width <= widest:
                found.setdefault(each.type, []).append(f"{each.url} {each.width}w")
        plain = found.pop("image/jpeg", [])
        return [(kind, ", ".join(urls)) for kind, urls in found.items()], ", ".join(plain)

    @property
    def cover_size(self) -> tuple[int, int]:
        """Size with its ratio clamped to 3:4 … 4:3, as covers are cut."""
        width, height = self.size
        return width, round(min(max(height, width * 3 / 4), width * 4 / 3))

    @property
    def focus(self) -> str:
        """Class names that put the focal point in the middle of a cut picture."""
        return f"fx{round((self.focus_x + 1) * 2)} fy{round((1 - self.focus_y) * 2)}"


@dataclass(frozen=True)
class Mark:
    """The flair of a thread; `colour` is #rrggbb, or empty."""

    name: str
    colour: str = ""
    url: str = ""


@dataclass(frozen=True)
class NoteCard:
    """A note in a waterfall: the whole card is one link."""

    id: int
    url: str
    author: PersonCard
    cover: MediaView | None = None
    title: str = ""
    excerpt: str = ""
    """Plain text, at most some 280 characters."""
    language: str = ""
    likes: int = 0
    is_liked: bool = False
    audience: str = "public"
    """A key of product.md 5.1: public, quiet, followers, mutuals, circle, people, server, self …"""
    images: int = 0
    video_seconds: int | None = None
    has_poll: bool = False
    has_quote: bool = False
    emojis: tuple[tuple[str, str], ...] = ()
    """Codes in its words, and where their pictures are."""
    content_note: str = ""
    is_sensitive: bool = False
    boosted_by: PersonCard | None = None
    group: PersonCard | None = None
    flair: tuple[Mark, ...] = ()
    is_pinned: bool = False
    """It stands first in its group."""
    is_locked: bool = False
    published: datetime | None = None
    watch_url: str = ""
    """Where its video is watched among those of the same list."""


@dataclass(frozen=True)
class NoteLink:
    """A note named in passing."""

    url: str
    excerpt: str
    author: PersonCard | None = None
    cover: MediaView | None = None
    language: str = ""
    emojis: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class QuotedView:
    """What a note quotes; `note` is there only where its reader may see it.

    `state` says why not: pending, rejected, revoked, deleted, unauthorized, blocked_account,
    blocked_domain or muted_account.
    """

    state: str = "accepted"
    note: NoteLink | None = None
    is_mine: bool = False
    """Whether the viewer is who is quoted."""
    published: datetime | None = None


@dataclass(frozen=True)
class TagCard:
    """A hashtag, with how often it was used this week."""

    name: str
    url: str
    uses: int = 0


@dataclass(frozen=True)
class LinkCard:
    """The page a note links to: text and one picture that we encoded ourselves."""

    url: str
    title: str
    text: str = ""
    host: str = ""
    image: MediaView | None = None


@dataclass(frozen=True)
class PollOption:
    """An answer of a poll."""

    text: str
    votes: int | None = None
    share: int = 0
    """Per cent."""
    is_mine: bool = False


@dataclass(frozen=True)
class PollView:
    """A poll, open or closed; voting posts to the note's `/vote`."""

    options: tuple[PollOption, ...]
    is_multiple: bool = False
    closes: datetime | None = None
    is_closed: bool = False
    has_voted: bool = False
    voters: int = 0
    is_secret: bool = False
    """Whether nobody sees how it stands before it is closed."""


@dataclass(frozen=True)
class May:
    """What the viewer may do with a note."""

    reply: bool = False
    like: bool = False
    boost: bool = False
    quote: bool = False
    unquote: bool = False
    """Whether it quotes the viewer, who may take that back."""
    bookmark: bool = False
    edit: bool = False
    narrow: bool = False
    delete: bool = False
    pin: bool = False
    report: bool = False
    vote: bool = False


@dataclass(frozen=True)
class NoteView:
    """A note in full."""

    id: int
    url: str
    """Path here; forms post to `{url}/like` and so on."""
    author: PersonCard
    html: Sanitised
    published: datetime
    title: str = ""
    emojis: tuple[tuple[str, str], ...] = ()
    remote_url: str = ""
    content_note: str = ""
    is_sensitive: bool = False
    language: str = ""
    media: tuple[MediaView, ...] = ()
    poll: PollView | None = None
    link: LinkCard | None = None
    quoted: QuotedView | None = None
    tags: tuple[TagCard, ...] = ()
    audience: str = "public"
    honesty: str = ""
    """For the author: who will honour the choices, counted."""
    edited: datetime | None = None
    likes: int = 0
    boosts: int = 0
    replies: int = 0
    is_liked: bool = False
    is_boosted: bool = False
    is_bookmarked: bool = False
    is_pinned: bool = False
    may: May = May()
    waits: str = ""
    """For its author: why it waits for a moderator."""
    boosted_by: PersonCard | None = None
    in_reply_to: NoteLink | None = None
    group: PersonCard | None = None


@dataclass(frozen=True)
class VideoView:
    """A note of which the video is watched, with its words on one line."""

    note: NoteView
    video: MediaView
    excerpt: str = ""


@dataclass(frozen=True)
class Stub:
    """What stands where a note was."""

    kind: str = "removed"
    """removed (by a decision), deleted (by its author), expired, hidden (from this viewer), waiting
    (hidden until it is decided, at the latest `until`), or group (`words` say why it did)."""
    url: str = ""
    notice: Notice | None = None
    words: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Branch:
    """A comment with the comments below it, two levels deep; `more_url` goes on."""

    note: NoteView | Stub
    replies: "tuple[Branch, ...]" = ()
    more: int = 0
    more_url: str = ""


@dataclass(frozen=True)
class ThreadView:
    """A note, what it answers, and what was answered."""

    note: NoteView
    ancestors: tuple[NoteView | Stub, ...] = ()
    replies: tuple[Branch, ...] = ()
    pager: Pager = field(default_factory=Pager)
    remote_replies_url: str = ""
    """Where the rest of a remote thread can be read, if we do not have it all."""
    is_locked: bool = False
    lock_reason: str = ""
    group_says: str = ""
    """What the group of a note decided about it, or that it has not answered yet."""
    flair: tuple[Mark, ...] = ()
    group_desk_url: str = ""
    """Where those who run its group, or its author, do something with the thread."""
