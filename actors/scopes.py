"""Scopes: what a token may do, in Mastodon's words, and which hold which (mastodon-api.md 3.1)."""

from collections.abc import Iterable

_KINDS = (
    *("accounts", "blocks", "bookmarks", "collections", "favourites", "filters", "follows"),
    *("lists", "mutes", "notifications", "statuses"),
)
_ADMIN = (
    *("accounts", "reports", "domain_allows", "domain_blocks", "ip_blocks"),
    *("email_domain_blocks", "canonical_email_blocks"),
)
FOLLOW = frozenset(
    f"{way}:{each}" for way in ("read", "write") for each in ("blocks", "follows", "mutes")
)
SCOPES = (
    *("profile", "read", "write", "follow", "push", "admin:read", "admin:write"),
    *(f"read:{each}" for each in (*_KINDS, "search")),
    *(f"write:{each}" for each in (*_KINDS, "conversations", "media", "reports")),
    *(f"admin:read:{each}" for each in _ADMIN),
    *(f"admin:write:{each}" for each in _ADMIN),
)
DEFAULT = ("read",)


def allows(granted: Iterable[str], wanted: str) -> bool:
    """Tell whether scopes hold the one wanted: `write` holds `write:statuses`."""
    parts = wanted.split(":")
    holders = {":".join(parts[:end]) for end in range(1, len(parts) + 1)}
    if wanted in FOLLOW:
        holders.add("follow")
    return not holders.isdisjoint(granted)


def holds_all(granted: Iterable[str], wanted: Iterable[str]) -> bool:
    """Tell whether scopes hold every one of those wanted."""
    kept = tuple(granted)
    return all(allows(kept, each) for each in wanted)


def scopes_from(text: str) -> list[str]:
    """Read scopes with spaces (or the plus signs of a bad encoder) between them, each once."""
    return list(dict.fromkeys(text.replace("+", " ").split()))
