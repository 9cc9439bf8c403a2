"""The form in which a note is written, and what waits to be published."""

from dataclasses import dataclass, field
from datetime import datetime

from core.html import Sanitised
from web.views.circles import CircleCard
from web.views.frame import Choice, Form
from web.views.notes import MediaView, NoteLink, NoteView


@dataclass(frozen=True)
class MediaItem:
    """A picture or video in the composer."""

    id: int
    media: MediaView
    alt: str = ""
    is_decorative: bool = False
    error: str = ""
    cell: int = 5
    """Which of nine cells, row by row, has the focal point."""
    turn: int = 0
    """Degrees clockwise, from how it came in."""
    crop: str = ""
    """left,top,width,height as fractions of the whole; empty where nothing is cut."""
    state: str = "ready"
    """waiting, working, ready or failed."""
    progress: int = 0
    cover_at: float | None = None
    captions: tuple[str, ...] = ()
    """Languages of its captions, by their own names."""


@dataclass(frozen=True)
class DraftCard:
    """A draft or a scheduled note in a list."""

    id: int
    title: str
    changed: datetime
    cover: MediaView | None = None
    images: int = 0
    audience: str = "public"
    language: str = ""
    problem: str = ""
    publish_at: datetime | None = None
    local: str = ""
    """The time in the clock of its author, as a form wants it."""
    moment: str = ""
    """The same for people, with its zone."""
    zone: str = ""
    is_waiting: bool = False
    """Whether it goes out as soon as its pictures are ready."""


@dataclass(frozen=True)
class Preview:
    """A note as it would look."""

    id: int
    html: Sanitised
    title: str = ""
    content_note: str = ""
    is_sensitive: bool = False
    language: str = ""
    media: tuple[MediaView, ...] = ()
    audience: str = "public"
    options: tuple[str, ...] = ()
    bare: int = 0
    """Pictures without a description."""
    problem: str = ""
    """Why it could not be published."""
    nudge: str = ""
    """What the policy asks its author to consider; publishing from there goes on."""
    honesty: str = ""
    """Whom it would go to, where that can be counted."""
    outside: str = ""
    """Whom it names who would not see it."""


@dataclass(frozen=True)
class FlairOf:
    """The flair of one group: each value has the group before it, as in `8:Question`."""

    id: int
    group: str
    names: tuple[Choice, ...]


@dataclass(frozen=True)
class Composer:
    """The form for a new note, an answer or a change."""

    action: str = "/compose"
    kind: str = "new"
    """new, reply or edit."""
    form: Form = field(default_factory=Form)
    """title, text, tags, content_note, sensitive, language, audience, publish_at, zone, draft."""
    items: tuple[MediaItem, ...] = ()
    drafts: tuple[DraftCard, ...] = ()
    most_media: int = 18
    most_image_mb: int = 16
    most_video_mb: int = 100
    audiences: tuple[str, ...] = ("public", "quiet", "followers", "people")
    languages: tuple[Choice, ...] = ()
    most_title: int = 80
    most_text: int = 5000
    reply_to: NoteView | None = None
    quoted: NoteLink | None = None
    quotings: tuple[Choice, ...] = ()
    """Who may quote the note."""
    honesty: str = ""
    mutuals: str = ""
    """Whom a note for mutual followers would go to."""
    circles: tuple[CircleCard, ...] = ()
    """The circles it can be for, those that are chosen marked."""
    alt_policy: str = "remind"
    """off, remind or require."""
    cancel_url: str = "/"
    nudge: str = ""
    """What the policy asks the author to consider; sending again goes on."""
    options: tuple[str, ...] = ("", "", "", "")
    """Answers of a poll, as far as they are written."""
    groups: tuple[Choice, ...] = ()
    """The groups it can be posted in, the first of them none."""
    flair: tuple[FlairOf, ...] = ()
    """What threads in those groups can carry."""
    poll_spans: tuple[Choice, ...] = ()
    """How long a poll may stay open; empty where there can be no poll."""

    blank: MediaItem = MediaItem(0, MediaView(""), state="waiting")
    """What scripts make new items of."""
