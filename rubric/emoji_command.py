"""`rubric emoji`: the pictures that stand for :words: on this server."""

import asyncio
from pathlib import Path

from moderation.audit import SHELL
from moderation.emojis import add_emoji, remove_emoji
from notes.own_emojis import NotTaken, list_emojis
from rubric.people import Impossible


async def add(code: str, path: Path) -> str:
    """Take a picture in. Raises Impossible."""
    data = await asyncio.to_thread(path.read_bytes)
    try:
        emoji = await add_emoji(code, data, address=SHELL)
    except NotTaken as error:
        raise Impossible(str(error)) from error
    return f":{emoji.shortcode}: can be written now"


async def remove(code: str) -> str:
    """Take one away. Raises Impossible when there is none."""
    if not await remove_emoji(code, address=SHELL):
        raise Impossible(f"there is no emoji {code}")
    return f"{code} is taken away; where it stood, its name is read"


async def show() -> str:
    """Say which there are."""
    return "\n".join(f":{code}:" for code in await list_emojis()) or "there are none"
