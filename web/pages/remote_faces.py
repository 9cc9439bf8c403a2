"""Portraits and banners of people elsewhere, by way of us; ours until theirs is here."""

import asyncio

import structlog
from aiohttp import web

from actors.actor import Actor
from core.settings import settings
from federation.errors import FederationError
from moderation.gate import measures_of
from notes.attachments import Attachment, Media
from notes.remote_faces import AVATAR, HEADER, face_of, is_face_path
from notes.remote_media import LARGE, SMALL, copy_of
from web.errors import Missing
from web.pages.remote_media import MOST_ID, SHOWN, pass_on
from web.render import static_url
from web.sending import send_file

WAIT_S = 4
INSTEAD = {AVATAR: "avatar.png", HEADER: "header.png"}
SIZES = {AVATAR: SMALL, HEADER: LARGE}

log = structlog.get_logger()


async def show(request: web.Request) -> web.StreamResponse:
    """Hand out a portrait or banner, or lead to our own where theirs is not to be had yet."""
    actor, which = await _asked_for(request)
    if not actor.is_present or measures_of(actor).no_media:
        return _instead(which)
    try:
        if settings().media.remote_mode != "cache":
            url = actor.header if which == HEADER else actor.avatar
            passing = Attachment(owner_id=actor.id, media=Media.IMAGE, remote_url=url)
            return await pass_on(request, passing, LARGE, is_open=True)
        async with asyncio.timeout(WAIT_S):
            copy = await copy_of(await face_of(actor, which), SIZES[which])
        return await send_file(request, copy.key, SHOWN | {"Content-Type": copy.media_type})
    except (FederationError, TimeoutError) as error:
        log.info("a face from elsewhere cannot be shown", problem=str(error))
        return _instead(which)


async def _asked_for(request: web.Request) -> tuple[Actor, str]:
    """Find whose face an address names. Raises Missing for one that we did not write (MED-12)."""
    number, which = int(request.match_info["id"]), request.match_info["which"]
    actor = await Actor.get_or_none(id=number) if number < MOST_ID else None
    if actor is None or settings().media.remote_mode == "link":
        raise Missing(request.path)
    if not is_face_path(actor, which, request.match_info["mark"]):
        raise Missing(request.path)
    return actor, which


def _instead(which: str) -> web.Response:
    where = static_url(INSTEAD[which])
    return web.Response(status=302, headers={"Location": where, "Cache-Control": "no-store"})
