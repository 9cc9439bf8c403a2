"""/api/oembed: a note as other sites show it, for notes that everybody may see."""

import re
from html import escape

import msgspec
from aiohttp import web

from core.paging import number
from core.plain import text_of
from core.settings import settings
from inbox.slices import notes_of
from notes.note import Note
from notes.visibility import OPEN
from web.api.answers import answer
from web.api.asked import asked
from web.api.errors import Lacking
from web.errors import Missing
from web.render import absolute

NARROWEST, USUAL = 220, 400
A_DAY = 86_400
_PAGE = re.compile(r"/n/([0-9]{1,19})/?")


class OEmbed(msgspec.Struct, kw_only=True):
    """A note to be put into a page of somebody else; `html` holds no script."""

    type: str
    version: str
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int | None


async def show(request: web.Request) -> web.Response:
    """Answer with an open note of ours by the address of its page (PRIV-01)."""
    wanted = await asked(request)
    url = wanted.text("url") or ""
    if not url:
        raise Lacking("url")
    note = await _open_note(url)
    page = absolute(note.page)
    return answer(
        OEmbed(
            type="rich",
            version="1.0",
            title=f"New status by {note.author.display_name}",
            author_name=note.author.display_name,
            author_url=absolute(note.author.page),
            provider_name=settings().server.account_domain,
            provider_url=absolute("/"),
            cache_age=A_DAY,
            html=_html(note, page),
            width=max(min(wanted.number("maxwidth") or USUAL, USUAL), NARROWEST),
            height=None,
        )
    )


async def _open_note(url: str) -> Note:
    base = settings().server.base_url
    found = _PAGE.fullmatch(url.removeprefix(base)) if url.startswith(f"{base}/") else None
    notes = await notes_of([number(found[1]) or 0], None) if found else []
    if not notes or notes[0].audience not in OPEN or notes[0].is_boost or not notes[0].is_local:
        raise Missing(url)
    return notes[0]


def _html(note: Note, page: str) -> str:
    words = note.summary or text_of(note.content)
    shown = "".join(f"<p>{escape(each)}</p>" for each in words.split("\n\n") if each)
    return (
        f'<blockquote cite="{escape(page)}">{shown}'
        f'<footer>{escape(note.author.display_name)} · <a href="{escape(page)}">'
        f"{escape(page)}</a></footer></blockquote>"
    )
