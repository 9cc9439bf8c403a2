"""Card: what the first link of a note leads to, as the page there tells of itself."""

import random
import re
from html import unescape

from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.ids import new_id
from core.jobs import Lane, put
from core.links import web_link
from core.secret import is_stamp, stamp
from core.settings import settings
from notes.note import Note
from notes.visibility import OPEN

FETCH = "inbox.fetch_card"
PURPOSE = "card"
LONGEST_URL = 1000
# Many servers get a note in the same second: the page it leads to shall not meet them all at once.
SPREAD_S = (2.0, 60.0)

_QUOTED = re.compile(r'<p class="quote-inline">.*?</p>', re.DOTALL)
_LINK = re.compile(
    r'<a (?![^>]*class="[^"]*(?:mention|hashtag|u-url))[^>]*?href="(https?://[^"]+)"', re.IGNORECASE
)


class Card(Model):
    """A page somewhere, by its address; one without a title could not be read, or says nothing.

    `attachment_id` is the picture's, once somebody looked at it.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    url = fields.CharField(max_length=LONGEST_URL, unique=True)
    title = fields.CharField(max_length=500, default="")
    description = fields.CharField(max_length=1000, default="")
    language = fields.CharField(max_length=20, default="")
    author_name = fields.CharField(max_length=200, default="")
    author_url = fields.CharField(max_length=2000, default="")
    provider_name = fields.CharField(max_length=200, default="")
    image_url = fields.CharField(max_length=2000, default="")
    image_alt = fields.CharField(max_length=1500, default="")
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    published_at = fields.DatetimeField(null=True)
    attachment_id = fields.BigIntField(null=True)
    fetched_at = fields.DatetimeField(default=now)

    class Meta:
        table = "card"


def first_link(html: str) -> str | None:
    """Return the first address a note leads to: no mention, no tag, not what it quotes."""
    if "<a " not in html:
        return None
    found = _LINK.search(_QUOTED.sub("", html))
    url = web_link(unescape(found[1])) if found else None
    return url if url and len(url) <= LONGEST_URL else None


async def want_card(note: Note) -> None:
    """Queue a look at the first link of an open note without media, or at having none any more.

    Of narrow notes nobody is asked: an address may be meant for few. At once for a note from here,
    within a minute for one from elsewhere. Call in a transaction.
    """
    if not settings().media.link_cards or note.audience not in OPEN:
        return
    if note.card_id is not None or (not note.has_media and first_link(note.content)):
        pause = 0 if note.is_local else random.uniform(*SPREAD_S)  # noqa: S311  no secret
        await put(FETCH, {"note": note.id}, lane=Lane.LATER, after_seconds=pause)


def image_path(card: Card) -> str:
    """Write where the picture of a card is loaded from: ours, so that nobody who looks is seen."""
    if not card.image_url or settings().media.remote_mode == "link":
        return card.image_url
    return f"/media/card/{card.id}/{stamp(PURPOSE, _text(card))[:32]}"


def is_image_path(card: Card, mark: str) -> bool:
    """Tell whether we wrote this address (MED-12)."""
    return is_stamp(PURPOSE, _text(card), mark, length=32)


def _text(card: Card) -> str:
    return f"{card.id} {card.image_url}"
