"""A case on a moderator's own initiative: about a note, somebody, or a server."""

from aiohttp import web

from actors.actor import Actor
from core.paging import number
from federation.errors import Gone, Malformed
from federation.urls import canonical_host
from moderation.handling import open_own
from moderation.on_servers import is_ourselves
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.in_passing import note_link
from web.building.people import person_card
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.profile import person_called
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form


async def show(request: web.Request) -> web.StreamResponse:
    """Show the form; `note`, `account` or `server` say what it is about."""
    await staff(request)
    values = {name: request.query.get(name, "")[:500] for name in ("note", "account", "server")}
    note = await _note(values["note"]) if values["note"] else None
    if values["note"] and note is None:
        raise Missing(request.path)
    return _page(request, note, Form(values=values))


async def create(request: web.Request) -> web.StreamResponse:
    """Open the case, and take it."""
    account = await staff(request)
    form = await read_form(request)
    note = await _note(form.text("note")) if form.text("note") else None
    try:
        target, host = await _about(form, account.actor, note)
        case = await open_own(
            account.actor,
            target=target,
            host=host,
            note=note,
            because=form.text("because"),
            address=address_of(request),
        )
    except NotValid as error:
        return _page(request, note, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return _page(request, note, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": f"/mod/cases/{case.id}"})
    say(response, _("The case is yours."))
    return response


async def _about(form: Posted, moderator: Actor, note: Note | None) -> tuple[Actor | None, str]:
    """Read whom or which server it is about; raise NotValid."""
    if form.text("note"):
        if note is None:
            raise NotValid("", "One of these notes is not there.")
        return note.author, ""
    if handle := form.text("account"):
        try:
            return await person_called(handle.removeprefix("@"), None), ""
        except (Missing, Gone) as error:
            raise NotValid("account", "Nobody has this handle.") from error
    return None, _host(form.text("server"))


def _host(written: str) -> str:
    if not written:
        raise NotValid("account", "Say whom it is about.")
    try:
        host = canonical_host(written)
    except Malformed as error:
        raise NotValid("server", "Write a name such as example.org.") from error
    if is_ourselves(host):
        raise NotValid("server", "This is the server we live on.")
    return host


async def _note(written: str) -> Note | None:
    found = Note.filter(id=number(written) or 0, deleted_at=None, boost_of_id=None)
    return await found.select_related("author").first()


def _page(request: web.Request, note: Note | None, form: Form) -> web.StreamResponse:
    return render(
        request,
        "mod/new_case.html",
        status=422 if form.errors else 200,
        note=note_link(note) if note else None,
        person=person_card(note.author) if note else None,
        form=form,
    )
