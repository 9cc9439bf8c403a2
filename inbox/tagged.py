"""Reading what carries a tag or leads to a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.actor import Actor
from core import sql
from core.paging import Page, Slice
from inbox.slices import LOUD, Kinds, heard_by, in_public, read_along, showing
from notes.note import Note
from notes.visible import Condition, seen_by

_IN_TAGS = f"n.audience IN ('public', 'server') AND n.boost_of_id IS NULL AND {LOUD}"


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
    heard, muted = await heard_by(reader)
    carried, names = _carried(wanted)
    found = await read_along(
        "SELECT t.note_id AS id FROM note_tag t JOIN note n ON n.id = t.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id WHERE {carried} AND {_IN_TAGS} AND {seen}{heard}"
        f"{showing(shows)}",
        [*names, *values, *muted],
        "t.note_id",
        page,
        reader,
    )
    return in_public(found)


async def of_card(card_id: int, reader: Actor | None, page: Page) -> Slice[Note]:
    """List the public notes whose first link leads to a page."""
    seen, values = seen_by(reader)
    heard, muted = await heard_by(reader)
    found = await read_along(
        "SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id"  # noqa: S608
        f" WHERE n.card_id = ? AND n.audience = 'public' AND {seen}{heard}",
        [card_id, *values, *muted],
        "n.id",
        page,
        reader,
    )
    return in_public(found)


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
