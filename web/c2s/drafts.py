"""Notes as generic programs write them → drafts, as everyone else's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from actors.actor import Actor, Kind
from core.clock import now
from core.languages import language_tag
from core.settings import settings
from federation.parts import media_type_of
from federation.read import dicts, flag, iri_of, iris, markup, moment, text
from federation.vocabulary import PUBLIC_NAMES, type_of
from notes.attachments import Attachment
from notes.note import Audience, Note
from notes.quoting import CAN_QUOTE, Quoting
from notes.reading import quote_link
from notes.unrendered import escaped, markdown_of
from notes.uploads import LONGEST_ALT
from outbox.draft import MOST_SUMMARY, Draft, PollDraft
from web.api.errors import ApiError
from web.api.posting import check_unused, default_quoting
from web.c2s.said import Said, addressed, note_at, people_at

KINDS = frozenset({"Note", "Article", "Page", "Question"})
MARKDOWN = ("text/markdown", "text/x-markdown")
MOST_MEDIA = 40
UPLOADS = "/api/activitypub/media/"
SHORTEST_POLL = timedelta(minutes=5)


async def draft_of(said: Said) -> Draft:
    """Read the note of a Create; raises ApiError, Missing, or what fetching raises."""
    about, author = worded(said.thing), said.author
    if type_of(about) not in KINDS:
        raise ApiError(f"what can be created here: {', '.join(sorted(KINDS))}")
    whom = addressed(said)
    parent = iri_of(about.get("inReplyTo"))
    answered = await note_at(parent, author) if parent else None
    group, people = await _group_among(whom.people, author)
    media = uploads_in(about)
    await check_unused(list(media), author)
    await describe(media)
    return Draft(
        text=source_of(about),
        title=text(about, "name", 200),
        summary=text(about, "summary", MOST_SUMMARY),
        is_sensitive=flag(about.get("sensitive")),
        language=_language(about),
        audience=_audience(whom.audience, group, answered),
        in_reply_to=answered,
        group_id=group.id if group and answered is None else None,
        quoted=await _quoted(about, author),
        quoting=_quoting(said),
        attachments=list(media),
        poll=poll_of(about),
        tags=_tags(about),
        named=people,
        blind=await people_at(whom.blind, author),
        key=said.key,
    )


async def _group_among(uris: list[str], author: Actor) -> tuple[Actor | None, list[Actor]]:
    """Find the group a note is addressed to, itself or its members, and the people beside it."""
    members = await Actor.filter(followers_uri__in=uris, kind=Kind.GROUP)
    of_members = {each.followers_uri for each in members}
    found = await people_at([each for each in uris if each not in of_members], author)
    groups = [each for each in found if each.is_group] or members
    return next(iter(groups), None), [each for each in found if not each.is_group]


def _audience(said: Audience, group: Actor | None, answered: Note | None) -> Audience:
    """Return who sees a note: one that is addressed to a group is for those whom that shows it."""
    if group is None or said is not Audience.PEOPLE:
        return said
    if answered is not None and answered.group_id == group.id:
        return answered.audience
    return Audience.MEMBERS


async def _quoted(about: dict[str, Any], author: Actor) -> Note | None:
    uri = quote_link(about, dicts(about.get("tag")))
    return await note_at(uri, author) if uri else None


def _quoting(said: Said) -> Quoting:
    """Read who may quote a note, by what it says itself or what its author chose for all."""
    policy = said.thing.get("interactionPolicy")
    rules = policy.get(CAN_QUOTE) if isinstance(policy, dict) else None
    if not isinstance(rules, dict):
        return default_quoting(said.account)
    allowed = set(iris(rules.get("automaticApproval")))
    if not allowed.isdisjoint(PUBLIC_NAMES):
        return Quoting.PUBLIC
    return Quoting.FOLLOWERS if said.author.followers_uri in allowed else Quoting.NOBODY


async def changed(
    note: Note, about: Mapping[str, Any], author: Actor
) -> tuple[Draft, dict[int, str]]:
    """Lay what an Update says over a note as it is; `null` takes away, what is not said stays.

    Returns the draft with the media the note shows from now on, and new descriptions of them.
    """
    document = worded(about)
    alts: dict[int, str] = {}
    held = [row.id for row in await Attachment.filter(note_id=note.id).order_by("position", "id")]
    draft = Draft(
        text=note.source,
        title=note.title,
        summary=note.summary,
        is_sensitive=note.is_sensitive,
        language=note.language,
        audience=note.audience,
    )
    if "source" in document or "content" in document:
        draft = replace(draft, text=source_of(document))
    if "name" in document:
        draft = replace(draft, title=text(document, "name", 200))
    if "summary" in document:
        draft = replace(draft, summary=text(document, "summary", MOST_SUMMARY))
    if language := _language(document):
        draft = replace(draft, language=language)
    if "sensitive" in document:
        draft = replace(draft, is_sensitive=flag(document["sensitive"]))
    if "attachment" in document:
        media = uploads_in(document)
        await check_unused([each for each in media if each not in held], author)
        alts = {number: alt for number, alt in media.items() if alt is not None}
        held = list(media)
    return replace(draft, attachments=held), alts


def worded(about: Mapping[str, Any]) -> dict[str, Any]:
    """Take words that came in languages alone, the first of them, as if they had come plainly."""
    found = dict(about)
    for name in ("content", "name", "summary"):
        words = found.get(f"{name}Map")
        if name not in found and isinstance(words, dict) and words:
            language, found[name] = next(iter(words.items()))
            found[f"{name}Map"] = {language: found[name]}
    return found


def source_of(about: dict[str, Any]) -> str:
    """Return the Markdown of a note: its source, or its content read back from HTML."""
    source = about.get("source")
    if isinstance(source, dict) and (found := markup(source, "content")):
        return found if media_type_of(source) in MARKDOWN else escaped(found)
    content = markup(about, "content")
    match media_type_of(about):
        case "text/plain":
            return escaped(content)
        case kind if kind in MARKDOWN:
            return content
    return markdown_of(content, _handles(about))


def uploads_in(about: dict[str, Any]) -> dict[int, str | None]:
    """Read which of one's uploads are attached, each with its new description, if it has one.

    Raises ApiError for anything that is no upload here.
    """
    given = about.get("attachment") or []
    found: dict[int, str | None] = {}
    for each in (given if isinstance(given, list) else [given])[:MOST_MEDIA]:
        number = _upload(iri_of(each) or "")
        if number is None and isinstance(each, dict):
            number = _upload(iri_of(each.get("url")) or "")
        if number is None:
            raise ApiError("an attachment has to be uploaded to `uploadMedia` first")
        has_name = isinstance(each, dict) and isinstance(each.get("name"), str)
        found[number] = text(each, "name", LONGEST_ALT) if has_name else None
    return found


async def describe(media: Mapping[int, str | None]) -> None:
    """Keep the new descriptions of one's uploads."""
    for number, alt in media.items():
        if alt is not None:
            await Attachment.filter(id=number).update(alt=alt)


def poll_of(about: dict[str, Any]) -> PollDraft | None:
    """Read the answers of a Question, and for how many seconds it stays open (a day, if unsaid)."""
    if type_of(about) != "Question":
        return None
    is_multiple = "anyOf" in about
    options = [text(each, "name", 200) for each in dicts(about.get("anyOf") or about.get("oneOf"))]
    ends_at = moment(about.get("endTime"))
    seconds = (ends_at - now()).total_seconds() if ends_at else 86_400
    return PollDraft(options, round(seconds), is_multiple)


def _upload(uri: str) -> int | None:
    start = settings().url(UPLOADS)
    rest = uri.removeprefix(start)
    return int(rest) if uri.startswith(start) and rest.isdecimal() and len(rest) < 19 else None


def _language(about: dict[str, Any]) -> str:
    words = about.get("contentMap")
    if isinstance(words, dict) and len(words) == 1:
        return language_tag(str(next(iter(words))))
    return ""


def _tags(about: dict[str, Any]) -> list[str]:
    tags = [each for each in dicts(about.get("tag")) if type_of(each) == "Hashtag"]
    return [name for each in tags if (name := text(each, "name", 100).removeprefix("#"))]


def _handles(about: dict[str, Any]) -> dict[str, str]:
    tags = [each for each in dicts(about.get("tag")) if type_of(each) == "Mention"]
    named = {iri_of(each.get("href")) or "": text(each, "name", 300) for each in tags}
    return {href: name for href, name in named.items() if href and name.startswith("@")}
