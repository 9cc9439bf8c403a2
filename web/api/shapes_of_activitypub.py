"""What programs that speak ActivityPub are answered, as the OpenAPI document describes it."""

from typing import Any

import msgspec


class Inbox(msgspec.Struct):
    """One's own inbox, and where its first page is."""

    id: str
    type: str
    first: str
    context: Any = msgspec.field(default=msgspec.UNSET, name="@context")


class InboxPage(msgspec.Struct):
    """Activities, the newest first; `next` where there are older ones."""

    id: str
    type: str
    part_of: str = msgspec.field(name="partOf")
    ordered_items: list[dict[str, Any]] = msgspec.field(name="orderedItems")
    next: str | msgspec.UnsetType = msgspec.UNSET
    context: Any = msgspec.field(default=msgspec.UNSET, name="@context")


# An actor, a note, an activity, a collection, a file: as open as ActivityPub is.
Thing = dict[str, Any]
