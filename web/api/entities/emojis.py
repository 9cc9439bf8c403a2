"""CustomEmoji: a picture that stands for `:shortcode:` (mastodon-api.md 6.10)."""

from typing import Any

from actors.emojis import paths_of
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
