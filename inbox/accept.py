"""Accept and Reject: the answer to a follow of ours."""

from actors.actor import Actor
from actors.follows import Follow, end, settle
from actors.memberships import State, stand
from actors.remote_groups import Invitation, refused
from federation.activity import Activity
from federation.read import iri_of, text
from inbox.group_threads import want_threads
from inbox.timelines import fill_home, take_from_home


async def accept(activity: Activity, followed: Actor) -> None:
    """Put our follow in force: only the followed may say so, and only to what we asked (ORG-14)."""
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
    if follow := await _ours(activity, followed):
        follower = await follow.follower
        await end(follow)
        await take_from_home(follower, followed)
        if followed.is_group and not followed.is_local:
            because = text(activity.document, "summary") or text(activity.document, "content")
            await refused(follower, followed, because)


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
