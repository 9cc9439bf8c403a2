"""/api/v1/reports: someone thinks a rule was broken."""

from typing import Any

from aiohttp import web

from actors.actor import Actor
from core.rows import load_one
from inbox.reading import notes_of
from moderation.filing import file_report
from moderation.policy import current
from moderation.reports import Kind, Report, ReportState
from moderation.rules import numbered
from web.api.access import account_of
from web.api.answers import answer, ts
from web.api.asked import Asked, asked
from web.api.entities.accounts import account_of as shown_account
from web.api.entities.instance import rule_numbers
from web.errors import Missing

MOST_NOTES = 100
CATEGORIES = {each.value: each for each in Kind}


async def create(request: web.Request) -> web.Response:
    """Report somebody, some of their notes, and the rules that were broken."""
    account, wanted = account_of(request), await asked(request)
    target = await load_one(Actor, "id = ?", [wanted.id("account_id")])
    if target is None or target.gone_at is not None:
        raise Missing("nobody has this id")
    ids = wanted.ids("status_ids", MOST_NOTES)
    notes = await notes_of(ids, account.actor)
    rules = _rules(wanted)
    report = await file_report(
        account.actor,
        target,
        notes=[each for each in notes if each.author_id == target.id],
        rules=rules,
        comment=wanted.text("comment") or "",
        category=CATEGORIES.get(wanted.text("category") or ""),
        forward=wanted.is_on("forward"),
    )
    return answer(await _shown(report, target))


def _rules(wanted: Asked) -> list[str]:
    """Read rules by the numbers apps know them by, or by their ids."""
    known = {str(number): rule.id for number, rule in numbered(current().sections.rules)}
    return [known.get(each, each) for each in wanted.texts("rule_ids", 20)]


async def _shown(report: Report, target: Actor) -> dict[str, Any]:
    is_done = report.state is ReportState.ANSWERED
    return {
        "id": str(report.id),
        "action_taken": is_done,
        "action_taken_at": ts(report.answered_at) if is_done and report.answered_at else None,
        "category": report.kind.value,
        "comment": report.comment,
        "forwarded": report.is_forwarded,
        "created_at": ts(report.created_at),
        "status_ids": [str(each) for each in report.notes] or None,
        "rule_ids": rule_numbers(report.rules) or None,
        "collection_ids": [],
        "target_account": await shown_account(target),
    }
