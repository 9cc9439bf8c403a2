"""The desk of a group as the API writes it: reports without who made them, decisions, appeals."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from actors.actor import Actor
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.exhibits import pictures_of
from moderation.group_reports import notes_of
from moderation.reports import Report
from web.api.answers import ts
from web.api.entities.accounts import accounts_of
from web.api.entities.media import media_of_upload
from web.api.entities.statuses import statuses_of
from web.building.cases import bar_of

Accounts = dict[int, msgspec.Raw]


async def group_reports_of(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Write cases of reports in a group, in their order; target and claimer are loaded."""
    rows = await Report.filter(case_id__in=[each.id for each in cases]).values("case_id")
    counts = [row["case_id"] for row in rows]
    accounts = await _accounts_of(each for case in cases for each in (case.target, case.claimed_by))
    return [_report(each, counts.count(each.id), accounts) for each in cases]


async def whole_report_of(case: Case, moderator: Actor) -> dict[str, Any]:
    """Write one with its evidence, hidden and private notes too: who could read them showed them.

    Who reported is no group's to know (MOD-01).
    """
    reports = await Report.filter(case_id=case.id).order_by("id")
    decisions = await Decision.filter(case_id=case.id).order_by("id")
    (line,) = await group_reports_of([case])
    return line | {
        "reports": [_reported(each) for each in reports],
        "statuses": await statuses_of(await notes_of(case), moderator),
        "decisions": [_decision(each) for each in decisions],
        "no_breach": case.no_breach or None,
        "bar": await bar_of(case, moderator) or None,
    }


async def group_appeals_of(appeals: Sequence[Appeal]) -> list[dict[str, Any]]:
    """Write appeals, in their order; decisions, whom they are about and reviewers are loaded."""
    accounts = await _accounts_of(
        person for each in appeals for person in (each.decision.actor, each.reviewer)
    )
    pictures = await pictures_of([each.id for each in appeals])
    return [
        {
            "id": str(each.id),
            "state": each.state.value,
            "text": each.words,
            "new_facts": each.new_facts,
            "media_attachments": [media_of_upload(one) for one in pictures[each.id]],
            "created_at": ts(each.filed_at or each.created_at),
            "decide_by": ts(each.decide_by) if each.decide_by else None,
            "account": accounts[each.decision.actor_id or 0],
            "reviewer": accounts.get(each.reviewer_id or 0),
            "reasons": each.reasons or None,
            "decision": _decision(each.decision),
        }
        for each in appeals
    ]


async def _accounts_of(people: Iterable[Actor | None]) -> Accounts:
    return await accounts_of(list({each.id: each for each in people if each}.values()))


def _report(case: Case, many: int, accounts: Accounts) -> dict[str, Any]:
    return {
        "id": str(case.id),
        "state": case.state.value,
        "created_at": ts(case.created_at),
        "decide_by": ts(case.decide_by),
        "overdue": case.is_overdue,
        "reports_count": many,
        "target_account": accounts[case.target_id or 0],
        "claimed_by": accounts.get(case.claimed_by_id or 0),
    }


def _reported(report: Report) -> dict[str, Any]:
    return {
        "id": str(report.id),
        "created_at": ts(report.created_at),
        "category": report.kind.value,
        "comment": report.comment,
        "status_ids": [str(each) for each in report.notes],
        "host": report.reporter_host or None,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    charter = dict(decision.seen).get("charter") or {}
    return {
        "id": str(decision.id),
        "measure": decision.measure.value,
        "state": decision.state.value,
        "reason": decision.explanation,
        "rule": charter.get("text"),
        "status_id": str(decision.note_id) if decision.note_id else None,
        "created_at": ts(decision.issued_at or decision.created_at),
        "until": ts(decision.until) if decision.until else None,
    }
