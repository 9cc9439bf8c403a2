"""Background work that failed every try: looked at by the admins, tried anew, or dropped."""

from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import Role
from core.paging import number
from core.parked import Parked, drop_parked, parked, parked_one, unpark
from moderation.audit import write_down
from web.addresses import address_of
from web.asking import staff
from web.building.work import job_line, job_lines
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.render import query, render
from web.texts import _, ngettext
from web.views.frame import Pager

PAGE = "/admin/work"
JOBS = 20


async def show(request: web.Request) -> web.StreamResponse:
    """List what is parked, the last first."""
    await staff(request, Role.ADMIN)
    found = await parked(before=_before(request.query.get("before", "")), most=JOBS + 1)
    more = ""
    if len(found) > JOBS:
        last = found[JOBS - 1]
        more = query(PAGE, before=f"{last.due}.{last.id}")
    return render(
        request, "admin/work.html", jobs=job_lines(found[:JOBS]), pager=Pager(older_url=more)
    )


async def retry(request: web.Request) -> web.StreamResponse:
    """Have jobs tried anew."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    numbers = [number(each) or 0 for each in form.all("job")][:JOBS]
    async with in_transaction():
        taken = await unpark(numbers)
        for job in taken:
            await write_down(
                account.actor_id,
                "job.retry",
                f"job:{job.id}",
                before=_kept(job),
                address=address_of(request),
            )
    if not taken:
        raise Missing(request.path)
    said = ngettext("One job is tried again.", "%(num)s jobs are tried again.", len(taken))
    return saved(PAGE, said)


async def show_drop(request: web.Request) -> web.StreamResponse:
    """Say what would never be done, and ask whether that is wanted."""
    await staff(request, Role.ADMIN)
    job = await _one(request)
    return render(request, "admin/drop_job.html", job=job_line(job))


async def drop(request: web.Request) -> web.StreamResponse:
    """Drop a job for good."""
    account = await staff(request, Role.ADMIN)
    await read_form(request)
    async with in_transaction():
        job = await drop_parked(number(request.match_info["id"]) or 0)
        if job is None:
            raise Missing(request.path)
        about = f"job:{job.id}"
        await write_down(
            account.actor_id, "job.drop", about, before=_kept(job), address=address_of(request)
        )
    return saved(PAGE, _("It is dropped. The audit log keeps what it was."))


async def _one(request: web.Request) -> Parked:
    chosen = number(request.match_info["id"]) or 0
    found = await parked_one(chosen)
    if found is None:
        raise Missing(request.path)
    return found


def _kept(job: Parked) -> dict[str, object]:
    return {"job": job.name, "error": job.error}


def _before(written: str) -> tuple[int, int] | None:
    due, _dot, last = written.partition(".")
    at, chosen = number(due), number(last)
    return None if at is None or chosen is None else (at, chosen)
