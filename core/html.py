"""Making what others wrote safe to show: the one sanitiser."""

import asyncio
import re

from core.blocks import plain_blocks
from core.markup import checked, has_bare_link, is_plain, linked
from core.names import CONTROLS, quiet_name, shortened
from core.plain import MOST_TEXT, flattened, text_of

__all__ = ["Sanitised", "clean", "clean_remote", "quiet_name", "shortened", "shown", "to_text"]

MOST_MARKUP = 64 * 1024  # DOS-04: what has more than one of these is shown as plain text
MOST_TAGS = 2_000
MOST_NESTING = 32
BLEACH_CHARACTERS, BLEACH_TAGS, BLEACH_EQUALS = 20_000, 300, 600  # bleach is slow beyond
SMALL = 4_000
CLEANING_S = 1.0
_TURNS = 5

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
_NOT_NESTING = frozenset({"p", "li", "br", "hr", "img", "input", "wbr", "col", "area", "source"})
_NO_LINK = re.compile(r'<a (?![^>]*\bhref=")[^>]*>(.*?)</a>', re.DOTALL)
_EMPTY = re.compile(r"<p(?: [^>]*)?>\s*</p>")


class Sanitised(str):
    """HTML that `clean` made; templates show it as it is, and escape every other string."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def clean(html: str) -> str:
    """Make HTML safe to keep and to show; what is too much or never settles becomes plain text.

    Cleaning what is clean changes nothing (XSS-01, XSS-02, XSS-04, XSS-09, DOS-04).
    """
    if is_plain(html):
        return html if len(html) <= MOST_MARKUP else _not_too_long(html)
    if is_too_much(html):
        return flattened(html)
    try:
        once = checked(plain_blocks(html))
    except UnicodeEncodeError:  # half a surrogate pair
        return clean(html.encode("utf-8", "replace").decode())
    return once if is_plain(once) else _settled(once)


def shown(html: str) -> Sanitised:
    """Let a template show this HTML, wherever it was kept since it was cleaned (XSS-07)."""
    return Sanitised(clean(html))


def to_text(html: str) -> str:
    """Read HTML as text with line breaks, for previews, mail and search."""
    return text_of(clean(html))


async def clean_remote(html: str) -> str:
    """Clean what another server sent; what is big goes to a thread and has a second (DOS-04)."""
    if len(html) <= SMALL:
        return clean(html)
    try:
        return await asyncio.wait_for(asyncio.to_thread(clean, html), CLEANING_S)
    except TimeoutError:
        return flattened(html)


def is_too_much(html: str) -> bool:
    """Tell whether HTML is too long, too full of tags or too deep to be parsed (DOS-04)."""
    if len(html) > MOST_MARKUP:
        return True
    tags = html.count("<")
    if tags - html.count("</") <= MOST_NESTING:
        return False
    return tags > MOST_TAGS or _is_deep(html)


def _not_too_long(html: str) -> str:
    return html if len(text_of(html)) <= MOST_TEXT else flattened(html)


def _is_deep(html: str) -> bool:
    """Count open tags; one that is closed out of order counts as open, to be on the safe side."""
    still_open: list[str] = []
    for slash, name in _TAG.findall(html):
        name = name.lower()
        if slash:
            if still_open and still_open[-1] == name:
                still_open.pop()
        elif name not in _NOT_NESTING:
            still_open.append(name)
            if len(still_open) > MOST_NESTING:
                return True
    return False


def _settled(html: str) -> str:
    """Shape and check until nothing changes, so that a browser reads what we checked."""
    for _ in range(_TURNS):
        if is_too_much(html):
            break
        shaped = _shaped(html)
        again = checked(shaped)
        if again == html and (shaped == html or checked(html) == html):
            return html
        html = again
    return flattened(html)


def _shaped(html: str) -> str:
    """Unwrap links that lead nowhere, drop empty paragraphs, and link bare addresses."""
    html = _NO_LINK.sub(r"\1", html.translate(CONTROLS))
    html = _EMPTY.sub("", html)
    return linked(html) if has_bare_link(html) and _suits_bleach(html) else html


def _suits_bleach(html: str) -> bool:
    return (
        len(html) <= BLEACH_CHARACTERS
        and html.count("<") <= BLEACH_TAGS
        and html.count("=") <= BLEACH_EQUALS
    )
