"""What becomes of markup that is read but not kept: headings, boxes, tables, formulas, pictures."""

import re
from html import escape, unescape

_UNUSUAL = re.compile(r"<(?!/?+(?:p|a|br|span|em|strong|b|i|ul|ol|li|code)[\s/>])")
_BLOCK = re.compile(
    r"<(/?)(div|section|article|header|footer|main|aside|figure|figcaption|details|summary|address"
    r"|dl|dt|dd|table|tr|td|th|caption|center|hr|h[1-6]|img)(?=[\s/>])([^<>]*)>",
    re.IGNORECASE,
)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MATH = re.compile(r"<(/?)math(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation([^<>]*+)>([^<]*+)", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def plain_blocks(html: str) -> str:
    """Turn headings into bold lines, boxes and rows into paragraphs, formulas into their text.

    It works on the markup as it came: whatever it makes of it is checked afterwards.
    """
    if not _UNUSUAL.search(html):
        return html
    return _BLOCK.sub(_plain_block, _without_math(html))


def _plain_block(found: re.Match[str]) -> str:
    slash, name = found[1], found[2].lower()
    if name == "img":
        alt = _ALT.search(found[3])
        return (alt[1] or alt[2] or "") if alt else ""
    if name in ("td", "th"):
        return " "
    if name[0] == "h" and name[1:].isdigit():
        return "</strong></p>" if slash else "<p><strong>"
    return "</p>" if slash else "<p>"


def _without_math(html: str) -> str:
    """Replace each formula by its TeX, or else by its characters (XSS-09)."""
    parts: list[str] = []
    done = 0
    begin: re.Match[str] | None = None
    for tag in _MATH.finditer(html):
        if not tag[1]:
            begin = begin or tag
        elif begin:
            parts += [html[done : begin.start()], _formula(html[begin.end() : tag.start()])]
            done, begin = tag.end(), None
    return "".join([*parts, html[done:]])


def _formula(mathml: str) -> str:
    for attributes, tex in _ANNOTATION.findall(mathml):
        if "application/x-tex" in attributes.lower():
            return f"${tex.strip()}$"
    return escape(unescape(_ANY_TAG.sub("", mathml)), quote=False)
