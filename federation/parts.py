"""The parts that actors and notes are both made of: pages, pictures, custom emoji."""

import re
from typing import Any

from msgspec import Struct

from federation.read import MAX_TAGS, count, dicts, link, text
from federation.vocabulary import type_of

_SHORTCODE = re.compile(r":?([A-Za-z0-9_]{1,64}):?")


class Picture(Struct, frozen=True):
    """A picture that someone else serves; sides are 0 when unknown."""

    url: str
    alt: str
    width: int
    height: int
    media_type: str


def media_type_of(document: dict[str, Any]) -> str:
    """Return a MIME type without its parameters, in lower case; Funkwhale writes `mimeType`."""
    named = text(document, "mediaType", 200) or text(document, "mimeType", 200)
    return named.partition(";")[0].strip().lower()


def page_of(document: dict[str, Any]) -> str | None:
    """Return the address for people: of several, the first that says it is HTML."""
    given = document.get("url")
    if isinstance(given, list):
        pages = [each for each in dicts(given) if media_type_of(each) == "text/html"]
        return link(pages) or link([each for each in given if isinstance(each, str)]) or link(given)
    return link(given)


def picture_from(value: Any) -> Picture | None:
    """Read one picture; of several sizes, the widest, or the last when they do not say."""
    if isinstance(value, str):
        url = link(value)
        return Picture(url, "", 0, 0, "") if url else None
    pictures = [picture for each in dicts(value, 10) if (picture := _picture(each))]
    return max(reversed(pictures), key=lambda each: each.width, default=None)


def _picture(document: dict[str, Any]) -> Picture | None:
    url = link(document.get("url")) or link(document.get("href"))
    if url is None:
        return None
    return Picture(
        url=url,
        alt=alt_of(document),
        width=side(document.get("width")),
        height=side(document.get("height")),
        media_type=media_type_of(document),
    )


def alt_of(document: dict[str, Any]) -> str:
    """Return what a picture shows, in words: Mastodon puts it into `summary` or `name`."""
    return text(document, "summary", 10_000) or text(document, "name", 10_000)


def side(value: Any) -> int:
    """Return a length in pixels, 0 for one that cannot be."""
    length = count(value)
    return length if length <= 100_000 else 0


def emojis_from(document: dict[str, Any]) -> list[dict[str, str]]:
    """Return the custom emoji it may use, each with `shortcode` and `url` (XSS-03)."""
    found: dict[str, dict[str, str]] = {}
    for each in dicts(document.get("tag"), MAX_TAGS):
        if type_of(each) != "Emoji":
            continue
        named = _SHORTCODE.fullmatch(text(each, "name", 66))
        picture = picture_from(each.get("icon"))
        if named and picture:
            found.setdefault(named[1], {"shortcode": named[1], "url": picture.url})
    return list(found.values())
