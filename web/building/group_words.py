"""What groups decided about someone here, in words."""

from collections.abc import Sequence

from actors.actor import Actor
from actors.memberships import Membership, State
from actors.remote_groups import was_refused
from core.rows import load_one
from inbox.notifications import Event, Notification
from notes.group_marks import removals_of
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from web.texts import _


async def group_news(told: Sequence[Notification], reader: Actor) -> dict[int, str]:
    """Say what groups decided, by the ids of the notifications: two queries at most."""
    ours = [each for each in told if each.event is Event.GROUP]
    if not ours:
        return {}
    posts = await removals_of([each.note_id for each in ours if each.note_id is not None])
    rows = await Membership.filter(
        person_id=reader.id, group_id__in=[each.actor_id for each in ours]
    )
    standing = {row.group_id: row for row in rows}
    waiting = {each.id for each in ours if each.about and each.note_id is None}
    return {
        each.id: _waits(each.actor)
        if each.id in waiting
        else _news(each.actor, posts.get(each.note_id or 0), standing.get(each.actor_id))
        for each in ours
    }


def _news(group: Actor, post: GroupPost | None, row: Membership | None) -> str:
    if post is not None:
        return words_of_post(group, post)
    return words_of_standing(group, row) or _("{group} changed what it had decided.").format(
        group=f"!{group.handle}"
    )


async def said_of_note(note: Note, viewer: Actor | None) -> str:
    """Say to its author that a note waits in a group, and to all that a group removed it."""
    post = await load_one(GroupPost, "note_id = ? AND standing <> 'accepted'", [note.id])
    group = await load_one(Actor, "id = ?", [post.group_id]) if post else None
    if post is None or group is None:
        return ""
    is_mine = viewer is not None and viewer.id == note.author_id
    if post.standing is Standing.PENDING:
        waits = _("{group} has not passed this on yet.").format(group=f"!{group.handle}")
        return waits if is_mine else ""
    return words_of_post(group, post) if is_mine or post.standing is Standing.REMOVED else ""


async def removal_of(note: Note) -> str:
    """Say in words that a group removed a note that is gone or hidden; "" where none did."""
    is_away = note.deleted_at is not None or note.hidden_at is not None
    return await said_of_note(note, None) if is_away else ""


def _waits(group: Actor) -> str:
    return _("Something waits for those who run {group}.").format(group=f"!{group.handle}")


def words_of_post(group: Actor, post: GroupPost) -> str:
    """Say that a group removed or refused a note, and why."""
    named = {"group": f"!{group.handle}", "reason": post.reason}
    if post.standing is Standing.REFUSED:
        if post.reason:
            return _("{group} did not take this note: {reason}").format(**named)
        return _("{group} did not take this note, and gave no reason.").format(**named)
    if post.reason:
        return _("{group} removed this note: {reason}").format(**named)
    return _("{group} removed this note, and gave no reason.").format(**named)


def words_of_standing(group: Actor, row: Membership | None) -> str:
    """Say that a group banned, refused or warned somebody, until when and why; "" if nothing."""
    if row is None:
        return ""
    if row.state is State.INVITED:
        return _("{group} invites you to join.").format(group=f"!{group.handle}")
    if row.is_member and not row.reason and group.is_local:
        return _("You are a member of {group} now.").format(group=f"!{group.handle}")
    named = {"group": f"!{group.handle}", "reason": row.reason}
    if row.is_banned:
        until = row.until.date().isoformat() if row.until else ""
        said = (
            _("{group} banned you until {date}.").format(**named, date=until)
            if until
            else _("{group} banned you.").format(**named)
        )
        return f"{said} {_reason(row.reason)}".strip()
    if was_refused(row):
        said = _("{group} does not take you as a member.").format(**named)
        return f"{said} {_reason(row.reason)}".strip()
    if row.reason:
        return _("A moderator of {group} warned you: {reason}").format(**named)
    return ""


def _reason(reason: str) -> str:
    return _("It says: {reason}").format(reason=reason) if reason else ""
