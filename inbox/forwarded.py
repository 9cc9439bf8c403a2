"""Letters that someone passed on: believed only as far as their author's own server confirms."""

from collections.abc import Mapping
from typing import Any

import msgspec
from cachetools import TTLCache
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.remote import resolve
from core.jobs import Lane, is_waiting, put
from federation.activity import Activity, activity_from
from federation.allowance import Budget
from federation.errors import FederationError, NotFound, Unreachable
from federation.proofs import verify_proof
from federation.read import moment
from federation.urls import host_of, same_origin
from inbox.create import show
from inbox.fetch import fetched, known_note
from moderation.gate import admit_host
from notes.edits import replace
from notes.incoming import is_buried, keep
from notes.note import Note
from notes.removal import remove

PASSED_ON = frozenset({"Create", "Update", "Delete"})
JOB = "inbox.forwarded"

# How often an hour the server of one note is asked what it says now, whoever says that it changed;
# once more when the hour is over (DOS-09).
MOST_LOOKS = 6
HOUR_S = 3600
_looks: TTLCache[str, int] = TTLCache(50_000, HOUR_S)


async def believe(payload: Mapping[str, Any], budget: Budget | None = None) -> None:
    """Look at the origin what is true: what is there is kept, what is gone is removed.

    Nobody's word is taken for another's note (security.md LD-01, SIG-09). Job `inbox.forwarded`.
    """
    budget = budget or Budget()
    activity = activity_from(payload["activity"])
    uri = activity.object_id
    if uri is None or activity.type not in PASSED_ON:
        return
    if same_origin(uri, activity.actor):
        if author := await proven(activity, budget):
            # With their own proof it counts as if they had brought it themselves (FEP-8b32).
            await put("inbox.handle", {"signer": author.id, "activity": activity.document})
            return
        await _check(activity, uri, budget)


async def proven(activity: Activity, budget: Budget) -> Actor | None:
    """Return the author when the activity carries a valid proof of theirs (LD-04)."""
    if "proof" not in activity.document or _may_be_old(activity):
        return None
    try:
        author = await resolve(activity.actor, budget)
        if author.is_local or not author.is_present or not author.multikey:
            return None
        verify_proof(activity.document, author.multikey, method=author.multikey_id)
    except Unreachable:
        raise
    except FederationError:
        return None
    return author


def _may_be_old(activity: Activity) -> bool:
    # A proof has no age: of a change without a date nobody can tell whether it was the last.
    document = activity.object if isinstance(activity.object, dict) else {}
    return activity.type == "Update" and moment(document.get("updated")) is None


async def _check(activity: Activity, uri: str, budget: Budget) -> None:
    note = await known_note(uri)
    if note is None and (await Note.exists(uri=uri) or not await _concerns_us(activity)):
        # A note that stands here and is not known was deleted, by its author or a moderator.
        return
    if not _may_look(uri):
        await _look_later(note)
        return
    try:
        await admit_host(host_of(uri))
        prepared = await fetched(uri, budget)
    except Unreachable:
        raise
    except NotFound:
        if note is not None:
            async with in_transaction():
                await remove(note)
        return
    except FederationError:
        return
    if prepared.read.id != uri or await is_buried(uri, prepared.author.uri):
        return
    async with in_transaction():
        if note is not None:
            if note.author_id == prepared.author.id:
                await replace(note, prepared)
            return
        note, _ = await keep(prepared)
        await show(note)


def _may_look(uri: str) -> bool:
    looks = _looks.get(uri, 0)
    if looks >= MOST_LOOKS:
        return False
    _looks[uri] = looks + 1
    return True


async def _look_later(note: Note | None) -> None:
    """Queue one more look at a note we have; one that waits already is enough for all."""
    if note is None:
        return
    told = {"id": note.uri, "type": "Update", "actor": note.author.uri, "object": note.uri}
    payload = msgspec.json.encode({"activity": told})
    if not await is_waiting(JOB, payload):
        await put(JOB, payload, lane=Lane.LATER, after_seconds=HOUR_S)


async def _concerns_us(activity: Activity) -> bool:
    inner = activity.object if isinstance(activity.object, dict) else {}
    parent = inner.get("inReplyTo")
    return isinstance(parent, str) and await Note.exists(uri=parent, deleted_at=None)
