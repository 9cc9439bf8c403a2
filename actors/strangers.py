"""Forgetting people and servers elsewhere whom nothing here concerns any more (DOS-10)."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from tortoise.expressions import Q
from tortoise.fields.relational import BackwardFKRelation

from actors.actor import Actor
from actors.domains import Domain
from core import sql
from core.clock import now

KEPT = timedelta(days=30)
BATCH = 200


async def sweep() -> None:
    """Delete who was not heard of for a month and stands in no other row; by the clock.

    Whom we suspended stays, so that they come back as who they were.
    """
    await _sweep_actors()
    await _sweep_domains()


async def _sweep_actors() -> None:
    after = 0
    while found := await _old_actors(after):
        await sql.rows(
            f"DELETE FROM actor AS x WHERE x.id IN ({sql.marks(found)}){_unmentioned()}",  # noqa: S608
            found,
        )
        after = found[-1]
        # Statements of SQLite hold up the loop; others shall have their turn in between.
        await asyncio.sleep(0)


async def _old_actors(after: int) -> list[int]:
    old = Actor.filter(
        id__gt=after, local_name=None, suspended_at=None, fetched_at__lt=now() - KEPT
    )
    rows = await old.order_by("id").limit(BATCH).values("id")
    return [row["id"] for row in rows]


def _unmentioned() -> str:
    """Say that no row of any table points to them; which ones could, the models say."""
    return "".join(
        f' AND NOT EXISTS (SELECT 1 FROM "{table}" r WHERE r."{column}" = x.id)'  # noqa: S608
        for table, column in _references()
    )


def _references() -> Iterator[tuple[str, str]]:
    for field in Actor._meta.fields_map.values():
        # A one-to-one relation is one of these too.
        if isinstance(field, BackwardFKRelation):
            yield field.related_model._meta.db_table, str(field.relation_field)


async def _sweep_domains() -> None:
    after = ""
    while found := await _old_domains(after):
        await sql.rows(
            f"DELETE FROM domain AS x WHERE x.host IN ({sql.marks(found)})"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM actor a WHERE a.host = x.host)"
            " AND NOT EXISTS"
            " (SELECT 1 FROM delivery d WHERE d.host = x.host AND d.state = 'waiting')",
            found,
        )
        after = found[-1]
        await asyncio.sleep(0)


async def _old_domains(after: str) -> list[str]:
    limit = now() - KEPT
    old = Domain.filter(
        Q(heard_at=None) | Q(heard_at__lt=limit),
        host__gt=after,
        is_rejected=False,
        first_seen_at__lt=limit,
        reached_at__lt=int(limit.timestamp() * 1000),
    )
    rows = await old.order_by("host").limit(BATCH).values("host")
    return [row["host"] for row in rows]
