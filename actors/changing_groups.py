"""Changing a group that lives here: what it says of itself and whom it takes, told to others."""

from collections.abc import Mapping
from typing import Any

from tortoise.transactions import in_transaction

from actors import written
from actors.actor import Actor
from actors.groups import Group
from actors.profiles import change_profile


async def change_group(group: Actor, said: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
    """Change columns of its actor and of its settings, and send its Update; none changes nothing.

    Who sees what is in it is not for here: notes keep the audience they had.
    """
    if not said and not chosen:
        return
    async with in_transaction():
        if chosen:
            await Group.filter(actor_id=group.id).update(**chosen)
        await change_profile(group, **said)
    written.forget(group)
