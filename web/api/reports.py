"""/api/v1/reports: someone thinks a rule was broken."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from actors.actor import Actor
from core.rows import load_one
from inbox.slices import notes_of
from moderation.filing import file_report
from moderation.group_readers import reading_group
from moderation.policy import current
from moderation.reports import Kind, Report, ReportState
from moderation.rules import numbered
from notes.note import Note
from web.api.access import account_of
from web.api.answers import answer, ts
from web.api.asked import Asked, asked
from web.api.entities.accounts import account_of as shown_account
from web.api.entities.instance import rule_numbers
from web.api.errors import Invalid
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
    rules, category = _rules(wanted), CATEGORIES.get(wanted.text("category") or "")
    own = [each for each in notes if each.author_id == target.id]
    report = await file_report(
        account.actor,
        target,
        notes=own,
        rules=rules,
        comment=wanted.text("comment") or "",
        category=category,
        forward=wanted.is_on("forward"),
        to_group=await _is_for_group(account.actor, target, own, rules, category, wanted),
    )
    return answer(await _shown(report, target))


async def _is_for_group(
    reporter: Actor,
    target: Actor,
    notes: Sequence[Note],
    rules: Sequence[str],
    category: Kind | None,
    wanted: Asked,
) -> bool:
    """Tell whether those who run the group answer it: as the app says; and if it says nothing, what
    is neither about a rule of the server nor about the law, where somebody of the group can."""
    ours = wanted.group("rubric")
    said = (ours.text("to") if ours else None) or ""
    if said not in ("", "group", "server"):
        raise Invalid({"rubric.to": ("ERR_INCLUSION", "is not included in the list")})
    if said:
        return said == "group"
    is_ours = bool(rules) or category in (Kind.VIOLATION, Kind.LEGAL)
    return not is_ours and await reading_group(notes, reporter.id, target.id) is not None


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
        "rubric": {"group_id": str(report.group_id) if report.group_id else None},
        "target_account": await shown_account(target),
    }
