"""Announcements → what members and admins read."""

from collections.abc import Sequence

from actors.actor import Actor
from core.html import Sanitised, shown
from core.settings import settings
from moderation.announcements import Announcement, read_by, shown_now
from moderation.languages import said_in
from moderation.policy import current
from notes.text import render
from web.texts import locale
from web.views.announcements import Announced


def words_of(made: Announcement) -> tuple[Sanitised, str]:
    """Return an announcement in the language of the reader, as clean HTML, and that language."""
    said = said_in(made.words, locale(), current().sections.language)
    html = render(said.text, tag_url=lambda tag: settings().url(f"/tags/{tag}"))
    return shown(html), said.language


def announced(found: Sequence[Announcement]) -> tuple[Announced, ...]:
    """Show announcements."""
    return tuple(_one(each) for each in found)


async def unread_by(viewer: Actor) -> tuple[Announced, ...]:
    """Show what is announced now and somebody has not read yet: two queries at most."""
    found = await shown_now()
    read = await read_by(viewer, found) if found else frozenset()
    return announced([each for each in found if each.id not in read])


def _one(made: Announcement) -> Announced:
    html, language = words_of(made)
    return Announced(made.id, html, language, made.created_at, made.starts_at, made.ends_at)
