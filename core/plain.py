"""HTML read as plain text, and plain text written as HTML."""

import re
from html import escape, unescape

from core.links import URL_IN_TEXT, url_at
from core.markup import REL
from core.names import CONTROLS, shortened

MOST_TEXT = 40_000  # security.md 2: the text of a note

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li(?=[\s>])[^<>]*>", re.IGNORECASE)
_END = re.compile(r"</?(?:p|div|blockquote|pre|ul|ol|tr|h[1-6])(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_GAP = re.compile(r"\n{3,}")


def text_of(html: str) -> str:
    """Read the words of any HTML, with line breaks, in time that grows with its length alone."""
    text = _ITEM.sub("\n• ", _BREAK.sub("\n", _SPACE.sub(" ", html)))
    text = unescape(_ANY_TAG.sub("", _END.sub("\n\n", text))).translate(CONTROLS)
    lines = (" ".join(each.split()) for each in text.split("\n"))
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def flattened(html: str) -> str:
    """Keep only the words of HTML, as paragraphs with links."""
    text = text_of(html[: 4 * MOST_TEXT].encode("utf-8", "replace").decode())
    if len(text) > MOST_TEXT:
        text = shortened(text, MOST_TEXT - 1).rstrip() + "…"
    return "".join(f"<p>{_with_links(each)}</p>" for each in text.split("\n\n") if each)


def _with_links(text: str) -> str:
    parts: list[str] = []
    done = 0
    for found in URL_IN_TEXT.finditer(text):
        url = url_at(text, found.start())
        if url:
            parts += [_escaped(text[done : found.start()]), _link_to(_escaped(url))]
            done = found.start() + len(url)
    return "".join([*parts, _escaped(text[done:])])


def _link_to(url: str) -> str:
    return f'<a href="{url}" target="_blank" rel="{REL}">{url}</a>'


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
