"""Collections of actors and of notes (federation.md 6)."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from actors.actor import Actor, local_actor
from actors.blocks import apart_from, keeps_out
from actors.followers_of_server import PATH, followers_at
from actors.follows import Follow
from actors.instance import instance_actor
from federation.errors import Gone, Unbelievable
from notes.documents import document_of, parts_of
from notes.note import Audience, Note
from notes.reactions import Pin
from notes.visibility import OPEN, visible_to
from outbox.sent import FORWARDED, Sent
from web.activitypub.answers import as2
from web.activitypub.asking import asker, known_asker
from web.activitypub.note import about_of, local_note, uris_seen, visible
from web.errors import Missing

PAGE = 20

Items = list[Any]


async def outbox(request: web.Request) -> web.Response:
    """List what an actor published to everyone, newest first; the total counts only that."""
    return await _published(request, *await _owner(request, "outbox"))


async def instance_outbox(request: web.Request) -> web.Response:
    """List what the instance itself published to everyone."""
    actor = await instance_actor()
    return await _published(request, actor, actor.outbox)


async def _published(request: web.Request, actor: Actor, uri: str) -> web.Response:
    asking = await known_asker(request)
    if asking is not None and asking.id == actor.id:
        return await _own(request, actor, uri)
    if "page" not in request.query:
        # Creates and Announces; the public count alone, or it would betray the rest (PRIV-03).
        total = await Note.filter(
            author_id=actor.id, audience__in=OPEN, deleted_at=None, held_at=None
        ).count()
        return as2(collection(uri, total, first=f"{uri}?page=true"))
    sent = Sent.filter(actor_id=actor.id, is_public=True, kind__in=["Create", "Announce"])
    if before := _number(request.query.get("before", "")):
        sent = sent.filter(id__lt=before)
    rows = await sent.order_by("-id").limit(PAGE)
    bodies = await _still_there(rows, asking)
    older = f"{uri}?page=true&before={rows[-1].id}" if len(rows) == PAGE else None
    return as2(collection_page(f"{uri}?page=true", uri, bodies, older))


async def _own(request: web.Request, actor: Actor, uri: str) -> web.Response:
    """List everything somebody sent, to whomever: for themselves, by their own program."""
    sent = Sent.filter(actor_id=actor.id).exclude(kind=FORWARDED)
    if "page" not in request.query:
        return as2(collection(uri, await sent.count(), first=f"{uri}?page=true"))
    if before := _number(request.query.get("before", "")):
        sent = sent.filter(id__lt=before)
    rows = await sent.order_by("-id").limit(PAGE)
    older = f"{uri}?page=true&before={rows[-1].id}" if len(rows) == PAGE else None
    bodies = [row.document() for row in rows]
    return as2(collection_page(f"{uri}?page=true", uri, bodies, older))


async def followers(request: web.Request) -> web.Response:
    """Count who follows, and name them where the owner allows (PRIV-08)."""
    actor, uri = await _owner(request, "followers")
    rows = Follow.filter(followed_id=actor.id, is_accepted=True)
    return await _people(request, actor, uri, rows, "follower__uri", actor.followers_count)


async def followers_there(request: web.Request) -> web.Response:
    """Name those followers who live at the server that asks, and no other (FEP-8fcf, PRIV-08)."""
    actor, uri = await _owner(request, PATH)
    asking = await asker(request)
    if asking is None or asking.is_local:
        raise Unbelievable("sign your request: a server is told of its own people alone")
    there = await followers_at(actor.id, "/".join(asking.uri.split("/", 3)[:3]))
    if there is None:
        raise Missing(request.path)
    return as2(collection(uri, len(there)) | {"orderedItems": there})


async def following(request: web.Request) -> web.Response:
    """Count whom they follow, and name them where the owner allows."""
    actor, uri = await _owner(request, "following")
    rows = Follow.filter(follower_id=actor.id, is_accepted=True)
    return await _people(request, actor, uri, rows, "followed__uri", actor.following_count)


async def featured(request: web.Request) -> web.Response:
    """List pinned notes, whole, newest pin first."""
    actor, uri = await _owner(request, "featured")
    pins = await Pin.filter(actor_id=actor.id).order_by("-id").limit(PAGE)
    rows = await Note.filter(
        id__in=[pin.note_id for pin in pins], audience__in=OPEN, deleted_at=None
    ).select_related("author")
    notes = await visible_to(None, rows)
    parts = await parts_of(notes)
    items = [document_of(note, parts[note.id]) for note in notes]
    return as2(collection(uri, len(items)) | {"orderedItems": items})


async def replies(request: web.Request) -> web.Response:
    """List the first answers to an open note, the author's own first."""
    note, uri = await _note(request, "replies")
    rows = (
        await Note.filter(in_reply_to_id=note.id, audience__in=OPEN, deleted_at=None)
        .order_by("id")
        .limit(200)
        .select_related("author")
    )
    apart = await apart_from(note.author)
    heard = [each for each in rows if each.author not in apart]
    seen = sorted(await visible_to(None, heard), key=lambda each: each.author_id != note.author_id)
    page = collection_page(f"{uri}?page=true", uri, [each.uri for each in seen], None)
    page = {key: value for key, value in page.items() if key != "orderedItems"} | {
        "type": "CollectionPage",
        "items": [each.uri for each in seen],
    }
    if "page" in request.query:
        return as2(page)
    return as2({"id": uri, "type": "Collection", "first": page})


async def likes(request: web.Request) -> web.Response:
    """Count likes, without names."""
    note, uri = await _note(request, "likes")
    return as2({"id": uri, "type": "Collection", "totalItems": max(note.likes_count, 0)})


async def shares(request: web.Request) -> web.Response:
    """Count boosts, without names."""
    note, uri = await _note(request, "shares")
    return as2({"id": uri, "type": "Collection", "totalItems": max(note.boosts_count, 0)})


async def context(request: web.Request) -> web.Response:
    """List all open notes of a thread that began here, oldest first (FEP-f228, FEP-7888)."""
    note, uri = await _note(request, "context")
    rows = (
        await Note.filter(thread_id=note.id, audience__in=OPEN, deleted_at=None, boost_of_id=None)
        .order_by("id")
        .limit(400)
        .select_related("author")
    )
    items = [each.uri for each in await visible_to(None, rows)]
    owner = {"attributedTo": note.author.uri}
    return as2(collection(uri, len(items)) | owner | {"orderedItems": items})


async def _owner(request: web.Request, name: str) -> tuple[Actor, str]:
    asking = await known_asker(request)
    actor = await local_actor(request.match_info["name"])
    if actor is not None and actor.gone_at is not None:
        raise Gone(actor.uri)
    if actor is None or not actor.is_present:
        raise Missing(request.path)
    if asking is not None and await keeps_out(actor, asking):
        raise Missing(request.path)
    return actor, f"{actor.uri}/{name}"


async def _note(request: web.Request, name: str) -> tuple[Note, str]:
    asking = await known_asker(request)
    note = await local_note(request)
    if note.deleted_at is not None or note.audience not in (Audience.PUBLIC, Audience.QUIET):
        raise Missing(request.path)
    await visible(note, asking)
    return note, f"{note.uri}/{name}"


async def _people(
    request: web.Request, actor: Actor, uri: str, rows: Any, name: str, total: int
) -> web.Response:
    if actor.hides_follows:
        # Without `first` peers take the list for private (federation.md 6).
        return as2(collection(uri, total))
    if "page" not in request.query:
        return as2(collection(uri, total, first=f"{uri}?page=true"))
    if before := _number(request.query.get("before", "")):
        rows = rows.filter(id__lt=before)
    found = await rows.order_by("-id").limit(PAGE * 2).values("id", name)
    older = f"{uri}?page=true&before={found[-1]['id']}" if len(found) == PAGE * 2 else None
    return as2(collection_page(f"{uri}?page=true", uri, [row[name] for row in found], older))


async def _still_there(rows: Sequence[Sent], asking: Actor | None) -> Items:
    """Return the activities whose notes stand, and which whoever asks may see."""
    uris = [about_of(row) for row in rows]
    kept = await uris_seen(uris, asking)
    return [row.document() for row, uri in zip(rows, uris, strict=True) if uri in kept]


def collection(uri: str, total: int, *, first: str | None = None) -> dict[str, Any]:
    """Write the head of a collection; without `first` others take what is in it for private."""
    document: dict[str, Any] = {"id": uri, "type": "OrderedCollection", "totalItems": max(total, 0)}
    return document | ({"first": first} if first else {})


def collection_page(uri: str, whole: str, items: Items, older: str | None) -> dict[str, Any]:
    """Write a page of a collection, newest first."""
    document = {"id": uri, "type": "OrderedCollectionPage", "partOf": whole, "orderedItems": items}
    return document | ({"next": older} if older else {})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
