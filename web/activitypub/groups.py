"""Groups for other servers: who runs them, what is pinned, and what they passed on."""

from typing import Any

from aiohttp import web

from actors.actor import Actor, Kind, by_uri, local_actor
from actors.blocks import keeps_out
from actors.groups import See, settings_of
from actors.memberships import has_member_at, is_member, moderators_of
from core.settings import settings
from federation.errors import Malformed
from notes.documents import document_of, parts_of
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.visibility import OPEN, visible_to
from outbox.sent import Sent
from web.activitypub import actor as actors
from web.activitypub.answers import as2, as2_bytes, wants_as2
from web.activitypub.asking import is_loose, known_asker
from web.activitypub.collections import PAGE, collection
from web.errors import Missing
from web.pages import group as page

# What those who run a group say in it (federation.md 10.4).
RULINGS = ("Delete", "Lock", "Add", "Remove", "Block")


async def group(request: web.Request) -> web.StreamResponse:
    """Answer with a group: servers get the document, browsers the page."""
    name = request.match_info["handle"]
    # No name of ours has a dot: `/g/tea.json` is the document, whatever is asked for.
    is_document = name.endswith(".json") or wants_as2(request)
    if is_document and "@" not in name:
        return await actors.document(request, name.removesuffix(".json"))
    return await page.show(request)


async def moderators(request: web.Request) -> web.Response:
    """List who runs a group, for everyone to see."""
    found = await _group(request)
    people = [row.person.uri for row in await moderators_of(found)]
    head = collection(found.moderators_uri, len(people))
    return as2(head | {"attributedTo": found.uri, "orderedItems": people}, is_public=True)


async def followers(request: web.Request) -> web.Response:
    """Count who follows; whether one of them does, the servers of closed groups may ask."""
    found = await _group(request)
    if asked := request.query.get("is_follower"):
        return await _follows(request, found, asked)
    return as2(collection(found.followers_uri, found.followers_count))


async def _follows(request: web.Request, found: Actor, asked: str) -> web.Response:
    """Tell a server that signs whether somebody is a member (federation.md 10.5)."""
    if (await settings_of(found)).see is See.EVERYONE:
        raise Malformed("everyone may read what is in this group")
    asking, person = await known_asker(request), await by_uri(asked)
    if asking is None or asking.is_local or is_loose(request):
        raise Missing(request.path)
    if not await has_member_at(asking.host, found):
        raise Missing(request.path)
    if person is None or not person.is_present or not await _is_inside(person, found):
        raise Missing(request.path)
    return as2(collection(found.followers_uri, found.followers_count))


async def _is_inside(person: Actor, found: Actor) -> bool:
    """Tell whether somebody is a member, or signs for a server that has one."""
    is_server = person.kind == Kind.APPLICATION and not person.is_local
    return await is_member(person, found) or (is_server and await has_member_at(person.host, found))


async def featured(request: web.Request) -> web.Response:
    """List what is pinned in a group, whole, the newest pin first."""
    found = await _group(request)
    pins = GroupPost.filter(group_id=found.id, standing=Standing.ACCEPTED)
    rows = await pins.exclude(pinned_at=None).order_by("-pinned_at").limit(PAGE).values("note_id")
    notes = await _open_notes([row["note_id"] for row in rows])
    parts = await parts_of(notes)
    items = [document_of(each, parts[each.id]) if each.is_local else each.uri for each in notes]
    return as2(collection(found.featured_uri, len(items)) | {"orderedItems": items})


async def outbox(request: web.Request) -> web.Response:
    """List the newest threads as the group passed them on, the newest first (federation.md 6)."""
    found = await _group(request)
    posts = GroupPost.filter(group_id=found.id, standing=Standing.ACCEPTED)
    rows = await posts.order_by("-note_id").limit(PAGE).values("note_id")
    notes = await _open_notes([row["note_id"] for row in rows])
    uris = [announced(found, each) for each in notes]
    sent = {each.uri: each async for each in Sent.filter(uri__in=uris)}
    items = [sent[uri].document() for uri in uris if uri in sent]
    # A public total counts what all may read (PRIV-03).
    is_open = {"note__audience__in": OPEN, "note__deleted_at": None, "note__hidden_at": None}
    total = await posts.filter(**is_open, note__held_at=None).count()
    return as2(collection(found.outbox, total) | {"orderedItems": items})


async def activity(request: web.Request) -> web.Response:
    """Answer with something a group passed on, as long as what it is about is there; with what was
    decided in it always."""
    uri = settings().url(request.path)
    asking = await known_asker(request)
    sent = await Sent.get_or_none(uri=uri, is_public=True).select_related("actor")
    if sent is None or not sent.actor.is_present:
        raise Missing(request.path)
    if asking is not None and await keeps_out(sent.actor, asking):
        raise Missing(request.path)
    if not (_is_ruling(sent.document()) or await _is_there(sent.key.rpartition(" ")[2])):
        raise Missing(request.path)
    return as2_bytes(bytes(sent.body))


def _is_ruling(announce: dict[str, Any]) -> bool:
    """Tell whether it says what those who run a group decided: that holds nothing but ids and the
    reason, which the record has as well, so it is there whatever becomes of what it is about."""
    act = announce.get("object")
    if not isinstance(act, dict):
        return False
    about = act.get("object")
    if act.get("type") == "Undo":
        return isinstance(about, dict) and about.get("type") in RULINGS
    is_whole_group = isinstance(about, dict) and about.get("type") == "Group"
    return act.get("type") in RULINGS or (act.get("type") == "Update" and is_whole_group)


async def _is_there(uri: str) -> bool:
    return await Note.exists(uri=uri, audience__in=OPEN, deleted_at=None, held_at=None)


def announced(found: Actor, note: Note) -> str:
    """Return under which id a group passed a new note on."""
    return f"{found.uri}/a/{note.id}"


async def _group(request: web.Request) -> Actor:
    asking = await known_asker(request)
    found = await local_actor(request.match_info["name"])
    if found is None or not found.is_group or not found.is_present:
        raise Missing(request.path)
    if (await settings_of(found)).see is See.SERVER:
        raise Missing(request.path)
    if asking is not None and await keeps_out(found, asking):
        raise Missing(request.path)
    return found


async def _open_notes(ids: list[Any]) -> list[Note]:
    rows = await Note.filter(id__in=ids, audience__in=OPEN).select_related("author")
    known = {each.id: each for each in await visible_to(None, rows)}
    return [known[number] for number in ids if number in known]
