"""Fan-out: the letters of an activity that goes to many, written in batches."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from tortoise.transactions import in_transaction

from actors.aware import ON_AWARE
from core import sql
from core.clock import milliseconds
from core.jobs import Lane, put
from federation.errors import Malformed
from federation.urls import host_of
from outbox.letters import OVERTAKEN, TELLING, Address, write_letters
from outbox.sent import Sent

BATCH = 500
# PostgreSQL counts steps in 32 bits.
ALL = (1 << 31) - 1
# Letters of an earlier activity with the same key are written first; that takes moments.
PATIENCE = 600_000

_SHARED = "CASE WHEN a.shared_inbox = '' THEN a.inbox ELSE a.shared_inbox END"
_AMONG_GROUPS = (
    " AND EXISTS (SELECT 1 FROM actor g WHERE g.host = a.host AND g.kind = 'Group'"
    " AND g.gone_at IS NULL)"
)
_NEAREST = "ORDER BY f.letterbox, f.host LIMIT 1"
_THERE = "a.local_name IS NULL AND a.suspended_at IS NULL AND a.gone_at IS NULL"


class Plan(msgspec.Struct, omit_defaults=True):
    """Whom the letters still go to; of the first of STEPS, only those `after` this."""

    sent: int
    lane: int
    personal: bool = False
    actors: list[int] | None = None
    had: str | None = None
    followers_of: int | None = None
    everyone: bool | None = None
    among_groups: bool = False
    among_aware: bool = False
    after: int | str | tuple[str, str] | None = None


class Page(NamedTuple):
    """A batch of addresses, and after what the next one begins; None when there is none."""

    addresses: Sequence[Address]
    after: int | str | tuple[str, str] | None = None


async def fan_out(payload: Mapping[str, Any]) -> None:
    """Write one batch of letters and queue the next, in one transaction; job `outbox.fanout`.

    A crash resumes where it was and skips nobody: a letter that stands there is not written twice.
    """
    plan = msgspec.convert(payload, Plan)
    async with in_transaction():
        sent = await Sent.get_or_none(id=plan.sent, is_spread=False)
        if sent is None:
            return
        if await _is_early(sent):
            await put("outbox.fanout", payload, lane=Lane.SOON, after_seconds=1)
        elif await _is_overtaken(sent) or not (step := _step(plan)):
            await _spread(sent)
        else:
            await _write_batch(plan, sent, step)


def _step(plan: Plan) -> str | None:
    return next((name for name in STEPS if getattr(plan, name)), None)


async def _write_batch(plan: Plan, sent: Sent, step: str) -> None:
    page = await STEPS[step](plan)
    if page.addresses:
        await write_letters(sent, _elsewhere(sent, page.addresses), lane=plan.lane)
    plan.after = page.after
    if page.after is None:
        setattr(plan, step, None)
    if _step(plan):
        await put("outbox.fanout", msgspec.json.encode(plan), lane=Lane.SOON)
    else:
        await _spread(sent)


async def _spread(sent: Sent) -> None:
    await Sent.filter(id=sent.id).update(is_spread=True)


async def _is_early(sent: Sent) -> bool:
    """Tell whether letters that must go before these may still be missing."""
    recent = milliseconds() - PATIENCE << 16
    earlier = Sent.filter(key=sent.key, id__lt=sent.id, id__gt=recent, is_spread=False)
    return bool(sent.key) and sent.kind != "Delete" and await earlier.exists()


async def _is_overtaken(sent: Sent) -> bool:
    later = Sent.filter(key=sent.key, id__gt=sent.id, kind="Delete")
    return bool(sent.key) and await later.exists()


def _elsewhere(sent: Sent, addresses: Sequence[Address]) -> list[Address]:
    """Leave out the server an activity comes from, for it has it (what is passed on)."""
    try:
        origin = host_of(sent.uri)
    except Malformed:
        return list(addresses)
    return [each for each in addresses if f"//{origin}/" not in each.inbox]


async def _named(plan: Plan) -> Page:
    after = plan.after if isinstance(plan.after, int) else 0
    left = sorted(each for each in plan.actors or [] if each > after)
    actors = left[:BATCH]
    box = "a.inbox" if plan.personal else _SHARED
    # Somebody may have been blocked since it was said to whom it goes (PRIV-07).
    found = await sql.rows(
        f"SELECT {box} AS inbox, MIN(a.id) AS id FROM actor a"  # noqa: S608  constants
        f" WHERE a.id IN ({sql.marks(actors)}) AND a.local_name IS NULL AND NOT EXISTS"
        f" (SELECT 1 FROM sent s WHERE s.id = ? AND s.kind IN ({sql.marks(TELLING)})"
        " AND (a.suspended_at IS NOT NULL OR EXISTS (SELECT 1 FROM block b"
        " WHERE (b.blocker_id = s.actor_id AND b.blocked_id = a.id)"
        " OR (b.blocker_id = a.id AND b.blocked_id = s.actor_id)))) GROUP BY 1",
        [*actors, plan.sent, *sorted(TELLING)],
    )
    addresses = [Address(row["inbox"], row["id"]) for row in found]
    return Page(addresses, actors[-1] if len(left) > BATCH else None)


async def _had(plan: Plan) -> Page:
    """Wherever an earlier letter about the same object may have come; overtaken ones may have, too,
    when they were just being sent."""
    after = str(plan.after or "")
    found = await sql.rows(
        "SELECT DISTINCT d.inbox AS inbox FROM delivery d JOIN sent s ON s.id = d.sent_id"
        " WHERE s.object_uri = ? AND s.id < ? AND d.inbox > ?"
        " AND NOT (d.state = 'stopped' AND d.attempts = 0 AND d.error <> ?)"
        " ORDER BY inbox LIMIT ?",
        (plan.had, plan.sent, after, OVERTAKEN, BATCH),
    )
    swept = await Sent.filter(object_uri=plan.had).exclude(had="").values_list("had", flat=True)
    inboxes = {row["inbox"] for row in found}
    inboxes |= {inbox for had in swept for inbox in str(had).split("\n") if inbox > after}
    page = sorted(inboxes)[:BATCH]
    return Page([Address(each) for each in page], page[-1] if len(page) == BATCH else None)


async def _followers(plan: Plan) -> Page:
    some = _AMONG_GROUPS if plan.among_groups else ""
    some += f" AND{ON_AWARE}" if plan.among_aware else ""
    after = plan.after if isinstance(plan.after, tuple) else ("", "")
    found = await _audience(plan.followers_of or 0, after, BATCH + 1, some)
    last = found[BATCH - 1] if len(found) > BATCH else None
    return Page(
        [Address(row["inbox"], row["id"]) for row in found[:BATCH] if row["is_meant"]],
        (last["inbox"], last["host"]) if last else None,
    )


async def servers_following(actor_id: int) -> int:
    """Count the letterboxes a letter to someone's followers goes to, to say so before (PRIV-10)."""
    return len({row["inbox"] for row in await _audience(actor_id)})


async def _audience(
    actor_id: int, after: tuple[str, str] = ("", ""), most: int = ALL, some: str = ""
) -> list[sql.Row]:
    """Go from one letterbox of someone's followers to the next, however many live there.

    Where `some` servers alone are meant, also from one server to the next, for some share one.
    """
    place, mark = ("(f.letterbox, f.host)", "(?, ?)") if some else ("f.letterbox", "?")
    return await sql.rows(
        "WITH RECURSIVE step(id, number) AS ("  # noqa: S608  constants
        f" SELECT ({_next_of('?', place)} > {mark} {_NEAREST}), 1 UNION ALL"
        f" SELECT ({_next_of('p.followed_id', place)} > {place.replace('f.', 'p.')} {_NEAREST}),"
        " step.number + 1 FROM step JOIN follow p ON p.id = step.id WHERE step.number < ?)"
        " SELECT a.letterbox AS inbox, a.host AS host, a.follower_id AS id,"
        f" CASE WHEN TRUE{some} THEN 1 ELSE 0 END AS is_meant"
        " FROM step JOIN follow a ON a.id = step.id ORDER BY step.number",
        [actor_id, True, *(after if some else after[:1]), True, most],
    )


def _next_of(followed: str, place: str) -> str:
    return (
        "SELECT f.id FROM follow f JOIN actor a ON a.id = f.follower_id"  # noqa: S608  constants
        f" WHERE f.followed_id = {followed} AND f.is_accepted = ? AND f.letterbox <> ''"
        f" AND {_THERE} AND {place}"
    )


async def _everyone(plan: Plan) -> Page:
    return await _grouped(
        f"SELECT {_SHARED} AS inbox, a.id AS id, a.id AS place FROM actor a"  # noqa: S608
        " WHERE a.local_name IS NULL AND a.gone_at IS NULL AND a.id > ? ORDER BY a.id LIMIT ?",
        (plan.after or 0, BATCH),
        BATCH,
    )


async def _grouped(statement: str, values: Sequence[Any], most: int) -> Page:
    """Read a batch in the order of `place`, and keep one for each letterbox."""
    found = await sql.rows(
        "SELECT inbox, MIN(id) AS id, MAX(place) AS place, COUNT(*) AS many"  # noqa: S608
        f" FROM ({statement}) AS batch GROUP BY inbox",
        values,
    )
    addresses = [Address(row["inbox"], row["id"]) for row in found if row["inbox"]]
    is_last = sum(row["many"] for row in found) < most
    return Page(addresses, None if is_last else max(row["place"] for row in found))


STEPS: dict[str, Callable[[Plan], Awaitable[Page]]] = {
    "actors": _named,
    "had": _had,
    "followers_of": _followers,
    "everyone": _everyone,
}
