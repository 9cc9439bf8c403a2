"""Taking part from one's own server, and coming here from another."""

from urllib.parse import quote

from aiohttp import web

from actors.actor import Actor, by_handle, local_actor
from core.limits import count
from core.settings import settings
from federation.errors import FederationError
from federation.urls import host_of, is_http
from federation.webfinger import look_up, parse_handle
from inbox import naming
from notes.note import Note
from notes.visibility import may_see
from web.addresses import address_of
from web.asking import asking
from web.building.in_passing import note_link
from web.building.people import person_card
from web.errors import Missing
from web.forms import Posted, read_form
from web.pages.note import find_note
from web.render import query, render
from web.texts import _
from web.views.frame import Form

INTENTS = ("follow", "like", "reply", "boost")
ASKED_AN_HOUR = 30

Thing = Actor | Note


async def show(request: web.Request) -> web.StreamResponse:
    """Ask a visitor for their own address; members go to the thing itself."""
    uri = request.query.get("uri", "")
    thing = await _thing(uri)
    account = await asking(request)
    if account is not None:
        raise web.HTTPSeeOther(thing.page if thing else query("/search", q=_searched(uri)))
    if thing is None:
        raise Missing(request.path)
    return _page(request, thing, Form(values={"uri": uri}), request.query.get("intent", ""))


async def go_on(request: web.Request) -> web.StreamResponse:
    """Find where their server takes it up, and lead there by a page that says so (WEB-06)."""
    form = await read_form(request)
    thing = await _thing(form.text("uri"))
    if thing is None:
        raise Missing(request.path)
    await count(f"interact:{address_of(request)}", most=ASKED_AN_HOUR, seconds=3600)
    url = await _template(form)
    if url is None:
        wrong = form.shown({"address": _("We could not reach this address. Is it written right?")})
        return _page(request, thing, wrong, form.text("intent"))
    return render(request, "leaving.html", url=url, back=thing.page)


async def authorize(request: web.Request) -> web.StreamResponse:
    """Take a member who comes from another server to what they saw there."""
    uri = request.query.get("uri", "") or request.query.get("acct", "")
    raise web.HTTPSeeOther(query("/search", q=_searched(uri)))


def _page(request: web.Request, thing: Thing, form: Form, intent: str) -> web.StreamResponse:
    is_note = isinstance(thing, Note)
    return render(
        request,
        "interact.html",
        status=422 if form.errors else 200,
        intent=intent if intent in INTENTS else ("reply" if is_note else "follow"),
        person=None if isinstance(thing, Note) else person_card(thing),
        note=note_link(thing) if isinstance(thing, Note) else None,
        form=form,
        back=thing.page,
    )


async def _thing(uri: str) -> Thing | None:
    """Return the person or the open note that is meant, of those we know; nobody is asked."""
    path = uri.removeprefix(settings().server.base_url) if is_http(uri) else uri
    if path.startswith("/n/"):
        note = await find_note(path.removeprefix("/n/"))
        return note if note and not note.is_boost and await may_see(None, note) else None
    actor = await _person(path)
    if actor is not None:
        return actor if actor.is_present else None
    return (await naming.named(uri, None)).note if is_http(uri) else None


async def _person(path: str) -> Actor | None:
    for start in ("/@", "/u/", "/g/"):
        if path.startswith(start):
            handle = parse_handle(path.removeprefix("/"))
            if handle and start == "/@":
                return await by_handle(handle.name, handle.host)
            return await local_actor(path.removeprefix(start))
    if handle := parse_handle(path):
        return await by_handle(handle.name, handle.host)
    return await Actor.get_or_none(uri=path) if is_http(path) else None


async def _template(form: Posted) -> str | None:
    """Return the address at a visitor's own server that takes up what they mean to do."""
    handle = parse_handle(form.text("address"))
    if handle is None or handle.host == settings().server.account_domain:
        return None
    try:
        found = await look_up(handle)
    except FederationError:
        return None
    uri = await _uri_of(form.text("uri"))
    template = found.subscribe or f"https://{handle.host}/authorize_interaction?uri={{uri}}"
    url = template.replace("{uri}", quote(uri, safe=""))
    # Their server says where to go; it may say only addresses of its own.
    return url if is_http(url) and host_of(url) in (handle.host, host_of(found.uri)) else None


async def _uri_of(uri: str) -> str:
    thing = await _thing(uri)
    if isinstance(thing, Actor):
        return thing.full_handle
    return thing.uri if thing else uri


def _searched(uri: str) -> str:
    """Write what a search takes: an address or a handle."""
    uri = uri.removeprefix("acct:")
    return settings().url(uri) if uri.startswith("/") else uri
