"""Flair: marking a thread with the words its group has for that."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.groups import settings_of
from actors.memberships import runs
from notes.group_posts import MOST_FLAIR, GroupPost, post_of
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid
from outbox.update import send_note

MOST_ON_ONE = MOST_FLAIR


async def settle_flair(person: Actor, group: Actor, note: Note, names: Sequence[str]) -> None:
    """Let a thread carry these marks and no others, as its author or whoever runs the group.

    Of what was written here an Update goes out; its author must be loaded.
    """
    post = await post_of(note)
    is_theirs = note.author_id == person.id or await runs(person, group)
    if not group.is_local or post is None or post.group_id != group.id or not is_theirs:
        raise NotAllowed("Only its author and those who run the group can mark a thread.")
    known = {name.casefold(): name for name in names_of((await settings_of(group)).flair)}
    wanted = list(dict.fromkeys(each.strip().casefold() for each in names if each.strip()))
    if len(wanted) > MOST_ON_ONE or not set(wanted) <= set(known):
        raise NotValid("flair", "At most three marks, and only those the group has.")
    async with in_transaction():
        await GroupPost.filter(id=post.id).update(flair=[known[each] for each in wanted])
        if note.is_local and note.held_at is None and note.hidden_at is None:
            await send_note(note)


def names_of(flair: object) -> list[str]:
    """Return the names of a group's marks, or of those a thread carries."""
    found = flair if isinstance(flair, list) else []
    return [str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in found]
