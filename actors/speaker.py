"""@policy: the Service by which the rules speak, for anyone to follow; nobody signs in as it."""

from tortoise.transactions import in_transaction

from actors.actor import Actor, Kind, local_actor
from actors.keys import make_keys
from actors.making import make_actor

NAME = "policy"
TITLES = {"en": "Rules", "zh": "守则"}


async def ensure_speaker(*, language: str) -> None:
    """Make it at the first start; an operator who gave the name to somebody else goes without."""
    if await local_actor(NAME) is not None:
        return
    keys = await make_keys()
    title = TITLES.get(language.partition("-")[0], TITLES["en"])
    async with in_transaction():
        await make_actor(NAME, Kind.SERVICE, keys, title=title, is_bot=True, hides_follows=True)


async def speaker() -> Actor | None:
    """Return it, or None where the name belongs to somebody else."""
    found = await local_actor(NAME)
    return found if found is not None and found.kind == Kind.SERVICE else None
