"""Whose moderators read a report: those of the group where all its notes stand, or the server's."""

from collections.abc import Sequence

from actors.actor import Actor
from actors.groups import settings_of
from actors.memberships import moderators_of
from notes.note import Note


async def place_of(notes: Sequence[Note]) -> Actor | None:
    """Return the group that all these notes stand in, here or elsewhere."""
    groups = {note.group_id for note in notes}
    if len(groups) != 1 or None in groups:
        return None
    return await Actor.get_or_none(id=groups.pop(), gone_at=None)


async def readers_in(group: Actor, *concerned: int | None) -> frozenset[int]:
    """Return who runs a group of ours, lives here, and is none of those concerned."""
    if not group.is_local or not group.is_present:
        return frozenset()
    people = [row.person for row in await moderators_of(group)]
    here = {each.id for each in people if each.is_local and each.is_present}
    return frozenset(here - set(concerned))


async def reading_group(notes: Sequence[Note], *concerned: int | None) -> Actor | None:
    """Return the group of ours whose moderators can answer a report about these notes, if any.

    A group that nobody runs any more has none; nor has one whose only moderator is concerned.
    """
    group = await place_of(notes)
    if group is None or not group.is_local or (await settings_of(group)).asleep_at is not None:
        return None
    return group if await readers_in(group, *concerned) else None
