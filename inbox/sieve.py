"""Sieve, Permission, SetAside: of whom someone would rather not be told at once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import exists, load_one
from moderation.gate import measures_of
from notes.note import Audience, Note

NEW_FOLLOWER = timedelta(days=3)
NEW_ACTOR = timedelta(days=30)


class Verdict(StrEnum):
    """What becomes of an event: it is told, it waits under the requests, or it is forgotten."""

    ACCEPT = "accept"
    FILTER = "filter"
    DROP = "drop"


class Sieve(Model):
    """What a reader wants done with events of those they do not know; without a row, nothing."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="sieve"
    )
    reader_id: int
    for_not_following = fields.CharEnumField(Verdict, max_length=10, default=Verdict.ACCEPT)
    for_not_followers = fields.CharEnumField(Verdict, max_length=10, default=Verdict.ACCEPT)
    for_new_accounts = fields.CharEnumField(Verdict, max_length=10, default=Verdict.ACCEPT)
    for_private_mentions = fields.CharEnumField(Verdict, max_length=10, default=Verdict.ACCEPT)
    for_limited_accounts = fields.CharEnumField(Verdict, max_length=10, default=Verdict.ACCEPT)
    for_bots = fields.CharEnumField(Verdict, max_length=10, default=Verdict.ACCEPT)

    class Meta:
        table = "notification_policy"


class Permission(Model):
    """A reader wants to be told of someone, whatever the sieve says."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="notification_permissions"
    )
    reader_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="notification_permitted"
    )
    actor_id: int

    class Meta:
        table = "notification_permission"
        unique_together = [("reader", "actor")]
        indexes = [("actor_id",)]


class SetAside(Model):
    """A notification that waits under the requests of its reader."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    notification: fields.OneToOneRelation[Model] = fields.OneToOneField(
        "rubric.Notification", related_name="aside"
    )
    notification_id: int
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="set_aside"
    )
    reader_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="put_aside"
    )
    actor_id: int

    class Meta:
        table = "set_aside"
        indexes = [("reader_id", "actor_id"), ("actor_id",)]


KINDS = (
    *("for_not_following", "for_not_followers", "for_new_accounts"),
    *("for_private_mentions", "for_limited_accounts", "for_bots"),
)


@dataclass(frozen=True)
class Ties:
    """How the one who did something stands to the reader."""

    is_followed: bool
    is_old_follower: bool


async def sieve_of(reader: Actor) -> Sieve:
    """Return what a reader wants; accepting everything where they never said."""
    return await load_one(Sieve, "reader_id = ?", [reader.id]) or Sieve(reader_id=reader.id)


async def set_sieve(reader: Actor, wanted: dict[str, Verdict]) -> Sieve:
    """Keep what a reader wants, by the names of KINDS; what is not named stays."""
    await Sieve.get_or_create(reader_id=reader.id, defaults={"id": new_id()})
    if wanted:
        await Sieve.filter(reader_id=reader.id).update(**wanted)
    return await sieve_of(reader)


async def verdict_on(reader: Actor, actor: Actor, note: Note | None) -> Verdict:
    """Say what becomes of an event: the strictest of what holds for who did it."""
    sieve = await load_one(Sieve, "reader_id = ?", [reader.id])
    if sieve is None or all(getattr(sieve, each) is Verdict.ACCEPT for each in KINDS):
        return Verdict.ACCEPT
    if await exists(
        "notification_permission", "reader_id = ? AND actor_id = ?", [reader.id, actor.id]
    ):
        return Verdict.ACCEPT
    holding = await _holding(reader, actor, note)
    said = {getattr(sieve, each) for each in holding}
    for strict in (Verdict.DROP, Verdict.FILTER):
        if strict in said:
            return strict
    return Verdict.ACCEPT


async def _holding(reader: Actor, actor: Actor, note: Note | None) -> set[str]:
    """Name those of KINDS that hold for who did something."""
    ties = await _ties(reader, actor)
    found = set() if ties.is_old_follower else {"for_not_followers"}
    if ties.is_followed:
        return found
    found.add("for_not_following")
    if actor.created_at > now() - NEW_ACTOR:
        found.add("for_new_accounts")
    if measures_of(actor).limit:
        found.add("for_limited_accounts")
    if actor.is_bot:
        found.add("for_bots")
    if note is not None and note.audience == Audience.PEOPLE and not await _answers(note, reader):
        found.add("for_private_mentions")
    return found


async def _ties(reader: Actor, actor: Actor) -> Ties:
    rows = await sql.rows(
        "SELECT follower_id, created_at FROM follow WHERE is_accepted = ?"
        " AND ((follower_id = ? AND followed_id = ?) OR (follower_id = ? AND followed_id = ?"
        " AND id < ?))",
        [True, reader.id, actor.id, actor.id, reader.id, new_id(now() - NEW_FOLLOWER)],
    )
    who = {row["follower_id"] for row in rows}
    return Ties(reader.id in who, actor.id in who)


async def _answers(note: Note, reader: Actor) -> bool:
    """Tell whether a private note belongs to a conversation in which the reader spoke."""
    return await exists(
        "note",
        "thread_id = ? AND author_id = ? AND id < ? AND deleted_at IS NULL",
        [note.thread_id, reader.id, note.id],
    )
