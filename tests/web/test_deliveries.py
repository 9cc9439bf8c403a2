"""Letters to other servers, as admins see them: who may, what stands there, what they can do."""

import html
import re

import pytest
from tortoise.transactions import in_transaction

from actors.accounts import Role
from actors.domains import Domain
from core import sql
from core.clock import milliseconds
from core.ids import new_id
from core.jobs import Job, done, take
from moderation.audit import StaffAct
from outbox.by_hand import DROPPED, drop_letters, hurry
from outbox.sent import Delivery, Sent, State
from tests.conftest import account_of
from tests.counting import counted
from web.routes import PAGES

ENGLISH = {"Accept_Language": "en"}
HOUR = 3_600_000
ADDRESSES = [
    (method, path.replace("{host}", "far.example").replace("{id}", "1"))
    for method, path, _ in PAGES
    if path.startswith(("/admin/deliveries", "/admin/work"))
]


@pytest.fixture
async def desk(browser, settle):
    await browser.sign_in(await account_of(await settle("ada", role=Role.ADMIN)))
    await browser.get("/mod")
    return browser


async def lettered(author, host, *states, kind="Create", **columns) -> list[Delivery]:
    """Write letters to a server, one in each of these states."""
    await Domain.get_or_create(host=host, defaults={"next_at": milliseconds() + HOUR})
    made = []
    for state in states:
        sent = await Sent.create(
            uri=f"https://here.example/{new_id()}", actor_id=author.id, kind=kind, body=b"{}"
        )
        fields = {"inbox": f"https://{host}/inbox", "due": milliseconds()} | columns
        made.append(await Delivery.create(sent_id=sent.id, host=host, state=state, **fields))
    return made


async def read(browser, path) -> str:
    answer = await browser.get(path, **ENGLISH)
    assert answer.status == 200, path
    return html.unescape(await answer.text())


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MODERATOR])
async def test_ADM_01_nobody_but_admins_sees_or_does_any_of_it(browser, settle, role):
    mei = await settle("mei", role=role)
    await lettered(mei, "far.example", State.WAITING)
    await browser.sign_in(await account_of(mei))

    assert len(ADDRESSES) == 10
    for method, path in ADDRESSES:
        answer = await (browser.get(path) if method == "GET" else browser.post(path))
        assert answer.status == 403, path
    assert await Delivery.filter(state=State.WAITING).count() == 1
    if role == Role.MODERATOR:
        assert "/admin/deliveries" not in await (await browser.get("/mod")).text()


async def test_the_menu_of_admins_leads_there(desk):
    menu = await read(desk, "/mod")

    for path, title in (("/admin/deliveries", "Deliveries"), ("/admin/work", "Background work")):
        assert f'href="{path}"' in menu
        assert f"<h1>{title}</h1>" in await read(desk, path)


async def test_a_server_stands_there_with_how_it_goes(desk, settle):
    mei = await settle("mei")
    await lettered(mei, "shut.example", *[State.WAITING] * 3, State.PARKED, State.STOPPED)
    now = milliseconds()
    await Domain.filter(host="shut.example").update(
        failures=7, failing_since=now - HOUR, pause=HOUR, next_at=now + HOUR, wait_until=now + HOUR,
        error="<script>alert(1)</script>", code=502, erred_at=now, reached_at=now - 48 * HOUR,
    )  # fmt: skip

    for page in (
        await read(desk, "/admin/deliveries"),
        await read(desk, "/admin/deliveries/shut.example"),
    ):
        facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(?:<time[^>]*>)?([^<]+)", page))
        assert facts["Waiting letters"] == "3"
        assert (facts["Parked"], facts["Stopped"]) == ("1", "1")
        assert "2 days ago" in facts["Last success"]
        assert facts["Tried next"] not in ("now", "when there is a letter")
        assert "Circuit open" in page
        assert "502 <script>alert(1)</script>" in page
    raw = await (await desk.get("/admin/deliveries/shut.example")).text()
    assert "<script>alert" not in raw


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"is_rejected": True}, "Rejected by the policy"),
        ({"is_unavailable": True, "failing_since": 1, "pause": 1}, "Unavailable"),
        ({"failures": 1, "failing_since": 5}, "Failing"),
        ({"wait_until": 1 << 45}, "Asked us to wait"),
        ({"reached_at": 5}, "Circuit closed"),
        ({}, "Not reached yet"),
        ({"lease_until": 1 << 45, "crashes": 3}, "A process died here"),
    ],
)
async def test_the_state_of_a_server_is_said(desk, settle, columns, said):
    await lettered(await settle("mei"), "far.example", State.WAITING)
    await Domain.filter(host="far.example").update(**columns)

    page = await read(desk, "/admin/deliveries/far.example")

    assert said in re.findall(r'<span class="badge[^>]*>([^<]+)', page)
    assert ("Retry now" in page) is not columns.get("is_rejected", False)


async def test_servers_are_listed_by_state_page_by_page_and_found_by_name(desk, settle):
    mei = await settle("mei")
    for number in range(25):
        await lettered(mei, f"s{number:02}.example", State.WAITING)
        since = {"failing_since": 100 - number, "failures": 1}
        await Domain.filter(host=f"s{number:02}.example").update(**since)
    await lettered(mei, "parked.example", State.PARKED)

    async def walked(path) -> list[str]:
        hosts: list[str] = []
        while path:
            page = await read(desk, path)
            hosts += re.findall(r"<b><bdi>([^<]+)</bdi></b>", page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            path = more[1] if more else ""
        return hosts

    everyone = [f"s{number:02}.example" for number in range(25)]
    assert await walked("/admin/deliveries") == everyone
    assert await walked("/admin/deliveries?show=failing") == everyone[::-1]
    assert await walked("/admin/deliveries?show=parked") == ["parked.example"]
    assert "No letter was stopped" in await read(desk, "/admin/deliveries?show=stopped")
    assert await walked("/admin/deliveries?show=nonsense&after=s2") == everyone[20:]
    found = await desk.get("/admin/deliveries?host=%20S07.example")
    assert (found.status, found.headers["Location"]) == (303, "/admin/deliveries/s07.example")
    missing = await desk.get("/admin/deliveries?host=nobody.example", **ENGLISH)
    assert missing.status == 404
    assert "No letters were ever written" in await missing.text()
    assert (await desk.get("/admin/deliveries/nobody.example")).status == 404


async def test_letters_of_a_server_are_listed_page_by_page(desk, settle):
    mei = await settle("mei")
    made = await lettered(
        mei, "far.example", *[State.STOPPED] * 25, code=403, error="no <b>way</b>"
    )

    first = await read(desk, "/admin/deliveries/far.example?show=stopped")
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = await read(desk, more[1])

    assert "403 no <b>way</b>" in first
    seen = [
        int(each)
        for page in (first, second)
        for each in re.findall(r'name="letter" value="(\d+)"', page)
    ]
    assert set(seen) == {each.id for each in made}
    assert len(set(re.findall(r'name="letter" value="(\d+)"', first))) == 20
    for after in ("nonsense", "1.2", "99.1.1", "-1.0.0", "1.2.3.4", str(1 << 70)):
        await read(desk, f"/admin/deliveries/far.example?show=stopped&after={after}")


async def walks_over_letters(statements: list[str]) -> list[str]:
    """Return the steps of these statements that read all letters there are."""
    said = [each for each in statements if "delivery" in each]
    assert len(said) > 5
    plans = [row for each in said for row in await sql.rows(f"EXPLAIN QUERY PLAN {each}")]
    return [row["detail"] for row in plans if re.match(r"SCAN (delivery|[dexy])\b", row["detail"])]


async def test_a_hundred_thousand_letters_cost_no_more_than_few(desk, settle):
    mei = await settle("mei")
    [one] = await lettered(mei, "far.example", State.WAITING)
    paths = [
        "/admin/deliveries", "/admin/deliveries?show=failing", "/admin/deliveries/far.example",
        "/admin/deliveries/far.example?show=stopped", "/admin/deliveries/far.example/drop",
    ]  # fmt: skip
    for path in paths:
        await desk.get(path)

    async def asked() -> list[list[str]]:
        said = []
        for path in paths:
            with counted() as statements:
                await read(desk, path)
            said.append(statements)
        return said

    few = await asked()
    now, first = milliseconds(), one.id + 1_000_000
    await sql.rows(
        "INSERT INTO delivery (id, sent_id, inbox, host, key, lane, state, attempts, due, code,"
        " error) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
        " SELECT ? + i, ?, 'https://far.example/' || i, 'far.example', '', 2, 'waiting', 0,"
        " ? + i / 500, 0, '' FROM n",
        (first, one.sent_id, now),
    )
    many = await asked()

    assert [len(each) for each in few] == [len(each) for each in many]
    assert not await walks_over_letters([each for page in many for each in page])
    assert "more than 1,000" in await read(desk, "/admin/deliveries")
    assert "more than 10,000" in await read(desk, "/admin/deliveries/far.example/drop")
    page = await read(desk, "/admin/deliveries/far.example")
    assert page.count('<li class="panel">') == 20
    await desk.post("/admin/deliveries/far.example/retry")
    up_to = str(new_id() + (1 << 40))
    await desk.post("/admin/deliveries/far.example/drop", {"show": "waiting", "up_to": up_to})
    acts = {act.act: act.after for act in await StaffAct.all()}
    assert acts["delivery.retry"]["count"] == "1000+"
    assert acts["delivery.drop"]["dropped"] == ["Create: 10001", "10000+"]


async def test_retry_now_makes_the_server_due_and_is_written_down(desk, settle):
    await lettered(await settle("mei"), "far.example", State.WAITING)
    await Domain.all().update(pause=HOUR, failures=6, failing_since=1, wait_until=1 << 45)

    answer = await desk.post("/admin/deliveries/far.example/retry")

    assert answer.headers["Location"] == "/admin/deliveries/far.example"
    domain = await Domain.get(host="far.example")
    assert (domain.wait_until, domain.next_at <= milliseconds()) == (0, True)
    assert await Job.filter(name="outbox.hurry").count() == 1
    act = await StaffAct.get(act="delivery.retry")
    assert (act.about, act.after) == ("delivery:far.example", {"count": "1"})
    for job in await take(5, only="outbox.hurry"):
        await hurry(job.read())
        await done([job.id])


async def test_what_cannot_be_tried_is_said_and_writes_nothing(desk, settle):
    await lettered(await settle("mei"), "far.example", State.WAITING)
    for columns, said in (
        ({"wait_until": 1 << 45}, "asked not to be called"),
        ({"is_rejected": True}, "policy lets no letters"),
    ):
        await Domain.all().update(**columns)
        answer = await desk.post("/admin/deliveries/far.example/retry")
        assert answer.status == 303
        assert said in await read(desk, answer.headers["Location"])
    assert await StaffAct.all().count() == await Job.filter(name="outbox.hurry").count() == 0
    assert (await desk.post("/admin/deliveries/nobody.example/retry")).status == 404


async def test_letters_are_taken_up_again_or_it_is_said_why_not(desk, settle):
    mei = await settle("mei")
    good, bad = await lettered(mei, "far.example", State.PARKED, State.STOPPED)
    await Delivery.filter(id=bad.id).update(error="overtaken by a Delete")
    path = "/admin/deliveries/far.example/letters"

    answer = await desk.post(path, {"letter": str(good.id), "show": "parked"})
    assert "One letter is tried again." in await read(desk, answer.headers["Location"])
    answer = await desk.post(path, {"letter": str(bad.id), "show": "stopped"})
    assert "may not go any more" in await read(desk, answer.headers["Location"])
    await desk.post(path, {"letter": "nonsense"})

    states = {each.id: each.state for each in await Delivery.all()}
    assert states == {good.id: State.WAITING, bad.id: State.STOPPED}
    assert [act.after for act in await StaffAct.filter(act="delivery.again")] == [{"count": "1"}]


async def test_dropping_says_what_is_dropped_is_confirmed_and_is_written_down(desk, settle):
    mei = await settle("mei")
    await lettered(mei, "far.example", State.WAITING, State.WAITING)
    [back] = await lettered(mei, "far.example", State.WAITING, kind="Delete")

    page = await read(desk, "/admin/deliveries/far.example/drop?show=waiting")
    assert await Delivery.filter(state=State.WAITING).count() == 3
    assert dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)", page)) == {
        "Something new": "2", "Something deleted": "1", "All together": "3",
    }  # fmt: skip
    assert re.search(r'name="spare" value="1" checked', page)
    up_to = re.search(r'name="up_to" value="(\d+)"', page)
    assert up_to
    [late] = await lettered(mei, "far.example", State.WAITING)
    fields = {"show": "waiting", "up_to": up_to[1], "spare": "1"}
    assert (await desk.post("/admin/deliveries/far.example/drop", fields)).status == 303
    for job in await take(5, only="outbox.drop"):
        await drop_letters(job.read())
        await done([job.id])

    assert {each.id for each in await Delivery.filter(state=State.WAITING)} == {back.id, late.id}
    assert await Delivery.filter(state=State.STOPPED, error=DROPPED).count() == 2
    act = await StaffAct.get(act="delivery.drop")
    assert act.after == {
        "dropped": ["Create: 2"],
        "letters": "waiting",
        "spared": "yes",
    }
    assert "Create: 2" in await read(desk, "/admin/audit")


async def test_nothing_is_dropped_where_nothing_is(desk, settle):
    await lettered(await settle("mei"), "far.example", State.STOPPED)

    for show in ("waiting", "parked", "stopped"):
        answer = await desk.get(f"/admin/deliveries/far.example/drop?show={show}")
        assert answer.status == 303
    await desk.post("/admin/deliveries/far.example/drop", {"show": "stopped"})
    await desk.post("/admin/deliveries/far.example/drop", {"csrf": "wrong", "show": "waiting"})
    async with in_transaction():
        assert await Delivery.filter(state=State.STOPPED, error="").count() == 1
