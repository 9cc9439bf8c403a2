"""Create: someone posted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from actors.actor import Actor
from actors.blocks import covering
from actors.follows import readers_of
from actors.memberships import members_here
from actors.ties import is_unwanted, wishes_of
from core import sql
from core.rows import exists, load, load_ids, load_one
from federation.activity import Activity
from federation.errors import Malformed, NotFound
from federation.read import addressed
from federation.vocabulary import PUBLIC
from inbox import polls
from inbox.fetch import may_speak_for, want_thread
from inbox.forward import forward
from inbox.grouping import admission_of, refuse, settle_in
from inbox.judge import judged
from inbox.notifications import Event, tell
from inbox.quotes import tell_of_quote
from inbox.timelines import put_in_homes
from inbox.welcome import check_lock, check_pace, check_welcome
from moderation.gate import is_hidden_host
from notes.belongings import mention_blind
from notes.chosen import CHOSEN
from notes.followed_tags import readers_of_tags
from notes.incoming import count_reply, is_buried, is_ours, keep, prepare
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.note_document import NoteDocument
from notes.quotes import count_for
from notes.reading import note_document_from

MOST_VOTES = 20


async def wanted_by_create(activity: Activity, author: Actor) -> list[str]:
    """Name the note to fetch when only its id came, or a copy that proves nothing (ORG-05)."""
    uri = activity.object_id
    if uri is None or author.is_local or is_ours(uri):
        return []
    if isinstance(activity.object, dict) and may_speak_for(author, activity.object):
        return []
    if await Note.exists(uri=uri) or not await _is_awaited(activity, author):
        return []
    return [uri]


async def delivered_to(activity: Activity, author: Actor, owner_id: int) -> Activity:
    """Take whose own letterbox it came to for a blind recipient of what is for few.

    Some address a note to nobody by name and bring it to each who may see it (product.md 5.1).
    """
    about = activity.object
    if author.is_local or not isinstance(about, dict):
        return activity
    to, cc, audience = addressed(about)
    owner = await Actor.get(id=owner_id)
    if owner.is_group:
        # Whatever comes to a group's own letterbox is for the group (federation.md 10.2).
        return msgspec.structs.replace(
            activity, object=about | {"audience": [*audience, owner.uri]}
        )
    if {PUBLIC, author.followers_uri, owner.uri} & {*to, *cc}:
        return activity
    blind = about | {"bcc": [*cc, owner.uri]}
    return msgspec.structs.replace(activity, object=blind)


async def create(activity: Activity, author: Actor) -> None:
    """Keep the note if it concerns anyone here, show it to its readers, and tell the mentioned."""
    if isinstance(activity.object, list):
        await _votes(activity.object, author)
        return
    followers = await readers_of(author.id)
    note = await _note_of(activity, author, is_followed=bool(followers))
    if note is None or note.held_at is not None:
        return
    await show(note, followers)
    await forward(activity, note)


async def release(note: Note) -> bool:
    """Show a held note as if it came now, once somebody has looked; False if that was done."""
    held = Note.filter(id=note.id, held_at__not_isnull=True, hidden_at=None)
    if not await held.update(held_at=None, held_because=""):
        return False
    note.held_at = None
    if note.in_reply_to_id is not None:
        await count_reply(await Note.get(id=note.in_reply_to_id), note, 1)
    await count_for(note)
    await show(note)
    return True


async def show(note: Note, followers: Sequence[int] | None = None) -> None:
    """Put a note into its readers' homes and tell those it names; the author must be loaded.

    `followers` are the author's readers here, where somebody has just asked.
    """
    if followers is None:
        followers = await readers_of(note.author_id)
    asked = await _worth_asking(note)
    by_tag = await _by_tag(note) if asked["has_tags"] else []
    readers = sorted({*await _readers(note, followers), *by_tag})
    wishes = await wishes_of(readers, note.author_id) if asked["has_wishes"] else []
    unwanted = {each.reader_id for each in wishes if is_unwanted(each, note.language)}
    await put_in_homes([each for each in readers if each not in unwanted], note.id)
    for person in await _named_here(note) if asked["has_names"] else []:
        await tell(person, Event.MENTION, note.author, note)
    await tell_of_quote(note)
    told = [each.reader_id for each in wishes if each.tells and each.reader_id not in unwanted]
    for person in (await load_ids(Actor, told)).values():
        await tell(person, Event.STATUS, note.author, note)


async def _worth_asking(note: Note) -> sql.Row:
    """Tell whether a note has tags (`has_tags`), whether anybody here wants something of its
    author's notes (`has_wishes`), and whether it names anyone (`has_names`): often nothing."""
    found = await sql.rows(
        "SELECT EXISTS (SELECT 1 FROM note_tag WHERE note_id = ?) AS has_tags,"
        " EXISTS (SELECT 1 FROM wishes WHERE person_id = ?) AS has_wishes,"
        " EXISTS (SELECT 1 FROM mention WHERE note_id = ?) AS has_names",
        [note.id, note.author_id, note.id],
    )
    return found[0]


async def _by_tag(note: Note) -> list[int]:
    """Return whose homes it comes into by its tags: what all may find, and answers nobody."""
    is_open = note.audience == Audience.PUBLIC and not note.in_reply_to_uri
    is_quiet = note.quieted_at is not None or note.author.quieted_at is not None
    if not is_open or is_quiet:
        return []
    if not note.author.is_local and is_hidden_host(note.author.host):
        return []
    return await readers_of_tags(note)


async def _named_here(note: Note) -> list[Actor]:
    return await load(
        Actor,
        "local_name IS NOT NULL AND id IN"
        " (SELECT actor_id FROM mention WHERE note_id = ? AND (is_silent = ? OR is_blind = ?))",
        [note.id, False, True],
    )


async def _note_of(activity: Activity, author: Actor, *, is_followed: bool) -> Note | None:
    uri = activity.object_id
    if uri is None:
        raise Malformed("a Create of something without an id")
    if found := await load_one(Note, "uri = ?", [uri]):
        # Before the author is set: Tortoise would make the note theirs, whosever it is.
        if found.author_id != author.id or found.deleted_at is not None:
            return None
        found.author = author
        if isinstance(activity.object, dict) and not author.is_local:
            await mention_blind(found, activity.object)
        return found
    if author.is_local or not isinstance(activity.object, dict):
        raise NotFound(f"{uri} could not be had")
    if not may_speak_for(author, activity.object):
        raise NotFound(f"{uri} could not be had from its own server")
    read = note_document_from(activity.object, by=author.uri)
    return await _kept(read, author, activity, is_followed=is_followed)


async def _votes(documents: list[Any], author: Actor) -> None:
    """Count several votes that came together, as GoToSocial sends them; nothing else may."""
    for document in documents[:MOST_VOTES]:
        if isinstance(document, dict) and may_speak_for(author, document):
            read = note_document_from(document, by=author.uri)
            if read.is_vote:
                await polls.vote(read, author)


async def _kept(
    read: NoteDocument, author: Actor, activity: Activity, *, is_followed: bool
) -> Note | None:
    if await is_buried(read.id, author.uri):
        return None
    if read.is_vote and await polls.vote(read, author):
        return None
    if not (is_followed or await _concerns_us(read, author)):
        return None
    await check_pace(author)
    await check_welcome(read, author)
    await check_lock(read)
    admission = await admission_of(read, author)
    if admission and admission.is_refused:
        await refuse(admission, author, activity)
        is_for_others = is_followed or await _concerns_others(read, author, admission.group)
        if admission.is_comment or not is_for_others:
            return None
    prepared = await prepare(read, author, await judged(read, author))
    inside = admission.inside if admission else None
    note, is_new = await keep(replace(prepared, inside=inside))
    if is_new:
        await want_thread(note)
        if inside:
            await settle_in(note, inside, activity)
    return note


async def _concerns_us(read: NoteDocument, author: Actor) -> bool:
    """Tell whether anyone here is addressed, or posted what it is about.

    Everything else, but what is by somebody followed from here, would let strangers fill our disk.
    """
    if await _reaches_us(_all_named(read), author):
        return True
    about = [uri for uri in (read.in_reply_to, read.quote) if uri]
    quoted = [uri for uri in about if uri == read.in_reply_to or is_ours(uri)]
    there = f"uri IN ({sql.marks(quoted)}) AND deleted_at IS NULL"
    return bool(quoted) and await exists("note", there, quoted)


async def _concerns_others(read: NoteDocument, author: Actor, group: Actor) -> bool:
    """Tell the same of a note that a group of ours does not let in: others may want it."""
    others = [uri for uri in _all_named(read) if uri not in (group.uri, group.followers_uri)]
    return await _reaches_us(others, author)


def _all_named(read: NoteDocument) -> list[str]:
    named = [href for href, _ in read.mentions]
    return [*read.to, *read.cc, *named, *read.group_candidates, *([read.context or ""])]


async def _is_awaited(activity: Activity, author: Actor) -> bool:
    """Tell the same of a note of which we have only the id."""
    addressed = [*activity.to, *activity.cc]
    return bool(await readers_of(author.id)) or await _reaches_us(addressed, author)


async def _reaches_us(addressed: Sequence[str], author: Actor) -> bool:
    """Tell whether someone here is addressed who would hear of it: there is no block between."""
    here = [uri for uri in addressed if uri != PUBLIC and is_ours(uri)][:256]
    above = covering(author.host)
    return bool(here) and await exists(
        "actor",
        f"uri IN ({sql.marks(here)}) AND gone_at IS NULL"  # noqa: S608
        " AND id NOT IN (SELECT blocker_id FROM block WHERE blocked_id = ?"
        " UNION SELECT blocked_id FROM block WHERE blocker_id = ? UNION SELECT blocker_id"
        f" FROM server_block WHERE host IN ({sql.marks(above)}))",
        [*here, author.id, author.id, *above],
    )


async def _readers(note: Note, followers: Sequence[int]) -> list[int]:
    """Return whose homes a note belongs in: an answer only with those who follow both.

    The author's own home has it too, and so have the addressed who follow the author.
    """
    readers = set(followers)
    if note.audience == "members":
        readers &= set(await members_here(note.group_id or 0))
    if note.audience == "self":
        readers.clear()
    if note.audience in (*CHOSEN, "people"):
        addressed = await Mention.filter(note_id=note.id).values("actor_id")
        readers &= {row["actor_id"] for row in addressed}
    elif note.in_reply_to_uri:
        readers &= await _followers_of_parent(note)
    if note.author.is_local:
        readers.add(note.author_id)
    return sorted(readers)


async def _followers_of_parent(note: Note) -> set[int]:
    if note.in_reply_to_id is None:
        return set()
    parent = await Note.get(id=note.in_reply_to_id)
    return {*await readers_of(parent.author_id), parent.author_id}
