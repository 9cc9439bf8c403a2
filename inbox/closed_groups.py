"""What was said in a closed group elsewhere is for those here who belong to it (PRIV-14)."""

from dataclasses import replace

from actors.actor import Actor, Kind
from actors.groups import See, settings_of
from core import sql
from core.rows import load_one
from notes.group_posts import Inside, Standing
from notes.incoming import audience_for
from notes.note import Audience
from notes.prepared import Prepared
from notes.visibility import OPEN


async def for_members(prepared: Prepared, group: Actor) -> Prepared:
    """Let a note that is not open be for those who belong to a closed group."""
    if audience_for(prepared) in OPEN or (await settings_of(group)).see is not See.MEMBERS:
        return prepared
    inside = Inside(
        group=group,
        audience=Audience.MEMBERS,
        standing=Standing.ACCEPTED,
        is_comment=bool(prepared.read.in_reply_to),
    )
    return replace(prepared, inside=inside)


async def as_addressed(prepared: Prepared) -> Prepared:
    """Do so with a note that is addressed to the followers of a closed group we know.

    That it stands in the group, the group alone says by passing it on.
    """
    read = prepared.read
    named = [*read.to, *read.cc]
    few = (Audience.PEOPLE, Audience.CIRCLE)
    if prepared.inside or not named or audience_for(prepared) not in few:
        return prepared
    group = await load_one(
        Actor,
        f"uri IN ({sql.marks(named)}) AND followers_uri IN ({sql.marks(named)})"
        " AND kind = ? AND local_name IS NULL AND gone_at IS NULL ORDER BY id",
        [*named, *named, Kind.GROUP.value],
    )
    return await for_members(prepared, group) if group else prepared
