"""The HTML a note may hold: one allow-list, the two cleaners that share it, its plain grammar."""

import re
import sys
import threading
from functools import partial

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner

from core.links import HOST, NEVER, URL_IN_TEXT, web_link

FORMATS = ("b", "strong", "i", "em", "u", "s", "del", "code", "sub", "sup")
TAGS = frozenset(
    {"p", "br", "a", "span", "pre", "blockquote", "ul", "ol", "li", "ruby", "rt", "rp", *FORMATS}
)
CLASSES = frozenset(
    {"mention", "hashtag", "h-card", "u-url", "ellipsis", "invisible", "quote-inline"}
)
LOST = frozenset(  # these go with all they hold (security.md 9)
    {"script", "style", "template", "svg", "math", "iframe"}
    | {"object", "form", "noscript", "textarea", "title", "xmp"}
)
REL = "nofollow noopener noreferrer ugc"

_ATTRIBUTES = {
    "a": {"href", "class", "translate"},
    "span": {"class", "translate"},
    "p": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "*": {"lang", "dir"},
}
_VALUES = {
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "translate": re.compile(r"no"),
    "start": re.compile(r"-?[0-9]{1,6}"),
    "value": re.compile(r"-?[0-9]{1,6}"),
    "reversed": re.compile(r""),
}
_USUAL_CLASSES = frozenset({"mention hashtag", "u-url mention", "h-card", "invisible", "ellipsis"})


def _kept(_: str, name: str, value: str) -> str | None:
    """Answer with the value an attribute may have; None takes the attribute out."""
    if name == "href":
        return web_link(value)
    if name == "class":
        if value in _USUAL_CLASSES:
            return value
        return " ".join(each for each in value.split() if each in CLASSES) or None
    if name in ("target", "rel"):  # these two are ours
        return value
    allowed = _VALUES.get(name)
    return value if allowed and allowed.fullmatch(value) else None


_nh3 = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(LOST),
    attributes=_ATTRIBUTES,
    attribute_filter=_kept,
    link_rel=REL,
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https"},
    url_relative="deny",
)
# Mastodon makes no preview of links that say rel="tag".
_TAG_LINK = re.compile(
    r'<a (?:href="[^"]*+" )?class="(?:mention )?hashtag"[^>]*? rel="(?=nofollow)'
)


def checked(html: str) -> str:
    """Take out all that is not on the list, by nh3, which has the last word on every road."""
    html = _nh3.clean(html)
    if "hashtag" not in html:
        return html
    return _TAG_LINK.sub(lambda found: found[0] + "tag ", html)


def _may_stay(tag: str, name: str, _: str) -> bool:
    return name in _ATTRIBUTES.get(tag, ()) or name in _ATTRIBUTES["*"]


class _Bleach(threading.local):
    """A bleach cleaner for each thread: its parser keeps state."""

    def __init__(self) -> None:
        links = partial(LinkifyFilter, url_re=URL_IN_TEXT, skip_tags={"pre", "code"}, callbacks=[])
        self.cleaner = Cleaner(
            tags=TAGS,
            attributes=_may_stay,
            protocols={"http", "https"},
            strip=True,
            filters=[links],
        )


_bleach = _Bleach()
_LOOKS_ESCAPED = re.compile(r"&amp;(?=#?[A-Za-z0-9]+;)")
_HELD = "\ufdd0"  # holds a place: it is no character, and taken out of what comes in
_BARE_LINK = re.compile(r"<(a|pre|code)[ >].*?</\1>|(https?://)", re.DOTALL | re.IGNORECASE)


def has_bare_link(html: str) -> bool:
    """Tell whether `linked` has something to do."""
    return "://" in html and any(found[2] for found in _BARE_LINK.finditer(html))


def linked(html: str) -> str:
    """Make links of the bare addresses in what `checked` gave, by bleach."""
    # Its link filter reads text twice: "&amp;lt;" would become "&lt;". So it does not see those.
    hidden = _LOOKS_ESCAPED.sub(_HELD, html)
    return _bleach.cleaner.clean(hidden).replace(_HELD, "&amp;")


_TEXT = r"[^<>&:\x00-\x08\x0b-\x1f\x7f-\xa0\ud800-\udfff\ufdd0-\ufdef\ufeff]++|&(?:amp|lt|gt|nbsp);"
_CODE = rf"{_TEXT}|:"
_CLASS = f"(?:{'|'.join(sorted(CLASSES))})"
_CLASSES = rf'(?: class="{_CLASS}(?: {_CLASS})*+")?+'
_MARKS = rf'{_CLASSES}(?: translate="no")?+'


def _link() -> re.Pattern[str]:
    """Describe a link as `checked` writes it."""
    path = rf'[^"<>&{NEVER}]|&(?:amp|lt|gt|quot);'
    href = rf' href="https?://{HOST}(?:[/?#](?:{path})*+)?+"'
    return re.compile(
        rf'<a(?:{href}{_CLASSES}|{_CLASSES}{href})(?: translate="no")?+'
        rf' target="_blank" rel="(?:tag )?+{REL}">'
        rf"(?:{_CODE}|<span{_MARKS}>(?:{_CODE})*+</span>)*+</a>"
    )


def _grammar() -> re.Pattern[str]:
    """Describe the HTML that parses back as it stands and holds nothing that needs shaping.

    Every tag is spelled out with the attributes `checked` writes, text is escaped as it escapes,
    nothing nests in itself, and no address stands outside a link. Possessive, therefore linear.
    """
    http = "[hH][tT][tT][pP]"
    text = (  # a colon, but none that begins an address URL_IN_TEXT would find
        rf"{_TEXT}|:(?!//[^\W_])|(?<!{http})(?<!{http}[sS]):"
        rf"|(?<=[A-Za-z0-9]{http}):|(?<=[A-Za-z0-9]{http}[sS]):"
    )
    language = (
        r'(?: lang="[A-Za-z]{2,8}+(?:-[A-Za-z0-9]{1,8}+){0,4}+")?+'
        r'(?: dir="(?:ltr|rtl|auto)")?+'
    )
    span = (
        rf"<span{_MARKS}{language}>"
        rf"(?:{text}|<br>|{_HELD}|<span{_MARKS}>(?:{text})*+</span>)*+</span>"
    )
    formats = "|".join(
        rf"<{name}>(?:{_CODE if name == 'code' else f'{text}|<br>|{_HELD}'})*+</{name}>"
        for name in FORMATS
    )
    inline = rf"{text}|<br>|{_HELD}|{span}|{formats}"
    paragraph = rf'<p(?: class="quote-inline")?+{language}>(?!\s*+</p>)(?:{inline})++</p>'
    items = rf"(?:\n|<li>(?:{inline})*+</li>)*+"
    lists = rf'<ul>{items}</ul>|<ol(?: start="-?[0-9]{{1,6}}+")?+>{items}</ol>'
    quote = rf"<blockquote>(?:{paragraph}|{inline})*+</blockquote>"
    program = rf"<pre><code>(?:{_CODE})*+</code></pre>"
    return re.compile(rf"(?:{paragraph}|{inline}|{lists}|{quote}|{program})*+")


# Python before 3.11.5 loses its place after a possessive group that fails: there no note takes
# the short cut, and all go the long road to the same end.
HAS_SHORT_CUT = sys.version_info >= (3, 11, 5)
_LINK, _PLAIN = _link(), _grammar()


def is_plain(html: str) -> bool:
    """Tell whether HTML parses back as it stands, so that no parser needs to look at it.

    Links are described apart: within the grammar they would stand eighty times.
    """
    if not HAS_SHORT_CUT or _HELD in html:
        return False
    return _PLAIN.fullmatch(_LINK.sub(_HELD, html)) is not None
