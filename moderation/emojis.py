"""Emojis of this server: taken in and taken away by who runs it, and written down."""

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.emojis import Emoji
from moderation.audit import write_down
from notes.own_emojis import IN_USE, NotTaken, draw_emoji, drop_emoji, keep_emoji, own_emoji


async def add_emoji(code: str, data: bytes, *, by: Actor | None = None, address: str = "") -> Emoji:
    """Take a picture in, to stand for a code. Raises NotTaken with a sentence."""
    drawn = await draw_emoji(code, data)
    try:
        async with in_transaction():
            made = await keep_emoji(drawn)
            await write_down(
                by.id if by else None, "emoji.add", f"emoji:{made.shortcode}", address=address
            )
    except IntegrityError as error:
        raise NotTaken(IN_USE) from error
    return made


async def remove_emoji(code: str, *, by: Actor | None = None, address: str = "") -> bool:
    """Take one away with its file; False where there is none."""
    emoji = await own_emoji(code)
    if emoji is None:
        return False
    async with in_transaction():
        await drop_emoji(emoji)
        await write_down(
            by.id if by else None, "emoji.remove", f"emoji:{emoji.shortcode}", address=address
        )
    return True
