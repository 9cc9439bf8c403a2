"""What comes with a note from elsewhere: whom it names, what it shows and what it asks."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core import sql
from core.ids import new_id
from federation.read import recipients
from federation.vocabulary import PUBLIC
from notes.attachments import Attachment, Media
from notes.cards import want_card
from notes.note import Audience, Note
from notes.note_document import NoteDocument
from notes.polls import Poll
from notes.prepared import Prepared
from notes.quotes import keep_quote
from notes.tags import tag_note

KINDS_OF_MEDIA = {each.value: each for each in Media}


async def keep_belongings(note: Note, prepared: Prepared) -> None:
    """Write down what a new note names, shows, asks and quotes; in the transaction of the note."""
    read = prepared.read
    await mention_all(note, read)
    for tag in read.hashtags:
        await tag_note(note, tag)
    await attach(note, prepared)
    await ask(note, read)
    await want_card(note)
    if read.quote:
        await keep_quote(note, read)


async def mention_all(note: Note, read: NoteDocument) -> None:
    """Keep those we know among the named and the addressed; nobody is fetched for it."""
    named = {href for href, _ in read.mentions}
    addressed = [uri for uri in (*read.to, *read.cc) if uri not in named]
    wanted = [*named, *addressed][:256]
    # The two that stand on nearly every note are nobody's ids.
    wanted = [uri for uri in wanted if uri not in (PUBLIC, note.author.followers_uri)]
    if not wanted:
        return
    await _keep(note, wanted, named)


async def mention_blind(note: Note, document: Mapping[str, Any]) -> None:
    """Let somebody see a note that came before, for it came to their own letterbox as well."""
    blind = [each for each in recipients(document.get("bcc")) if each != PUBLIC]
    if blind and note.audience in (Audience.CIRCLE, Audience.PEOPLE):
        await _keep(note, blind, ())


async def _keep(note: Note, wanted: Sequence[str], named: Collection[str]) -> None:
    known = await sql.rows(
        f"SELECT id, uri FROM actor WHERE uri IN ({sql.marks(wanted)})",  # noqa: S608
        list(wanted),
    )
    await sql.run_many(
        "INSERT INTO mention (id, note_id, actor_id, is_silent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(new_id(), note.id, each["id"], each["uri"] not in named) for each in known],
    )


async def attach(note: Note, prepared: Prepared) -> None:
    """Write its pictures."""
    if rows := media_of(note, prepared):
        await Attachment.bulk_create(rows)


def media_of(note: Note, prepared: Prepared) -> list[Attachment]:
    """Return its pictures as rows that are not written yet."""
    if prepared.verdict.has_no_media:
        return []
    return [
        Attachment(
            id=new_id(),
            owner_id=note.author_id,
            note_id=note.id,
            position=position,
            media=KINDS_OF_MEDIA.get(each.kind, Media.UNKNOWN),
            media_type=each.media_type[:100],
            remote_url=each.url,
            poster_url=each.poster or "",
            alt=each.alt[:10_000],
            width=each.width,
            height=each.height,
            duration=each.duration,
            blurhash=each.blurhash[:170],
            focus_x=each.focus[0] if each.focus else 0,
            focus_y=each.focus[1] if each.focus else 0,
        )
        for position, each in enumerate(prepared.read.attachments)
    ]


async def ask(note: Note, read: NoteDocument) -> None:
    """Write its poll, or what its own server counts now."""
    if read.poll is None:
        return
    options = [{"title": title, "votes": votes} for title, votes in read.poll.options]
    values = {
        "options": options,
        "is_multiple": read.poll.multiple,
        "voters_count": read.poll.voters,
        "ends_at": read.poll.ends,
        "closed_at": read.poll.closed,
    }
    await Poll.update_or_create(note_id=note.id, defaults=values)
