"""Stream: which of those who are connected a note concerns, and whether they may see it."""

from collections.abc import Collection

from actors.actor import Actor
from actors.blocks import muted_by
from actors.lists import List
from core import sql
from core.paging import Page
from core.rows import load_ids
from inbox.reading import home, of_list
from moderation.gate import is_hidden_host
from notes.note import Audience, Note
from notes.visibility import may_see

Stream = tuple[str, str]  # its name, and the tag or the list where it has one


async def carried_by(note: Note) -> set[Stream]:
    """Name the streams for everyone in which a note runs; its author must be loaded."""
    if note.audience != Audience.PUBLIC or note.is_boost:
        return set()
    if not note.is_local and is_hidden_host(note.author.host):
        return set()
    streams = set() if note.in_reply_to_uri else _public(note)
    rows = await sql.rows(
        "SELECT t.name FROM note_tag n JOIN tag t ON t.id = n.tag_id WHERE n.note_id = ?", [note.id]
    )
    for row in rows:
        streams.add(("hashtag", row["name"]))
        if note.is_local:
            streams.add(("hashtag:local", row["name"]))
    return streams


async def homes_with(note: Note, readers: Collection[Actor]) -> set[int]:
    """Return those of these readers whose home shows a note, or a boost."""
    ids = [each.id for each in readers]
    have = await _among("SELECT reader_id AS id FROM home_entry", "reader_id", note, ids)
    near = [each for each in readers if each.id in have]
    return {each.id for each in near if (await home(each, _just(note))).rows}


async def lists_with(note: Note, wanted: Collection[tuple[Actor, int]]) -> set[int]:
    """Return those of these lists of their owners that show a note, or a boost."""
    found = await load_ids(List, (number for _, number in wanted))
    return {
        number
        for owner, number in wanted
        if number in found
        and found[number].owner_id == owner.id
        and (await of_list(found[number], owner, _just(note))).rows
    }


async def talking(note: Note, readers: Collection[int]) -> set[int]:
    """Return those of these readers who take part in the private conversation of a note."""
    if note.audience != Audience.PEOPLE:
        return set()
    named = await _among("SELECT actor_id AS id FROM mention", "actor_id", note, readers)
    return named | ({note.author_id} & set(readers))


async def wants(reader: Actor, note: Note) -> bool:
    """Tell whether a reader may see a note now, and hears its authors; boosts must be whole."""
    muted = await muted_by(reader.id)
    boosted = note.boost_of.author_id if note.is_boost and note.boost_of else None
    return not {note.author_id, boosted} & muted and await may_see(reader, note)


def _just(note: Note) -> Page:
    return Page(max_id=note.id + 1, since_id=note.id - 1, limit=1)


def _public(note: Note) -> set[Stream]:
    names = {"public", "public:local" if note.is_local else "public:remote"}
    if note.has_media:
        names |= {f"{each}:media" for each in names}
    return {(each, "") for each in names}


async def _among(select: str, column: str, note: Note, readers: Collection[int]) -> set[int]:
    rows = await sql.rows(
        f"{select} WHERE note_id = ? AND {column} IN ({sql.marks(readers)})",
        [note.id, *readers],
    )
    return {row["id"] for row in rows}
