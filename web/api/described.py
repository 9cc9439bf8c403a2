"""What an app says of the media of a status it writes: `media_attributes` (mastodon-api.md 5.4)."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core.settings import settings
from notes.orders import TooHeavy, Unfit
from notes.previews import Look, Preview, make_preview, throw_away
from notes.uploads import LONGEST_ALT, count_upload
from web.api.asked import Asked
from web.api.errors import ApiError, Heavy
from web.refusals import why

MEGABYTE = 1024 * 1024
MOST_MEDIA = 40
THUMBNAIL = "thumbnail"


@dataclass(frozen=True)
class Described:
    """New words, and how to show it, of media by their ids."""

    alts: dict[int, str] = field(default_factory=dict)
    looks: dict[int, Look] = field(default_factory=dict)


def most_bytes() -> int:
    """Return how many bytes a form may have that brings pictures to stand for media."""
    return (settings().media.max_image_mb + 1) * MEGABYTE


@asynccontextmanager
async def described(
    wanted: Asked, ids: Collection[int], account_id: int
) -> AsyncIterator[Described]:
    """Read what is said of these media; what was made for it goes where nothing comes of it.

    Raises ApiError for a picture that is none, and TooMany.
    """
    said, is_taken = Described(), False
    try:
        for each in wanted.groups("media_attributes", MOST_MEDIA):
            number = each.id("id")
            if number is not None and number in ids:
                await _read(each, number, said, account_id)
        yield said
        is_taken = True
    finally:
        if not is_taken:
            for preview in filter(None, (each.preview for each in said.looks.values())):
                await throw_away(preview)


async def _read(wanted: Asked, number: int, said: Described, account_id: int) -> None:
    if (text := wanted.text("description")) is not None:
        said.alts[number] = text.strip()[:LONGEST_ALT]
    preview = None
    if wanted.upload(THUMBNAIL) and not (number in said.looks and said.looks[number].preview):
        await count_upload(account_id)
        preview = await preview_in(wanted)
    focus = focus_from(wanted.text("focus"))
    if focus or preview:
        before = said.looks.get(number, Look())
        said.looks[number] = Look(focus or before.focus, preview or before.preview)


async def preview_in(wanted: Asked) -> Preview | None:
    """Make the picture that an app sends to stand for a file in lists, if it sends one."""
    sent = wanted.upload(THUMBNAIL)
    try:
        return await make_preview(await asyncio.to_thread(lambda: sent.data)) if sent else None
    except Unfit as error:
        raise refused(error) from error


def refused(error: Unfit) -> ApiError:
    """Return how an upload that cannot be used is answered."""
    heavy = isinstance(error, TooHeavy)
    return Heavy(why(error)) if heavy else ApiError(f"Validation failed: {why(error)}")


def focus_from(text: str | None) -> tuple[float, float] | None:
    """Read "x,y", each from -1 to 1; None for anything else."""
    try:
        x, y = (float(each) for each in (text or "").split(","))
    except ValueError:
        return None
    return (x, y) if abs(x) <= 1 and abs(y) <= 1 else None
