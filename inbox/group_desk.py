"""What those who run a group answer: to who asks to join, and to what waits to be let in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.follows import follow_between, readers_of
from actors.memberships import (
    Membership,
    State,
    membership_of,
    moderators_of,
    runs,
    stand,
)
from core.clock import now
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from federation.write import write
from inbox.create import release
from inbox.notifications import Event, Notification, tell, tell_staff
from inbox.spreading import spread_note
from moderation.held import tell_let_out
from notes.group_posts import NOT_INSIDE, GroupPost, Standing
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.removal import remove
from outbox.accept import accept, reject
from outbox.create import let_out
from outbox.deliver import FIRM, Reach, send_out
from outbox.refusals import NotAllowed
from outbox.spread import decline

REMIND_AFTER = timedelta(days=7)


async def tell_desk(payload: Mapping[str, Any]) -> None:
    """Tell those who run a group that somebody asks, or a note waits. Job `inbox.tell_desk`."""
    group = await Actor.get_or_none(id=payload["group"])
    if group is None:
        return
    about = int(payload.get("person") or payload["note"])
    for row in await moderators_of(group):
        if row.person.is_local:
            await tell_staff(row.person_id, Event.GROUP, group.id, about)


async def remind_desk() -> None:
    """Tell those who run a group once more of who has waited for a week; runs by the clock."""
    late = Membership.filter(
        state=State.ASKED,
        since__lt=now() - REMIND_AFTER,
        reminded_at=None,
        group__local_name__not_isnull=True,
    )
    for row in await late.order_by("id").limit(200):
        async with in_transaction():
            if not await Membership.filter(id=row.id, reminded_at=None).update(reminded_at=now()):
                continue
            told = Notification.filter(event=Event.GROUP, actor_id=row.group_id)
            await told.filter(about=row.person_id).delete()
            await put("inbox.tell_desk", {"group": row.group_id, "person": row.person_id})


async def answer_request(
    moderator: Actor, group: Actor, person: Actor, *, is_accepted: bool, reason: str = ""
) -> None:
    """Let somebody who asked be a member, or not, and say why."""
    await check_runs(moderator, group)
    async with in_transaction():
        row, follow = await membership_of(person, group), await follow_between(person, group)
        if row is None or row.state is not State.ASKED or follow is None:
            raise NotAllowed("Nobody is waiting under this name.")
        if is_accepted:
            await stand(person.id, group.id, State.MEMBER, by_id=moderator.id)
            await accept(follow, person, group)
        else:
            if not follow.is_accepted:
                # Of an open group only the membership is declined: whoever may read goes on.
                await reject(follow.uri, person, group, reason=reason)
            await stand(person.id, group.id, State.LEFT, reason=reason[:500], by_id=moderator.id)
        await tell(person, Event.GROUP, group)


async def invite(moderator: Actor, group: Actor, person: Actor) -> None:
    """Ask somebody to join: when they do, they are let in at once."""
    await check_runs(moderator, group)
    row = await membership_of(person, group)
    if row is not None and (row.is_member or row.is_banned):
        raise NotAllowed("They are a member already, or banned.")
    async with in_transaction():
        await stand(person.id, group.id, State.INVITED, by_id=moderator.id)
        follow = await follow_between(person, group)
        if follow:
            # They asked before, or read along: nothing is left to wait for.
            await stand(person.id, group.id, State.MEMBER, by_id=moderator.id)
            await accept(follow, person, group)
        elif person.is_local:
            await tell(person, Event.GROUP, group)
        else:
            await _send_invite(group, person)


async def _send_invite(group: Actor, person: Actor) -> None:
    activity = write(
        "Invite",
        id=settings().url(f"/a/{new_id()}"),
        actor=group.uri,
        object=group.uri,
        target=person.uri,
        to=[person.uri],
    )
    await send_out(activity, group, Reach(actors=[person], personal=True), lane=FIRM)


async def let_in(moderator: Actor, group: Actor, post: GroupPost) -> None:
    """Show a thread that waited, and pass it on; of what was written here the Create goes out."""
    await check_runs(moderator, group)
    if await Note.exists(id=post.note_id, hidden_at__not_isnull=True):
        raise NotAllowed("A decision hides this note; it can be let in once that has ended.")
    async with in_transaction():
        note = await _taken(post, moderator, Standing.ACCEPTED, "")
        if note.is_local:
            if not note.held_because:
                await let_out(note)
            await tell(note.author, Event.GROUP, group, note)
        elif not note.held_because:
            await _show_inside(note, group, post)


async def release_held(note: Note) -> None:
    """Let go of a note that the policy held; one that waits for a group goes on waiting there, and
    one that the group refused stays away.

    Call in a transaction.
    """
    post = await GroupPost.get_or_none(note_id=note.id).select_related("group")
    if post is not None and post.standing in NOT_INSIDE and post.group.is_local:
        await Note.filter(id=note.id).update(held_because="")
    elif note.is_local:
        if await let_out(note):
            await tell_let_out(note)
    elif post is not None and post.standing is Standing.ACCEPTED and post.group.is_local:
        await _show_inside(note, post.group, post)
    else:
        await release(note)


async def _show_inside(note: Note, group: Actor, post: GroupPost) -> None:
    if await release(note) and post.letter:
        await spread_note(group, note, post.letter)


async def keep_out(moderator: Actor, group: Actor, post: GroupPost, *, reason: str) -> None:
    """Send a thread that waited back to its author with the reason."""
    await check_runs(moderator, group)
    if not reason.strip():
        raise NotAllowed("Say why, so that they know what to change.")
    async with in_transaction():
        note = await _taken(post, moderator, Standing.REFUSED, reason)
        if note.is_local:
            await tell(note.author, Event.GROUP, group, note)
            return
        create = str((post.letter or {}).get("id") or note.uri)
        await decline(group, note.author, create, reason=reason)
        await _let_go(note)


async def _let_go(note: Note) -> None:
    """Keep what others here want to read as an ordinary note, and nothing else."""
    is_wanted = note.audience != Audience.MEMBERS and (
        await readers_of(note.author_id)
        or await Mention.exists(
            note_id=note.id, actor__local_name__not_isnull=True, actor__kind="Person"
        )
    )
    if is_wanted:
        await Note.filter(id=note.id).update(group_id=None)
        note.group_id = None
        await release(note)
    else:
        await remove(note)


async def _taken(post: GroupPost, moderator: Actor, standing: Standing, reason: str) -> Note:
    """Settle what waited; whoever comes second finds nothing that waits."""
    waiting = GroupPost.filter(id=post.id, standing=Standing.PENDING)
    if not await waiting.update(standing=standing, reason=reason[:500], by_id=moderator.id):
        raise NotAllowed("Somebody has answered this already.")
    return await Note.get(id=post.note_id).select_related("author")


async def check_runs(moderator: Actor, group: Actor) -> None:
    """Raise NotAllowed unless somebody runs a group that lives here."""
    if not group.is_local or not await runs(moderator, group):
        raise NotAllowed("Only those who run this group can do this.")
