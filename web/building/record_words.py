"""What the words of an entry's document are called where people read it."""

from collections.abc import Iterable, Mapping
from typing import Any

from web.texts import Lazy, _, lazy

OBJECTS: dict[str, Lazy] = {
    "note": lazy("a note"),
    "comment": lazy("a reply"),
    "account": lazy("an account"),
    "group": lazy("a group"),
    "server": lazy("a server"),
}
CONTENTS: dict[str, Lazy] = {
    "text": lazy("text"),
    "image": lazy("picture"),
    "video": lazy("video"),
    "gifv": lazy("silent video"),
    "audio": lazy("sound"),
}
ORIGINS: dict[str, Lazy] = {
    "local": lazy("this server"),
    "remote": lazy("another server"),
}
ROLES: dict[str, Lazy] = {
    "group_moderator": lazy("a moderator of the group"),
    "moderator": lazy("a moderator"),
    "admin": lazy("an admin"),
    "member": lazy("a member"),
    "nobody": lazy("nobody: it came by itself"),
}
KEYS: dict[str, Lazy] = {
    "title": lazy("Name"),
    "about": lazy("What it is about"),
    "header": lazy("Banner"),
    "header_alt": lazy("What is in the banner"),
    "avatar": lazy("Picture"),
    "avatar_alt": lazy("What is in the picture"),
    "join": lazy("Who can join"),
    "post": lazy("Who can begin a thread"),
    "remote_members": lazy("Where members can come from"),
    "rules": lazy("Rules"),
    "flair": lazy("Flair"),
    "language": lazy("Language"),
    "is_sensitive": lazy("Sensitive"),
}
FIELDS: dict[str, Lazy] = {
    "facts_summary": lazy("What the public reads"),
    "explanation": lazy("Explanation"),
    "no_end_because": lazy("Why it has no end"),
    "reason": lazy("Why it was lifted"),
    "appeal.reasons": lazy("Reasons of the appeal"),
}
"""Words that can be taken out of an entry, by their place in its document."""


def object_words(about: Mapping[str, Any]) -> str:
    """Say what a decision is about, and of what it is made where that says more."""
    kind, content = str(about.get("kind", "")), str(about.get("content_type", ""))
    said = str(OBJECTS.get(kind, kind))
    if content not in CONTENTS:
        return said
    return _("%(thing)s, %(content)s", thing=said, content=str(CONTENTS[content]))


def origin_words(origin: str) -> str:
    """Say where it was written."""
    return str(ORIGINS.get(origin, origin))


def said_by(role: str) -> str:
    """Say who decided: a role in words, a name as it is."""
    return str(ROLES.get(role, role))


def what_changed(keys: Iterable[str]) -> str:
    """Name what was changed about a group, each once; the source of a text goes with it."""
    return ", ".join(str(KEYS.get(key, key)) for key in keys if key != "about_source")
