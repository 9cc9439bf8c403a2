"""Showing one's own note to fewer people than before (PRIV-05)."""

from collections.abc import Sequence

from aiohttp import web

from core.paging import number
from notes.note import Audience, Note
from notes.visibility import narrower
from outbox.narrow import narrow
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, signed_in
from web.building.circles import circle_cards
from web.building.composer import AUDIENCES
from web.building.notes import note_views
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.pages.note import visible_note
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form


async def show(request: web.Request) -> web.StreamResponse:
    """Offer every audience that fewer belong to."""
    account = await signed_in(request)
    note = await _own(request, account.actor_id)
    return await _page(request, note, Form())


async def save(request: web.Request) -> web.StreamResponse:
    """Put a note for fewer in its place, and go there."""
    account = await acting(request)
    form = await read_form(request)
    note = await _own(request, account.actor_id)
    audience = form.text("audience")
    circles = [each for text in form.all("circles") if (each := number(text))]
    if audience not in _choices(note):
        return await _page(request, note, form.shown({"audience": _("Choose who can see it.")}))
    try:
        fresh = await narrow(account.actor, note, Audience(audience), circles)
    except NotAllowed as error:
        return await _page(request, note, form.shown({"": why(error)}), circles)
    except NotValid as error:
        return await _page(request, note, form.shown({error.field: why(error)}), circles)
    response = web.Response(status=303, headers={"Location": fresh.page})
    say(response, _("Fewer people see this note now. Copies on other servers may remain."))
    return response


async def _own(request: web.Request, actor_id: int) -> Note:
    note = await visible_note(request)
    if note.author_id != actor_id:
        raise Missing(request.path)
    return note


def _choices(note: Note) -> Sequence[str]:
    fewer = (Audience(each) for each in AUDIENCES)
    return [
        each.value
        for each in fewer
        if each != note.audience and narrower(each, note.audience) == each
    ]


async def _page(
    request: web.Request, note: Note, form: Form, circles: Sequence[int] = ()
) -> web.Response:
    views = await note_views([note], note.author)
    return render(
        request,
        "narrow.html",
        status=422 if form.errors else 200,
        note=views[note.id],
        form=form,
        audiences=_choices(note),
        circles=await circle_cards(note.author, holding=circles),
    )
