"""When nobody who runs a group is here any more: its members are told, may ask for the role, and
the moderators of the server decide; it stands in the record of the group (product.md 3.3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from actors.accounts import Account, account_of
from actors.actor import Actor, Kind
from actors.candidacies import Candidacy, candidates_of
from actors.groups import Group, settings_of
from actors.memberships import Role, State, members_here, membership_of, moderators_of, stand
from core import sql
from core.clock import now
from core.ids import new_id
from core.jobs import Lane, put
from core.settings import settings
from moderation.audit import write_down
from moderation.duty import STAFF
from moderation.group_offices import pass_role
from moderation.group_record import Act, write_act
from moderation.notice_words import WORDS, in_language
from moderation.policy import current
from outbox.personal import write_to
from outbox.refusals import NotAllowed, NotValid

MOST = 200
MOST_WORDS = 1000
MOST_TOLD = 100


async def find_asleep() -> None:
    """Find groups that have no moderators, or whose were all away for as long as the policy says,
    and those where one is back; runs by the clock."""
    days = current().sections.groups.succession_days
    if not days:
        return
    since = now() - timedelta(days=days)
    groups = Actor.filter(
        kind=Kind.GROUP, local_name__not_isnull=True, gone_at=None, suspended_at=None
    )
    after = 0
    while found := await groups.filter(id__gt=after).order_by("id").limit(MOST):
        for group in found:
            await _look_at(group, since)
        after = found[-1].id


async def _look_at(group: Actor, since: datetime) -> None:
    chosen = await settings_of(group)
    is_young = chosen.created_at > since and bool(await moderators_of(group))
    is_awake = is_young or await _is_run(group, since)
    if is_awake and chosen.asleep_at is not None:
        async with in_transaction():
            await Group.filter(actor_id=group.id).update(asleep_at=None)
            await Candidacy.filter(group_id=group.id).delete()
    elif not is_awake and chosen.asleep_at is None:
        async with in_transaction():
            if await Group.filter(actor_id=group.id, asleep_at=None).update(asleep_at=now()):
                await put("moderation.tell_members", {"group": group.id, "what": "asleep"})


async def _is_run(group: Actor, since: datetime) -> bool:
    """Tell whether somebody who runs it was here, or posted, since a day."""
    people = [row.person for row in await moderators_of(group)]
    if any(each.last_note_at and each.last_note_at > since for each in people):
        return True
    ids = [each.id for each in people if each.is_local]
    seen = Account.filter(actor_id__in=ids, closed_at=None, disabled_at=None, seen_at__gt=since)
    return bool(ids) and await seen.exists()


async def ask_for_role(person: Actor, group: Actor, words: str) -> Candidacy:
    """Offer to run a group that nobody runs any more; raises NotAllowed."""
    row, chosen = await membership_of(person, group), await settings_of(group)
    if not group.is_local or not group.is_present or chosen.asleep_at is None:
        raise NotAllowed("Somebody runs this group.")
    if row is None or not row.is_member or not person.is_local or not person.is_present:
        raise NotAllowed("Only members who live here can ask for this.")
    words = words.strip()
    if not words or len(words) > MOST_WORDS:
        raise NotValid("words", "Say why you, in at most 1000 characters.")
    async with in_transaction():
        asked, is_new = await Candidacy.get_or_create(
            group_id=group.id, person_id=person.id, defaults={"id": new_id(), "words": words}
        )
        if is_new:
            await put("inbox.tell_staff_of_group", {"group": group.id})
    return asked


async def asleep_groups(*, most: int = 100) -> list[Actor]:
    """List the groups that nobody runs any more, those asked for first."""
    rows = await sql.rows(
        "SELECT g.actor_id AS id, (SELECT COUNT(*) FROM group_candidacy c"
        " WHERE c.group_id = g.actor_id) AS many FROM group_settings g"
        " WHERE g.asleep_at IS NOT NULL ORDER BY many DESC, g.asleep_at LIMIT ?",
        [most],
    )
    found = {each.id: each for each in await Actor.filter(id__in=[row["id"] for row in rows])}
    return [found[row["id"]] for row in rows if row["id"] in found]


async def decide(
    moderator: Actor, group: Actor, person: Actor | None, *, reason: str, address: str = ""
) -> None:
    """Hand a group that nobody runs to a member who asked, or to none of them, and say why."""
    await _check_staff(moderator)
    if not reason.strip():
        raise NotValid("reason", "Say why; all members will read it.")
    asked = await candidates_of(group)
    if person is not None and person.id not in [each.person_id for each in asked]:
        raise NotAllowed("They did not ask for it.")
    if person is not None and person.id == moderator.id:
        raise NotAllowed("You are part of this; someone else has to decide.")
    async with in_transaction():
        if not await Group.filter(actor_id=group.id, asleep_at__not_isnull=True).count():
            raise NotAllowed("Somebody runs this group.")
        if person is not None:
            await _hand_over(group, person)
        await Candidacy.filter(group_id=group.id).delete()
        await write_act(group, Act.SUCCESSION, by=None, person=person, reason=reason.strip())
        await write_down(
            moderator.id,
            "group.succession",
            f"group:{group.id}",
            after={"owner": str(person.id) if person else ""},
            reason=reason,
            address=address,
        )
        what = "succeeded" if person else "not_succeeded"
        payload = {"group": group.id, "what": what, "reason": reason.strip()}
        await put("moderation.tell_members", payload)


async def _hand_over(group: Actor, person: Actor) -> None:
    """Let somebody own the group; who owned it is a member like others, should they come back."""
    for row in await moderators_of(group):
        if row.role is Role.OWNER and row.person_id != person.id:
            await stand(row.person_id, group.id, State.MEMBER, role=Role.MEMBER)
            await pass_role(group, group, "Remove", row.person)
    await stand(person.id, group.id, State.MEMBER, role=Role.OWNER)
    await pass_role(group, group, "Add", person)
    await Group.filter(actor_id=group.id).update(asleep_at=None)


async def _check_staff(moderator: Actor) -> None:
    account = await account_of(moderator) if moderator.is_local and moderator.is_present else None
    if account is None or account.role not in STAFF:
        raise NotAllowed("Only moderators of this server can do this.")


async def tell_members(payload: Mapping[str, Any]) -> None:
    """Write to the members of a group who live here; job `moderation.tell_members`.

    So many at a time, and the next as work of its own.
    """
    group = await Actor.get_or_none(id=payload["group"])
    if group is None:
        return
    what, after = str(payload["what"]), int(payload.get("after") or 0)
    members = sorted(each for each in await members_here(group.id) if each > after)
    text = WORDS[in_language(current().sections.language)][f"group.{what}"].format(
        group=f"!{group.full_handle}",
        link=settings().url(group.page),
        day=str(payload.get("day", "")),
        reason=str(payload.get("reason", "")),
    )
    # The words tell one occasion from another, so that each is told once.
    key = f"group {group.id} {what} {payload.get('day', '')} {now():%Y-%m}"
    for person in await Actor.filter(id__in=members[:MOST_TOLD]):
        await write_to(person, text, key=f"{key} {person.id}")
    if len(members) > MOST_TOLD:
        following = dict(payload) | {"after": members[MOST_TOLD - 1]}
        await put("moderation.tell_members", following, lane=Lane.LATER)
