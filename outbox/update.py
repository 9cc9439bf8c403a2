"""Update: a note or a profile is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
from tortoise.transactions import in_transaction

from actors import written
from actors.actor import Actor
from actors.documents import suspended_of
from actors.emojis import own_emojis
from actors.group_documents import whole_document_of
from core.clock import now
from core.ids import new_id
from core.jobs import Lane, is_waiting, put
from federation.vocabulary import PUBLIC
from federation.write import write
from notes import search
from notes.attachments import Attachment, shows_of
from notes.cards import want_card
from notes.chosen import CHOSEN
from notes.documents import document_of, parts_of
from notes.edits import keep_edit
from notes.files import drop
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.polls import Poll, Vote
from notes.previews import Look, show_so
from notes.quotes import quote_in
from notes.quoting import Quoting, quoting_policy
from notes.tags import NoteTag, tag_note
from outbox.addresses import activity_uri, is_open, reach_of, unread_activity_uri
from outbox.create import attach, concerned_by, kinds_of, texts_of
from outbox.deliver import Reach, deliver, send_out
from outbox.draft import Draft, PollDraft, check, worded
from outbox.refusals import NotAllowed, NotValid

TELL_VOTES = "outbox.tell_votes"
# Results go out no more often than this (federation.md 7.6).
BETWEEN_RESULTS_S = 180


async def edit(
    author: Actor,
    note: Note,
    draft: Draft,
    alts: Mapping[int, str] | None = None,
    media: Sequence[int] | None = None,
    looks: Mapping[int, Look] | None = None,
) -> Note:
    """Change one's own note; its audience and what it answers stay (PRIV-05).

    `alts` are new descriptions of its pictures, by their ids. `media` are those it has from now
    on, in this order: some of its own, and new uploads; without it they stay. `looks` are how
    some of them are shown otherwise.
    """
    if note.author_id != author.id or note.deleted_at or note.is_boost:
        raise NotAllowed("Only its author can change a note.")
    kept = [row["id"] for row in await Attachment.filter(note_id=note.id).values("id")]
    shown = kept if media is None else list(media)
    draft = replace(draft, attachments=shown, quoted=await _quoted(note))
    check(draft)
    words = await worded(draft)
    async with in_transaction():
        await keep_edit(note)
        note.title, note.source, note.content = draft.title.strip(), draft.source, words.content
        note.summary = draft.summary.strip()
        note.is_sensitive = draft.is_sensitive or bool(note.summary)
        note.emojis = await own_emojis(*texts_of(draft), *await _answers(note))
        note.language, note.edited_at = draft.language or note.language, now()
        if draft.poll:
            await _ask_again(note, draft.poll)
        if media is not None:
            await _show(note, draft.attachments, kept)
        await note.save()
        await NoteTag.filter(note_id=note.id).delete()
        for tag in words.tags:
            await tag_note(note, tag)
        await _name(note, [actor.id for actor in words.named])
        for number, alt in (alts or {}).items():
            await Attachment.filter(id=number, note_id=note.id).update(alt=alt)
        for each in await Attachment.filter(id__in=list(looks or {}), note_id=note.id):
            await show_so(each, (looks or {})[each.id])
        await search.index(note)
        await want_card(note)
        await send_note(note)
    return note


async def _show(note: Note, media: Sequence[int], before: Sequence[int]) -> None:
    """Have these on a note from now on; what it no longer shows is dropped with its files."""
    await drop([each for each in before if each not in media])
    await attach(note, media)
    note.has_media, note.shows = bool(media), shows_of(await kinds_of(media))


async def _ask_again(note: Note, wanted: PollDraft) -> None:
    """Change the poll of a note; other answers are another question, and nobody voted on that."""
    poll = await Poll.get_or_none(note_id=note.id)
    if poll is None:
        raise NotValid("poll", "A poll cannot be added to a note that was posted without one.")
    before = ([each["title"] for each in poll.options], poll.is_multiple)
    titles = [each.strip() for each in wanted.options]
    if before != (titles, wanted.is_multiple):
        await Vote.filter(poll_id=poll.id).delete()
        poll.options = [{"title": each, "votes": 0} for each in titles]
        poll.is_multiple, poll.voters_count = wanted.is_multiple, 0
    poll.hides_totals = wanted.hides_totals
    poll.ends_at = now() + timedelta(seconds=wanted.seconds)
    poll.closed_at, poll.is_told = None, False
    await poll.save()


async def _answers(note: Note) -> list[str]:
    poll = await Poll.get_or_none(note_id=note.id) if note.kind == "Question" else None
    return [each["title"] for each in poll.options] if poll else []


async def _quoted(note: Note) -> Note | None:
    quote = await quote_in(note.id) if note.quote_uri else None
    return await Note.get_or_none(id=quote.quoted_id) if quote and quote.quoted_id else None


async def choose_quoting(author: Actor, note: Note, quoting: Quoting) -> None:
    """Change who may quote one's own note; what was agreed to before stays agreed to."""
    if note.author_id != author.id or note.deleted_at or note.is_boost:
        raise NotAllowed("Only its author can change a note.")
    policy = quoting_policy(author, quoting)
    if note.interaction == policy:
        return
    async with in_transaction():
        note.interaction = policy
        await Note.filter(id=note.id).update(interaction=policy)
        await send_note(note)


async def _name(note: Note, named: list[int]) -> None:
    """Name the newly named; who was named stays addressed, for they have the note already.

    Whom a note for mutuals or circles is for was counted out when it was published.
    """
    if note.audience in CHOSEN:
        await Mention.filter(note_id=note.id, actor_id__in=named).update(is_silent=False)
        return
    if note.audience == Audience.SELF:
        return
    for number in named:
        await Mention.get_or_create(note_id=note.id, actor_id=number, defaults={"id": new_id()})


async def send_note(note: Note) -> None:
    """Send a changed note, as also after votes; call in a transaction; the author is loaded."""
    note.author = await Actor.get(id=note.author_id)
    document = document_of(note, (await parts_of([note]))[note.id])
    document["updated"] = document.get("updated") or now().strftime("%Y-%m-%dT%H:%M:%SZ")
    is_comment = note.group_id is not None and note.in_reply_to_id is not None
    update = write(
        "Update",
        id=unread_activity_uri() if is_comment else activity_uri(),
        actor=note.author.uri,
        object=document,
        to=document["to"],
        cc=document["cc"],
        audience=document.get("audience"),
    )
    reach = reach_of(note, await concerned_by(note))
    await deliver(update, note.author, reach, key=note.uri, is_public=is_open(note))


async def want_results(note: Note) -> None:
    """Queue the sending of how a poll of ours stands, once for all votes of the next minutes."""
    payload = msgspec.json.encode({"note": note.id})
    if not await is_waiting(TELL_VOTES, payload):
        await put(TELL_VOTES, payload, lane=Lane.LATER, after_seconds=BETWEEN_RESULTS_S)


async def send_results(payload: Mapping[str, Any]) -> None:
    """Send how a poll of ours stands to all who have it; job `outbox.tell_votes`."""
    note = await Note.get_or_none(id=payload["note"], deleted_at=None, held_at=None)
    if note is None or await Poll.exists(note_id=note.id, is_told=True):
        return
    if (await Actor.get(id=note.author_id)).is_present:
        async with in_transaction():
            await send_note(note)


async def profile_changed(actor: Actor) -> None:
    """Queue the Update of a profile; call in the transaction that changed it."""
    await put("outbox.update_actor", {"actor_id": actor.id}, lane=Lane.SOON)


async def send_actor(payload: Mapping[str, Any]) -> None:
    """Send a changed profile to all who follow it, or that its owner is suspended.

    Job `outbox.update_actor`.
    """
    actor = await Actor.get_or_none(id=payload["actor_id"])
    if actor is None or not actor.is_local or actor.gone_at is not None:
        return
    written.forget(actor)
    document = suspended_of(actor) if actor.suspended_at else await whole_document_of(actor)
    update = write(
        "Update",
        id=payload.get("uri") or activity_uri(),
        actor=actor.uri,
        object=document,
        to=[PUBLIC],
        cc=[actor.followers_uri],
    )
    reach = Reach(followers_of=actor)
    if actor.suspended_at:
        await send_out(update, actor, reach, key=actor.uri, is_public=True)
    else:
        await deliver(update, actor, reach, key=actor.uri, is_public=True)
