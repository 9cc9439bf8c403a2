"""Flair: marking a thread with the words its group has for that."""

from collections.abc import Sequence

from actors.actor import Actor
from actors.groups import settings_of
from actors.memberships import runs
from notes.group_posts import GroupPost, post_of
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid

MOST_ON_ONE = 3


async def settle_flair(person: Actor, group: Actor, note: Note, names: Sequence[str]) -> None:
    """Let a thread carry these marks and no others, as its author or whoever runs the group."""
    post = await post_of(note)
    is_theirs = note.author_id == person.id or await runs(person, group)
    if not group.is_local or post is None or post.group_id != group.id or not is_theirs:
        raise NotAllowed("Only its author and those who run the group can mark a thread.")
    known = {name.casefold(): name for name in names_of((await settings_of(group)).flair)}
    wanted = list(dict.fromkeys(each.strip().casefold() for each in names if each.strip()))
    if len(wanted) > MOST_ON_ONE or not set(wanted) <= set(known):
        raise NotValid("flair", "At most three marks, and only those the group has.")
    await GroupPost.filter(id=post.id).update(flair=[known[each] for each in wanted])


def names_of(flair: object) -> list[str]:
    """Return the names of a group's marks, or of those a thread carries."""
    found = flair if isinstance(flair, list) else []
    return [str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in found]
