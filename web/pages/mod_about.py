"""A person, a group or a server, with all that was decided and what a measure would break."""

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor, by_handle
from core.paging import number
from federation.errors import Malformed
from federation.urls import canonical_host
from federation.webfinger import parse_handle
from moderation.breaking import breakage_at, breakage_of
from moderation.duty import cases_about
from moderation.on_servers import is_ourselves
from web.asking import staff
from web.building.desk import person_dossier, person_url, server_dossier, server_url
from web.errors import Missing
from web.flashes import say
from web.render import render
from web.texts import _

PEOPLE = "/mod/people"


async def show_person(request: web.Request) -> web.StreamResponse:
    """Show somebody or a group; nobody reads here about themselves (MOD-01)."""
    account = await staff(request)
    actor = await _called(request.match_info["acct"])
    if actor is None or actor.id == account.actor_id:
        raise Missing(request.path)
    before = number(request.query.get("before", ""))
    hidden = await cases_about(account.actor)
    shown = await person_dossier(actor, hidden, before, await breakage_of(actor.id))
    return render(request, "mod/about.html", about=shown)


async def show_server(request: web.Request) -> web.StreamResponse:
    """Show a server, whether we have met it or not."""
    account = await staff(request)
    host = _host(request.match_info["domain"])
    if not host or is_ourselves(host):
        raise Missing(request.path)
    return await _server(request, account, host)


async def find(request: web.Request) -> web.StreamResponse:
    """Lead to whom or which server was named."""
    await staff(request)
    written = request.query.get("q", "").strip().lstrip("@!")[:500]
    if actor := await _called(written):
        raise web.HTTPSeeOther(person_url(actor))
    host = _host(written) if "." in written and "@" not in written else ""
    if host and not is_ourselves(host):
        raise web.HTTPSeeOther(server_url(host))
    response = web.Response(status=303, headers={"Location": PEOPLE})
    say(response, _("Nobody and no server is known by that name."), "problem")
    return response


async def _server(request: web.Request, account: Account, host: str) -> web.StreamResponse:
    before = number(request.query.get("before", ""))
    hidden = await cases_about(account.actor)
    shown = await server_dossier(host, hidden, before, await breakage_at(host))
    return render(request, "mod/about.html", about=shown)


async def _called(written: str) -> Actor | None:
    """Find whom a handle names among those we know; nobody is asked."""
    if "@" not in written:
        return await by_handle(written.lower(), None) if written else None
    handle = parse_handle(written)
    return await by_handle(handle.name, handle.host) if handle else None


def _host(written: str) -> str:
    try:
        return canonical_host(written)
    except Malformed:
        return ""
