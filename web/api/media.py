"""/api/v2/media: pictures and videos before they are posted (mastodon-api.md 5.1)."""

from typing import Any

from aiohttp import web
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.paging import number
from core.settings import settings
from notes.attachments import Attachment, State, load_media
from notes.files import drop
from notes.orders import Unfit
from notes.previews import keep_preview, throw_away
from notes.uploads import LONGEST_ALT, count_upload, settled, take_in
from web.api.access import account_of
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.api.described import MEGABYTE, THUMBNAIL, focus_from, most_bytes, preview_in, refused
from web.api.entities.media import media_of_upload
from web.api.errors import ApiError, Invalid, Lacking
from web.errors import Missing
from web.refusals import in_their_words

PATIENCE_S = 3  # a picture is done by then on a machine with nothing else to do
WHOLE_S = 25


async def create(request: web.Request) -> web.Response:
    """Take a file in: 200 when it is ready, 202 while it is being worked on."""
    kept = await taken(request)
    kept = await settled(kept, seconds=PATIENCE_S)
    return _told(kept, unfinished=202)


async def create_v1(request: web.Request) -> web.Response:
    """Take a file in and answer when it is ready, for older clients."""
    kept = await settled(await taken(request), seconds=WHOLE_S)
    if kept.state in (State.WAITING, State.WORKING):
        raise ApiError("This takes too long for this address. Use /api/v2/media instead.")
    return _told(kept, unfinished=202)


async def show(request: web.Request) -> web.Response:
    """How far an upload is: 206 while it is being worked on, 422 when it cannot be used."""
    return _told(await _own(request), unfinished=206)


async def save(request: web.Request) -> web.Response:
    """Describe an upload, say where it matters most, and give it another picture in lists."""
    kept = await _own(request)
    wanted = await asked(request, most=most_bytes())
    if wanted.upload(THUMBNAIL):
        await count_upload(account_of(request).id)
    preview = await preview_in(wanted)
    await _describe(kept, wanted)
    if preview:
        await keep_preview(kept, preview)
    return _told((await load_media("id = ?", [kept.id]))[0], unfinished=206)


async def delete(request: web.Request) -> web.Response:
    """Throw an upload away; one that hangs on a note stays."""
    kept = await uploaded(request)
    if kept.note_id is not None:
        raise ApiError("Media attachment is currently used by a status")
    if kept.appeal_id is not None:
        raise ApiError("Media attachment is currently used by an appeal")
    async with in_transaction():
        await drop([kept.id])
    return nothing()


async def taken(request: web.Request) -> Attachment:
    """Take in the file of a form, within the limits; raises ApiError for what none can be."""
    account = account_of(request)
    await count_upload(account.id)
    media = settings().media
    most = max(media.max_image_mb, media.max_video_mb) + media.max_image_mb + 1
    wanted = await asked(request, most=most * MEGABYTE)
    upload = wanted.upload("file")
    if upload is None:
        raise Lacking("file")
    alt, preview = _alt(wanted) or "", await preview_in(wanted)
    try:
        kept = await take_in(account.actor, upload.whole, alt=alt)
    except Unfit as error:
        if preview:
            await throw_away(preview)
        raise refused(error) from error
    await _describe(kept, wanted)
    if preview:
        await keep_preview(kept, preview)
    return kept


async def _describe(kept: Attachment, wanted: Asked) -> None:
    columns: dict[str, Any] = {}
    if (text := _alt(wanted)) is not None:
        columns["alt"] = text
    if focus := focus_from(wanted.text("focus")):
        columns |= {"focus_x": focus[0], "focus_y": focus[1]}
    if columns:
        await Attachment.filter(id=kept.id).update(**columns)


def _alt(wanted: Asked) -> str | None:
    """Read a description; raises Invalid for one that would have to be cut."""
    text = wanted.text("description")
    if text is None:
        return None
    if len(text.strip()) > LONGEST_ALT:
        said = f"is too long (maximum is {LONGEST_ALT} characters)"
        raise Invalid({"description": ("ERR_TOO_LONG", said)})
    return text.strip()


def _told(kept: Attachment, *, unfinished: int) -> web.Response:
    if kept.state is State.FAILED:
        raise ApiError(f"Validation failed: {in_their_words(kept.failure)}")
    is_ready = kept.state is State.READY
    return answer(media_of_upload(kept), status=200 if is_ready else unfinished)


async def _own(request: web.Request) -> Attachment:
    """Find an upload of the caller's that is on no note yet (MED-08)."""
    kept = await uploaded(request)
    if kept.note_id is not None or kept.appeal_id is not None:
        raise Missing(request.path)
    return kept


async def uploaded(request: web.Request) -> Attachment:
    """Find an upload of the caller's, with its files; raises Missing."""
    owner: Actor = account_of(request).actor
    wanted = number(request.match_info["id"])
    found = await load_media("id = ? AND owner_id = ?", [wanted, owner.id])
    if not found:
        raise Missing(request.path)
    return found[0]
