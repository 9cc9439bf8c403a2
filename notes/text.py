"""What a person typed → HTML, and whom and what it names."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from core.html import clean
from core.names import characters_in
from notes.markdown import inline, parsed, written

MOST_CHARACTERS = 5_000
LINK_CHARACTERS = 23  # what an address counts for, as client apps count
MOST_NAMED = 50
MOST_TAGS = 100  # of this machine; how many a note may have, the policy says
_MOST_READ = 4 * MOST_CHARACTERS  # nothing longer is looked at (DOS-05)


@dataclass(frozen=True, slots=True)
class Named:
    """Someone named in a text, as it was written; no host means someone here."""

    name: str
    host: str | None

    def __str__(self) -> str:
        return f"{self.name}@{self.host}" if self.host else self.name


def render(
    text: str,
    *,
    known: Mapping[str, tuple[str, str]] | None = None,
    tag_url: Callable[[str], str],
) -> str:
    """Write Markdown as clean HTML.

    `known` leads from a handle as written, in lower case and without its first @, to an address
    and the name to show; who is not in it stays plain text.
    """
    env = {"known": known or {}, "tag_url": tag_url}
    return clean(written(parsed(text[:_MOST_READ]), env))


def named_in(text: str) -> list[Named]:
    """List whom a text names, each once, code and links left out."""
    mentions = inline(parsed(text[:_MOST_READ]), "mention")
    found = {each.content.lower(): Named(**each.meta) for each in reversed(mentions)}
    return list(reversed(found.values()))[:MOST_NAMED]


def tags_in(text: str) -> list[str]:
    """List the hashtags of a text without their #, each once, as they were first written."""
    tags = inline(parsed(text[:_MOST_READ]), "hashtag")
    found = {each.content.casefold(): each.content for each in reversed(tags)}
    return list(reversed(found.values()))[:MOST_TAGS]


def written_tags(written: str) -> list[str]:
    """Read the tags of a field of their own: `tea, slow mornings` → tea, slowmornings."""
    rows = re.split(r"[,;#\n、，；]+", written)
    pieces = rows if len(rows) > 1 else written.split()
    names = (re.sub(r"[^\w]+", "", each) for each in pieces)
    kept = {each.casefold(): each for each in reversed(list(names)) if each}
    return list(reversed(kept.values()))[:MOST_TAGS]


def with_tags(text: str, tags: Sequence[str]) -> str:
    """Write tags below a text, those left out that stand in it."""
    there = {each.casefold() for each in tags_in(text)} if tags else set()
    more = " ".join(f"#{each}" for each in tags if each.casefold() not in there)
    return f"{text.rstrip()}\n\n{more}".lstrip() if more else text


def length_of(text: str) -> int:
    """Count characters as a reader sees them, as client apps do against MOST_CHARACTERS.

    An address counts for 23, a mention without its host.
    """
    if len(text) > _MOST_READ:
        return len(text)
    tokens = parsed(text)
    longer = sum(len(each.content) - LINK_CHARACTERS for each in inline(tokens, "address"))
    hosts = sum(len(each.meta["host"] or "") for each in inline(tokens, "mention"))
    return characters_in(text) - longer - hosts


def with_title(title: str, html: str) -> str:
    """Put a title above a text, for readers that know no titles (federation.md 7.1)."""
    return f"<p><strong>{escape(title, quote=False)}</strong></p>{html}" if title else html


def with_quote(html: str, url: str, *, at_end: bool = False) -> str:
    """Put a link to what is quoted beside a text, for readers that know no quotes; the others hide
    its class. Apps have it first, other servers at the end (federation.md 7.5)."""
    if "quote-inline" in html:
        return html
    address = escape(url)
    line = f'<p class="quote-inline">RE: <a href="{address}">{address}</a></p>'
    return html + line if at_end else line + html


def more_pictures_line(count: int, url: str) -> str:
    """Say in every language that so many more pictures are to be seen there."""
    return clean(f'<p>🖼️ +{count} <a href="{escape(url)}">{escape(url)}</a></p>')
