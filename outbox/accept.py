"""Accept and Reject: a follower, a member."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.follows import Follow, end, settle
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.follow import document_of, pair


async def accept(asked: Follow, follower: Actor, followed: Actor) -> None:
    """Put a follow in force and say so; said again when asked again, for an answer may be lost."""
    async with in_transaction():
        await settle(asked)
        await _answer("Accept", document_of(asked, follower, followed), follower, followed)


async def reject(uri: str, follower: Actor, followed: Actor, *, reason: str = "") -> None:
    """Refuse a follow, or remove a follower; `uri` is the id of their Follow. Groups say why."""
    async with in_transaction():
        asked = await Follow.get_or_none(follower_id=follower.id, followed_id=followed.id)
        verb = asked.verb if asked and asked.uri == uri else "Follow"
        if asked:
            await end(asked)
        inner = write(verb, id=uri, actor=follower.uri, object=followed.uri, to=[followed.uri])
        await _answer("Reject", inner, follower, followed, summary=reason or None)


async def _answer(
    kind: str,
    inner: dict[str, object],
    follower: Actor,
    followed: Actor,
    *,
    summary: str | None = None,
) -> None:
    activity = write(
        kind,
        id=activity_uri(),
        actor=followed.uri,
        object=inner,
        to=[follower.uri],
        summary=summary,
    )
    reach = Reach(actors=[follower], personal=True)
    await deliver(activity, followed, reach, lane=FIRM, key=pair(follower, followed))
