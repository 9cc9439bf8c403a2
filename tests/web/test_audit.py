"""The audit log: each act of staff writes a line, and admins alone read them (ADM-02)."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiohttp import FormData

from actors.accounts import Account, Role
from actors.domains import Domain
from actors.groups import Group, make_group
from actors.registration import create_account
from core.clock import now
from core.ids import new_id
from core.jobs import Job
from moderation.announcements import Announcement
from moderation.appealing import file
from moderation.appeals import Appeal
from moderation.audit import StaffAct, forget_addresses, write_down
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.languages import TAG
from moderation.lists import ListedServer
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from notes.note import Audience, Note
from outbox.create import publish
from outbox.draft import Draft
from outbox.sent import Delivery, Sent, State
from tests.conftest import PASSWORD, account_of
from tests.moderation.deciding import decided, taken
from tests.moderation.drafts import policy_of
from tests.moderation.paneling import willing
from tests.moderation.rows import note_by, stranger
from tests.web.test_decisions import ENGLISH, FORM
from tests.web.test_own_emojis import emoji_form
from web.building.audit import ACTS, KINDS
from web.building.audit_changes import NAMES
from web.routes import PAGES

FOR_STAFF = ("/mod", "/admin")
APPEAL = {"appeal_outcome": "upheld", "reasons": "It was right."}


class Desk:
    """A browser of staff that writes down which addresses it used, and what each wrote."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.used: set[str] = set()

    async def does(
        self, route: str, fields: Mapping[str, str] | FormData | None = None, **names: Any
    ) -> str:
        """Send a form, and see that one act at least was written down by this person."""
        before = await StaffAct.filter(actor_id__not_isnull=True).count()
        path = re.sub(r"\{(\w+)[^}]*\}", lambda found: str(names[found[1]]), route)
        if isinstance(fields, FormData):
            answer = await self.browser.upload(path, fields)
        else:
            answer = await self.browser.post(path, fields or {}, **ENGLISH)
        assert answer.status == 303, (route, await answer.text())
        acts = await StaffAct.filter(actor_id__not_isnull=True).order_by("-id")
        assert len(acts) > before, f"{route} wrote nothing down"
        assert acts[0].address, f"{route} does not say from where"
        assert acts[0].act in ACTS
        self.used.add(route)
        return str(acts[0].act)


@pytest.fixture
async def place(here, settle, browsers):
    """Two who run the place, each with a browser."""
    put_in_force(policy_of())
    desks = []
    for name in ("ada", "bo"):
        browser = browsers()
        await browser.sign_in(await account_of(await settle(name, role=Role.ADMIN)))
        await browser.get("/mod")
        desks.append(Desk(browser))
    return desks


async def about_somebody(settle, name: str) -> tuple[Case, Note]:
    mei, jo = await settle(name), await settle(f"{name}_reporter")
    note = await publish(mei, Draft(text="Buy my watches"))
    report = await file_report(jo, mei, notes=[note], comment="SECRET words")
    return await Case.get(id=report.case_id), note


async def cases_of_a_day(desk, other, settle) -> None:
    """Everything one does in a case, until it is settled."""
    case, note = await about_somebody(settle, "mei")
    merged, _ = await about_somebody(settle, "noa")
    day = str((now() + timedelta(days=2)).date())
    wait = {"for": "author", "reason": "We asked.", "wait_until": day}
    nothing = {"no_breach": "It is a joke.", "close_outcome": "not_upheld", "close_words": "Hm."}
    await desk.does("/mod/cases/{id}/claim", id=case.id)
    await desk.does("/mod/cases/{id}/note", {"text": "Look."}, id=case.id)
    hide = {"note": str(note.id), "hide_reason": "It hurts.", "hours": "3"}
    await desk.does("/mod/cases/{id}/hide", hide, id=case.id)
    await desk.does("/mod/cases/{id}/wait", wait, id=case.id)
    await desk.does("/mod/cases/{id}/resume", id=case.id)
    await desk.does("/mod/cases/{id}/merge", {"into": str(case.id)}, id=merged.id)
    await desk.does("/mod/cases/{id}/close", nothing, id=case.id)
    await desk.does("/mod/cases/{id}/reopen", {"reopen_reason": "There is more."}, id=case.id)
    await desk.does("/mod/cases/new", {"server": "far.example", "because": "I saw it."})


async def decisions_of_a_day(desk, other, settle) -> None:
    """Decisions that take two, are returned, written anew, replaced and lifted."""
    case, _ = await about_somebody(settle, "pia")
    await desk.does("/mod/cases/{id}/claim", id=case.id)
    grave = FORM | {"measure": "suspend", "about": "", "seen": "1"}
    await desk.does("/mod/cases/{id}/decide", grave, id=case.id)
    made = await Decision.get(case_id=case.id)
    await other.does("/mod/decisions/{id}/return", {"reason": "Too hard."}, id=made.id)
    await desk.does("/mod/decisions/{id}/rework", grave, id=made.id)
    await other.does("/mod/decisions/{id}/confirm", id=made.id)
    mild = FORM | {"measure": "warn", "about": "", "seen": "1"}
    await desk.does("/mod/decisions/{id}/replace", mild, id=made.id)
    again = await Decision.get(supersedes_id=made.id)
    await desk.does("/mod/decisions/{id}/lift", {"reason": "It is enough."}, id=again.id)
    entry = await RecordEntry.get(decision_id=again.id, kind="decision")
    redact = {"explanation": "1", "why": "It named somebody."}
    await desk.does("/mod/record/{id}/redact", redact, id=entry.id)


async def appeals_of_a_day(desk, other, settle) -> None:
    """An appeal that is heard, one that is not, and one that is put before a panel."""
    put_in_force(policy_of(appeals={"panel": 3}))
    await willing(settle, "lot", "lotte", "liselotte")
    ada = (await Account.get(actor__name="ada").select_related("actor")).actor
    for name, verb, fields in (
        ("rui", "settle", APPEAL),
        ("sol", "refuse", {"why": "late", "refuse_reasons": "It came late."}),
        ("tao", "panel", {}),
    ):
        target, reporter = await settle(name), await settle(f"{name}_reporter")
        note = await publish(target, Draft(text="Buy my watches"))
        case = await taken(reporter, target, ada, note)
        made = await decided(case, ada, "warn")
        await file(made, words="It was a joke.")
        appeal = await Appeal.get(decision_id=made.id)
        if verb != "refuse":
            await other.does("/mod/appeals/{id}/take", id=appeal.id)
        await other.does(f"/mod/appeals/{{id}}/{verb}", fields, id=appeal.id)


async def doors_of_a_day(desk, settle) -> None:
    """Who asks to join, what is held, what is announced, what lists say."""
    for name, verb in (("una", "approve"), ("uwe", "decline")):
        account = await create_account(name, f"{name}@example.org", PASSWORD, approved=False)
        await desk.does(f"/mod/people/{{id}}/{verb}", {"reason": "full"}, id=account.id)
    ana = await stranger("ana", "far.example")
    for verb in ("release", "delete"):
        held = await note_by(ana, held_at=now(), held_because="The policy holds this server.")
        await desk.does(f"/mod/held/{{id}}/{verb}", id=held.id)
    await desk.does("/mod/announcements", {"text-en": "Tea at four."})
    made = await Announcement.get()
    await desk.does("/mod/announcements/{id}/delete", id=made.id)
    form = emoji_form("blob", csrf=desk.browser.token)
    await desk.does("/admin/emojis", form)
    await desk.does("/admin/emojis/{code}/remove", code="blob")
    tea = await make_group(await settle("owner"), "tea", title="Tea")
    await Group.filter(actor_id=tea.id).update(asleep_at=now())
    await desk.does("/mod/groups/{id}", {"act": "none", "reason": "Too new"}, id=tea.id)
    listed = await ListedServer.create(
        list_id="friends", host="bad.example", severity="reject", reason="spam"
    )
    await desk.does("/mod/lists", {"server": str(listed.id), "answer": "ignore"})


async def rules_of_a_day(desk) -> None:
    """A draft of the policy that is written, deleted, written again and published; what ends."""
    about = {"name.en": "Our place", "newest": "1"}
    entry = {"domain": "bad.example", "severity": "limit", "reason.en": "Spam."}
    await desk.does("/admin/policy/{section}", about, section="about")
    await desk.does("/admin/policy/discard")
    await desk.does("/admin/policy/{section}/{place}", entry, section="entries", place="new")
    await desk.does("/admin/policy/simulate", {"simulate": "30"})
    await desk.does("/admin/policy/build-on", {"newest": "1"})
    await desk.does("/admin/policy/publish", {"summary.en": "Spam is kept out."})
    day = str((now() + timedelta(days=9)).date())
    entry |= {"until": day, "severity": "hold"}
    await desk.does("/admin/policy/{section}/{place}", entry, section="entries", place="new")
    await desk.does("/admin/policy/publish", {"summary.en": "It is held as well."})
    await desk.does("/mod/review", {"answer": "end", "key": "bad.example hold"})


async def deliveries_of_a_day(desk, settle) -> None:
    """A server that does not answer, letters that were refused, work that failed."""
    ada, host = await settle("letters"), "silent.example"
    sent = await Sent.create(uri="https://x.example/a", actor_id=ada.id, kind="Create", body=b"{}")
    await Domain.create(host=host)
    letters = [
        await Delivery.create(
            sent_id=sent.id, inbox=f"{host}/{state}", host=host, state=state, due=0
        )
        for state in (State.WAITING, State.PARKED)
    ]
    again = {"letter": str(letters[1].id), "show": "parked"}
    await desk.does("/admin/deliveries/{host}/letters", again, host=host)
    await desk.does("/admin/deliveries/{host}/retry", host=host)
    drop = {"show": "waiting", "up_to": str(new_id()), "spare": "1"}
    await desk.does("/admin/deliveries/{host}/drop", drop, host=host)
    jobs = [
        await Job.create(id=new_id(), name="inbox.complete", payload=b"{}", due=1, parked=True)
        for _ in range(2)
    ]
    await desk.does("/admin/work", {"job": str(jobs[0].id)})
    await desk.does("/admin/work/{id}/drop", id=jobs[1].id)


async def test_ADM_02_each_address_of_staff_that_changes_something_writes_it_down(place, settle):
    desk, other = place

    await rules_of_a_day(desk)
    put_in_force(policy_of())
    await cases_of_a_day(desk, other, settle)
    await decisions_of_a_day(desk, other, settle)
    await appeals_of_a_day(desk, other, settle)
    await doors_of_a_day(desk, settle)
    await deliveries_of_a_day(desk, settle)

    wanted = {path for method, path, _ in PAGES if method != "GET" and path.startswith(FOR_STAFF)}
    assert desk.used | other.used == wanted
    await _each_field_has_words(desk)


async def _each_field_has_words(desk) -> None:
    """Read the whole log of the day in Chinese: no field is called as it is in the database."""
    acts = await StaffAct.all()
    named = {name for act in acts for side in (act.before, act.after) for name in side}
    assert {name for name in named if name not in NAMES and not TAG.fullmatch(name)} == set()
    assert len(named) > 15
    await Account.filter(actor__name="ada").update(locale="zh-Hans")
    shown, path = "", "/admin/audit"
    while path:
        page = await (await desk.browser.get(path)).text()
        shown += page
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    fields = re.findall(r"<dt><bdi>([^<]*)</bdi></dt><dd[^>]*>([^<]*)</dd>", shown)
    assert {name for name, _ in fields if name.isascii()} <= {"English"}
    assert {"处理人", "状态"} <= {name for name, _ in fields}
    states = [value for name, value in fields if name in ("状态", "措施", "角色")]
    assert states
    assert not [value for value in states if re.search("[a-z_]{3}", value)]
    takers = [value for name, value in fields if name == "处理人"]
    assert any("@ada" in value for value in takers)


def test_each_act_that_is_written_down_has_words_and_a_kind():
    """Whatever name stands in a call of `write_down`, the log says it in the reader's language."""
    root = Path(__file__).parents[2]
    files = [*root.glob("moderation/*.py"), *root.glob("web/**/*.py"), *root.glob("rubric/*.py")]
    named, kinds = set(), "|".join(KINDS)
    for file_ in files:
        for call in re.findall(r"write_down\((.{0,200})", file_.read_text(), re.S):
            named |= set(re.findall(rf'"((?:{kinds})\.[a-z_]+)"', call))

    assert named - set(ACTS) == set()
    assert len(named) > 25
    assert {act.partition(".")[0] for act in ACTS} == set(KINDS)


async def test_what_is_private_is_written_down_when_it_is_read_as_evidence(place, settle):
    desk, _ = place
    mei, jo = await settle("mei"), await settle("jo")
    open_note = await publish(mei, Draft(text="hello"))
    private = await publish(mei, Draft(text="@jo between us", audience=Audience.PEOPLE))
    first = await file_report(jo, mei, notes=[open_note])

    await desk.browser.get(f"/mod/cases/{first.case_id}")
    assert not await StaffAct.filter(act="case.read").exists()
    second = await file_report(jo, mei, notes=[private])
    await desk.browser.get(f"/mod/cases/{second.case_id}")
    await desk.browser.get(f"/mod/cases/{second.case_id}")

    read = await StaffAct.get(act="case.read")
    assert read.after == {"notes": [str(private.id)]}


async def test_the_log_is_narrowed_by_person_kind_and_day_and_goes_on(place, settle):
    desk, _ = place
    ada = await Account.get(actor__name="ada")
    bo = await Account.get(actor__name="bo")
    with time_machine.travel(now() - timedelta(days=10)):
        await write_down(ada.actor_id, "case.open", "case:1", reason="LONGAGO")
    for number in range(45):
        await write_down(ada.actor_id, "case.note", f"case:{number}")
    await write_down(bo.actor_id, "policy.publish", "policy:2", after={"en": "WHY"})

    async def lines(query: str) -> str:
        return await (await desk.browser.get(f"/admin/audit{query}", **ENGLISH)).text()

    everything, week = await lines(""), str((now() - timedelta(days=7)).date())
    assert "WHY" in everything
    assert "LONGAGO" not in everything
    rest = re.search(r'rel="next" href="/admin/audit\?([^"]+)"', everything)
    assert rest
    assert "LONGAGO" in await lines("?" + rest[1].replace("&amp;", "&"))
    assert "WHY" not in await lines("?who=ada")
    assert "wrote to the other moderators" not in await lines("?who=@bo")
    assert "Nothing like that was done" in await lines("?who=nobody")
    assert "published a version" not in await lines("?kind=case")
    assert "LONGAGO" in await lines(f"?until={week}")
    assert "WHY" not in await lines(f"?until={week}")
    assert "LONGAGO" not in await lines(f"?kind=case&since={week}&who=ada")
    assert "WHY" in await lines("?since=nonsense&kind=nonsense")


@pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, 403), (Role.MODERATOR, 403)])
async def test_ADM_02_nobody_but_admins_reads_the_log(browser, settle, role, status):
    await browser.sign_in(await account_of(await settle("mei", role=role)))

    assert (await browser.get("/admin/audit")).status == status


async def test_MOD_01_an_admin_reads_nothing_of_what_is_reported_about_themselves(place, settle):
    desk, other = place
    ada = (await Account.get(actor__name="ada").select_related("actor")).actor
    report = await file_report(await settle("jo"), ada, comment="SECRET")
    await other.browser.post(f"/mod/cases/{report.case_id}/claim")
    wait = {"for": "author", "reason": "WHYWAIT", "wait_until": "2100-01-01"}
    day = str((now() + timedelta(days=2)).date())
    await other.browser.post(f"/mod/cases/{report.case_id}/wait", wait | {"wait_until": day})

    hers = await (await desk.browser.get("/admin/audit")).text()
    others = await (await other.browser.get("/admin/audit")).text()

    assert "WHYWAIT" in others
    assert "WHYWAIT" not in hers
    assert str(report.case_id) not in hers


async def test_no_address_deletes_or_changes_a_line_of_the_log():
    assert [method for method, path, _ in PAGES if path.startswith("/admin/audit")] == ["GET"]


async def test_where_staff_sat_is_forgotten_and_what_they_did_is_not(here, settle):
    put_in_force(policy_of(retention={"logs_days": 5}))
    ada = await settle("ada", role=Role.ADMIN)
    with time_machine.travel(now() - timedelta(days=6)):
        old = await write_down(ada.id, "case.claim", "case:1", address="192.0.2.1")
        shell = await write_down(None, "account.role", "account:mei", address="shell")
    young = await write_down(ada.id, "case.claim", "case:2", address="192.0.2.1")

    await forget_addresses()

    kept = {each.id: each.address for each in await StaffAct.all()}
    assert kept == {old.id: "", shell.id: "shell", young.id: "192.0.2.1"}
