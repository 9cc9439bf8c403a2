"""PreviewCard: what the first link of a status leads to (mastodon-api.md 6.9)."""

from collections.abc import Mapping
from typing import Any

from notes.cards import Card, image_path
from web.api.answers import ts
from web.render import absolute
from web.views.notes import LinkCard


def card_of(card: Card) -> dict[str, Any]:
    """Write a card; texts are empty where nothing is known."""
    image = image_path(card)
    return {
        "url": card.url,
        "title": card.title,
        "description": card.description,
        "language": card.language or None,
        "type": "link",
        "author_name": card.author_name,
        "author_url": card.author_url,
        "provider_name": card.provider_name,
        "provider_url": "",
        "html": "",
        "width": card.width,
        "height": card.height,
        "image": absolute(image) if image else None,
        "image_description": card.image_alt,
        "embed_url": "",
        "blurhash": None,
        "published_at": ts(card.published_at) if card.published_at else None,
        "authors": _authors(card),
    }


def card_of_shared(link: LinkCard, image: str) -> dict[str, Any]:
    """Write the page that a note shares, as a Page of Lemmy does; `image` is the absolute address
    of its picture, or empty."""
    return {
        "url": link.url,
        "title": link.title,
        "description": link.text,
        "language": None,
        "type": "link",
        "author_name": "",
        "author_url": "",
        "provider_name": link.host,
        "provider_url": "",
        "html": "",
        "width": 0,
        "height": 0,
        "image": image or None,
        "image_description": "",
        "embed_url": "",
        "blurhash": None,
        "published_at": None,
        "authors": [],
    }


def trend_of(card: Card, history: list[Any]) -> Mapping[str, Any]:
    """Write a card that is trending, with how often it was linked to on each of seven days."""
    return card_of(card) | {"history": history}


def _authors(card: Card) -> list[dict[str, Any]]:
    if not card.author_name:
        return []
    return [{"name": card.author_name, "url": card.author_url, "account": None}]
