"""Follow."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import blocks_between
from actors.follows import Follow, settle
from actors.memberships import State, membership_of, stand
from actors.remote_groups import invited, is_joined
from core.ids import new_id
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.refusals import NotAllowed


async def follow(follower: Actor, followed: Actor, *, boosts: bool = True) -> Follow:
    """Ask to follow someone, or to join a group, here or elsewhere; in force once they accept."""
    if follower.id == followed.id:
        raise NotAllowed("You cannot follow yourself.")
    if not followed.is_present or await blocks_between(follower.id, followed.id):
        raise NotAllowed("You cannot follow this account.")
    is_remote_group = followed.is_group and not followed.is_local
    if is_remote_group:
        await _check_standing(follower, followed)
    async with in_transaction():
        uri = activity_uri()
        row, is_new = await Follow.get_or_create(
            follower_id=follower.id,
            followed_id=followed.id,
            defaults={"id": new_id(), "uri": uri, "shows_boosts": boosts},
        )
        if row.shows_boosts != boosts:
            row.shows_boosts = boosts
            await row.save(update_fields=["shows_boosts"])
        if is_new:
            if is_remote_group:
                await stand(follower.id, followed.id, State.ASKED)
            activity = await _asking(row, follower, followed)
            reach = Reach(actors=[followed], personal=True)
            await deliver(activity, follower, reach, lane=FIRM, key=pair(follower, followed))
            if _asks_nobody(followed):
                # Their answer is known, so whoever reads next already sees it; they are told as
                # ever, when the letter comes.
                await settle(row)
    return row


def _asks_nobody(followed: Actor) -> bool:
    return followed.is_local and not followed.is_locked and not followed.is_group


async def _check_standing(person: Actor, group: Actor) -> None:
    """Refuse whom the group has banned, for it would."""
    row = await membership_of(person, group)
    if row is not None and row.is_banned:
        why = f" It says: {row.reason}" if row.reason else ""
        raise NotAllowed(f"This group has banned you.{why}")


async def _asking(row: Follow, follower: Actor, followed: Actor) -> dict[str, object]:
    """Write what is asked in the form the other side demands (federation.md 10.5)."""
    if followed.is_group and (invitation := await invited(follower, followed)):
        to = [followed.uri]
        return write("Accept", id=row.uri, actor=follower.uri, object=invitation, to=to)
    verb = "Join" if await is_joined(followed) else "Follow"
    return document_of(row, follower, followed, verb=verb)


def document_of(
    row: Follow, follower: Actor, followed: Actor, *, verb: str = ""
) -> dict[str, object]:
    """Write a Follow as it was, also for embedding in its Accept, Reject and Undo."""
    return write(
        verb or row.verb, id=row.uri, actor=follower.uri, object=followed.uri, to=[followed.uri]
    )


def pair(follower: Actor, followed: Actor) -> str:
    """Name what must stay in order between two actors (reliability.md 3.9)."""
    return f"{follower.uri} {followed.uri}"
