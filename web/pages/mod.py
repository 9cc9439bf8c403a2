"""The queue of cases, for those who settle them; every handler asks first who they are (ADM-01)."""

from collections.abc import Collection

from aiohttp import web
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.clock import now
from core.paging import number
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.duty import cases_about
from moderation.filing import attach
from moderation.reports import Report
from moderation.states import LIVE, CaseState
from notes.note import Note
from web.asking import staff
from web.building.cases import case_lines, loads
from web.errors import Missing
from web.render import query, render
from web.texts import _
from web.views.frame import Pager, Tab

PAGE = "/mod"
LINES = 20
FACES = ("", "mine", "free", "waiting", "overdue", "settled")


async def show(request: web.Request) -> web.StreamResponse:
    """List what waits, the one due first on top; or what is settled, the newest first."""
    account = await staff(request)
    face = request.query.get("show", "")
    face = face if face in FACES else ""
    hidden = await cases_about(account.actor)
    rows, more = await _cases(
        face, account.actor_id, hidden, number(request.query.get("after", ""))
    )
    return render(
        request,
        "mod/cases.html",
        cases=await case_lines(rows),
        pager=Pager(older_url=more),
        loads=await loads(),
        faces=tuple(
            Tab(label, query(PAGE, show=key) if key else PAGE, key == face, count)
            for key, label, count in (
                ("", _("All"), await _for(hidden).filter(state__in=list(LIVE)).count()),
                ("mine", _("Mine"), 0),
                ("free", _("Unclaimed"), 0),
                ("waiting", _("Waiting"), 0),
                ("overdue", _("Overdue"), 0),
                ("settled", _("Settled"), 0),
            )
        ),
    )


async def show_report(request: web.Request) -> web.StreamResponse:
    """Lead from a report, an appeal or a held note somebody was told of to where it waits."""
    account = await staff(request)
    wanted = number(request.match_info["id"]) or 0
    report = await Report.get_or_none(id=wanted)
    if report is not None and report.target_id != account.actor_id:
        case_id = report.case_id or (await attach(report)).id
        raise web.HTTPSeeOther(f"/mod/cases/{case_id}")
    if await Appeal.exists(id=wanted):
        raise web.HTTPSeeOther(f"/mod/appeals/{wanted}")
    if await Note.exists(id=wanted, held_at__not_isnull=True, author_id__not=account.actor_id):
        raise web.HTTPSeeOther("/mod/held")
    raise Missing(request.path)


def _for(hidden: Collection[int]) -> QuerySet[Case]:
    """Ask for the cases of the server that are not about who looks (MOD-01)."""
    return Case.filter(scope="server").exclude(id__in=sorted(hidden))


async def _cases(
    face: str, me: int, hidden: Collection[int], after: int | None
) -> tuple[list[Case], str]:
    """Return a page of cases, and where it goes on."""
    found = _for(hidden).select_related("target", "claimed_by")
    live = found.filter(state__in=list(LIVE))
    if face == "settled":
        found = found.exclude(state__in=list(LIVE)).order_by("-id")
        rows = await (found.filter(id__lt=after) if after else found).limit(LINES + 1)
    else:
        match face:
            case "mine":
                live = live.filter(claimed_by_id=me)
            case "free":
                live = live.filter(state__in=[CaseState.OPEN, CaseState.REOPENED])
            case "waiting":
                live = live.filter(state=CaseState.WAITING)
            case "overdue":
                live = live.filter(decide_by__lt=now())
        if after and (last := await Case.get_or_none(id=after)):
            same = Q(decide_by=last.decide_by, id__gt=last.id)
            live = live.filter(Q(decide_by__gt=last.decide_by) | same)
        rows = await live.order_by("decide_by", "id").limit(LINES + 1)
    more = query(PAGE, show=face, after=rows[LINES - 1].id) if len(rows) > LINES else ""
    return rows[:LINES], more
