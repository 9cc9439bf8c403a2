"""HTML page → what it tells of itself, for a card: OpenGraph first, then what every page has."""

from datetime import datetime
from urllib.parse import urljoin

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from core.links import web_link
from core.names import quiet_name
from federation.parts import side
from federation.read import moment

MOST_META = 400


class PageDocument(Struct, frozen=True, kw_only=True):
    """A page as it tells of itself, in plain words; addresses are absolute http(s) or empty."""

    title: str
    description: str
    language: str
    author_name: str
    author_url: str
    provider_name: str
    image_url: str
    image_alt: str
    width: int
    height: int
    published_at: datetime | None


def page_from(html: bytes, url: str) -> PageDocument:
    """Read a page that came from an address."""
    tree = LexborHTMLParser(html)
    said = _meta(tree)

    def words(most: int, *names: str) -> str:
        return next(
            (found for name in names if (found := quiet_name(said.get(name, ""), most))), ""
        )

    author = words(2000, "article:author")
    return PageDocument(
        title=words(500, "og:title", "twitter:title") or _title(tree),
        description=words(1000, "og:description", "twitter:description", "description"),
        language=_language(tree),
        author_name=words(200, "author") or ("" if web_link(author) else author[:200]),
        author_url=web_link(author) or "",
        provider_name=words(200, "og:site_name"),
        image_url=_address(said, url),
        image_alt=words(1500, "og:image:alt", "twitter:image:alt"),
        width=_side(said.get("og:image:width", "")),
        height=_side(said.get("og:image:height", "")),
        published_at=moment(said.get("article:published_time", "").strip()),
    )


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[content]")[:MOST_META]:
        name = (node.attributes.get("property") or node.attributes.get("name") or "").lower()
        if name and name not in found:
            found[name] = node.attributes.get("content") or ""
    return found


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return quiet_name(node.text(), 500) if node else ""


def _language(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html")
    said = (node.attributes.get("lang") or "") if node else ""
    return said[:20] if said[:20].replace("-", "").isalnum() and said.isascii() else ""


def _address(said: dict[str, str], url: str) -> str:
    named = said.get("og:image:secure_url") or said.get("og:image") or said.get("twitter:image")
    if not named:
        return ""
    try:
        found = web_link(urljoin(url, named.strip()))
    except ValueError:
        return ""
    return found if found and len(found) <= 2000 else ""


def _side(text: str) -> int:
    return side(int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 0
