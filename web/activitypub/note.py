"""Note and activity documents."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from actors.actor import Actor, Kind
from actors.blocks import keeps_out
from core.settings import settings
from federation.errors import Unbelievable
from inbox.members_there import is_read_by_members
from notes.documents import document_of, parts_of, tombstone_of
from notes.note import Note
from notes.recipients import has_recipient
from notes.visibility import OPEN, may_see, visible_to
from outbox.sent import Sent
from web.activitypub.answers import as2, as2_bytes, wants_as2
from web.activitypub.asking import is_loose, known_asker
from web.errors import Missing
from web.pages import note as page


async def note(request: web.Request) -> web.StreamResponse:
    """Answer with a note: servers get the document, browsers the page."""
    if not wants_as2(request):
        return await page.page(request)
    asking = await known_asker(request)
    found = await _found(request)
    if is_loose(request) and (found is None or found.audience not in OPEN):
        # Said alike of what is there and of what is not (PRIV-02, SIG-04).
        raise Unbelievable("sign the whole address of what you ask for")
    if found is None:
        raise Missing(request.path)
    if found.deleted_at is not None:
        return as2(await _left_of(found, asking), status=410)
    await visible(found, asking)
    parts = await parts_of([found])
    return as2(document_of(found, parts[found.id]), is_public=False)


async def activity(request: web.Request) -> web.Response:
    """Answer with a public activity as it was sent, as long as what it is about is still there."""
    asking = await known_asker(request)
    uri = settings().url(f"/a/{request.match_info['id']}")
    sent = await Sent.get_or_none(uri=uri).select_related("actor")
    is_own = sent is not None and asking is not None and asking.id == sent.actor_id
    if sent is None or not sent.actor.is_present:
        raise Missing(request.path)
    if not is_own and not (sent.is_public and await _stands(sent, asking)):
        raise Missing(request.path)
    if asking is not None and await keeps_out(sent.actor, asking):
        raise Missing(request.path)
    return as2_bytes(bytes(sent.body))


async def local_note(request: web.Request) -> Note:
    """Find the note of this address; raise Missing."""
    found = await _found(request)
    if found is None:
        raise Missing(request.path)
    return found


async def visible(found: Note, asking: Actor | None) -> None:
    """Raise Missing unless whoever asks may see the note.

    A server may fetch for its people, signed as the server it is: it sees what is followed from
    there, or addressed there. Who signs as a person is that person, and their neighbours are none
    of them (PRIV-01).
    """
    if asking is not None and await keeps_out(found.author, asking):
        raise Missing("a note")
    if await may_see(asking, found):
        return
    if asking is None or asking.is_local or found.audience in OPEN:
        raise Missing("a note")
    if asking.kind == Kind.APPLICATION and await has_recipient(found, asking.host):
        return
    if await is_read_by_members(found, asking):
        return
    raise Missing("a note")


async def _found(request: web.Request) -> Note | None:
    number = request.match_info["id"]
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    found = await Note.get_or_none(id=int(number)).select_related("author")
    return found if found and found.is_local and not found.is_boost else None


async def _left_of(found: Note, asking: Actor | None) -> dict[str, Any]:
    """Write the tombstone; that there was a note for few is nobody else's business (PRIV-02)."""
    if found.audience not in OPEN or (asking and await keeps_out(found.author, asking)):
        raise Missing("a note")
    return tombstone_of(found)


async def _stands(sent: Sent, asking: Actor | None) -> bool:
    """Tell whether the note an activity tells of is there for whoever asks."""
    if sent.kind not in ("Create", "Update", "Announce") or sent.object_uri == sent.actor.uri:
        return True
    return bool(await uris_seen([about_of(sent)], asking))


def about_of(sent: Sent) -> str:
    """Return the id of the note an activity tells of; a boost is one itself."""
    return sent.uri if sent.kind == "Announce" else sent.object_uri


async def uris_seen(uris: Sequence[str], asking: Actor | None) -> set[str]:
    """Return those of these ids that are of open notes, and boosts, which this reader may see."""
    notes = await Note.filter(uri__in=list(uris), audience__in=OPEN).select_related(
        "author", "boost_of__author"
    )
    return {each.uri for each in await visible_to(asking, notes)}
