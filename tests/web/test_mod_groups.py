"""The desk of the server about groups: those that nobody runs, and its measures by the form."""

import pytest

from actors.candidacies import Candidacy
from actors.groups import Group, make_group, settings_of
from actors.memberships import Role, State, membership_of, stand
from core.clock import now
from core.ids import new_id
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.policy import put_in_force
from tests.conftest import account_of
from tests.counting import counted
from tests.moderation.drafts import policy_of
from tests.web.test_decisions import ENGLISH, FORM, staff


@pytest.fixture
async def mei(here, settle):
    put_in_force(policy_of())
    return await settle("mei")


@pytest.fixture
async def ana(settle):
    return await settle("ana")


@pytest.fixture
async def tea(mei, ana):
    group = await make_group(mei, "tea", title="Tea")
    await stand(ana.id, group.id, State.MEMBER)
    return group


async def asleep(tea, ana):
    await Group.filter(actor_id=tea.id).update(asleep_at=now())
    await Candidacy.create(id=new_id(), group_id=tea.id, person_id=ana.id, words="I am here.")


async def page(browser, path):
    answer = await browser.get(path, **ENGLISH)
    assert answer.status == 200
    return await answer.text()


async def test_a_group_that_nobody_runs_is_handed_to_who_asked(browser, settle, tea, ana, mei):
    await staff(browser, settle, "mod")
    empty = await page(browser, "/mod/groups")
    await asleep(tea, ana)

    listed = await page(browser, "/mod/groups")
    at = f"/mod/groups/{tea.id}"
    nobody = await browser.post(at, {"act": "hand", "reason": "Here"}, **ENGLISH)
    bare = await browser.post(at, {"act": "hand", "person": str(ana.id)}, **ENGLISH)
    stranger = await browser.post(at, {"act": "hand", "person": str(mei.id), "reason": "x"})
    done = await browser.post(at, {"act": "hand", "person": str(ana.id), "reason": "Here daily"})
    again = await browser.post(at, {"act": "hand", "person": str(ana.id), "reason": "Here daily"})

    assert "Every group is run by somebody" in empty
    assert "I am here." in listed
    assert [each.status for each in (nobody, bare, stranger, done, again)] == [422] * 3 + [303, 422]
    assert "Say why; all members will read it." in await bare.text()
    assert (await membership_of(ana, tea)).role is Role.OWNER
    assert (await settings_of(tea)).asleep_at is None


async def test_none_of_them_is_an_answer_as_well(browser, settle, tea, ana):
    await staff(browser, settle, "mod")
    await asleep(tea, ana)
    await browser.get("/mod/groups")

    answer = await browser.post(f"/mod/groups/{tea.id}", {"act": "none", "reason": "Too new"})

    assert answer.status == 303
    assert not await Candidacy.exists()
    assert (await membership_of(ana, tea)).role is Role.MEMBER


async def test_ADM_01_it_is_for_the_moderators_of_the_server(browser, settle, tea, ana):
    await browser.sign_in(await account_of(ana))
    await asleep(tea, ana)
    await browser.get("/g/tea")

    assert (await browser.get("/mod/groups")).status in (403, 404)
    answer = await browser.post(
        f"/mod/groups/{tea.id}", {"act": "hand", "person": str(ana.id), "reason": "Me"}
    )
    assert answer.status in (403, 404)
    assert (await membership_of(ana, tea)).role is Role.MEMBER


@pytest.mark.parametrize("measure", ["leave_group", "restrict_group", "close_group"])
async def test_each_measure_is_decided_by_the_form_and_lifted(
    browser, browsers, settle, tea, ana, mei, measure
):
    await staff(browser, settle, "mod")
    target = ana if measure == "leave_group" else tea
    report = await file_report(mei if target is ana else ana, target)
    at = f"/mod/cases/{report.case_id}"
    shown = await page(browser, at)
    await browser.post(f"{at}/claim")
    shown = await page(browser, at)
    fields = FORM | {"about": "", "measure": measure, "group": str(tea.id), "seen": ""}

    preview = await browser.post(f"{at}/decide", fields, **ENGLISH)
    sure = {"seen": "1", "typed": "tea"}
    answer = await browser.post(f"{at}/decide", fields | sure, **ENGLISH)
    decision = await Decision.get()
    owner = browsers()
    await owner.sign_in(await account_of(ana if target is ana else mei))
    mine = await page(owner, "/my/decisions")
    closed = await page(owner, "/g/tea")
    await browser.get(f"/mod/decisions/{decision.id}")
    lifted = await browser.post(f"/mod/decisions/{decision.id}/lift", {"reason": "Enough"})

    assert f'value="{measure}"' in shown
    assert preview.status == 200
    assert (answer.status, lifted.status) == (303, 303), await answer.text()
    assert decision.measure == measure
    assert f"/d/{decision.id}" in mine
    words = {"restrict_group": "restricted this group", "close_group": "This group is suspended."}
    assert words.get(measure, "Tea") in closed
    assert (await Decision.get()).state == "lifted"


async def test_the_page_asks_no_more_for_three_groups_than_for_one(browser, settle, mei, ana):
    await staff(browser, settle, "mod")
    many = []
    for name in ("one", "two", "three"):
        await asleep(await make_group(mei, name, title=name), ana)
        with counted() as said:
            await page(browser, "/mod/groups")
        many.append(len(said))

    assert many[0] == many[1] == many[2]
