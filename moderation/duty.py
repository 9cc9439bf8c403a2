"""Who moderates here, and how each of them stands to a case."""

from collections.abc import Sequence

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.follows import Follow
from actors.memberships import run_by
from moderation.case_machine import Standing
from moderation.cases import Case
from moderation.reports import Report
from notes.mentions import Mention
from notes.note import Note

STAFF = (Role.MODERATOR, Role.ADMIN)


async def on_duty() -> frozenset[int]:
    """Return the actors who moderate this server and can act now."""
    found = Account.filter(
        role__in=list(STAFF),
        disabled_at=None,
        closed_at=None,
        confirmed_at__not_isnull=True,
        actor__suspended_at=None,
        actor__gone_at=None,
    )
    return frozenset(row["actor_id"] for row in await found.values("actor_id"))


async def standing(actor: Actor, case: Case) -> Standing:
    """Tell whether somebody may work on a case, and whether somebody else could."""
    reports = await Report.filter(case_id=case.id)
    concerned = concerned_by(case, reports)
    notes = {*(case.notes or ()), *(number for each in reports for number in each.notes)}
    return Standing(
        actor.id,
        is_part=actor.id in concerned
        or case.target_id in await run_by(actor)
        or await _took_part(actor, notes),
        follows_both=await _follows_both(actor, case, reports),
        has_others=bool(await on_duty() - {actor.id} - concerned),
    )


def concerned_by(case: Case, reports: Sequence[Report]) -> frozenset[int]:
    """Return who is reported in a case, and who reported; merged ones are about several."""
    about = (case.target_id, *(each.target_id for each in reports))
    return frozenset(filter(None, (*about, *(each.reporter_id for each in reports))))


async def cases_about(actor: Actor) -> frozenset[int]:
    """Return the cases somebody is reported in, or a group they run; those merged into one about
    another as well."""
    about = [actor.id, *await run_by(actor)]
    own = await Case.filter(target_id__in=about).values("id")
    merged = await Report.filter(target_id__in=about, case_id__not_isnull=True).values("case_id")
    return frozenset({row["id"] for row in own} | {row["case_id"] for row in merged})


async def _took_part(actor: Actor, notes: set[int]) -> bool:
    """Tell whether somebody wrote in a thread a reported note belongs to, or was named in it."""
    if not notes:
        return False
    found = await Note.filter(id__in=notes).values("id", "thread_id")
    threads = {row["thread_id"] for row in found} - {0}
    if await Note.exists(thread_id__in=threads, author_id=actor.id, deleted_at=None):
        return True
    return await Mention.exists(note_id__in=notes, actor_id=actor.id)


async def _follows_both(actor: Actor, case: Case, reports: list[Report]) -> bool:
    reporters = {each.reporter_id for each in reports if each.reporter_id}
    if not reporters or case.target_id is None:
        return False
    followed = Follow.filter(follower_id=actor.id, is_accepted=True)
    if not await followed.filter(followed_id=case.target_id).exists():
        return False
    return await followed.filter(followed_id__in=reporters).exists()
