"""Follow: someone wants to hear from one of ours."""

from tortoise.transactions import in_transaction

from actors.actor import Actor, by_uri
from actors.blocks import blocks_between
from actors.follows import Follow
from core.ids import new_id
from federation.activity import Activity
from federation.errors import NotFound
from inbox.joining import answer_join
from inbox.notifications import Event, tell, untell
from moderation.gate import measures_of
from notes.incoming import is_buried
from outbox.accept import accept, reject


async def follow(activity: Activity, follower: Actor) -> None:
    """Accept a follow of someone here, ask them first if they are locked, refuse the blocked."""
    followed = await by_uri(activity.object_id or "")
    if followed is None or not followed.is_local or not followed.is_present:
        raise NotFound(f"{activity.object_id} does not live here")
    if await is_buried(activity.id, follower.uri):
        return
    if await blocks_between(follower.id, followed.id):
        await reject(activity.id, follower, followed)
        return
    asked, is_new = await Follow.get_or_create(
        follower_id=follower.id,
        followed_id=followed.id,
        defaults={"id": new_id(), "uri": activity.id, "verb": activity.type},
    )
    if not is_new and asked.uri != activity.id:
        # They asked anew, as after losing our answer: the newer id is the one to answer.
        asked.uri, asked.verb = activity.id, activity.type
        await asked.save(update_fields=["uri", "verb"])
    if followed.is_group:
        await answer_join(asked, follower, followed)
        return
    if not asked.is_accepted and (followed.is_locked or _must_ask(follower)):
        await tell(followed, Event.FOLLOW_REQUEST, follower)
        return
    await accept(asked, follower, followed)
    await tell(followed, Event.FOLLOW, follower)


async def answer_request(asked: Follow, follower: Actor, me: Actor, *, is_accepted: bool) -> None:
    """Let someone who asked follow, or not; they learn a no from their own server, if at all."""
    async with in_transaction():
        await untell(me, Event.FOLLOW_REQUEST, follower)
        if is_accepted:
            await accept(asked, follower, me)
            await tell(me, Event.FOLLOW, follower)
        else:
            await reject(asked.uri, follower, me)


def _must_ask(follower: Actor) -> bool:
    # `limit` means: out of public view, and follows ask (product.md 6.3).
    return measures_of(follower).limit
