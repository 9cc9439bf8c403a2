"""The emojis of this server: taken in, listed and taken away by whoever runs it."""

from dataclasses import dataclass

from actors.emojis import HERE, Emoji, all_own, is_code
from core.ids import new_id
from core.jobs import Lane, put
from notes.faces import keep_face
from notes.orders import Shape, Unfit

MOST_OWN = 1000
MOST_BYTES = 2 * 1024 * 1024
IN_USE = "This code is there already. Remove it first."


class NotTaken(ValueError):
    """This cannot be an emoji here: a sentence for whoever brought it, and what it is about."""

    def __init__(self, sentence: str, field: str = "code") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Drawn:
    """A picture that is ready to stand for a code; its file is stored, its row is not there yet."""

    code: str
    key: str


async def draw_emoji(code: str, data: bytes) -> Drawn:
    """Make a picture ready to stand for a code. Raises NotTaken; another picture of a code in use
    is refused, for what was written with it would say something else."""
    code = bare(code)
    if not is_code(code):
        raise NotTaken("A code has two to 64 letters of a to z, digits and underscores.")
    if await Emoji.exists(host=HERE, shortcode=code):
        raise NotTaken(IN_USE)
    if await Emoji.filter(host=HERE).count() >= MOST_OWN:
        raise NotTaken(f"There are {MOST_OWN} emojis already.")
    if len(data) > MOST_BYTES:
        raise NotTaken("A picture for an emoji has at most 2 MB.", "picture")
    try:
        path = await keep_face(data, Shape.EMOJI)
    except Unfit as error:
        raise NotTaken(str(error), "picture") from error
    return Drawn(code, path.removeprefix("/media/"))


async def keep_emoji(drawn: Drawn) -> Emoji:
    """Let a picture stand for its code. Call in a transaction, which is over when it raises
    IntegrityError: somebody was faster."""
    return await Emoji.create(id=new_id(), shortcode=drawn.code, host=HERE, url=drawn.key)


async def own_emoji(code: str) -> Emoji | None:
    """Return what stands for a code here, with or without its colons."""
    return await Emoji.get_or_none(host=HERE, shortcode=bare(code))


async def drop_emoji(emoji: Emoji) -> None:
    """Take an emoji away with its file: where it stood, its code is read. Call in a transaction."""
    await emoji.delete()
    await put("notes.delete_files", {"keys": [emoji.url]}, lane=Lane.LATER)


def bare(code: str) -> str:
    """Return a code without the colons around it."""
    return code.strip().strip(":")


async def list_emojis() -> list[str]:
    """Return the codes there are."""
    return [each.shortcode for each in await all_own()]
