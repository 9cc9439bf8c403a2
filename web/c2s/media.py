"""uploadMedia: files before the note they hang on (ActivityPub 4.1, MediaUpload)."""

from typing import Any

import msgspec
from aiohttp import web

from actors.actor import Actor
from core.settings import settings
from federation.parts import alt_of
from federation.vocabulary import AS2
from notes.attached import media_url
from notes.attachments import Attachment, Media, State
from notes.media_files import main_file
from notes.uploads import LONGEST_ALT, settled
from web.activitypub.answers import as2
from web.api.access import account_of
from web.api.asked import asked
from web.api.errors import ApiError, Unreadable
from web.api.media import PATIENCE_S, taken, uploaded
from web.c2s.drafts import UPLOADS
from web.refusals import in_their_words

WORKED_ON = (State.WAITING, State.WORKING)


async def create(request: web.Request) -> web.Response:
    """Take a file in, described by `object`: 201 when it is ready, 202 while it is worked on."""
    kept = await taken(request)
    if alt := _alt((await asked(request)).text("object")):
        await Attachment.filter(id=kept.id).update(alt=alt)
    kept = await settled(kept, seconds=PATIENCE_S)
    kept.alt = alt or kept.alt
    return _told(kept, account_of(request).actor, ready=201)


async def show(request: web.Request) -> web.Response:
    """One's upload as it may be attached to a note; 202 while it is being worked on."""
    return _told(await uploaded(request), account_of(request).actor, ready=200)


def _alt(written: str | None) -> str:
    """Read what the file shows from the object that came with it."""
    if not written:
        return ""
    try:
        about = msgspec.json.decode(written)
    except msgspec.DecodeError as error:
        raise Unreadable("`object` is no JSON") from error
    if not isinstance(about, dict):
        raise Unreadable("`object` is no JSON object")
    return alt_of(about)[:LONGEST_ALT]


def _told(kept: Attachment, owner: Actor, *, ready: int) -> web.Response:
    if kept.state is State.FAILED:
        raise ApiError(f"Validation failed: {in_their_words(kept.failure)}")
    is_ready = kept.state not in WORKED_ON
    uri = settings().url(f"{UPLOADS}{kept.id}")
    response = as2(_document(kept, owner, uri), status=ready if is_ready else 202)
    response.headers["Location"] = uri
    response.headers["Content-Type"] = AS2
    return response


def _document(kept: Attachment, owner: Actor, uri: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": uri,
        "type": "Image" if kept.media is Media.IMAGE else "Document",
        "name": kept.alt,
        "attributedTo": owner.uri,
    }
    if found := main_file(kept.files):
        document |= {
            "mediaType": found.media_type,
            "url": media_url(kept),
            "width": kept.width,
            "height": kept.height,
        }
    return document
