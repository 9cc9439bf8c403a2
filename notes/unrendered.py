"""HTML written as the Markdown that notes keep: what comes from programs that send no source."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from core.html import clean
from core.links import URL_IN_TEXT
from core.names import CONTROLS

MOST_READ = 100_000
MARKS = {
    **{"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~", "code": "`"},
    **{f"h{level}": "**" for level in range(1, 7)},
}
PARAGRAPHS = frozenset(
    {"p", "div", "ul", "ol", "blockquote", "pre", *(f"h{n}" for n in range(1, 7))}
)

_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPECIAL = re.compile(r"[\\`*~<>\[\]]|(?<!\w)_|_(?!\w)")
_BEGINS = re.compile(r"^(\s*)(?:([>+-])|(\d{1,9})([.)]))(?=\s)", re.MULTILINE)
_NO_TARGET = re.compile(r"[<>\s]")
_GAP = re.compile(r"\n{3,}")


def markdown_of(html: str, names: Mapping[str, str] | None = None) -> str:
    """Write HTML as Markdown; `names` leads from an address to the handle it mentions."""
    reader = _Reader(names or {})
    # Cleaned first: what is well-formed is read in time that grows with its length alone (DOS-04).
    reader.feed(clean(html[:MOST_READ]))
    reader.close()
    return reader.written()


class _Reader(HTMLParser):
    """Reads elements one after the other, and keeps what is open: a link, lists, quotes."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._names = names
        self._parts: list[str] = []
        self._lists: list[int] = []
        self._link: tuple[str, str, int] | None = None
        self._pre = 0
        self._quotes: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag == "a":
            told = {name: value or "" for name, value in attrs}
            self._link = (told.get("href", ""), told.get("class", ""), len(self._parts))
        elif tag == "pre":
            self._pre += 1
            self._parts.append("\n\n```\n")
        elif tag == "blockquote":
            self._parts.append("\n\n")
            self._quotes.append(len(self._parts))
        elif tag in ("ul", "ol"):
            self._parts.append("\n\n")
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._parts.append(self._bullet())
        elif tag in PARAGRAPHS:
            self._parts.append("\n\n")
        if tag in MARKS and not self._pre:
            self._parts.append(MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in MARKS and not self._pre:
            self._parts.append(MARKS[tag])
        if tag == "a" and self._link:
            self._end_link(*self._link)
            self._link = None
        elif tag == "pre" and self._pre:
            self._pre -= 1
            self._parts.append("\n```\n\n")
        elif tag == "blockquote" and self._quotes:
            self._end_quote(self._quotes.pop())
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._parts.append("\n\n")
        elif tag in PARAGRAPHS:
            self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._pre:
            self._parts.append(data.replace("```", "'''"))
        else:
            self._parts.append(escaped(_SPACE.sub(" ", data)))

    def written(self) -> str:
        """Return what was read, once it was fed whole."""
        text = "".join(self._parts).translate(CONTROLS)
        return _GAP.sub("\n\n", "\n".join(each.rstrip() for each in text.split("\n"))).strip()

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "\n- "
        self._lists[-1] += 1
        return f"\n{self._lists[-1]}. "

    def _end_link(self, href: str, classes: str, start: int) -> None:
        label = "".join(self._parts[start:])
        del self._parts[start:]
        bare = label.replace("\\", "").strip()
        if href in self._names:
            self._parts.append(self._names[href])
        elif not href.startswith(("http://", "https://")) or bare.startswith("#"):
            self._parts.append(label)
        elif bare in (href, href.partition("://")[2]) or "ellipsis" in classes:
            self._parts.append(href)
        else:
            self._parts.append(f"[{label}](<{_NO_TARGET.sub('', href)}>)")

    def _end_quote(self, start: int) -> None:
        said = _GAP.sub("\n\n", "".join(self._parts[start:])).strip()
        del self._parts[start:]
        self._parts += ["\n".join(f"> {line}".rstrip() for line in said.split("\n")), "\n\n"]


def escaped(text: str) -> str:
    """Write plain text so that Markdown takes it as it stands; addresses, names and tags work."""
    parts: list[str] = []
    done = 0
    for found in URL_IN_TEXT.finditer(text):
        parts += [_escaped(text[done : found.start()]), found[0]]
        done = found.end()
    return "".join([*parts, _escaped(text[done:])])


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return _BEGINS.sub(lambda f: f"{f[1]}\\{f[2]}" if f[2] else f"{f[1]}{f[3]}\\{f[4]}", text)
