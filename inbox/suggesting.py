"""DismissedSuggestion: people worth following, why, and those one does not want to be shown."""

from dataclasses import dataclass
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from actors.blocks import apart_from, muted_by
from core import sql
from core.ids import new_id
from core.rows import load_ids

MOST = 80
_MOST_FRIENDS = 500


class Because(StrEnum):
    """Why somebody is suggested, in the client API's words."""

    FRIENDS = "friends_of_friends"
    FOLLOWED = "most_followed"


class DismissedSuggestion(Model):
    """A person a reader does not want to have suggested."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    reader_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    person_id: int

    class Meta:
        table = "dismissed_suggestion"
        unique_together = [("reader", "person")]
        indexes = [("person_id",)]


@dataclass(frozen=True)
class Suggestion:
    """A person, and each reason to suggest them."""

    person: Actor
    because: tuple[Because, ...]


# Whom the people one follows follow and show it; then whom most follow among those who live here.
_FRIENDS = (
    "SELECT theirs.followed_id AS id, COUNT(*) AS count FROM (SELECT followed_id FROM follow"
    " WHERE follower_id = ? AND is_accepted = ? ORDER BY id DESC LIMIT ?) mine"
    " JOIN actor f ON f.id = mine.followed_id AND f.hides_follows = ?"
    " JOIN follow theirs ON theirs.follower_id = f.id AND theirs.is_accepted = ?"
    " JOIN actor p ON p.id = theirs.followed_id WHERE {}"
    " GROUP BY theirs.followed_id HAVING COUNT(*) > 1 ORDER BY count DESC, id LIMIT ?"
)
_FOLLOWED = (
    "SELECT p.id FROM actor p WHERE p.local_name > '' AND {}"
    " ORDER BY p.followers_count DESC, p.id LIMIT ?"
)
_WELCOME = (
    "p.is_discoverable = ? AND p.moved_to = '' AND p.id <> ? AND p.id NOT IN"
    " (SELECT followed_id FROM follow WHERE follower_id = ?) AND p.id NOT IN"
    " (SELECT person_id FROM dismissed_suggestion WHERE reader_id = ?)"
)


async def suggestions_for(reader: Actor) -> list[Suggestion]:
    """Suggest people who allow being found and whom the reader does not follow.

    Those whom at least two that one follows follow come first, then the most followed here.
    """
    welcome = [True, reader.id, reader.id, reader.id]
    friends = await sql.rows(
        _FRIENDS.format(_WELCOME),
        [reader.id, True, _MOST_FRIENDS, False, True, *welcome, MOST],
    )
    followed = await sql.rows(_FOLLOWED.format(_WELCOME), [*welcome, MOST])
    reasons: dict[int, tuple[Because, ...]] = {}
    for rows, because in ((friends, Because.FRIENDS), (followed, Because.FOLLOWED)):
        for row in rows:
            reasons[row["id"]] = (*reasons.get(row["id"], ()), because)
    people = await load_ids(Actor, reasons)
    apart, muted = await apart_from(reader), await muted_by(reader.id)
    return [
        Suggestion(people[number], because)
        for number, because in reasons.items()
        if people[number].is_present and people[number] not in apart and number not in muted
    ][:MOST]


async def dismiss(reader: Actor, person: Actor) -> None:
    """Have somebody suggested no more."""
    await DismissedSuggestion.get_or_create(reader_id=reader.id, person_id=person.id)


async def directory(
    reader: Actor | None, *, by_newest: bool, only_local: bool, limit: int, offset: int
) -> list[Actor]:
    """List people who allow being found: who posted last first, or who came last."""
    here = " AND local_name IS NOT NULL" if only_local else ""
    order = "id DESC" if by_newest else "last_note_at DESC, id DESC"
    active = "" if by_newest else " AND last_note_at IS NOT NULL"
    rows = await sql.rows(
        "SELECT id FROM actor WHERE is_discoverable = ? AND suspended_at IS NULL"  # noqa: S608
        " AND quieted_at IS NULL"
        " AND gone_at IS NULL AND NOT is_kept_out AND is_withdrawn = ? AND moved_to = ''"
        f"{here}{active} ORDER BY {order} LIMIT ? OFFSET ?",
        [True, False, limit, offset],
    )
    people = await load_ids(Actor, (row["id"] for row in rows))
    apart = await apart_from(reader) if reader else ()
    found = [people[row["id"]] for row in rows]
    return [each for each in found if each not in apart]
