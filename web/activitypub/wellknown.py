"""WebFinger, NodeInfo, host-meta: how this server and its people are found."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from cachetools import TTLCache

from actors.accounts import Account, Role
from actors.actor import local_actor
from core.clock import now
from core.release import VERSION
from core.settings import settings
from federation import nodeinfo, webfinger
from federation.nodeinfo import Usage
from federation.webfinger import JRD, XRD, Handle
from moderation.policy import current, policy_links
from notes.note import Audience, Note
from web.errors import Missing

OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*"}
LIVING = {"closed_at": None, "disabled_at": None, "approved_at__not_isnull": True}

# Counting reads many rows, and anyone may ask.
_usage: TTLCache[str, Usage] = TTLCache(8, 300)


async def find(request: web.Request) -> web.Response:
    """Answer who `acct:name@host`, an id or a page of ours is; 410 for those who left."""
    resource = request.query.get("resource", "")
    if not resource:
        raise web.HTTPBadRequest
    name = _named(resource)
    actor = await local_actor(name) if name else None
    if actor is None:
        raise Missing(resource)
    if actor.gone_at is not None:
        raise web.HTTPGone
    if not actor.is_present:
        raise Missing(resource)
    found = webfinger.jrd(
        Handle(actor.name, actor.host),
        uri=actor.uri,
        page=actor.url,
        kind=actor.kind.value,
        base_url=settings().server.base_url,
        rels=request.query.getall("rel", []),
    )
    headers = OPEN_TO_ALL | {"Cache-Control": "public, max-age=300"}
    return web.json_response(found, content_type=JRD, headers=headers)


async def host_meta(request: web.Request) -> web.Response:
    """Say where WebFinger is, in XML, or in JSON for who asks for that."""
    if "json" in ",".join(request.headers.getall("Accept", [])).lower():
        return await host_meta_json(request)
    text = webfinger.host_meta(settings().server.base_url)
    return web.Response(text=text, content_type=XRD, headers=OPEN_TO_ALL)


async def host_meta_json(request: web.Request) -> web.Response:
    """Say where WebFinger is, in JSON."""
    found = webfinger.host_meta_json(settings().server.base_url)
    return web.json_response(found, content_type=JRD, headers=OPEN_TO_ALL)


async def nodeinfo_links(request: web.Request) -> web.Response:
    """List the NodeInfo documents."""
    links = nodeinfo.links(settings().server.base_url, application=settings().url("/actor"))
    return web.json_response(links, headers=OPEN_TO_ALL)


async def nodeinfo_2_0(request: web.Request) -> web.Response:
    """Say what this server is, in the older form."""
    return await _nodeinfo("2.0")


async def nodeinfo_2_1(request: web.Request) -> web.Response:
    """Say what this server is."""
    return await _nodeinfo("2.1")


async def _nodeinfo(version: nodeinfo.Version) -> web.Response:
    policy = current()
    document: dict[str, Any] = nodeinfo.document(
        version,
        base_url=settings().server.base_url,
        release=VERSION,
        name=settings().server.name,
        usage=await _counted(),
        open_registrations=policy.sections.accounts.registration in ("open", "approval"),
        federates=settings().federation.enabled,
        staff=await _staff(),
        languages=["en", "zh"],
        more={"rubric": policy_links()},
    )
    headers = OPEN_TO_ALL | {"Content-Type": nodeinfo.content_type(version)}
    return web.Response(body=json.dumps(document).encode(), headers=headers)


async def _counted() -> Usage:
    mark = settings().server.base_url
    if found := _usage.get(mark):
        return found
    people = Account.filter(**LIVING)
    notes = Note.filter(is_local=True, audience=Audience.PUBLIC, deleted_at=None, boost_of_id=None)
    usage = Usage(
        people=await people.count(),
        active_month=await people.filter(seen_at__gt=now() - timedelta(days=30)).count(),
        active_half_year=await people.filter(seen_at__gt=now() - timedelta(days=180)).count(),
        posts=await notes.filter(in_reply_to_uri="").count(),
        comments=await notes.exclude(in_reply_to_uri="").count(),
    )
    _usage[mark] = usage
    return usage


async def _staff() -> list[str]:
    admins = await Account.filter(role=Role.ADMIN, **LIVING).select_related("actor")
    return [account.actor.uri for account in admins]


def _named(resource: str) -> str | None:
    """Return the local name that a resource means, or None."""
    server = settings().server
    text = resource.removeprefix("acct:").removeprefix("@")
    if text.startswith(("http://", "https://")):
        return _of_address(text)
    name, _, host = text.rpartition("@")
    if not name or host.lower() not in (server.account_domain, server.domain):
        return None
    return server.account_domain if name.lower() == server.domain else name


def _of_address(text: str) -> str | None:
    server, parts = settings().server, urlsplit(text)
    if f"{parts.scheme}://{parts.netloc}".lower() != server.base_url:
        return None
    path = parts.path.rstrip("/")
    if path in ("", "/actor"):
        return server.account_domain
    for start in ("/u/", "/g/", "/@"):
        if path.startswith(start):
            return path.removeprefix(start)
    return None
