"""A note from elsewhere, read, judged and cleaned, before anything of it is kept."""

from dataclasses import dataclass, field

from actors.actor import Actor
from actors.emojis import Used
from notes.group_posts import Inside
from notes.note_document import NoteDocument


@dataclass(frozen=True)
class Verdict:
    """What the policy says of a note before it is kept (moderation/gate.py fills it)."""

    is_held: bool = False
    held_because: str = ""
    is_quiet: bool = False
    has_no_media: bool = False
    label: str = ""


@dataclass(frozen=True)
class Prepared:
    """A believed note, its HTML cleaned: ready to be kept within a transaction."""

    read: NoteDocument
    author: Actor
    content: str
    verdict: Verdict = field(default_factory=Verdict)
    inside: Inside | None = None
    emojis: Used = field(default_factory=list)
