"""The form in which a note is written."""

from dataclasses import dataclass, field

from web.views.frame import Choice, Form
from web.views.notes import MediaView, NoteView


@dataclass(frozen=True)
class MediaSlot:
    """A place for one picture in the composer; `media` is one that is already here."""

    number: int
    media: MediaView | None = None
    alt: str = ""
    error: str = ""
    cell: int = 5
    """Which of nine cells, row by row, has the focal point."""


@dataclass(frozen=True)
class Composer:
    """The form for a new note, an answer or a change."""

    action: str = "/compose"
    kind: str = "new"
    """new, reply or edit."""
    form: Form = field(default_factory=Form)
    """title, text, content_note, sensitive, language, audience, to."""
    slots: tuple[MediaSlot, ...] = tuple(MediaSlot(number) for number in range(1, 5))
    most_media: int = 4
    audiences: tuple[str, ...] = ("public", "quiet", "followers", "people")
    languages: tuple[Choice, ...] = ()
    most_title: int = 80
    most_text: int = 5000
    reply_to: NoteView | None = None
    honesty: str = ""
    alt_policy: str = "remind"
    """off, remind or require."""
    cancel_url: str = "/"
    nudge: str = ""
    """What the policy asks the author to consider; sending again goes on."""
    options: tuple[str, ...] = ("", "", "", "")
    """Answers of a poll, as far as they are written."""
    poll_spans: tuple[Choice, ...] = ()
    """How long a poll may stay open; empty where there can be no poll."""
