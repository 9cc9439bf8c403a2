"""Flair: the marks a group has for its threads, as Lemmy and PieFed write them."""

import re
from typing import Any

from core.names import quiet_name
from federation.read import dicts, id_of, text
from federation.vocabulary import type_of

KINDS = ("CommunityPostTag", "CommunityTag", "lemmy:CommunityTag")
MOST, LONGEST = 30, 30
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def flair_in(document: dict[str, Any]) -> list[dict[str, str]]:
    """Read the flair of a group, or of a thread, each name once: `name`, `color` (or ""), `id`."""
    written = [
        *dicts(document.get("tag"), 100),
        *dicts(document.get("lemmy:tagsForPosts"), MOST),
        *dicts(document.get("tagsForPosts"), MOST),
    ]
    found: dict[str, dict[str, str]] = {}
    for each in written:
        name = _name(each) if type_of(each) in KINDS else ""
        if name and len(found) < MOST:
            colour = text(each, "color", 20) or text(each, "background_color", 20)
            kept = colour.lower() if _COLOUR.fullmatch(colour) else ""
            mark = {"name": name, "color": kept, "id": id_of(each) or ""}
            found.setdefault(name.casefold(), mark)
    return list(found.values())


def _name(each: dict[str, Any]) -> str:
    for key in ("name", "display_name", "preferredUsername"):
        if said := quiet_name(text(each, key, 200), LONGEST):
            return said
    return ""
