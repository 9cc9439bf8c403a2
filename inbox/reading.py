"""Reading timelines: what a reader sees, newest first.

Each list costs the same few queries whatever it shows: ids along one index, the rows of these ids,
and what decides who may see them. Notes come with their authors, boosts with what they boost.
Statements are put together from constants (hence S608 is let be); values go beside them.
"""

from collections.abc import Sequence
from enum import StrEnum

from actors.actor import Actor
from actors.blocks import muted_by
from actors.lists import List, RepliesPolicy
from core import sql
from core.paging import Page, Slice, window
from inbox.slices import (
    BOOSTED,
    LOUD,
    Kinds,
    heard_by,
    in_public,
    not_by,
    read_along,
    rows_of,
    showing,
)
from notes.note import Audience, Note
from notes.visible import Condition, seen_by, seen_whole

# Who stands in an exclusive list is read there, and not at home.
_NOT_APART = (
    "n.author_id NOT IN (SELECT m.person_id FROM list_member m JOIN list l ON l.id = m.list_id"
    " WHERE l.owner_id = ? AND l.is_exclusive = ?)"
)


class Replies(StrEnum):
    """Which of someone's notes are wanted."""

    WITH = "with"
    WITHOUT = "without"
    ONLY = "only"


async def home(reader: Actor, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List what the people a reader follows posted and boosted, and the reader's own notes."""
    seen, values = seen_whole(reader)
    heard, muted = not_by(await muted_by(reader.id), "n.author_id", "b.author_id")
    return await read_along(
        "SELECT h.note_id AS id FROM home_entry h JOIN note n ON n.id = h.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id{BOOSTED}"
        f" WHERE h.reader_id = ? AND {seen}{heard}{showing(shows, 'COALESCE(b.shows, n.shows)')}"
        f" AND {_NOT_APART}",
        [reader.id, *values, *muted, reader.id, True],
        "h.note_id",
        page,
        reader,
    )


async def of_list(found: List, reader: Actor, page: Page) -> Slice[Note]:
    """List what the people of a list posted and boosted, as far as the reader's home has it."""
    seen, values = seen_whole(reader)
    heard, muted = not_by(await muted_by(reader.id), "n.author_id", "b.author_id")
    in_list = "SELECT person_id FROM list_member WHERE list_id = ?"
    answers, more = _answers(found, in_list)
    return await read_along(
        "SELECT h.note_id AS id FROM home_entry h JOIN note n ON n.id = h.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id{BOOSTED}"
        f" WHERE h.reader_id = ? AND n.author_id IN ({in_list}) AND {seen}{heard}{answers}",
        [reader.id, found.id, *values, *muted, *more],
        "h.note_id",
        page,
        reader,
    )


def _answers(found: List, in_list: str) -> Condition:
    """Leave out the answers a list does not show; home has none but those to people followed."""
    match found.replies_policy:
        case RepliesPolicy.NONE:
            return " AND n.in_reply_to_uri = ''", []
        case RepliesPolicy.LIST:
            text = (
                " AND (n.in_reply_to_uri = '' OR EXISTS (SELECT 1 FROM note p"  # noqa: S608
                f" WHERE p.id = n.in_reply_to_id AND p.author_id IN ({in_list})))"
            )
            return text, [found.id]
    return "", []


async def local(reader: Actor | None, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List the public notes of the people here, answers left out; members see those that are for
    this server as well."""
    walks = [await _public(reader, is_local=True, shows=shows)]
    if reader is not None and reader.is_local:
        walks.append(await _public(reader, is_local=True, shows=shows, audience=Audience.SERVER))
    return await _merged(reader, page, walks)


async def federated(reader: Actor | None, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List all public notes we know, answers left out."""
    return await _everywhere(reader, page, shows)


async def explore(reader: Actor | None, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List the public notes of people who allow being found, answers left out."""
    return await _everywhere(reader, page, shows, " AND a.is_discoverable = ?", True)


async def remote(reader: Actor | None, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List the public notes of people elsewhere, answers left out."""
    text, values = await _public(reader, is_local=False, shows=shows)
    return in_public(await read_along(text, values, "n.id", page, reader))


async def of_author(
    author: Actor,
    viewer: Actor | None,
    page: Page,
    *,
    replies: Replies = Replies.WITHOUT,
    boosts: bool = True,
    only_media: bool = False,
    tag: str = "",
    shows: Kinds | None = None,
) -> Slice[Note]:
    """List what someone posted, as far as the viewer may see it; answers to oneself are notes."""
    seen, values = seen_whole(viewer)
    wanted, more = _wanted(author, replies, tag)
    wanted += showing(shows, "COALESCE(b.shows, n.shows)")
    if not boosts or replies is Replies.ONLY:
        wanted += " AND n.boost_of_id IS NULL"
    if only_media:
        wanted += " AND n.has_media = ?"
        more.append(True)
    return await read_along(
        f"SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id{BOOSTED}"  # noqa: S608
        f" WHERE n.author_id = ? AND {seen}{wanted}",
        [author.id, *values, *more],
        "n.id",
        page,
        viewer,
    )


async def _everywhere(
    reader: Actor | None, page: Page, shows: Kinds | None, only: str = "", *more: object
) -> Slice[Note]:
    walks = [
        await _public(reader, is_local=is_local, shows=shows, only=only, values=more)
        for is_local in (True, False)
    ]
    return await _merged(reader, page, walks)


async def _merged(reader: Actor | None, page: Page, walks: Sequence[Condition]) -> Slice[Note]:
    """Walk along the index once for each of these, and take the newest of all.

    One walk over all of them would have to sort.
    """
    end, ends = window("n.id", page)
    order = "ASC" if page.min_id is not None else "DESC"
    parts = (f"SELECT * FROM ({text}{end}) AS w{place}" for place, (text, _) in enumerate(walks))  # noqa: S608
    values = [value for _, given in walks for value in (*given, *ends)]
    rows = await sql.rows(
        f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS z ORDER BY id {order} LIMIT ?",  # noqa: S608
        [*values, page.limit + 1],
    )
    return in_public(await rows_of([row["id"] for row in rows], page, reader))


async def _public(
    reader: Actor | None,
    *,
    is_local: bool,
    shows: Kinds | None = None,
    audience: Audience = Audience.PUBLIC,
    only: str = "",
    values: Sequence[object] = (),
) -> Condition:
    seen, needed = seen_by(reader)
    heard, muted = await heard_by(reader)
    return (
        "SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id"  # noqa: S608
        f" WHERE n.audience = '{audience}' AND n.boost_of_id IS NULL AND n.is_local = ?"
        f" AND n.in_reply_to_uri = '' AND {LOUD} AND {seen}{heard}{showing(shows)}{only}",
        [is_local, *needed, *muted, *values],
    )


def _wanted(author: Actor, replies: Replies, tag: str) -> Condition:
    text, values = "", list[object]()
    answers = (
        "(n.in_reply_to_uri = '' OR EXISTS (SELECT 1 FROM note p"
        " WHERE p.id = n.in_reply_to_id AND p.author_id = ?))"
    )
    if replies is not Replies.WITH:
        text += f" AND {'NOT ' if replies is Replies.ONLY else ''}{answers}"
        values.append(author.id)
    if tag:
        text += (
            " AND EXISTS (SELECT 1 FROM note_tag t JOIN tag g ON g.id = t.tag_id"
            " WHERE t.note_id = n.id AND g.name = ?)"
        )
        values.append(tag.casefold())
    return text, values
