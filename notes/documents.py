"""Note → ActivityPub document (federation.md 7, 8); the way back is notes/reading.py.

`Parts` holds all that a document needs, gathered with a fixed number of queries, so that a page of
twenty notes costs no more than one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from actors.actor import Actor
from actors.documents import emoji_tags
from actors.group_documents import flair_document
from actors.groups import Group
from core import sql
from core.rows import load, load_ids
from core.settings import settings
from federation.vocabulary import PUBLIC
from notes.attached import attachment_of
from notes.attachments import Attachment, load_media
from notes.chosen import CHOSEN, aside_of
from notes.group_posts import GroupPost, first_line
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.polls import Poll
from notes.quotes import State
from notes.quoting import policy_for
from notes.text import more_pictures_line, with_quote
from notes.visibility import OPEN

SHOWN_EVERYWHERE = 4  # pictures of a note

Document = dict[str, Any]


@dataclass(frozen=True)
class QuoteOf:
    """What a note quotes: its id and page, and the authorization, if it was given."""

    uri: str
    page: str
    stamp: str = ""


@dataclass
class Parts:
    """What belongs to a note, loaded; mentions bring their actors, tags are shown names."""

    mentions: list[Mention] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    poll: Poll | None = None
    group: Actor | None = None
    flair: list[Document] = field(default_factory=list)
    quote: QuoteOf | None = None


async def parts_of(notes: Sequence[Note]) -> dict[int, Parts]:
    """Load what belongs to these notes: nine queries at most, however many they are."""
    ids = [note.id for note in notes]
    parts = {number: Parts() for number in ids}
    if not ids:
        return parts
    of_these = f"note_id IN ({sql.marks(ids)})"
    mentions = await load(Mention, f"{of_these} ORDER BY id", ids)
    people = await load_ids(Actor, (each.actor_id for each in mentions))
    for mention in mentions:
        mention.actor = people[mention.actor_id]
        parts[mention.note_id].mentions.append(mention)
    tags = await sql.rows(
        "SELECT t.note_id, g.shown FROM note_tag t JOIN tag g ON g.id = t.tag_id"  # noqa: S608
        f" WHERE t.{of_these} ORDER BY t.id",
        ids,
    )
    for row in tags:
        parts[row["note_id"]].tags.append(row["shown"])
    for each in await load_media(f"{of_these} ORDER BY position, id", ids):
        parts[each.note_id or 0].attachments.append(each)
    groups = await load_ids(Actor, {note.group_id for note in notes if note.group_id})
    for note in notes:
        parts[note.id].group = groups.get(note.group_id or 0)
    for number, marks in (await _flair_of(notes, groups)).items():
        parts[number].flair = marks
    for poll in await load(Poll, of_these, ids):
        parts[poll.note_id].poll = poll
    for number, quote in (await _quotes_of(notes)).items():
        parts[number].quote = quote
    return parts


async def _flair_of(
    notes: Sequence[Note], groups: Mapping[int, Actor]
) -> dict[int, list[Document]]:
    """Write the flair that threads in groups carry, with the ids the groups have for it."""
    ids = [note.id for note in notes if note.group_id in groups and not note.in_reply_to_uri]
    posts = await load(GroupPost, f"note_id IN ({sql.marks(ids)})", ids) if ids else []
    marked = [each for each in posts if each.flair and each.group_id in groups]
    if not marked:
        return {}
    of = list({each.group_id for each in marked})
    rows = await load(Group, f"actor_id IN ({sql.marks(of)})", of)
    known = {
        (row.actor_id, mark["name"]): mark
        for row in rows
        for mark in (row.flair if isinstance(row.flair, list) else [])
    }
    return {
        each.note_id: [
            flair_document(groups[each.group_id], known.get((each.group_id, name), {"name": name}))
            for name in each.flair
        ]
        for each in marked
    }


async def _quotes_of(notes: Sequence[Note]) -> dict[int, QuoteOf]:
    ids = [note.id for note in notes if note.quote_uri]
    if not ids:
        return {}
    rows = await sql.rows(
        "SELECT q.note_id, q.quoted_uri, q.state, q.stamp_uri, n.url FROM note_quote q"  # noqa: S608
        f" LEFT JOIN note n ON n.id = q.quoted_id WHERE q.note_id IN ({sql.marks(ids)})",
        ids,
    )
    return {
        row["note_id"]: QuoteOf(
            row["quoted_uri"],
            row["url"] or row["quoted_uri"],
            row["stamp_uri"] if row["state"] == State.ACCEPTED else "",
        )
        for row in rows
    }


def addressing(
    note: Note,
    mentioned: Sequence[Actor],
    *,
    people: Sequence[Actor] = (),
    group: Actor | None = None,
) -> tuple[list[str], list[str]]:
    """Return `to` and `cc` by the table of product.md 5.1; the author must be loaded."""
    followers = note.author.followers_uri
    named = [actor.uri for actor in mentioned]
    inside = [group.uri] if group else []
    match note.audience:
        case Audience.PUBLIC:
            return [*inside, PUBLIC], _but(inside, [followers, *named])
        case Audience.QUIET:
            return [*inside, followers], _but(inside, [PUBLIC, *named])
        case Audience.FOLLOWERS:
            return [followers], named
        case Audience.MEMBERS:
            members = [group.followers_uri] if group and group.followers_uri else []
            return [*inside, *members], _but(inside, named)
        case Audience.MUTUALS | Audience.CIRCLE:
            return [aside_of(note)], []
        case Audience.SERVER | Audience.SELF:
            return [], []
    return [*named, *(each.uri for each in people if each.uri not in named)], []


def _but(inside: list[str], others: list[str]) -> list[str]:
    return [each for each in others if each not in inside]


def document_of(note: Note, parts: Parts) -> Document:
    """Write a local note; its author must be loaded."""
    # A tag would tell all the others who else is among the chosen.
    is_named = note.audience not in CHOSEN
    named = [each.actor for each in parts.mentions if is_named and not each.is_silent]
    silent = [each.actor for each in parts.mentions if each.is_silent and not each.is_blind]
    to, cc = addressing(note, named, people=silent, group=parts.group)
    document: Document = {
        "id": note.uri,
        "type": "Question" if parts.poll else note.kind,
        "url": settings().url(note.page),
        "attributedTo": note.author.uri,
        "published": stamp(note.created_at),
        "to": to,
        "cc": cc,
        "content": _content(note, parts),
        "source": {"content": note.source, "mediaType": "text/markdown"},
        "sensitive": note.is_sensitive,
        "tag": [
            *(_mention(actor) for actor in named),
            *(_hashtag(tag) for tag in parts.tags),
            *emoji_tags(note.emojis),
            *parts.flair,
        ],
        "attachment": [attachment_of(each, note) for each in parts.attachments],
        "interactionPolicy": _everyone() | policy_for(note),
        "replies": f"{note.uri}/replies",
        "likes": f"{note.uri}/likes",
        "shares": f"{note.uri}/shares",
    }
    if parts.group:
        document["audience"] = parts.group.uri
        if not note.title and not note.in_reply_to_uri:
            document["name"] = _line_for(note, parts)
    if note.language:
        document["contentMap"] = {note.language: document["content"]}
    document |= _optional(note) | (_question(parts.poll) if parts.poll else {})
    return document | (_quote(parts.quote) if parts.quote else {})


def _content(note: Note, parts: Parts) -> str:
    """Return the text with links to what others leave out: a quote, and Mastodon the pictures
    beyond the fourth. Where only few may see them, a link would lead them nowhere."""
    content, more = note.content, len(parts.attachments) - SHOWN_EVERYWHERE
    if more > 0 and note.audience in OPEN:
        content += more_pictures_line(more, settings().url(note.page))
    return with_quote(content, parts.quote.page, at_end=True) if parts.quote else content


def _line_for(note: Note, parts: Parts) -> str:
    """Find a title: Lemmy and its kin have no post without one, nor one of two letters."""
    alts = (each.alt.strip()[:120] for each in parts.attachments)
    line = first_line(note.content) or next((each for each in alts if each), "")
    line = line or note.author.display_name
    return line if len(line) > 2 else f"{line} \u2026"


def tombstone_of(note: Note) -> Document:
    """Write what stands where a deleted note stood."""
    deleted = note.deleted_at or datetime.now(UTC)
    return {"id": note.uri, "type": "Tombstone", "deleted": stamp(deleted)}


def stamp(moment: datetime) -> str:
    """Write a moment as peers expect it: UTC, whole seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _optional(note: Note) -> Document:
    document: Document = {}
    if note.title:
        document["name"] = note.title
    if note.summary:
        document["summary"] = note.summary
    if note.in_reply_to_uri:
        document["inReplyTo"] = note.in_reply_to_uri
    if note.audience in (Audience.PUBLIC, Audience.QUIET) and note.context_uri:
        document["context"] = document["conversation"] = note.context_uri
    if note.edited_at:
        document["updated"] = stamp(note.edited_at)
    if note.audience == Audience.PEOPLE:
        document["directMessage"] = True
    return document


def _quote(quote: QuoteOf) -> Document:
    """Name what is quoted in all the ways that are read."""
    names = ("quote", "_misskey_quote", "quoteUri", "quoteUrl")
    document: Document = dict.fromkeys(names, quote.uri)
    return document | ({"quoteAuthorization": quote.stamp} if quote.stamp else {})


def _mention(actor: Actor) -> Document:
    return {"type": "Mention", "href": actor.uri, "name": f"@{actor.full_handle}"}


def _hashtag(name: str) -> Document:
    href = settings().url(f"/tags/{name.casefold()}")
    return {"type": "Hashtag", "name": f"#{name}", "href": href}


def _question(poll: Poll) -> Document:
    options: list[Document] = [
        {"type": "Note", "name": option["title"]}
        | ({} if poll.is_secret else _votes(option["votes"]))
        for option in poll.options
    ]
    document: Document = {"anyOf" if poll.is_multiple else "oneOf": options}
    document["votersCount"] = poll.voters_count
    if poll.ends_at:
        document["endTime"] = stamp(poll.ends_at)
    if poll.closed_at:
        document["closed"] = stamp(poll.closed_at)
    return document


def _votes(count: int) -> Document:
    return {"replies": {"type": "Collection", "totalItems": count}}


def _everyone() -> Document:
    # Said aloud, because GoToSocial takes silence as its own default (federation.md 11).
    allowed = {"automaticApproval": [PUBLIC]}
    return {"canLike": allowed, "canReply": allowed, "canAnnounce": allowed}
