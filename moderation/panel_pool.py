"""Who may be drawn for a panel: members who agreed to it and have nothing to do with the case."""

from actors.accounts import Role
from actors.actor import Actor
from actors.blocks import covering
from actors.memberships import moderators_of
from core import sql
from core.clock import now
from core.rows import load_ids
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.duty import concerned_by
from moderation.governance import eligible_accounts
from moderation.panels import Panel, seat_of
from moderation.reports import Report

# Who is reported in a case, and who reported it; a flood of reports is no list of values.
_PARTIES = (
    "SELECT target_id FROM report WHERE case_id = ?"
    " UNION SELECT reporter_id FROM report WHERE case_id = ?"
    " UNION SELECT target_id FROM moderation_case WHERE id = ?"
)
# Whoever blocks or mutes one of them or is blocked or muted by one, and friends: who follows one of
# them and is followed back. Who only follows one is a reader like others.
_TIED = (
    f"SELECT blocker_id AS id FROM block WHERE blocked_id IN ({_PARTIES})"  # noqa: S608  constants
    f" UNION SELECT blocked_id FROM block WHERE blocker_id IN ({_PARTIES})"
    f" UNION SELECT muter_id FROM mute WHERE muted_id IN ({_PARTIES})"
    f" UNION SELECT muted_id FROM mute WHERE muter_id IN ({_PARTIES})"
    " UNION SELECT one.follower_id FROM follow one JOIN follow back"
    " ON back.follower_id = one.followed_id AND back.followed_id = one.follower_id"
    f" WHERE one.followed_id IN ({_PARTIES})"
)
_IN_THREADS = (
    "SELECT author_id AS id FROM note WHERE deleted_at IS NULL AND thread_id <> 0"
    " AND thread_id IN (SELECT thread_id FROM note WHERE id IN ({marks}))"
    " UNION SELECT actor_id FROM mention WHERE note_id IN ({marks})"
)


async def pool_of(appeal: Appeal, decision: Decision) -> frozenset[int]:
    """Return who may be drawn about an appeal: who may vote on the rules, is no staff, and had
    agreed to be drawn before the appeal was filed; a number of queries that is always the same.
    """
    found = eligible_accounts(now()).filter(
        role=Role.MEMBER, panels_since__lte=appeal.filed_at or appeal.created_at
    )
    people = {row["actor_id"] for row in await found.values("actor_id")}
    case = await Case.get(id=decision.case_id)
    reports = await Report.filter(case_id=case.id)
    people -= concerned_by(case, reports)
    people -= await _who_acted(decision, case)
    people -= await _tied_to(case)
    people -= await _in_threads(decision, case, reports)
    people -= await _who_keep_out(case, reports)
    sat = await _who_sat(decision)
    return frozenset(each for each in people if seat_of(decision.id, each) not in sat)


async def _who_acted(decision: Decision, case: Case) -> set[int]:
    """Return who decided, heard or handled it, and who runs the groups it is about."""
    heard = await Appeal.filter(decision_id=decision.id).values_list("reviewer_id", flat=True)
    acted = {case.claimed_by_id, case.decided_by_id, decision.actor_id, *decision.deciders()}
    named = [each for each in {decision.group_id, case.group_id, decision.actor_id} if each]
    groups = [each for each in await Actor.filter(id__in=named) if each.is_group]
    runners = {row.person_id for each in groups for row in await moderators_of(each)}
    return {each for each in (*acted, *heard, *runners) if isinstance(each, int)}


async def _tied_to(case: Case) -> set[int]:
    rows = await sql.rows(_TIED, [case.id] * _TIED.count("?"))
    return {row["id"] for row in rows}


async def _in_threads(decision: Decision, case: Case, reports: list[Report]) -> set[int]:
    """Return who wrote in the threads in question, or was named there."""
    notes = {*(case.notes or ()), *(number for each in reports for number in each.notes)}
    ids = sorted({*notes, decision.note_id or 0})
    rows = await sql.rows(_IN_THREADS.format(marks=sql.marks(ids)), [*ids, *ids])
    return {row["id"] for row in rows}


async def _who_keep_out(case: Case, reports: list[Report]) -> set[int]:
    """Return who wants nothing to do with the servers where those concerned live."""
    people = await load_ids(Actor, concerned_by(case, reports))
    hosts = {name for each in people.values() if not each.is_local for name in covering(each.host)}
    rows = await sql.rows(
        f"SELECT blocker_id AS id FROM server_block WHERE host IN ({sql.marks(hosts)})",  # noqa: S608
        sorted(hosts),
    )
    return {row["id"] for row in rows}


async def _who_sat(decision: Decision) -> frozenset[str]:
    """Return the stamps of those who were asked about this decision in an earlier appeal."""
    rows = await Panel.filter(appeal__decision_id=decision.id, closed_at__not_isnull=True)
    return frozenset(each for row in rows for each in row.sat)
