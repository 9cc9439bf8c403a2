"""Actor documents."""

from aiohttp import web

from actors import written
from actors.actor import Actor, local_actor
from actors.blocks import keeps_out
from actors.documents import suspended_of
from actors.groups import See, settings_of
from core.settings import settings
from federation.write import tombstone
from web.activitypub.answers import as2, as2_bytes, wants_as2
from web.activitypub.asking import asker
from web.errors import Missing


async def person(request: web.Request) -> web.Response:
    """Answer who lives here: servers get the document, strangers the key, browsers the page."""
    name = request.match_info["name"]
    if not wants_as2(request):
        raise web.HTTPFound(settings().url(f"/@{name.lower()}"))
    return await document(request, name)


async def document(request: web.Request, name: str) -> web.Response:
    """Answer with the document of a person or group who lives here."""
    asking = await asker(request)
    whole = asking is not None or not settings().federation.authorized_fetch
    if asking is None and (body := written.kept(name, whole=whole)):
        return as2_bytes(body, is_public=True)
    actor = await local_actor(name)
    path = request.path.rstrip("/").removesuffix(".json")
    if actor is None or not actor.uri.endswith(path) or await _stays_here(actor):
        raise Missing(request.path)
    if actor.gone_at is not None:
        return as2(tombstone(actor.uri, deleted=actor.gone_at), status=410)
    if actor.suspended_at is not None:
        # As Mastodon does: other servers read the same as in the Update that told them.
        return as2(suspended_of(actor), is_public=asking is None)
    if not actor.is_present:
        raise Missing(request.path)
    if asking is not None and await keeps_out(actor, asking):
        # What any stranger may read: our letters to them must stay believable (SIG-21).
        whole = not settings().federation.authorized_fetch
    body = written.kept(name, whole=whole) or await written.write(actor, whole=whole)
    return as2_bytes(body, is_public=asking is None)


async def _stays_here(actor: Actor) -> bool:
    # A group of this server alone is nobody's business elsewhere (federation.md 10.5).
    return actor.is_group and (await settings_of(actor)).see is See.SERVER


async def instance(request: web.Request) -> web.Response:
    """Answer who this server is, to anyone, or two strict servers lock each other out
    (SIG-21)."""
    if not wants_as2(request):
        raise web.HTTPFound(settings().url("/about"))
    name = settings().server.account_domain
    body = written.kept(name, whole=True)
    if body is None:
        actor = await local_actor(name)
        if actor is None:
            raise Missing(request.path)
        body = await written.write(actor, whole=True)
    return as2_bytes(body, is_public=True)
