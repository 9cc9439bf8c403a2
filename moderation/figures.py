"""Figures of a period, counted from the rows (product.md 7); what is small is masked elsewhere."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import msgspec

from moderation.appeals import Appeal
from moderation.cases import Case, ProvisionalHide
from moderation.decisions import Decision
from moderation.policy_figures import PolicyFigures, policy_figures
from moderation.reports import Report
from moderation.states import HEARD, AppealState, Source

HOUR = timedelta(hours=1)


class Hours(msgspec.Struct, frozen=True):
    """How long things took, in hours: the middle one, and nine in ten; None of nothing."""

    median: float | None = None
    ninth: float | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What happened from one moment, included, to another, left out; of one group or the server."""

    reports: int
    reports_by_source: dict[str, int]
    reports_by_category: dict[str, int]
    reports_by_outcome: dict[str, int]
    cases_opened: int
    cases_decided: int
    acknowledged: Hours
    decided: Hours
    overdue: int
    decisions: int
    measures_by_kind: dict[str, int]
    measures_by_thing: dict[str, int]
    measures_by_rule: dict[str, int]
    automated: int
    automated_overturned: int
    appeals_filed: int
    appeals_by_outcome: dict[str, int]
    appeals_same_person: int
    appeals_overdue: int
    appeal: Hours
    provisional_hides: int
    server_measures_added: int
    server_measures_lifted: int
    moderators_active: int
    proposals_opened: int = 0
    proposals_by_result: dict[str, int] = {}
    turnout: float | None = None


@dataclass(frozen=True)
class Rows:
    """What a period is counted from, each by the moment that puts it there."""

    cases: Sequence[Case]
    decided: Sequence[Case]
    reports: Sequence[Report]
    answered: Sequence[Report]
    issued: Sequence[Decision]
    appeals: Sequence[Appeal]
    settled: Sequence[Appeal]
    hides: int


async def figures(begin: datetime, end: datetime, *, group_id: int | None = None) -> Figures:
    """Count a period; asking again for one that is over gives the same, but for late outcomes."""
    of = await _rows(begin, end, group_id)
    # Servers and proposals are about the whole house, never about a group.
    of_policy = PolicyFigures() if group_id else await policy_figures(begin, end)
    automated = [each for each in of.issued if each.case.source == Source.FILTER]
    return Figures(
        reports=len(of.reports),
        reports_by_source=_counted("remote" if each.is_remote else "member" for each in of.reports),
        reports_by_category=_counted(rule for each in of.reports for rule in _rules(each)),
        reports_by_outcome=_counted(each.outcome.value for each in of.answered if each.outcome),
        cases_opened=len(of.cases),
        cases_decided=len(of.decided),
        acknowledged=_hours((each.created_at, each.acknowledged_at) for each in of.cases),
        decided=_hours((each.created_at, each.decided_at) for each in of.decided),
        overdue=sum(_is_late(each, end) for each in of.cases),
        decisions=len(of.issued),
        measures_by_kind=_counted(each.measure.value for each in of.issued),
        measures_by_thing=_counted(each.thing.value for each in of.issued),
        measures_by_rule=_counted(each.rule_id or "law" for each in of.issued),
        automated=len(automated),
        automated_overturned=sum(each.state == "overturned" for each in automated),
        appeals_filed=len(of.appeals),
        appeals_by_outcome=_counted(each.state.value for each in of.settled),
        appeals_same_person=sum(each.is_same_person for each in of.settled),
        appeals_overdue=sum(each.overdue_at is not None for each in of.appeals),
        appeal=_hours((each.filed_at, each.settled_at) for each in of.settled if _is_heard(each)),
        provisional_hides=of.hides,
        server_measures_added=of_policy.servers_added,
        server_measures_lifted=of_policy.servers_lifted,
        moderators_active=len(_active(of)),
        proposals_opened=of_policy.opened,
        proposals_by_result=of_policy.by_result,
        turnout=of_policy.turnout,
    )


async def _rows(begin: datetime, end: datetime, group_id: int | None) -> Rows:
    def happened(moment: str, group: str = "group_id") -> dict[str, Any]:
        return {group: group_id, f"{moment}__gte": begin, f"{moment}__lt": end}

    by_decision = "decision__group_id"
    return Rows(
        cases=await Case.filter(**happened("created_at")),
        decided=await Case.filter(**happened("decided_at")),
        reports=await Report.filter(**happened("created_at")),
        answered=await Report.filter(**happened("answered_at")),
        issued=await Decision.filter(**happened("issued_at")).select_related("case"),
        appeals=await Appeal.filter(**happened("filed_at", by_decision)),
        settled=await Appeal.filter(**happened("settled_at", by_decision)),
        hides=await ProvisionalHide.filter(**happened("created_at", "case__group_id")).count(),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _rules(report: Report) -> list[Any]:
    return list(report.rules) or ["none"]


def _hours(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> Hours:
    found = sorted((till - since) / HOUR for since, till in pairs if since and till)
    if not found:
        return Hours()
    ninth = found[max(0, -(-len(found) * 9 // 10) - 1)]
    return Hours(round(median(found), 1), round(ninth, 1))


def _is_late(case: Case, end: datetime) -> bool:
    return (case.decided_at or end) > case.decide_by


def _is_heard(appeal: Appeal) -> bool:
    return appeal.state in (*HEARD, AppealState.INADMISSIBLE)


def _active(of: Rows) -> set[int]:
    people = [
        *(each.decided_by_id for each in of.decided),
        *(who for each in of.issued for who in each.deciders()),
        *(each.reviewer_id for each in of.settled),
    ]
    return {each for each in people if each}
