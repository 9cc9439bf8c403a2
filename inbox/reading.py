"""Reading timelines: what a reader sees, newest first.

Each list costs the same few queries whatever it shows: ids along one index, the rows of these ids,
and what decides who may see them. Notes come with their authors, boosts with what they boost.
Statements are put together from constants (hence S608 is let be); values go beside them.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from actors.actor import Actor
from actors.blocks import muted_by
from actors.lists import List, RepliesPolicy
from core import sql
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from moderation.gate import is_hidden_host
from notes.note import Audience, Note, Shows
from notes.visibility import visible_to
from notes.visible import Condition, seen_by, seen_whole

_BOOSTED = " LEFT JOIN note b ON b.id = n.boost_of_id LEFT JOIN actor o ON o.id = b.author_id"
# Who stands in an exclusive list is read there, and not at home.
_NOT_APART = (
    "n.author_id NOT IN (SELECT m.person_id FROM list_member m JOIN list l ON l.id = m.list_id"
    " WHERE l.owner_id = ? AND l.is_exclusive = ?)"
)


MEDIA: Literal["media"] = "media"
Kinds = Shows | Literal["media"]
"""What a list is narrowed to; MEDIA is everything that has a picture or video."""


_LOUD = "n.quieted_at IS NULL AND a.quieted_at IS NULL"
"""What no decision keeps out of public lists (product.md 6.3)."""
_IN_TAGS = f"n.audience IN ('public', 'server') AND n.boost_of_id IS NULL AND {_LOUD}"


class Replies(StrEnum):
    """Which of someone's notes are wanted."""

    WITH = "with"
    WITHOUT = "without"
    ONLY = "only"


async def home(reader: Actor, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List what the people a reader follows posted and boosted, and the reader's own notes."""
    seen, values = seen_whole(reader)
    heard, muted = _not_by(await muted_by(reader.id), "n.author_id", "b.author_id")
    return await _read(
        "SELECT h.note_id AS id FROM home_entry h JOIN note n ON n.id = h.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id{_BOOSTED}"
        f" WHERE h.reader_id = ? AND {seen}{heard}{_showing(shows, 'COALESCE(b.shows, n.shows)')}"
        f" AND {_NOT_APART}",
        [reader.id, *values, *muted, reader.id, True],
        "h.note_id",
        page,
        reader,
    )


async def of_list(found: List, reader: Actor, page: Page) -> Slice[Note]:
    """List what the people of a list posted and boosted, as far as the reader's home has it."""
    seen, values = seen_whole(reader)
    heard, muted = _not_by(await muted_by(reader.id), "n.author_id", "b.author_id")
    in_list = "SELECT person_id FROM list_member WHERE list_id = ?"
    answers, more = _answers(found, in_list)
    return await _read(
        "SELECT h.note_id AS id FROM home_entry h JOIN note n ON n.id = h.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id{_BOOSTED}"
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
    return _in_public(await _read(text, values, "n.id", page, reader))


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
    wanted += _showing(shows, "COALESCE(b.shows, n.shows)")
    if not boosts or replies is Replies.ONLY:
        wanted += " AND n.boost_of_id IS NULL"
    if only_media:
        wanted += " AND n.has_media = ?"
        more.append(True)
    return await _read(
        f"SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id{_BOOSTED}"  # noqa: S608
        f" WHERE n.author_id = ? AND {seen}{wanted}",
        [author.id, *values, *more],
        "n.id",
        page,
        viewer,
    )


@dataclass(frozen=True)
class Tagged:
    """Which tags are wanted, in any case and without #: one of `any`, all of `all`, no `none`.

    `is_local` narrows to notes from here, or with False from elsewhere.
    """

    any: Sequence[str]
    all: Sequence[str] = ()
    none: Sequence[str] = ()
    is_local: bool | None = None


async def of_tag(
    name: str, reader: Actor | None, page: Page, *, shows: Kinds | None = None
) -> Slice[Note]:
    """List the public notes that carry a tag; `name` in any case, without its #."""
    return await of_tags(Tagged([name]), reader, page, shows=shows)


async def of_tags(
    wanted: Tagged, reader: Actor | None, page: Page, *, shows: Kinds | None = None
) -> Slice[Note]:
    """List the public notes that carry the wanted tags, for members also those for this server."""
    seen, values = seen_by(reader)
    heard, muted = await _heard_by(reader)
    carried, names = _carried(wanted)
    found = await _read(
        "SELECT t.note_id AS id FROM note_tag t JOIN note n ON n.id = t.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id WHERE {carried} AND {_IN_TAGS} AND {seen}{heard}"
        f"{_showing(shows)}",
        [*names, *values, *muted],
        "t.note_id",
        page,
        reader,
    )
    return _in_public(found)


async def of_card(card_id: int, reader: Actor | None, page: Page) -> Slice[Note]:
    """List the public notes whose first link leads to a page."""
    seen, values = seen_by(reader)
    heard, muted = await _heard_by(reader)
    found = await _read(
        "SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id"  # noqa: S608
        f" WHERE n.card_id = ? AND n.audience = 'public' AND {seen}{heard}",
        [card_id, *values, *muted],
        "n.id",
        page,
        reader,
    )
    return _in_public(found)


def _carried(wanted: Tagged) -> Condition:
    """Say which tags a note carries; of several that count alike, only the first is walked."""
    first, *others = (each.casefold() for each in wanted.any)
    numbers = "SELECT id FROM tag WHERE name IN ({})"
    text, values = f"t.tag_id = ({numbers.format('?')})", [first]
    if others:
        names = [first, *others]
        among = numbers.format(sql.marks(names))
        # A note with two of them would come twice.
        text = (
            f"t.tag_id IN ({among}) AND NOT EXISTS (SELECT 1 FROM note_tag l"  # noqa: S608
            f" WHERE l.note_id = t.note_id AND l.tag_id < t.tag_id AND l.tag_id IN ({among}))"
        )
        values = [*names, *names]
    held = f" EXISTS (SELECT 1 FROM note_tag m WHERE m.note_id = n.id AND m.tag_id = ({numbers}))"  # noqa: S608
    for sign, wished in ((" AND", wanted.all), (" AND NOT", wanted.none)):
        text += "".join(sign + held.format("?") for _ in wished)
        values += [each.casefold() for each in wished]
    if wanted.is_local is not None:
        text += " AND n.is_local = ?"
        return text, [*values, wanted.is_local]
    return text, [*values]


async def of_group(
    group: Actor, viewer: Actor | None, page: Page, *, by_activity: bool = False, flair: str = ""
) -> Slice[Note]:
    """List the threads of a group, the newest first or those with the newest comments; ids of the
    page are those of notes, or of comments. `flair` leaves those that carry the mark."""
    place = "p.active" if by_activity else "p.note_id"
    marked, values = carrying(flair)
    return await _threads(viewer, page, place, f"p.group_id = ?{marked}", [group.id, *values])


def carrying(flair: str) -> Condition:
    """Say that a thread `p` carries a mark of its group; empty words leave every thread."""
    if not flair:
        return "", []
    if sql.is_postgres():
        return " AND p.flair @> CAST(? AS JSONB)", [json.dumps([flair])]
    return " AND EXISTS (SELECT 1 FROM json_each(p.flair) AS f WHERE f.value = ?)", [flair]


async def of_groups(reader: Actor, page: Page) -> Slice[Note]:
    """List the threads of all groups a reader belongs to, the newest first."""
    mine = "p.group_id IN (SELECT group_id FROM membership WHERE person_id = ? AND state = ?)"
    return await _threads(reader, page, "p.note_id", mine, [reader.id, "member"])


async def _threads(
    viewer: Actor | None, page: Page, place: str, which: str, whose: Sequence[object]
) -> Slice[Note]:
    seen, values = seen_by(viewer)
    heard, muted = await _heard_by(viewer)
    end, ends = window(place, page)
    rows = await sql.rows(
        f"SELECT {place} AS id, p.note_id FROM group_post p JOIN note n ON n.id = p.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id WHERE {which} AND p.standing = 'accepted'"
        f" AND {seen}{heard}{end}",
        [*whose, *values, *muted, *ends],
    )
    notes = {row["id"]: row["note_id"] for row in rows}
    found = cut(list(notes), page)
    return found.holding(await notes_of([notes[number] for number in found.rows], viewer))


async def bookmarks(reader: Actor, page: Page) -> Slice[Note]:
    """List what a reader keeps, the last kept first; ids of the page are those of bookmarks."""
    return await _marked("bookmark", reader, page, "m.actor_id = ?", reader.id)


async def of_board(board_id: int, viewer: Actor | None, page: Page) -> Slice[Note]:
    """List what a viewer may see on a board, the last kept first; ids of the page are no notes'."""
    return await _marked("board_note", viewer, page, "m.board_id = ?", board_id)


async def likes(reader: Actor, page: Page) -> Slice[Note]:
    """List what a reader likes, the last liked first; ids of the page are those of likes."""
    return await _marked('"like"', reader, page, "m.actor_id = ?", reader.id)


async def messages(reader: Actor, page: Page) -> Slice[Note]:
    """List private conversations: of each thread the last note for named people."""
    seen, values = seen_by(reader)
    heard, muted = _not_by(await muted_by(reader.id), "n.author_id")
    rest = (
        " AND n.audience = 'people' AND NOT EXISTS (SELECT 1 FROM note l"  # noqa: S608
        " WHERE l.thread_id = n.thread_id AND l.id > n.id AND l.audience = 'people'"
        " AND l.deleted_at IS NULL AND (l.author_id = ? OR EXISTS"
        " (SELECT 1 FROM mention WHERE note_id = l.id AND actor_id = ?)))"
        " AND NOT EXISTS (SELECT 1 FROM thread_mark k WHERE k.reader_id = ?"
        " AND k.thread_id = n.thread_id AND k.gone_to >= n.id)"
        f" AND {seen}{heard}"
    )
    more = [reader.id, reader.id, reader.id, *values, *muted]
    wrote, ends = window("n.id", page)
    got, _ = window("m.note_id", page)
    order = "ASC" if page.min_id is not None else "DESC"
    author = "JOIN actor a ON a.id = n.author_id"
    rows = await sql.rows(
        f"SELECT id FROM (SELECT * FROM (SELECT n.id FROM note n {author}"  # noqa: S608
        f" WHERE n.author_id = ?{rest}{wrote}) AS x UNION SELECT * FROM (SELECT n.id"
        f" FROM mention m JOIN note n ON n.id = m.note_id {author}"
        f" WHERE m.actor_id = ?{rest}{got}) AS y) AS z ORDER BY id {order} LIMIT ?",
        [reader.id, *more, *ends, reader.id, *more, *ends, page.limit + 1],
    )
    return await _rows([row["id"] for row in rows], page, reader)


async def notes_of(ids: Sequence[int], viewer: Actor | None) -> list[Note]:
    """Load these notes with all a page needs of them, in this order, as far as they may be seen."""
    notes = await whole_notes(ids)
    return await visible_to(viewer, [notes[number] for number in ids if number in notes])


async def whole_notes(ids: Sequence[int]) -> dict[int, Note]:
    """Load notes with their authors, and boosts with what they boost: three queries at most."""
    notes = await load_ids(Note, ids)
    boosted = await load_ids(Note, (note.boost_of_id for note in notes.values()))
    authors = await load_ids(
        Actor, (note.author_id for each in (notes, boosted) for note in each.values())
    )
    for note in (*notes.values(), *boosted.values()):
        note.author = authors[note.author_id]
        if note.boost_of_id in boosted:
            note.boost_of = boosted[note.boost_of_id]
    # What was boosted may have gone between two of these queries.
    whole = {None, *boosted}
    return {number: note for number, note in notes.items() if note.boost_of_id in whole}


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
    return _in_public(await _rows([row["id"] for row in rows], page, reader))


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
    heard, muted = await _heard_by(reader)
    return (
        "SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id"  # noqa: S608
        f" WHERE n.audience = '{audience}' AND n.boost_of_id IS NULL AND n.is_local = ?"
        f" AND n.in_reply_to_uri = '' AND {_LOUD} AND {seen}{heard}{_showing(shows)}{only}",
        [is_local, *needed, *muted, *values],
    )


def _showing(shows: Kinds | None, column: str = "n.shows") -> str:
    """Narrow a list; the words are ours."""
    if shows is None:
        return ""
    return f" AND {column} <> 'text'" if shows == MEDIA else f" AND {column} = '{shows}'"


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


async def _heard_by(reader: Actor | None) -> Condition:
    return _not_by(await muted_by(reader.id), "n.author_id") if reader else ("", [])


def _not_by(actors: Collection[int], *columns: str) -> Condition:
    """Leave out some authors; a column that is empty, as of no boost, leaves nothing out."""
    if not actors:
        return "", []
    text = "".join(
        f" AND ({column} IS NULL OR {column} NOT IN ({sql.marks(actors)}))" for column in columns
    )
    return text, [*actors] * len(columns)


async def _marked(
    table: str, reader: Actor | None, page: Page, whose: str, owner: int
) -> Slice[Note]:
    seen, values = seen_by(reader)
    end, ends = window("m.id", page)
    rows = await sql.rows(
        f"SELECT m.id, m.note_id FROM {table} m JOIN note n ON n.id = m.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id WHERE {whose} AND {seen}{end}",
        [owner, *values, *ends],
    )
    notes = {row["id"]: row["note_id"] for row in rows}
    found = cut(list(notes), page)
    return found.holding(await notes_of([notes[number] for number in found.rows], reader))


async def _read(
    statement: str, values: Sequence[object], column: str, page: Page, viewer: Actor | None
) -> Slice[Note]:
    end, ends = window(column, page)
    rows = await sql.rows(statement + end, [*values, *ends])
    return await _rows([row["id"] for row in rows], page, viewer)


async def _rows(ids: Sequence[int], page: Page, viewer: Actor | None) -> Slice[Note]:
    found = cut(ids, page)
    return found.holding(await notes_of(found.rows, viewer))


def _in_public(found: Slice[Note]) -> Slice[Note]:
    """Leave out whose server the policy keeps out of public lists."""
    kept = [
        note for note in found.rows if note.author.is_local or not is_hidden_host(note.author.host)
    ]
    return found.holding(kept)
