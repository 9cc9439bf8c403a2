"""Translating statuses: /api/v1/statuses/:id/translate, and between which languages."""

from typing import Any

import msgspec
from aiohttp import web

from core.rows import load_one
from inbox.translating import PROVIDER, Translated, is_offered, languages, translated
from notes.note import Note
from notes.polls import Poll
from web.api.access import account_of
from web.api.answers import answer
from web.api.asked import asked
from web.api.entities.words import content_of
from web.api.interactions import itself
from web.api.statuses import found_note
from web.errors import Missing

UNKNOWN = "und"  # what Mastodon calls a language that has yet to be found out


class TranslatedOption(msgspec.Struct):
    """An answer of a poll, translated."""

    title: str


class TranslatedPoll(msgspec.Struct):
    """The answers of a poll, translated, in their order."""

    id: str
    options: list[TranslatedOption]


class TranslatedMedia(msgspec.Struct):
    """What describes a picture or video, translated."""

    id: str
    description: str


class Translation(msgspec.Struct):
    """A status in another language; `provider` is who translated it."""

    content: str
    spoiler_text: str
    language: str
    detected_source_language: str
    provider: str
    poll: TranslatedPoll | None
    media_attachments: list[TranslatedMedia]


async def index(request: web.Request) -> web.Response:
    """Into which languages each is translated; nothing where the operator named no translator."""
    known: dict[str, Any] = dict(await languages())
    if known:
        known[UNKNOWN] = sorted({each for targets in known.values() for each in targets})
    return answer(known)


async def translate(request: web.Request) -> web.Response:
    """Translate a status that everyone may see into `lang`, or else the person's own language."""
    if not is_offered():
        raise Missing("nobody translates here")
    account = account_of(request)
    note = await itself(await found_note(request))
    wanted = (await asked(request)).text("lang") or account.locale
    return answer(await _shown(note, await translated(note, account.actor, wanted)))


async def _shown(note: Note, found: Translated) -> Translation:
    poll = await load_one(Poll, "note_id = ?", [note.id]) if found.options else None
    options = [TranslatedOption(each) for each in found.options]
    return Translation(
        content=content_of(found.title, found.content),
        spoiler_text=found.summary,
        language=found.language,
        detected_source_language=found.written_in,
        provider=PROVIDER,
        poll=TranslatedPoll(str(poll.id), options) if poll else None,
        media_attachments=[TranslatedMedia(str(number), text) for number, text in found.captions],
    )
