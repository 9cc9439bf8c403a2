"""Tag and FeaturedTag, as the API writes them (mastodon-api.md 6.10)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from actors.actor import Actor
from core.ids import moment_of
from inbox.explore import DAYS, history_of, today
from notes.followed_tags import featured_by, marked_by
from notes.tags import Tag
from web.api.answers import ts
from web.render import absolute

UNUSED = "0"


class Day(msgspec.Struct):
    """How a tag was used on a day; all three are strings, `day` in seconds since 1970."""

    day: str
    uses: str
    accounts: str


class TagEntity(msgspec.Struct, kw_only=True):
    """A hashtag with its last seven days, today first; a tag nobody wrote yet has the id 0."""

    id: str
    name: str
    url: str
    history: list[Day]
    following: bool | msgspec.UnsetType = msgspec.UNSET
    featuring: bool | msgspec.UnsetType = msgspec.UNSET


class FeaturedTagEntity(msgspec.Struct):
    """A tag on someone's page; the count is a string."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


async def tags_of(tags: Sequence[Tag], reader: Actor | None) -> list[TagEntity]:
    """Write these tags, in their order: two queries, whatever their number."""
    ids = [tag.id for tag in tags]
    history = await history_of(ids)
    shown = [_written(str(tag.id), tag.name, history[tag.id]) for tag in tags]
    if reader is not None:
        follows, shows = await marked_by(reader, ids)
        for tag, entity in zip(tags, shown, strict=True):
            entity.following, entity.featuring = tag.id in follows, tag.id in shows
    return shown


async def tag_of(name: str, reader: Actor | None) -> TagEntity:
    """Write a tag by its name; one that nobody used has no history."""
    if tag := await Tag.get_or_none(name=name.casefold()):
        return (await tags_of([tag], reader))[0]
    unused = _written(UNUSED, name.casefold(), {})
    if reader is not None:
        unused.following = unused.featuring = False
    return unused


async def featured_tags_of(actor: Actor) -> list[FeaturedTagEntity]:
    """Write the tags on someone's page."""
    return [_featured(row) for row in await featured_by(actor)]


def url_of(name: str) -> str:
    """Return the address of a tag's page here."""
    return absolute(f"/tags/{quote(name, safe='')}")


def days_of(history: dict[int, tuple[int, int]]) -> list[Day]:
    """Write seven days, today first, from uses and people by the number of the day."""
    last = today()
    found = [(day, *history.get(day, (0, 0))) for day in range(last, last - DAYS, -1)]
    return [Day(str(day * 86_400), str(uses), str(people)) for day, uses, people in found]


def _written(number: str, name: str, history: dict[int, tuple[int, int]]) -> TagEntity:
    return TagEntity(id=number, name=name, url=url_of(name), history=days_of(history))


def _featured(row: dict[str, Any]) -> FeaturedTagEntity:
    last = ts(moment_of(row["last"]))[:10] if row["last"] else None
    name = row["name"]
    return FeaturedTagEntity(str(row["id"]), name, url_of(name), str(row["uses"]), last)
