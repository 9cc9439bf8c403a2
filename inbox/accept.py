"""Accept and Reject: the answer to a follow of ours, to a request to quote, or to a report."""

from actors.actor import Actor
from actors.follows import Follow, end, settle
from actors.memberships import State, stand
from actors.remote_groups import Invitation, refused
from federation.activity import Activity
from federation.read import iri_of, text
from inbox.fetch import known_note
from inbox.flag import answered
from inbox.group_news import tell_author
from inbox.group_threads import want_threads
from inbox.quotes import accepted, rejected
from inbox.timelines import fill_home, take_from_home
from notes.group_posts import GroupPost, Standing
from outbox.sent import Sent


async def accept(activity: Activity, followed: Actor) -> None:
    """Put our follow in force: only the followed may say so, and only to what we asked (ORG-14)."""
    if await accepted(activity, followed) or await answered(activity, followed, is_right=True):
        return
    if follow := await _ours(activity, followed):
        await settle(follow)
        follower = await follow.follower
        await fill_home(follower, followed)
        if followed.is_group and not followed.is_local:
            await Invitation.filter(person_id=follower.id, group_id=followed.id).delete()
            await stand(follower.id, followed.id, State.MEMBER)
            await want_threads(followed)


async def reject(activity: Activity, followed: Actor) -> None:
    """End our follow, asked for or in force; what a group says for a reason is kept."""
    if await rejected(activity, followed) or await answered(activity, followed, is_right=False):
        return
    if follow := await _ours(activity, followed):
        follower = await follow.follower
        await end(follow)
        await take_from_home(follower, followed)
        if followed.is_group and not followed.is_local:
            because = text(activity.document, "summary") or text(activity.document, "content")
            await refused(follower, followed, because)
    elif followed.is_group and not followed.is_local:
        await _refuse_note(activity, followed)


async def _refuse_note(activity: Activity, group: Actor) -> None:
    """Note that a group elsewhere did not let in what someone here posted, and tell them why.

    It names the Create, or the note (federation.md 10.2).
    """
    uri = activity.object_id or ""
    sent = await Sent.get_or_none(uri=uri, kind="Create")
    note = await known_note(sent.object_uri if sent else uri)
    if note is None or not note.is_local or note.group_id != group.id:
        return
    values = {
        "group_id": group.id,
        "standing": Standing.REFUSED,
        "reason": text(activity.document, "summary") or text(activity.document, "content"),
    }
    await GroupPost.update_or_create(note_id=note.id, defaults=values)
    await tell_author(note, group)


async def _ours(activity: Activity, followed: Actor) -> Follow | None:
    # Guppe answers with the Follow's id alone; others embed it, some under an id of their own.
    inner = activity.object if isinstance(activity.object, dict) else {}
    asked = Follow.filter(followed_id=followed.id)
    if found := await asked.get_or_none(uri=activity.object_id or "").select_related("follower"):
        return found if found.follower.is_local else None
    follower = iri_of(inner.get("actor"))
    if inner.get("type") not in ("Follow", "Join") or iri_of(inner.get("object")) != followed.uri:
        return None
    found = await asked.filter(follower__uri=follower or "").first().select_related("follower")
    return found if found and found.follower.is_local else None
