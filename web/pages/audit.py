"""The audit log: what staff did, for the admins to read; nobody changes it (ADM-02)."""

from datetime import UTC, date, datetime, time, timedelta

from aiohttp import web

from actors.accounts import Account, Role
from actors.actor import by_handle
from core.paging import number
from moderation.audit import StaffAct, Wanted, acts_like, names_of
from moderation.duty import cases_about
from web.asking import staff
from web.building.audit import KINDS, act_lines, kind_choices
from web.render import query, render
from web.texts import _
from web.views.frame import Choice, Form, Pager

PAGE = "/admin/audit"
LINES = 40
NOBODY = -1


async def show(request: web.Request) -> web.StreamResponse:
    """List what was done, the newest first, narrowed by person, kind and days."""
    account = await staff(request, Role.ADMIN)
    kept = {key: request.query.get(key, "") for key in ("who", "kind", "since", "until")}
    wanted = await _wanted(account, kept)
    before = number(request.query.get("max_id", ""))
    rows = await acts_like(wanted, before=before, most=LINES + 1)
    more = query(PAGE, **kept, max_id=rows[LINES - 1].id) if len(rows) > LINES else ""
    return render(
        request,
        "admin/audit.html",
        acts=await act_lines(rows[:LINES]),
        pager=Pager(older_url=more, end_text=_("That is the beginning of the log.")),
        kinds=(Choice("", _("Any")), *kind_choices()),
        form=Form(values={key: value for key, value in kept.items() if value}),
        began=await StaffAct.all().order_by("id").first(),
    )


async def _wanted(account: Account, kept: dict[str, str]) -> Wanted:
    """Read what is looked for; what concerns the reader as one reported is not theirs (MOD-01)."""
    who = None
    if kept["who"]:
        name, _at, host = kept["who"].strip().removeprefix("@").partition("@")
        found = await by_handle(name.lower() if not host else name, host.lower() or None)
        who = found.id if found else NOBODY
    last = day_in(kept["until"])
    return Wanted(
        actor_id=who,
        kind=kept["kind"] if kept["kind"] in KINDS else "",
        since=day_in(kept["since"]),
        until=last + timedelta(days=1) if last else None,
        not_about=await names_of(await cases_about(account.actor)),
    )


def day_in(written: str) -> datetime | None:
    """Read a day as the beginning of it in UTC; None for what is none."""
    try:
        return datetime.combine(date.fromisoformat(written), time(), UTC)
    except ValueError:
        return None
