"""Background work that failed every try, as admins see it."""

import html
import re

import pytest

from actors.accounts import Role
from core.ids import new_id
from core.jobs import Job, take
from moderation.audit import StaffAct
from rubric.work import JOBS
from tests.conftest import account_of
from web.building.work import ABOUT

ENGLISH = {"Accept_Language": "en"}


@pytest.fixture
async def desk(browser, settle):
    await browser.sign_in(await account_of(await settle("ada", role=Role.ADMIN)))
    await browser.get("/mod")
    return browser


async def failed(name="inbox.complete", *, due=1, **columns) -> Job:
    fields = {"payload": b'{"secret":"SECRET"}', "attempts": 8, "parked": True, "leased": True}
    return await Job.create(id=new_id(), name=name, due=due, **fields | columns)


async def read(browser, path="/admin/work") -> str:
    return html.unescape(await (await browser.get(path, **ENGLISH)).text())


def test_each_job_is_said_in_words():
    assert set(ABOUT) == {*JOBS, "inbox.handle"}


async def test_what_is_parked_is_listed_the_last_first_without_what_it_holds(desk):
    for number in range(25):
        await failed(due=1000 + number, error=f"<b>broke</b> {number}!")
    await failed(parked=False, error="still tried")

    first = await read(desk)
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = await read(desk, more[1])

    seen = re.findall(r"<b>broke</b> (\d+)!", first) + re.findall(r"<b>broke</b> (\d+)!", second)
    assert seen == [str(number) for number in reversed(range(25))]
    assert "Fetch what a letter needs, and handle it" in first
    assert "8 tries" in first
    assert "SECRET" not in first
    assert "still tried" not in first + second
    assert "&lt;b&gt;broke" in await (await desk.get("/admin/work")).text()
    for before in ("nonsense", "1", "1.x"):
        assert (await desk.get(f"/admin/work?before={before}")).status == 200


async def test_a_job_that_is_tried_again_has_all_its_tries(desk):
    one, two, other = await failed(), await failed(), await failed()

    answer = await desk.session.post(
        desk.base + "/admin/work",
        data=[("csrf", desk.token), ("job", str(one.id)), ("job", str(two.id))],
        allow_redirects=False,
    )

    assert answer.status == 303
    taken = await take(10, only="inbox.complete")
    assert {(job.id, job.attempts) for job in taken} == {(one.id, 1), (two.id, 1)}
    assert (await Job.get(id=other.id)).parked
    acts = await StaffAct.filter(act="job.retry")
    assert {act.about for act in acts} == {f"job:{one.id}", f"job:{two.id}"}
    assert acts[0].before["job"] == "inbox.complete"


async def test_dropping_is_confirmed_and_the_log_keeps_what_it_was(desk):
    job, running = await failed(error="it broke"), await failed(parked=False)

    page = await read(desk, f"/admin/work/{job.id}/drop")
    assert "never be done" in page
    assert "it broke" in page
    assert await Job.exists(id=job.id)
    assert (await desk.post(f"/admin/work/{job.id}/drop")).status == 303

    assert not await Job.exists(id=job.id)
    act = await StaffAct.get(act="job.drop")
    assert act.before == {"job": "inbox.complete", "error": "it broke"}
    assert "it broke" in await read(desk, "/admin/audit")
    for number in (job.id, running.id, 1 << 62, "x"):
        assert (await desk.post(f"/admin/work/{number}/drop")).status == 404
        assert (await desk.get(f"/admin/work/{number}/drop")).status == 404
        assert (await desk.post("/admin/work", {"job": str(number)})).status == 404
    assert await Job.exists(id=running.id)
    assert await StaffAct.all().count() == 1


async def test_nothing_parked_is_said(desk):
    assert "Nothing is parked" in await read(desk)
