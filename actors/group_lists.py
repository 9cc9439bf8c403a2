"""Lists of who stands how in a group, page by page, and who may read them."""

from collections.abc import Sequence

from actors.actor import Actor
from actors.memberships import Membership, State, membership_of
from core import sql
from core.paging import Page, Slice, cut, window
from core.rows import load_ids


async def standing_as(state: State, group: Actor, page: Page) -> Slice[Membership]:
    """List who stands so in a group, the newest first, with who they are; of bans those in force.

    Ids of the page are those of memberships.
    """
    end, ends = window("m.id", page)
    rows = await sql.rows(
        "SELECT m.id FROM membership m JOIN actor a ON a.id = m.person_id"  # noqa: S608
        " WHERE m.group_id = ? AND m.state = ? AND a.gone_at IS NULL AND a.suspended_at IS NULL"
        f" AND NOT a.is_kept_out AND a.is_withdrawn = ?{end}",
        [group.id, state.value, False, *ends],
    )
    found = cut([row["id"] for row in rows], page)
    whole = await with_people(list((await load_ids(Membership, found.rows)).values()))
    by_id = {each.id: each for each in whole}
    kept = [by_id[number] for number in found.rows if number in by_id]
    if state is State.BANNED:
        kept = [each for each in kept if each.is_banned]
    return found.holding(kept)


async def with_people(rows: Sequence[Membership]) -> list[Membership]:
    """Load who these are."""
    people = await load_ids(Actor, [row.person_id for row in rows])
    known = [row for row in rows if row.person_id in people]
    for row in known:
        row.person = people[row.person_id]
    return known


async def groups_with(person_id: int, *, most: int = 50) -> list[Actor]:
    """List the groups that live here and somebody belongs to, asked to, or began threads in."""
    rows = await sql.rows(
        "SELECT m.group_id AS id FROM membership m WHERE m.person_id = ? AND m.state <> 'left'"
        " UNION SELECT n.group_id FROM note n WHERE n.author_id = ? AND n.group_id IS NOT NULL"
        " AND n.deleted_at IS NULL",
        [person_id, person_id],
    )
    found = Actor.filter(
        id__in=[row["id"] for row in rows], local_name__not_isnull=True, gone_at=None
    )
    return await found.order_by("name").limit(most)


async def may_see_members(group: Actor, viewer: Actor | None) -> bool:
    """Tell whether somebody may read who belongs to a group: its members may, and nobody else.

    Who runs it is for all to read.
    """
    row = await membership_of(viewer, group) if viewer else None
    return row is not None and row.is_member
