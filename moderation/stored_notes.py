"""What the gate looks at in a note, gathered again from notes that are stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from actors.actor import Actor
from core import sql
from core.ids import moment_of
from core.rows import load, load_ids
from core.storage import digest_of
from moderation.matching import Facts
from notes.attachments import Attachment
from notes.media_files import files_of
from notes.note import Note
from notes.polls import Poll
from notes.text import named_in

# Whoever began to follow the author later was a stranger then.
_KNOWN = (
    "SELECT m.note_id, COUNT(*) AS count FROM mention m JOIN note n ON n.id = m.note_id"
    " JOIN follow f ON f.follower_id = m.actor_id AND f.followed_id = n.author_id"
    " AND f.is_accepted = ? AND f.created_at <= n.created_at"
    " WHERE m.note_id IN ({notes}) AND m.is_silent = ? GROUP BY m.note_id"
)
_TAGS = (
    "SELECT nt.note_id, t.name FROM note_tag nt JOIN tag t ON t.id = nt.tag_id"
    " WHERE nt.note_id IN ({notes})"
)


@dataclass(frozen=True)
class Depth:
    """What has to be known of notes: files where a filter asks for them, whom somebody named who
    had been here for fewer days than these."""

    media: bool = False
    first_days: int = 0


class Stored(NamedTuple):
    """A note and what is asked of it.

    `is_new` tells that its author lives here and might be in their first days; then `strangers`
    are whom it names that did not follow them. `is_bare` is it with pictures nobody described.
    """

    note: Note
    facts: Facts
    is_new: bool = False
    strangers: int = 0
    is_bare: bool = False


async def gathered(notes: Sequence[Note], depth: Depth) -> list[Stored]:
    """Gather what the gate looks at in a batch of notes: at most six queries."""
    ids = [note.id for note in notes]
    authors = await load_ids(Actor, (note.author_id for note in notes))
    media = await _attachments(ids)
    tags = await _tags(ids)
    polls = {each.note_id: each for each in await load(Poll, f"note_id IN ({sql.marks(ids)})", ids)}
    digests = await _digests(notes, media) if depth.media else {}
    found = []
    for note in notes:
        author, own = authors[note.author_id], media.get(note.id, ())
        options = (
            [str(each["title"]) for each in polls[note.id].options] if note.id in polls else []
        )
        facts = Facts(
            text=note.content,
            title=note.title,
            summary=note.summary,
            alts=(*(each.alt for each in own), *options),
            tags=tags.get(note.id, ()),
            author=author.full_handle,
            account_days=max((moment_of(note.id) - author.created_at).days, 0),
            media=digests.get(note.id, ()),
        )
        found.append(
            Stored(
                note,
                facts,
                is_new=_is_new(note, author, facts, depth),
                is_bare=any(not each.alt.strip() and not each.is_decorative for each in own),
            )
        )
    return await _with_strangers(found)


def _is_new(note: Note, author: Actor, facts: Facts, depth: Depth) -> bool:
    days = facts.account_days
    return note.is_local and not author.is_group and days is not None and days < depth.first_days


async def _with_strangers(found: list[Stored]) -> list[Stored]:
    new = [each.note.id for each in found if each.is_new]
    if not new:
        return found
    rows = await sql.rows(_KNOWN.format(notes=sql.marks(new)), [True, *new, False])
    known = {row["note_id"]: int(row["count"]) for row in rows}
    return [
        each._replace(
            strangers=max(len(named_in(each.note.source)) - known.get(each.note.id, 0), 0)
        )
        if each.is_new
        else each
        for each in found
    ]


async def _attachments(ids: Sequence[int]) -> Mapping[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = defaultdict(list)
    for each in await load(Attachment, f"note_id IN ({sql.marks(ids)})", ids):
        found[each.note_id or 0].append(each)
    return found


async def _tags(ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in await sql.rows(_TAGS.format(notes=sql.marks(ids)), ids):
        found[row["note_id"]].append(row["name"])
    return found


async def _digests(
    notes: Sequence[Note], media: Mapping[int, Sequence[Attachment]]
) -> Mapping[int, tuple[str, ...]]:
    """Return the SHA-256 of the files of notes that were written here, by their ids."""
    own = {each.id: note.id for note in notes if note.is_local for each in media.get(note.id, ())}
    found: dict[int, set[str]] = defaultdict(set)
    for number, files in (await files_of(own)).items():
        found[own[number]].update(digest_of(each.key) for each in files)
    return {number: tuple(some) for number, some in found.items()}
