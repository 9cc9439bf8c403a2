"""What moderators read of somebody, or of a server, before they decide anything."""

import pytest

from actors.accounts import Role
from moderation.filing import file_report
from moderation.handling import open_own
from moderation.lists import ListedServer
from moderation.policy import put_in_force
from tests.conftest import account_of
from tests.counting import counted
from tests.moderation.deciding import decided, in_days, taken
from tests.moderation.drafts import entry, policy_of
from tests.moderation.rows import follows, note_by, stranger
from tests.web.test_decisions import ENGLISH, staff


async def text_of(browser, path: str) -> str:
    answer = await browser.get(path, **ENGLISH)
    assert answer.status == 200, path
    return await answer.text()


@pytest.fixture
async def desk(browser, here, settle):
    """A moderator at their browser, beside two more of staff."""
    put_in_force(policy_of(federation={"entries": [entry("loud.example")]}))
    return await staff(browser, settle, "mod")


async def test_a_person_is_shown_with_what_was_decided_until_when_and_what_waits(
    browser, desk, settle
):
    mei, jo = await settle("mei"), await settle("jo")
    await follows(jo, mei)
    first = await taken(jo, mei, desk)
    await decided(first, desk, "quiet", until=in_days(400), settles=True)
    waiting = await file_report(jo, mei, comment="SECRET again")

    page = await text_of(browser, "/mod/people/mei")

    assert "Left out of public lists" in page
    assert str(in_days(400).year) in page
    assert f"/mod/cases/{waiting.case_id}" in page
    assert "people here who would notice" in page
    assert "of them right" in page
    assert "/mod/cases/new?account=mei" in page
    assert "SECRET" not in page


async def test_a_person_elsewhere_leads_to_their_server_and_group_to_itself(browser, desk, settle):
    await stranger("zoe", "far.example", title="Zoe of far")
    await stranger("tea", "far.example", kind="Group", title="Tea house")

    zoe = await text_of(browser, "/mod/people/zoe@far.example")
    tea = await text_of(browser, "/mod/people/tea@far.example")

    assert "Zoe of far" in zoe
    assert "/mod/servers/far.example" in zoe
    assert "Account closed" in zoe
    assert "Tea house" in tea
    assert "Account closed" not in tea


async def test_a_server_is_shown_with_policy_lists_and_what_would_break(browser, desk, settle):
    zoe = await stranger("zoe", "loud.example")
    await follows(await settle("mei"), zoe)
    await note_by(zoe)
    await ListedServer.create(
        list_id="friends", host="loud.example", severity="reject", reason="SAYS the list"
    )
    await open_own(desk, target=None, host="loud.example", because="I saw it.")

    page = await text_of(browser, "/mod/servers/Loud.example")

    assert "SAYS the list" in page
    assert "without an end" in page
    assert "follows by people here" in page
    assert "Server refused silently" in page
    assert "/mod/cases/new?server=loud.example" in page
    assert "Open cases" in page


async def test_a_server_nobody_met_can_be_looked_at_all_the_same(browser, desk):
    assert "new.example" in await text_of(browser, "/mod/servers/new.example")


async def test_ADM_03_what_a_measure_would_break_is_seen_before_it_is_decided(
    browser, desk, settle
):
    zoe = await stranger("zoe", "far.example")
    await follows(await settle("mei"), zoe)
    case = await open_own(desk, target=None, host="far.example", because="I saw it.")
    form = {
        "measure": "reject",
        "rule": "no-ads",
        "facts": "It sells.",
        "explanation": "No.",
        "summary": "A server that sells.",
        "no_end_because": "It does nothing else.",
        "settles": "1",
        "outcome": "upheld",
    }

    page = await text_of(browser, f"/mod/cases/{case.id}")
    preview = await (await browser.post(f"/mod/cases/{case.id}/decide", form, **ENGLISH)).text()

    assert "What a measure would break" in page
    assert page.index("follows by people here") < page.index('name="facts"')
    assert "What it would break" in preview
    assert "follows by people here" in preview
    assert preview.count("people here who would notice") == 1


@pytest.mark.parametrize("path", ["/mod/people/mei", "/mod/servers/far.example", "/mod/find?q=mei"])
async def test_ADM_01_members_look_at_nobody_from_the_desk(browser, settle, path):
    await browser.sign_in(await account_of(await settle("mei")))

    assert (await browser.get(path)).status == 403


async def test_MOD_01_nobody_reads_here_about_themselves(browser, browsers, desk, settle):
    report = await file_report(await settle("jo"), desk, comment="SECRET")
    other = browsers()
    await other.sign_in(await account_of(await settle("ada", role=Role.ADMIN)))

    assert (await browser.get("/mod/people/mod")).status == 404
    assert f"/mod/cases/{report.case_id}" in await text_of(other, "/mod/people/mod")


@pytest.mark.parametrize("path", ["/mod/people/nobody", "/mod/people/a@b@c", "/mod/servers/x y"])
async def test_who_is_not_known_is_missing(browser, desk, path):
    assert (await browser.get(path)).status == 404


async def test_we_are_no_server_to_be_measured(browser, desk, here):
    assert (await browser.get(f"/mod/servers/{here.server.account_domain}")).status == 404


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("@mei", "/mod/people/mei"),
        ("MEI", "/mod/people/mei"),
        ("zoe@far.example", "/mod/people/zoe@far.example"),
        ("Far.example", "/mod/servers/far.example"),
        ("nobody", "/mod/people"),
        ("", "/mod/people"),
        ("zoe@other.example", "/mod/people"),
    ],
)
async def test_a_name_leads_to_whom_it_is(browser, desk, settle, asked, leads):
    await settle("mei")
    await stranger("zoe", "far.example")

    answer = await browser.get(f"/mod/find?q={asked}")

    assert (answer.status, answer.headers["Location"]) == (303, leads)


async def test_a_long_history_goes_on_and_costs_no_more(browser, desk, settle):
    mei, jo = await settle("mei"), await settle("jo")
    case = await taken(jo, mei, desk)
    for _ in range(3):
        await decided(case, desk, "warn", settles=False)
    with counted() as few:
        await text_of(browser, "/mod/people/mei")
    for _ in range(20):
        await decided(case, desk, "warn", settles=False)
    with counted() as many:
        page = await text_of(browser, "/mod/people/mei")

    assert len(many) == len(few)
    rest = page.split("/mod/people/mei?before=")[1].split('"')[0]
    assert "Warning" in await text_of(browser, f"/mod/people/mei?before={rest}")
