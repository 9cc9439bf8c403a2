"""What somebody can disagree with, and the appeals there are against it."""

from collections.abc import Sequence

from actors.actor import Actor
from actors.memberships import run_by
from core import sql
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.states import ISSUED, PENDING


async def waiting(moderator: Actor, *, after: int | None = None, most: int = 20) -> list[Appeal]:
    """Return the appeals of others that wait for an answer, the oldest first."""
    found = Appeal.filter(state__in=list(PENDING), decision__actor_id__not=moderator.id)
    found = found.order_by("id").limit(most)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.select_related("decision__actor", "reviewer")


async def appeals_of(decisions: Sequence[int]) -> dict[int, Appeal]:
    """Return the last appeal of each of these decisions."""
    rows = await Appeal.filter(decision_id__in=list(decisions)).order_by("number")
    return {row.decision_id: row for row in rows}


async def decided_about(person: Actor, page: Page) -> Slice[Decision]:
    """Return what was decided about somebody, or a group they run, the newest first."""
    about = [person.id, *await run_by(person)]
    end, ends = window("id", page)
    found = await sql.rows(
        f"SELECT id FROM decision WHERE actor_id IN ({sql.marks(about)})"  # noqa: S608  constants
        f" AND state IN ({sql.marks(ISSUED)}){end}",
        [*about, *ISSUED, *ends],
    )
    ids = cut([row["id"] for row in found], page)
    rows = await load_ids(Decision, ids.rows)
    return ids.holding([rows[each] for each in ids.rows])


async def decision_about(person: Actor, number: int) -> Decision | None:
    """Find one of these decisions."""
    about = [person.id, *await run_by(person)]
    return await Decision.get_or_none(id=number, actor_id__in=about, state__in=list(ISSUED))
