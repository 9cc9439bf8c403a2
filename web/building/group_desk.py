"""The desk of those who run a group: its faces, and the cases of reports that wait there."""

from collections.abc import Sequence
from dataclasses import replace

from actors.actor import Actor
from moderation.cases import Case
from moderation.group_appeals import waiting_in as appeals_in
from moderation.group_reports import count_of
from web.building.cases import case_lines, case_view
from web.texts import _
from web.views.frame import Tab
from web.views.moderation import CaseLine, CaseView


async def desk_faces(group: Actor, current: str, *, waiting: int) -> tuple[Tab, ...]:
    """List the faces of the desk with what waits on each; `waiting` is the queue's own count."""
    counts = {
        "queue": waiting,
        "reports": await count_of(group),
        "appeals": len(await appeals_in(group)),
    }
    labels = {"queue": _("Queue"), "reports": _("Reports"), "appeals": _("Appeals")}
    return tuple(
        Tab(label, f"{group.page}/{key}", key == current, counts[key])
        for key, label in labels.items()
    )


async def group_case_lines(group: Actor, cases: Sequence[Case]) -> tuple[CaseLine, ...]:
    """Show cases of reports in a group; target and claimer are loaded."""
    return tuple(_here(group, each) for each in await case_lines(cases))


async def group_case_view(group: Actor, case: Case, moderator: Actor) -> CaseView:
    """Show one whole; who reported is no group's to know (MOD-01)."""
    found = await case_view(case, moderator)
    at = f"{group.page}/record"
    return replace(
        found,
        line=_here(group, found.line),
        reports=tuple(
            replace(each, reporter=None, url="", host=each.host if each.source == "remote" else "")
            for each in found.reports
        ),
        decisions=tuple(replace(each, url=at) for each in found.decisions),
        history=(),
        similar=(),
        words=(),
        others=(),
    )


def _here(group: Actor, line: CaseLine) -> CaseLine:
    return replace(line, url=f"{group.page}/reports/{line.id}")
