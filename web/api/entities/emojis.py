"""CustomEmoji: a picture that stands for `:shortcode:` (mastodon-api.md 6.10)."""

from collections.abc import Sequence
from typing import Any

from actors.emojis import Emoji, paths_of
from core.settings import settings
from web.render import absolute


def emojis_of(used: Any, *, in_picker: bool = False) -> list[dict[str, Any]]:
    """Write the emojis of a name or a note; their pictures come by way of ours, as they move."""
    base = settings().media.base_url
    return [
        {
            "shortcode": code,
            "url": base + path if base else absolute(path),
            "static_url": base + path if base else absolute(path),
            "visible_in_picker": in_picker,
        }
        for code, path in paths_of(used).items()
    ]


def own_in_picker(own: Sequence[Emoji]) -> list[dict[str, Any]]:
    """Write emojis of this server, as one may choose among them."""
    used = [{"shortcode": each.shortcode, "id": str(each.id), "own": "1"} for each in own]
    return emojis_of(used, in_picker=True)
