"""Newer than, older than, how many: lists that are newest first, read page by page along an id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlencode

LIMIT = 20
MOST = 40
LAST = (1 << 63) - 1

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """What a reader asks for: below `max_id`, above `since_id`, or right above `min_id`."""

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int = LIMIT


@dataclass(frozen=True)
class Slice(Generic[T]):
    """A page of a list, newest first.

    `older` is what to ask below for more, `newer` what to ask above; None where the list ends.
    `first` and `last` are the ids the page was cut at, which are not always those of its rows.
    """

    rows: list[T] = field(default_factory=list)
    older: int | None = None
    newer: int | None = None
    first: int | None = None
    last: int | None = None

    def holding(self, rows: "list[U]") -> "Slice[U]":
        """Return the same page with other rows, as when ids became notes."""
        return Slice(rows, self.older, self.newer, self.first, self.last)


U = TypeVar("U")


def page_from(query: Mapping[str, str], *, limit: int = LIMIT, most: int = MOST) -> Page:
    """Read a page from an address; what is no number counts as not said."""
    asked = number(query.get("limit", ""))
    return Page(
        number(query.get("max_id", "")),
        number(query.get("since_id", "")),
        number(query.get("min_id", "")),
        min(asked, most) if asked else limit,
    )


def number(text: str) -> int | None:
    """Read an id from an address; None when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return min(int(text), LAST)


def window(column: str, page: Page) -> tuple[str, list[int]]:
    """Write the end of a statement that reads a page along an index, and one row more."""
    # Always with an upper end, so that no planner is tempted to read a whole table; in 64 bits, for
    # PostgreSQL counts some ids in 32 and takes what they are compared with for such a one.
    below = LAST if page.max_id is None else page.max_id
    text, values = f" AND {column} < CAST(? AS BIGINT)", [below]
    above = page.min_id if page.min_id is not None else page.since_id
    if above is not None:
        text, values = f"{text} AND {column} > CAST(? AS BIGINT)", [*values, above]
    order = "ASC" if page.min_id is not None else "DESC"
    return f"{text} ORDER BY {column} {order} LIMIT ?", [*values, page.limit + 1]


def cut(found: Sequence[int], page: Page) -> Slice[int]:
    """Make a page of what `window` found, in the order it was found."""
    ids, has_more = list(found[: page.limit]), len(found) > page.limit
    if not ids:
        return Slice()
    if page.min_id is not None:
        ids.reverse()
        newer = ids[0] if has_more else None
        return Slice(ids, ids[-1], newer, ids[0], ids[-1])
    newer = ids[0] if page.max_id is not None else None
    return Slice(ids, ids[-1] if has_more else None, newer, ids[0], ids[-1])


def link_header(url: str, query: Mapping[str, str], found: Slice[T]) -> str:
    """Write `Link` as client apps read it: `next` is older, `prev` newer; empty for no rows."""
    kept = {key: value for key, value in query.items() if key not in WINDOW}
    links = []
    if found.older is not None:
        links.append((kept | {"max_id": str(found.older)}, "next"))
    if found.first is not None:
        links.append((kept | {"min_id": str(found.first)}, "prev"))
    return ", ".join(f'<{url}?{urlencode(each)}>; rel="{rel}"' for each, rel in links)


WINDOW = ("max_id", "since_id", "min_id")
