"""Which group a note of ours goes into, and whether that group would let it in."""

from actors.actor import Actor
from actors.groups import Answer, Entry, See, may_post, settings_of
from core.rows import load_one
from notes.chosen import CHOSEN
from notes.group_marks import lock_on
from notes.group_posts import Inside, Standing, known_flair
from notes.note import Audience, Note
from notes.visibility import OPEN
from outbox.draft import Draft, Words, narrowed
from outbox.refusals import NotAllowed, NotValid

# Such answers are said in the thread of a group, and others to some people beside it.
_IN_THREADS = (*OPEN, Audience.SERVER, Audience.MEMBERS)
_BESIDE = (*CHOSEN, Audience.PEOPLE, Audience.SELF)


async def inside_of(author: Actor, draft: Draft, words: Words) -> Inside | None:
    """Say where a note belongs: in the group that was chosen, that its thread is in, or that an
    open note names. Raises NotAllowed with the group's reason."""
    parent = draft.in_reply_to
    thread = await _group_of_thread(author, draft, parent)
    group = thread or await _chosen(draft) or _named(draft, words)
    if group is not None and draft.audience in (*CHOSEN, Audience.SELF):
        raise NotValid("audience", "In a group, the group says who can see a note.")
    if group is None:
        if draft.audience == Audience.MEMBERS:
            raise NotAllowed("Choose the group whose members may see it.")
        return None
    if draft.later is not None:
        raise NotAllowed("Confirm your e-mail address before you post in a group.")
    if thread and parent and (lock := await lock_on(parent)):
        why = f" The group says: {lock.reason}" if lock.reason else ""
        raise NotAllowed(f"This thread is locked. It takes no more comments.{why}")
    answer = await may_post(group, author, is_comment=thread is not None)
    if answer.entry is Entry.REFUSED:
        raise NotAllowed(answer.reason)
    return await _inside(group, draft, answer, is_comment=thread is not None)


async def _group_of_thread(author: Actor, draft: Draft, parent: Note | None) -> Actor | None:
    if parent is None or parent.group_id is None:
        return None
    is_in_thread = narrowed(draft.audience, parent, author) in _IN_THREADS
    is_for_group = parent.audience == Audience.MEMBERS and draft.audience not in _BESIDE
    if not (is_in_thread or is_for_group):
        return None
    return await load_one(Actor, "id = ?", [parent.group_id])


async def _chosen(draft: Draft) -> Actor | None:
    if draft.group_id is None:
        return None
    group = await load_one(Actor, "id = ?", [draft.group_id])
    if group is None or not group.is_group or not group.is_present:
        raise NotAllowed("There is no such group.")
    return group


def _named(draft: Draft, words: Words) -> Actor | None:
    """Take a group that an open note names as the one it is for, as every Mastodon client does."""
    if draft.audience not in OPEN:
        return None
    return next((each for each in words.named if each.is_group), None)


async def _flair(group: Actor, draft: Draft) -> tuple[str, ...]:
    found = await known_flair(group, draft.flair)
    if len(found) < len(draft.flair):
        raise NotValid("flair", "At most three marks, and only those the group has.")
    return tuple(found)


async def _inside(group: Actor, draft: Draft, answer: Answer, *, is_comment: bool) -> Inside:
    chosen = await settings_of(group)
    audience = {See.MEMBERS: Audience.MEMBERS, See.SERVER: Audience.SERVER}.get(chosen.see)
    if audience is None and draft.in_reply_to is None and draft.audience not in OPEN:
        audience = Audience.PUBLIC
    is_held = answer.entry is Entry.QUEUED
    is_settled = group.is_local and not is_held
    return Inside(
        group=group,
        audience=audience,
        standing=Standing.ACCEPTED if is_settled else Standing.PENDING,
        is_held=is_held,
        is_comment=is_comment,
        flair=() if is_comment else await _flair(group, draft),
    )
