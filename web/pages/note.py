"""A note: its pictures, its words, its thread."""

from aiohttp import web

from core.paging import number
from inbox.answers import want_answers
from inbox.slices import whole_notes
from inbox.threads import thread_of
from notes.boards import boards_with
from notes.note import Note
from notes.visibility import OPEN, may_see
from web.activitypub.answers import wants_as2
from web.asking import asking, reader
from web.building.boards import board_cards
from web.building.composer import quick_reply
from web.building.decisions import stub_of
from web.building.group_words import removal_of
from web.building.threads import thread_view
from web.errors import Missing
from web.render import render
from web.views.notes import Stub


async def page(request: web.Request) -> web.StreamResponse:
    """Show a note to whoever may see it; to others it is as if there were none (PRIV-02)."""
    viewer = await reader(request)
    note = await find_note(request.match_info["id"])
    if note is None:
        raise Missing(request.path)
    if note.deleted_at is not None and note.audience in OPEN and not note.is_boost:
        words = await removal_of(note)
        gone = Stub("group", words=words) if words else await stub_of(note)
        return render(request, "gone.html", status=410, gone=gone)
    if note.hidden_at is not None and note.audience in OPEN and not note.is_boost:
        words = await removal_of(note)
        gone = Stub("group", words=words) if words else await stub_of(note)
        return render(request, "gone.html", status=404, gone=gone)
    if note.adults_at is not None and note.audience in OPEN and viewer is None:
        return render(request, "gone.html", status=403, gone=Stub("adults", note.page))
    if not await may_see(viewer, note):
        raise Missing(request.path)
    if note.is_boost and note.boost_of:
        raise web.HTTPSeeOther(note.boost_of.page)
    if viewer is not None:
        await want_answers(note)
    thread = await thread_view(
        note, await thread_of(note, viewer), viewer, after=request.query.get("after", "")
    )
    account = await asking(request)
    reply = quick_reply(note, account) if account and not thread.is_locked else None
    boards = await board_cards(await boards_with(note, viewer), viewer)
    return render(request, "note.html", thread=thread, reply=reply, boards=boards)


async def by_author(request: web.Request) -> web.StreamResponse:
    """Lead to a note from an address that names its author, as other software writes them."""
    if wants_as2(request):
        raise web.HTTPFound(f"/n/{request.match_info['id']}")
    note = await find_note(request.match_info["id"])
    if note is None or not await may_see(await reader(request), note):
        raise Missing(request.path)
    if note.author.handle.lower() != request.match_info["handle"].lower():
        raise Missing(request.path)
    raise web.HTTPSeeOther(note.page)


async def find_note(text: str) -> Note | None:
    """Find a note by the id in an address, with its author; also one that is deleted."""
    wanted = number(text)
    if wanted is None:
        return None
    return (await whole_notes([wanted])).get(wanted)


async def visible_note(request: web.Request) -> Note:
    """Return the note an address names, for someone who is signed in; raise Missing."""
    note = await find_note(request.match_info["id"])
    if note is None or note.is_boost or not await may_see(await reader(request), note):
        raise Missing(request.path)
    return note
