"""/api/rubric/v1/groups/…: moderating: roles, bans, pins, locks, removals, and the record of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from actors.actor import Actor
from actors.group_lists import standing_as
from actors.memberships import Membership, Role, State, membership_of
from core import sql
from core.clock import now
from core.paging import Page, Slice, cut, number, window
from inbox.slices import notes_of, whole_notes
from moderation import group_acts, group_offices
from moderation.record import RecordEntry, sealed
from notes.note import Note
from web.api.access import account_of, reader_of
from web.api.accounts import found_actor
from web.api.answers import listed, nothing
from web.api.asked import Asked, asked
from web.api.entities.groups import members_of
from web.api.entities.statuses import statuses_of
from web.api.errors import Invalid
from web.api.group_people import MOST_PEOPLE, PEOPLE, one
from web.api.groups import found_group, run_by
from web.api.statuses import seen_note
from web.errors import Missing

_PINNED = "p.pinned_at IS NOT NULL AND p.standing = 'accepted'"
_LOCKED = "p.locked_at IS NOT NULL AND p.standing = 'accepted'"
_REMOVED = "p.standing = 'removed'"


async def save_role(request: web.Request) -> web.Response:
    """Make a member a moderator, until the end of a term if there is one, or a member again."""
    by, group, person = await _about(request)
    wanted = await asked(request)
    match wanted.needed("role"):
        case Role.MODERATOR.value:
            await group_offices.add_moderator(by, group, person, until=wanted.moment("until"))
        case Role.MEMBER.value:
            reason = wanted.text("reason") or ""
            await group_offices.remove_moderator(by, group, person, reason=reason)
        case _:
            raise Invalid({"role": ("ERR_INCLUSION", "is not included in the list")})
    return await one(person, group)


async def bans(request: web.Request) -> web.Response:
    """Who is kept out, until when and why."""
    group = await run_by(account_of(request).actor, await found_group(request))
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    found: Slice[Membership] = await standing_as(State.BANNED, group, page)
    return listed(request, found, await members_of(found.rows), newer="since_id")


async def ban(request: web.Request) -> web.Response:
    """Keep somebody out until an end, or for good, and say why."""
    by, group, wanted = account_of(request).actor, await found_group(request), await asked(request)
    person = await Actor.get_or_none(id=wanted.id("account_id") or 0)
    if person is None or not person.is_present:
        raise Missing("nobody has this id")
    await group_offices.ban(
        by,
        group,
        person,
        reason=wanted.text("reason") or "",
        rule=wanted.number("rule") or 0,
        until=wanted.moment("until"),
        with_notes=wanted.is_on("with_statuses"),
    )
    return await one(person, group)


async def unban(request: web.Request) -> web.Response:
    """Let somebody join again."""
    by, group, person = await _about(request)
    row = await membership_of(person, group)
    if row is None or not row.is_banned:
        raise Missing(request.path)
    reason = (await asked(request)).text("reason") or ""
    await group_offices.unban(by, group, person, reason=reason)
    return await one(person, group)


async def pins(request: web.Request) -> web.Response:
    """The threads that stand first."""
    return await _threads(request, _PINNED, await found_group(request))


async def pin(request: web.Request) -> web.Response:
    """Show a thread first."""
    return await _on_note(request, lambda by, group, note, _: group_acts.pin(by, group, note))


async def unpin(request: web.Request) -> web.Response:
    """Take a pin away."""
    return await _on_note(request, lambda by, group, note, _: group_acts.unpin(by, group, note))


async def locks(request: web.Request) -> web.Response:
    """The threads that take no more comments."""
    return await _threads(request, _LOCKED, await found_group(request))


async def lock(request: web.Request) -> web.Response:
    """Close a thread, or what is below a comment, to answers, and say why."""
    return await _on_note(
        request, lambda by, group, note, why: group_acts.lock(by, group, note, **why)
    )


async def unlock(request: web.Request) -> web.Response:
    """Let it be answered again."""
    return await _on_note(
        request,
        lambda by, group, note, why: group_acts.unlock(by, group, note, reason=why["reason"]),
    )


async def removals(request: web.Request) -> web.Response:
    """The threads that were taken out, for those who run the group."""
    group = await run_by(account_of(request).actor, await found_group(request))
    return await _threads(request, _REMOVED, group, is_staff=True)


async def remove(request: web.Request) -> web.Response:
    """Take a note out of a group, and say why."""
    return await _on_note(
        request, lambda by, group, note, why: group_acts.remove(by, group, note, **why)
    )


async def restore(request: web.Request) -> web.Response:
    """Let a removed note stand again."""
    return await _on_note(
        request,
        lambda by, group, note, why: group_acts.restore(by, group, note, reason=why["reason"]),
    )


async def record(request: web.Request) -> web.Response:
    """The group's own record, the newest entry first; each seals the one before it."""
    group, page = await found_group(request), (await asked(request)).page()
    rows = RecordEntry.filter(chain=f"group:{group.id}", shown_at__lte=now())
    if page.max_id is not None:
        rows = rows.filter(id__lt=page.max_id)
    if (above := page.min_id or page.since_id) is not None:
        rows = rows.filter(id__gt=above)
    is_upward = page.min_id is not None
    found = await rows.order_by("id" if is_upward else "-id").limit(page.limit + 1)
    by_id = {each.id: each for each in found}
    part = cut(list(by_id), page)
    return listed(request, part, [sealed(by_id[each]) for each in part.rows])


OnNote = Callable[[Actor, Actor, Note, dict[str, Any]], Awaitable[object]]


async def _on_note(request: web.Request, act: OnNote) -> web.Response:
    """Do something with a note in a group; a removed one is seen by those who run it."""
    by, group, wanted = account_of(request).actor, await found_group(request), await asked(request)
    named = number(request.match_info.get("status_id", "")) or wanted.id("status_id")
    note = (await whole_notes([named])).get(named) if named else None
    if note is None or note.deleted_at is not None or note.group_id != group.id:
        raise Missing(request.path)
    if note.hidden_at is None:
        await seen_note(note.id, by)
    await act(by, group, note, _why(wanted))
    return nothing()


def _why(wanted: Asked) -> dict[str, Any]:
    return {"reason": wanted.text("reason") or "", "rule": wanted.number("rule") or 0}


async def _about(request: web.Request) -> tuple[Actor, Actor, Actor]:
    group = await found_group(request)
    return account_of(request).actor, group, await found_actor(request, "account_id")


async def _threads(
    request: web.Request, which: str, group: Actor, *, is_staff: bool = False
) -> web.Response:
    reader = reader_of(request)
    page: Page = (await asked(request)).page()
    end, ends = window("p.note_id", page)
    rows = await sql.rows(
        f"SELECT p.note_id FROM group_post p WHERE p.group_id = ? AND {which}{end}",  # noqa: S608
        [group.id, *ends],
    )
    found = cut([row["note_id"] for row in rows], page)
    if is_staff:
        whole = await whole_notes(found.rows)
        notes = [whole[each] for each in found.rows if each in whole]
        notes = [each for each in notes if each.author.is_present and each.deleted_at is None]
    else:
        notes = await notes_of(found.rows, reader)
    return listed(request, found, await statuses_of(notes, reader))
