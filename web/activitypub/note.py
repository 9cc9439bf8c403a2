"""Note and activity documents."""

from aiohttp import web

from actors.actor import Actor
from actors.blocks import is_blocked
from core.settings import settings
from notes.documents import document_of, parts_of, tombstone_of
from notes.note import Note
from notes.recipients import has_recipient
from notes.visibility import OPEN, may_see
from outbox.sent import Sent
from web.activitypub.answers import as2, as2_bytes, wants_as2
from web.activitypub.asking import known_asker
from web.errors import Missing
from web.pages import note as page


async def note(request: web.Request) -> web.StreamResponse:
    """Answer with a note: servers get the document, browsers the page."""
    if not wants_as2(request):
        return await page.page(request)
    asking = await known_asker(request)
    found = await local_note(request)
    if found.deleted_at is not None:
        return as2(tombstone_of(found), status=410)
    await visible(found, asking)
    parts = await parts_of([found])
    return as2(document_of(found, parts[found.id]), is_public=False)


async def activity(request: web.Request) -> web.Response:
    """Answer with an activity as it was sent, to those it was for."""
    asking = await known_asker(request)
    uri = settings().url(f"/a/{request.match_info['id']}")
    sent = await Sent.get_or_none(uri=uri).select_related("actor")
    if sent is None or not sent.actor.is_present or not sent.is_public:
        raise Missing(request.path)
    if asking is not None and await is_blocked(sent.actor_id, asking.id):
        raise Missing(request.path)
    return as2_bytes(bytes(sent.body))


async def local_note(request: web.Request) -> Note:
    """Find the note of this address; raise Missing."""
    number = request.match_info["id"]
    found = None
    if number.isascii() and number.isdigit() and len(number) < 20:
        found = await Note.get_or_none(id=int(number)).select_related("author")
    if found is None or not found.is_local or found.is_boost:
        raise Missing(request.path)
    return found


async def visible(found: Note, asking: Actor | None) -> None:
    """Raise Missing unless whoever asks may see the note.

    A server may fetch for its people: it sees what is followed from there, or addressed there.
    """
    if await may_see(asking, found):
        return
    if asking is None or found.audience in OPEN or await is_blocked(found.author_id, asking.id):
        raise Missing("a note")
    if not await has_recipient(found, asking.host):
        raise Missing("a note")
