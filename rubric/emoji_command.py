"""`rubric emoji`: the pictures that stand for :words: on this server."""

import asyncio
from pathlib import Path

from notes.own_emojis import NotTaken, add_emoji, list_emojis, remove_emoji
from rubric.people import Impossible

MOST_BYTES = 2 * 1024 * 1024


async def add(code: str, path: Path) -> str:
    """Take a picture in. Raises Impossible."""
    data = await asyncio.to_thread(path.read_bytes)
    if len(data) > MOST_BYTES:
        raise Impossible(f"{path} is larger than 2 MB")
    try:
        emoji = await add_emoji(code, data)
    except NotTaken as error:
        raise Impossible(str(error)) from error
    return f":{emoji.shortcode}: can be written now"


async def remove(code: str) -> str:
    """Take one away. Raises Impossible when there is none."""
    if not await remove_emoji(code):
        raise Impossible(f"there is no emoji {code}")
    return f"{code} is taken away; where it stood, its name is read"


async def show() -> str:
    """Say which there are."""
    return "\n".join(f":{code}:" for code in await list_emojis()) or "there are none"
