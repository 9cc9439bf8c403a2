"""Create, Update and Delete by a generic program."""

from typing import Any

from actors.profiles import LONGEST_ABOUT, LONGEST_NAME, change_profile, facts_from
from core.limits import count
from core.names import characters_in, quiet_name
from core.plain import text_of
from core.settings import settings
from federation.read import dicts, iri_of, text
from federation.vocabulary import type_of
from moderation.posting import as_changed, check_change, post
from notes.note import Note
from notes.once import Repeated, note_made_with
from notes.polls import Poll
from notes.text import render
from outbox.addresses import activity_uri
from outbox.delete import withdraw
from outbox.update import edit
from outbox.vote import vote
from web.api.errors import ApiError, Conflict
from web.api.posting import DELETES, HALF_AN_HOUR, POSTS, THREE_HOURS
from web.c2s.drafts import changed, draft_of, source_of, worded
from web.c2s.said import Said, note_at, own_note
from web.c2s.sent import sent_as
from web.errors import Missing

SWITCHES = {
    "manuallyApprovesFollowers": "is_locked",
    "discoverable": "is_discoverable",
    "indexable": "is_indexable",
}


async def create(said: Said) -> str:
    """Post a note by the one road there is: cleaned, and as the policy allows it."""
    if _is_vote(said.thing):
        return await _vote(said)
    author = said.author
    if said.key and (made := await note_made_with(author, said.key)):
        return await _create_of(made, said)
    await count(f"api-posts:{said.account.id}", most=POSTS, seconds=THREE_HOURS)
    draft = await draft_of(said)
    try:
        note = await post(author, draft, language=said.account.locale, is_nudged=True)
    except Repeated:
        made = await note_made_with(author, said.key)
        if made is None:
            raise Conflict("The same request is being answered already") from None
        return await _create_of(made, said)
    return await sent_as(author, "Create", note.uri)


async def update_note(said: Said) -> str:
    """Change one's own note; its audience stays."""
    note = await own_note(said.uri, said.author)
    draft, alts = await changed(note, said.thing, said.author)
    verdict = await check_change(said.author, draft, alts)
    allowed = as_changed(note, draft, verdict, language=said.account.locale)
    await edit(said.author, note, allowed, alts, draft.attachments)
    return await sent_as(said.author, "Update", note.uri)


async def update_profile(said: Said) -> str:
    """Change what one shows of oneself; what is not said stays."""
    columns = _columns(worded(said.thing))
    if not columns:
        raise ApiError("nothing of this can be changed here")
    uri = activity_uri()
    await change_profile(said.author, said_as=uri, **columns)
    return uri


async def delete(said: Said) -> str:
    """Delete one's own note, here and wherever it went."""
    await count(f"api-deletes:{said.account.id}", most=DELETES, seconds=HALF_AN_HOUR)
    note = await own_note(said.uri, said.author)
    await withdraw(said.author, note)
    return await sent_as(said.author, "Delete", note.uri)


def _is_vote(about: dict[str, Any]) -> bool:
    """Tell whether it is a nameless answer of one name, as votes are (federation.md 7.6)."""
    is_bare = "name" in about and not ("content" in about or "source" in about)
    return type_of(about) == "Note" and is_bare and "inReplyTo" in about


async def _vote(said: Said) -> str:
    note = await note_at(iri_of(said.thing.get("inReplyTo")) or "", said.author)
    poll = await Poll.get_or_none(note_id=note.id)
    titles = [each["title"] for each in poll.options] if poll else []
    name = text(said.thing, "name", 500)
    if name not in titles:
        raise ApiError("The chosen vote option does not exist")
    return (await vote(said.author, note, [titles.index(name)]))[0]


async def _create_of(number: int, said: Said) -> str:
    note = await Note.get_or_none(id=number, author_id=said.author.id, deleted_at=None)
    if note is None:
        raise Missing("the note was deleted since")
    return await sent_as(said.author, "Create", note.uri)


def _columns(about: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "name" in about:
        columns["title"] = quiet_name(text(about, "name", 500), LONGEST_NAME)
    if "summary" in about or "source" in about:
        written = source_of({"content": about.get("summary"), "source": about.get("source")})
        if characters_in(written) > LONGEST_ABOUT:
            raise ApiError(f"a summary has at most {LONGEST_ABOUT} characters")
        html = render(written, tag_url=lambda tag: settings().url(f"/tags/{tag}"))
        columns |= {"about_source": written, "about": html}
    if "attachment" in about:
        lines = [e for e in dicts(about["attachment"]) if type_of(e) == "PropertyValue"]
        columns["facts"] = facts_from(
            (text(each, "name", 500), text_of(str(each.get("value") or ""))) for each in lines
        )
    for name, column in SWITCHES.items():
        if isinstance(about.get(name), bool):
            columns[column] = about[name]
    return columns
