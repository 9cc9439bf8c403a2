"""What a document says: its title, its text as HTML (not yet cleaned), and in which language."""

import html
import re
from typing import Any

from markdown_it import MarkdownIt

from federation.parts import media_type_of, page_of
from federation.read import clipped, flag, link, markup, text

MAX_TITLE = 200
MAX_SUMMARY = 500

_EXCERPTED = frozenset({"Article", "Page", "Event", "Video", "Audio"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,2}")
_TAG = re.compile(r"\s*<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_BREAK = re.compile(r"\s*<br\s*/?>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_MORE_PICTURES = re.compile(r'<p>🖼️ \+\d{1,2} <a href="([^"<>]*)"[^<>]*>[^<>]*</a></p>\Z')
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li", "header"})
# Beyond these a parser would be kept busy for longer than the text is worth (DOS-01).
_MAX_MARKDOWN = 20_000
_MAX_BRACKETS = 300
_MAX_MARKS = 2_000

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})


def title_of(document: dict[str, Any]) -> str:
    """Return the title in one line; some servers write it with HTML's entities."""
    named = text(document, "name", MAX_TITLE * 8) or _only(document.get("nameMap"))
    return clipped(" ".join(html.unescape(named).split()), MAX_TITLE)


def content_of(document: dict[str, Any]) -> str:
    """Return the text as HTML without a title it repeats (federation.md 7.1), and without the line
    about more pictures that servers like ours write for those who show four."""
    said = markup(document, "content") or _from_map(document)
    match media_type_of(document):
        case "text/markdown":
            said = _from_markdown(said[:_MAX_MARKDOWN])
        case "text/plain":
            said = _from_plain(said)
    if rest := _MORE_PICTURES.search(said):
        said = said[: rest.start()] if html.unescape(rest[1]) == page_of(document) else said
    title = title_of(document)
    return without_title(said, title) if title else said


def card_of(document: dict[str, Any]) -> str:
    """Write what stands for a thing we cannot show: where to look at it."""
    page = link(document.get("url")) or link(document.get("id"))
    return f'<p><a href="{html.escape(page)}">{html.escape(page)}</a></p>' if page else ""


def summary_of(document: dict[str, Any], kind: str) -> tuple[str, str]:
    """Return a content warning and an excerpt: an article's summary warns only if it says so.

    Lotide repeats the title there, which warns of nothing.
    """
    said = html.unescape(_ANY_TAG.sub(" ", markup(document, "summary", 20_000)))
    said = clipped(" ".join(said.split()), MAX_SUMMARY)
    if said == title_of(document):
        return "", ""
    is_excerpt = kind in _EXCERPTED and not flag(document.get("sensitive"))
    return ("", said) if is_excerpt else (said, "")


def source_of(document: dict[str, Any]) -> str:
    """Return the Markdown a text was made from, where there is some."""
    source = document.get("source")
    if not isinstance(source, dict) or media_type_of(source) != "text/markdown":
        return ""
    return markup(source, "content", 40_000)


def language_of(document: dict[str, Any]) -> str:
    """Return the language's tag: as it is declared, or that of the text among the translations."""
    declared = document.get("language")
    if isinstance(declared, dict):
        declared = declared.get("identifier")
    if tag := _language(declared):
        return tag
    translations = document.get("contentMap")
    if not isinstance(translations, dict):
        return ""
    same = [key for key, each in translations.items() if each == document.get("content")]
    return _language(same[0]) if same else _language(next(iter(translations), None))


def without_title(said: str, title: str) -> str:
    """Drop the title from the head of an HTML text, if it stands there by itself."""
    position = 0
    opened: list[re.Match[str]] = []
    while (tag := _TAG.match(said, position)) and not tag[1] and len(opened) < 8:
        opened.append(tag)
        position = tag.end()
    end = said.find("<", position)
    end = len(said) if end < 0 else end
    if " ".join(html.unescape(said[position:end]).split()) != title:
        return said
    position, is_alone = end, end == len(said)
    while opened and (tag := _TAG.match(said, position)) and tag[1] and tag[2] == opened[-1][2]:
        is_alone |= opened.pop()[2].lower() in _BLOCKS
        position = tag.end()
    if rule := _BREAK.match(said, position):
        is_alone, position = True, rule.end()
    # What was opened before the title and not closed after it still holds the rest.
    return "".join(each[0] for each in opened) + said[position:] if is_alone else said


def _from_markdown(said: str) -> str:
    marks = sum(said.count(mark) for mark in "*_`>-")
    is_heavy = said.count("[") > _MAX_BRACKETS or marks > _MAX_MARKS
    return _from_plain(said) if is_heavy else _markdown.render(said)


def _from_plain(said: str) -> str:
    return html.escape(said).replace("\n", "<br>")


def _language(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    tag = value.strip().replace("_", "-")
    return "" if tag == "und" or len(tag) > 20 or not _LANGUAGE.fullmatch(tag) else tag


def _from_map(document: dict[str, Any]) -> str:
    translations = document.get("contentMap")
    if not isinstance(translations, dict):
        return ""
    wanted = translations.get(language_of(document))
    return wanted if isinstance(wanted, str) else _only(translations)


def _only(translations: Any) -> str:
    if not isinstance(translations, dict):
        return ""
    return next((each for each in translations.values() if isinstance(each, str)), "")
