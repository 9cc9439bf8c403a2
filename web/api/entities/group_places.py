"""Where a status stands: in which group, and what the group made of it."""

from collections.abc import Sequence

import msgspec

from actors.actor import Actor
from core import sql
from core.rows import load, load_ids
from notes.group_posts import GroupPost
from notes.note import Note
from outbox.flair import names_of
from web.render import absolute


class GroupOfStatus(msgspec.Struct):
    """The group that a status is in; `flair` and what follows are of what begins a thread."""

    id: str
    acct: str
    title: str
    url: str
    flair: list[str]
    standing: str | None
    locked: bool
    pinned: bool


async def places_of(notes: Sequence[Note]) -> dict[int, GroupOfStatus]:
    """Write where these notes stand, by note: two queries, none where none is in a group."""
    inside = [note for note in notes if note.group_id]
    if not inside:
        return {}
    groups = await load_ids(Actor, (note.group_id for note in inside))
    ids = [note.id for note in inside]
    posts = {
        row.note_id: row for row in await load(GroupPost, f"note_id IN ({sql.marks(ids)})", ids)
    }
    return {
        note.id: _place(groups[note.group_id], posts.get(note.id))
        for note in inside
        if note.group_id in groups
    }


def _place(group: Actor, post: GroupPost | None) -> GroupOfStatus:
    return GroupOfStatus(
        id=str(group.id),
        acct=group.handle,
        title=group.display_name,
        url=absolute(group.page) if group.is_local else (group.url or group.uri),
        flair=names_of(post.flair) if post else [],
        standing=post.standing.value if post else None,
        locked=bool(post and post.locked_at),
        pinned=bool(post and post.pinned_at),
    )
