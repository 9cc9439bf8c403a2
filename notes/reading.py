"""ActivityPub document → what we believe of a note (federation.md 7); no database here."""

import html
import re
from typing import Any

from federation.errors import Malformed
from federation.flair import flair_in
from federation.parts import emojis_from, page_of
from federation.read import (
    MAX_TAGS,
    addressed,
    clipped,
    count,
    dicts,
    first_iri,
    flag,
    id_of,
    iri_of,
    iris,
    link,
    moment,
    text,
)
from federation.urls import same_origin
from federation.vocabulary import KNOWN_TYPES, NOTE_TYPES, PUBLIC, type_of
from notes.enclosures import Enclosure, enclosures_of
from notes.note_document import NoteDocument
from notes.questions import question_of
from notes.words import card_of, content_of, language_of, source_of, summary_of, title_of

_QUOTES = ("quote", "_misskey_quote", "quoteUrl", "quoteUri")
_HASHTAG = re.compile(r"[\w\u00b7\u200c\u200d\u203f-]{1,100}")


def note_document_from(document: dict[str, Any], *, by: str | None = None) -> NoteDocument:
    """Read a note; raise Malformed without an id, or one author on the id's server (ORG-06).

    `by` is who sent it: then they must be among those it is attributed to. Unknown types with a
    name or content are read as well, and stand there as a card.
    """
    kind = _type_of(document)
    uri = id_of(document)
    if uri is None:
        raise Malformed(f"a {kind} without an id")
    author, owners = _author_of(document, uri, by)
    to, cc, audience = addressed(document)
    warning, excerpt = summary_of(document, kind)
    title, content = title_of(document), content_of(document)
    in_reply_to = first_iri(document.get("inReplyTo"))
    attachments = enclosures_of(document, kind)
    tags = dicts(document.get("tag"), MAX_TAGS)
    hashtags = _hashtags_of(tags)
    return NoteDocument(
        id=uri,
        type=kind,
        author=author,
        title=title,
        content=content or _instead(document, kind, excerpt),
        source=source_of(document),
        summary=warning,
        excerpt=excerpt,
        sensitive=_is_sensitive(document, hashtags, attachments),
        language=language_of(document),
        published=moment(document.get("published")),
        updated=moment(document.get("updated")),
        url=_page_of(document, uri),
        in_reply_to=in_reply_to,
        to=to,
        cc=cc,
        audience=[each for each in audience if each != PUBLIC],
        owners=owners,
        target=_target_of(document),
        mentions=_mentions_of(tags),
        hashtags=hashtags,
        flair=[each["name"] for each in flair_in(document)][:3],
        emojis=emojis_from(document),
        attachments=attachments,
        poll=question_of(document) if kind == "Question" else None,
        quote=quote_link(document, tags),
        is_legacy_quote=not link(iri_of(document.get("quote"))),
        quote_authorization=link(iri_of(document.get("quoteAuthorization"))),
        context=iri_of(document.get("context")),
        conversation=iri_of(document.get("conversation")),
        replies=_beside(uri, document.get("replies")),
        embedded_replies=_embedded(document.get("replies")),
        likes=_total(document.get("likes")),
        shares=_total(document.get("shares")),
        is_vote=bool(kind == "Note" and title and in_reply_to and not (content or attachments)),
        interaction=_embedded(document.get("interactionPolicy")),
        comments_enabled=_takes_comments(document),
        starts=moment(document.get("startTime")) if kind == "Event" else None,
        ends=moment(document.get("endTime")) if kind == "Event" else None,
        place=_place_of(document),
        is_limited=_is_limited(document, tags),
    )


def _is_limited(document: dict[str, Any], tags: list[dict[str, Any]]) -> bool:
    """Tell whether it is for people its author chose without naming them (product.md 5.1)."""
    is_named = any(type_of(each) == "Mention" for each in tags)
    return bool(document.get("bcc")) and not is_named and document.get("directMessage") is not True


def _type_of(document: dict[str, Any]) -> str:
    kind = type_of(document)
    if kind in NOTE_TYPES:
        return kind
    has_words = any(isinstance(document.get(key), str) for key in ("content", "name"))
    if not kind or kind in KNOWN_TYPES or not has_words:
        raise Malformed(f"a {kind or 'thing without a type'} is no note")
    return kind[:30]


def _author_of(document: dict[str, Any], uri: str, by: str | None) -> tuple[str, list[str]]:
    """Return the one who wrote it, and to whom else it is attributed.

    PeerTube names account and channel, each with its type; Mobilizon puts the person into
    `actor` beside the group.
    """
    named = iris(document.get("attributedTo"), 16)
    if not named:
        raise Malformed(f"{uri} is by nobody")
    speaker = iri_of(document.get("actor"))
    people = [e for e in dicts(document.get("attributedTo")) if type_of(e) == "Person"]
    if by is not None and by not in (*named, speaker):
        raise Malformed(f"{uri} is by others than {by}")
    author = by or speaker or iri_of(people[0] if people else None)
    if author is None and len(named) == 1:
        author = named[0]
    if author is None or not same_origin(author, uri):
        raise Malformed(f"{uri} has no one author on its own server")
    return author, [each for each in named if each != author]


def _instead(document: dict[str, Any], kind: str, excerpt: str) -> str:
    if excerpt:
        return f"<p>{html.escape(excerpt)}</p>"
    return "" if kind in NOTE_TYPES else card_of(document)


def _is_sensitive(
    document: dict[str, Any], hashtags: list[str], attachments: list[Enclosure]
) -> bool:
    # Pleroma once had no other way than the tag; Misskey marks single files.
    is_marked = any(each.casefold() == "nsfw" for each in hashtags)
    return (
        flag(document.get("sensitive")) or is_marked or any(each.sensitive for each in attachments)
    )


def _page_of(document: dict[str, Any], uri: str) -> str | None:
    # Anything could be shown under the name of another server's page.
    page = page_of(document)
    return page if page and same_origin(page, uri) else None


def _target_of(document: dict[str, Any]) -> str | None:
    """Return whose wall it was written on (FEP-400e)."""
    target = document.get("target")
    owner = first_iri(target.get("attributedTo")) if isinstance(target, dict) else None
    return owner or iri_of(target)


def _mentions_of(tags: list[dict[str, Any]]) -> list[tuple[str, str]]:
    named = [each for each in tags if type_of(each) == "Mention"]
    found = {href: text(each, "name", 320) for each in named if (href := link(each.get("href")))}
    return list(found.items())


def _hashtags_of(tags: list[dict[str, Any]]) -> list[str]:
    """List the tags without #, each once whatever its case; PeerTube leaves the # out."""
    found: dict[str, str] = {}
    for each in tags:
        if type_of(each) == "Hashtag":
            name = text(each, "name", 102).removeprefix("#")
            if _HASHTAG.fullmatch(name):
                found.setdefault(name.casefold(), name)
    return list(found.values())


def quote_link(document: dict[str, Any], tags: list[dict[str, Any]]) -> str | None:
    """Find what a document quotes, whichever of the words for it is used."""
    for key in _QUOTES:
        # A Tombstone in its place says that the quote was withdrawn.
        value = document.get(key)
        if value and type_of(value) != "Tombstone" and (found := link(iri_of(value))):
            return found
    for each in tags:
        rel = each.get("rel")
        if type_of(each) == "Link" and isinstance(rel, str) and rel.endswith("_misskey_quote"):
            return link(each.get("href"))
    return None


def _beside(uri: str, value: Any) -> str | None:
    address = link(iri_of(value))
    return address if address and same_origin(address, uri) else None


def _embedded(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _total(value: Any) -> int:
    return count(value.get("totalItems")) if isinstance(value, dict) else 0


def _takes_comments(document: dict[str, Any]) -> bool:
    """Tell whether answers are welcome; PeerTube's policy 2 and Pixelfed's null say no."""
    capabilities = document.get("capabilities")
    if isinstance(capabilities, dict) and capabilities.get("reply", "") is None:
        return False
    return document.get("commentsEnabled") is not False and document.get("commentsPolicy") != 2


def _place_of(document: dict[str, Any]) -> str:
    place = document.get("location")
    if not isinstance(place, dict):
        return text(document, "location", 300)
    address = place.get("address")
    if isinstance(address, dict):
        keys = ("streetAddress", "postalCode", "addressLocality", "addressCountry")
        parts = [text(place, "name", 200), *(text(address, key, 200) for key in keys)]
    else:
        parts = [text(place, "name", 200), text(place, "address", 200)]
    return clipped(", ".join(dict.fromkeys(each for each in parts if each)), 300)
