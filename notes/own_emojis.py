"""The emojis of this server: taken in, listed and taken away by whoever runs it."""

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors.emojis import HERE, Emoji, all_own, is_code
from core.ids import new_id
from core.jobs import Lane, put
from notes.faces import keep_face
from notes.orders import Shape, Unfit

MOST_OWN = 1000


class NotTaken(ValueError):
    """This cannot be an emoji here; the text is a sentence for whoever brought it."""


async def add_emoji(code: str, data: bytes) -> Emoji:
    """Take a picture in, to stand for a code. Raises NotTaken; another picture of a code in use is
    refused, for what was written with it would say something else."""
    code = code.strip().strip(":")
    if not is_code(code):
        raise NotTaken("a code has two to 64 letters of a to z, digits and underscores")
    if await Emoji.exists(host=HERE, shortcode=code):
        raise NotTaken(f":{code}: is there already; remove it first")
    if await Emoji.filter(host=HERE).count() >= MOST_OWN:
        raise NotTaken(f"there are {MOST_OWN} already")
    try:
        path = await keep_face(data, Shape.EMOJI)
        key = path.removeprefix("/media/")
        return await Emoji.create(id=new_id(), shortcode=code, host=HERE, url=key)
    except Unfit as error:
        raise NotTaken(str(error)) from error
    except IntegrityError as error:
        raise NotTaken(f":{code}: is there already") from error


async def remove_emoji(code: str) -> bool:
    """Take an emoji away with its file: where it stood, its code is read. False: there is none."""
    emoji = await Emoji.get_or_none(host=HERE, shortcode=code.strip().strip(":"))
    if emoji is None:
        return False
    async with in_transaction():
        await emoji.delete()
        await put("notes.delete_files", {"keys": [emoji.url]}, lane=Lane.LATER)
    return True


async def list_emojis() -> list[str]:
    """Return the codes there are."""
    return [each.shortcode for each in await all_own()]
