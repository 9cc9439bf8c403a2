"""The pictures and videos of a form: those that came with it, and those scripts send ahead."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import Account
from core.languages import language_tag
from core.limits import TooMany
from core.paging import number
from core.settings import settings
from core.storage import StorageTrouble
from notes.attachments import Attachment, State, load_files
from notes.attachments import Media as Kind
from notes.captions import NotCaptions
from notes.cutting import BadCut, cut_of
from notes.orders import TooHeavy
from notes.processing import change
from notes.uploads import (
    LONGEST_ALT,
    WAIT_S,
    count_upload,
    keep_captions,
    settled,
    take_in,
    waiting_uploads,
)
from web.asking import signed_in
from web.building import composer as composing
from web.errors import Missing
from web.forms import Posted, check_header, form_token, read_form
from web.parts import NO_ROOM, Upload
from web.refusals import why
from web.texts import _
from web.views.composing import MediaItem

MEGABYTE = 1024 * 1024
AT_ONCE = 8 * MEGABYTE  # above this, scripts send pieces (product.md 3.2)
WORDS_AND_CAPTIONS = 10 * MEGABYTE
UNDER_WORK = (State.WAITING, State.WORKING)

log = structlog.get_logger()


@dataclass
class Media:
    """The uploads of a form, in the order its author gave them; `errors` are of those not kept."""

    kept: list[Attachment] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        """Their numbers, as a draft wants them."""
        return [each.id for each in self.kept]

    @property
    def items(self) -> tuple[MediaItem, ...]:
        """What the form shows of them."""
        return tuple(composing.item_of(each, self.wrong.get(each.id, "")) for each in self.kept)


def most_bytes() -> int:
    """Return how large a form may be: without scripts, all pictures of a note come at once."""
    media = settings().media
    most = max(media.max_images * media.max_image_mb, media.max_video_mb)
    return most * MEGABYTE + WORDS_AND_CAPTIONS


async def media_of_form(form: Posted, account: Account) -> Media:
    """Read a form's uploads: describe, order and change those that came before, take in the new.

    Those that came before are the author's own and on no note yet (security.md MED-08).
    """
    named = [each for each in map(number, form.all("media")) if each]
    found = Media(await waiting_uploads(account.actor, list(dict.fromkeys(named))))
    found.kept = [each for each in found.kept if not form.is_on(f"remove-{each.id}")]
    places = {each: place for place, each in enumerate(named)}
    found.kept.sort(key=lambda each: (number(form.text(f"order-{each.id}")) or 0, places[each.id]))
    await made_ready([each for each in found.kept if _asks(each, form)], seconds=WAIT_S)
    for each in found.kept:
        try:
            await describe(each, form)
        except (BadCut, NotCaptions, TooHeavy) as error:
            found.wrong[each.id] = why(error)
    for upload in form.files("files"):
        await _add(found, upload, account)
    if len(found.kept) > 1 and any(each.media is Kind.VIDEO for each in found.kept):
        found.refused.append(_("A note has pictures or one video."))
    return found


async def describe(each: Attachment, form: Posted) -> None:
    """Keep what a form says of an upload, and have it worked on where that changes its looks.

    Raises BadCut, NotCaptions, TooHeavy.
    """
    name = each.id
    each.alt = form.text(f"alt-{name}")[:LONGEST_ALT]
    each.is_decorative = form.is_on(f"decorative-{name}")
    cell = number(form.text(f"focus-{name}")) or composing.cell_of(each)
    if 1 <= cell <= 9 and cell != composing.cell_of(each):
        each.focus_x, each.focus_y = composing.focus_of(cell)
    await each.save(update_fields=["alt", "is_decorative", "focus_x", "focus_y"])
    if captions := form.file(f"captions-{name}"):
        await _caption(each, captions, form.text(f"captions-language-{name}"))
    if _asks(each, form):
        await _change(each, form)


async def _caption(each: Attachment, captions: Upload, language: str) -> None:
    """Give a video captions, WebVTT or SubRip. Raises NotCaptions."""
    tag = language_tag(language)
    if each.media is not Kind.VIDEO or not tag:
        raise NotCaptions("Captions belong to a video, and have a language.")
    await keep_captions(each, await asyncio.to_thread(lambda: captions.data), language=tag)


async def made_ready(uploads: Sequence[Attachment], *, seconds: float) -> None:
    """Wait until these are as their owner wanted them so far, but no longer than a form should."""
    under_work = [each for each in uploads if each.state in UNDER_WORK]
    await asyncio.gather(*(settled(each, seconds=seconds) for each in under_work))
    for each in under_work:
        await each.refresh_from_db()
    await load_files(under_work)


def _asks(each: Attachment, form: Posted) -> bool:
    """Tell whether a form may ask for other looks than an upload has, or is being given."""
    given = dict(form.fields)
    if f"turn-{each.id}" not in given or each.state is State.FAILED:
        return False
    turn, cover = number(form.text(f"turn-{each.id}")), _number(form.text(f"cover-{each.id}"))
    if turn != each.turn or cover not in (None, each.cover_at):
        return True
    match form.text(f"shape-{each.id}"):
        case "kept":
            return False
        case "":
            return each.crop is not None
        case "free":
            return not each.crop or form.text(f"crop-{each.id}") != composing.written_cut(each)
    return True


async def _change(each: Attachment, form: Posted) -> None:
    """Have an upload look otherwise. Raises BadCut, also where it is too early to say how."""
    if each.state is not State.READY:
        raise BadCut("It is still being made ready. Choose once more how it should look.")
    turn = number(form.text(f"turn-{each.id}")) or 0
    shape, written = form.text(f"shape-{each.id}"), form.text(f"crop-{each.id}")
    crop = cut_of(each, turn=turn, shape=shape, written=written)
    cover = _seconds(form.text(f"cover-{each.id}"), each)
    if (turn % 360, crop, cover) == (each.turn, each.crop, each.cover_at):
        return
    async with in_transaction():
        await change(each, turn=turn, crop=crop, cover_at=cover)
    each.state, each.turn, each.crop, each.cover_at = State.WAITING, turn % 360, crop, cover


def _seconds(written: str, each: Attachment) -> float | None:
    """Read the second of a video that its cover shows; what is none changes nothing."""
    seconds = _number(written)
    is_within = seconds is not None and 0 <= seconds <= (each.duration or 0)
    return seconds if is_within else each.cover_at


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


async def keep(account: Account, upload: Upload) -> Attachment:
    """Keep a file of a form, wherever it lies. Raises Unfit with a sentence."""
    return await take_in(account.actor, upload.whole)


async def _add(found: Media, upload: Upload, account: Account) -> None:
    if len(found.kept) >= settings().media.max_images:
        found.refused.append(_("There is no room for more pictures."))
        return
    try:
        await count_upload(account.id)
        found.kept.append(await keep(account, upload))
    except TooMany:
        found.refused.append(_("You uploaded a lot in half an hour. Please wait a little."))
    except StorageTrouble as error:
        log.error("an upload could not be stored", problem=str(error))
        found.refused.append(why(TooHeavy(NO_ROOM)))
    except ValueError as error:  # Unfit
        found.refused.append(why(error))


# What scripts ask for, one upload at a time. They bring the token in a header.


async def add(request: web.Request) -> web.StreamResponse:
    """Take in one small file, at once when it is chosen."""
    account = await signed_in(request)
    await check_header(request)
    form = await read_form(request, most=AT_ONCE + MEGABYTE)
    upload = form.file("file")
    if upload is None:
        return web.json_response({"error": _("This file is empty.")}, status=422)
    await count_upload(account.id)
    try:
        kept = await keep(account, upload)
    except ValueError as error:  # Unfit
        return web.json_response({"error": why(error)}, status=422)
    return web.json_response(_said(kept), status=202)


async def look(request: web.Request) -> web.StreamResponse:
    """Say how far the work on an upload is."""
    return web.json_response(_said(await _own(request)))


async def save(request: web.Request) -> web.StreamResponse:
    """Turn, cut or describe an upload; what follows is said by `look`."""
    await check_header(request)
    each = await _own(request)
    form = await read_form(request, most=4 * MEGABYTE)
    if _asks(each, form):
        await made_ready([each], seconds=WAIT_S)
    try:
        await describe(each, form)
    except (BadCut, NotCaptions, TooHeavy) as error:
        return web.json_response({"error": why(error)}, status=422)
    return web.json_response(_said(await _own(request)))


async def token(request: web.Request) -> web.StreamResponse:
    """Give a script the token of the session there is now, as after signing in again elsewhere."""
    await signed_in(request)
    return web.json_response({"token": await form_token(request)})


async def _own(request: web.Request) -> Attachment:
    account = await signed_in(request)
    wanted = number(request.match_info["id"])
    found: Sequence[Attachment] = await waiting_uploads(account.actor, [wanted]) if wanted else ()
    if not found:
        raise Missing(request.path)
    return found[0]


def _said(each: Attachment) -> dict[str, object]:
    item = composing.item_of(each)
    return {
        "id": str(each.id),
        "kind": item.media.kind,
        "state": item.state,
        "progress": item.progress,
        "error": item.error,
        "preview": item.media.small_url or item.media.url,
        "url": item.media.url,
        "width": item.media.width,
        "height": item.media.height,
        "seconds": each.duration,
        "turn": item.turn,
        "crop": item.crop,
        "captions": list(item.captions),
    }
