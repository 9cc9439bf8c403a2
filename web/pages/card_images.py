"""Pictures of link cards, by way of us."""

import structlog
from aiohttp import web

from actors.instance import instance_actor
from core.settings import settings
from federation.errors import FederationError
from federation.urls import host_of
from moderation.gate import measures_for
from notes.attachments import Attachment, Media, load_media
from notes.cards import Card, is_image_path
from notes.remote_media import LARGE, SMALL, copy_of
from web.errors import Missing
from web.pages.remote_media import MOST_ID, SHOWN, pass_on
from web.sending import send_file

log = structlog.get_logger()


async def show(request: web.Request) -> web.StreamResponse:
    """Hand out the picture of a card; one that we did not name, or cannot have, is not there."""
    number = int(request.match_info["id"])
    card = await Card.get_or_none(id=number) if number < MOST_ID else None
    if card is None or not card.image_url or settings().media.remote_mode == "link":
        raise Missing(request.path)
    if not is_image_path(card, request.match_info["mark"]):
        raise Missing(request.path)
    try:
        measures = measures_for(host_of(card.image_url))
        if measures.reject or measures.no_media:
            raise Missing(request.path)
        if settings().media.remote_mode != "cache":
            passing = Attachment(media=Media.IMAGE, remote_url=card.image_url)
            return await pass_on(request, passing, LARGE, is_open=True)
        copy = await copy_of(await _attachment_of(card), SMALL)
    except FederationError as error:
        log.info("a picture of a card cannot be shown", problem=str(error))
        raise Missing(request.path) from error
    return await send_file(request, copy.key, SHOWN | {"Content-Type": copy.media_type})


async def _attachment_of(card: Card) -> Attachment:
    """Return what holds our copy: it belongs to the instance, and hangs on no note."""
    found = await load_media("id = ?", [card.attachment_id]) if card.attachment_id else []
    if found and found[0].remote_url == card.image_url:
        return found[0]
    made = await Attachment.create(
        owner_id=(await instance_actor()).id, media=Media.IMAGE, remote_url=card.image_url
    )
    made.files = []
    await Card.filter(id=card.id).update(attachment_id=made.id)
    return made
