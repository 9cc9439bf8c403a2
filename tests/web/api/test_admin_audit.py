"""The admin API: each call that changes something writes it down, and wants a second factor."""

import re

import pytest
from aiohttp import FormData

from actors import second_factor
from actors.accounts import Account, Role
from actors.apps import register
from actors.registration import create_account
from actors.second_factor import Authenticator
from actors.tokens import issue
from core.clock import now
from moderation import deciding
from moderation.audit import StaffAct
from moderation.decisions import Decision
from moderation.filing import file_report
from notes.note import Audience
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import PASSWORD, account_of
from tests.factories import noted
from tests.web.api.test_admin import STAFF, whole
from tests.web.api.village import Client, picture, put_rules
from web.api.admin.table import ADMIN_CALLS, EMOJIS

BASE = "/api/v1/admin"
READS = {f"{BASE}/{name}" for name in ("measures", "dimensions", "retention")}
# What never is a measure here ends nothing, so that nothing is written down (acting.py).
NOTHING = {f"{BASE}/accounts/{{id}}/unsensitive"}


@pytest.fixture
async def place(settle, client):
    """A moderator's app, an admin's, and two people."""
    put_rules()
    mod, chief = await settle("mod", role=Role.MODERATOR), await settle("chief", role=Role.ADMIN)
    mei, bo = await settle("mei"), await settle("bo")
    return await client(mod, *STAFF), await client(chief, *STAFF), mei, bo


async def test_ADM_02_each_call_that_changes_something_writes_it_down(place, settle):
    mod, chief, mei, bo = place
    used = set()

    async def does(app, method, route, key="", **body):
        before = await StaffAct.all().count()
        at = route if route.startswith("/api") else BASE + route
        path = re.sub(r"\{\w+\}", str(key), at)
        sent = {"data": body["form"]} if "form" in body else {"json": body}
        status, told = await app.ask(method, path, **sent)
        assert status == 200, (route, told)
        acts = await StaffAct.all().order_by("-id").limit(1)
        assert await StaffAct.all().count() > before, f"{method} {route} wrote nothing down"
        assert acts[0].address, f"{method} {route} does not say from where"
        used.add((method, at))
        return told

    asking = [
        (await create_account(name, f"{name}@example.org", PASSWORD, approved=False)).actor_id
        for name in ("una", "uwe")
    ]
    await does(mod, "POST", "/accounts/{id}/approve", asking[0])
    await does(mod, "POST", "/accounts/{id}/reject", asking[1])
    for kind, verb in (("silence", "unsilence"), ("disable", "enable"), ("suspend", "unsuspend")):
        await does(mod, "POST", "/accounts/{id}/action", mei.id, type=kind, **whole())
        if kind == "suspend":
            await confirmed()
        await does(mod, "POST", f"/accounts/{{id}}/{verb}", mei.id, text="They said sorry.")
    await does(chief, "DELETE", "/accounts/{id}", bo.id, text="x", rubric={"rule_id": "kind"})
    report = await file_report(await settle("jo"), mei, rules=["kind"], comment="LOUD")
    await does(mod, "PUT", "/reports/{id}", report.id, rule_ids=[])
    await does(mod, "POST", "/reports/{id}/assign_to_self", report.id)
    await does(mod, "POST", "/reports/{id}/unassign", report.id)
    await does(mod, "POST", "/reports/{id}/resolve", report.id, text="It was no shouting.")
    await does(chief, "POST", "/reports/{id}/reopen", report.id, text="There is more.")
    for name in ("domain_blocks", "domain_allows"):
        made = await does(
            chief,
            "POST",
            f"/{name}",
            domain=f"{name[7:]}.example",
            public_comment="Spam",
            rubric={"reason": "x"},
        )
        if name == "domain_blocks":
            await does(
                chief, "PUT", f"/{name}/{{id}}", made["id"], public_comment="Spam without end"
            )
        await does(chief, "DELETE", f"/{name}/{{id}}", made["id"], rubric={"reason": "Sorry."})

    form = FormData({"shortcode": "blob"})
    form.add_field("image", picture((9, 9)), filename="blob.png")
    await does(chief, "POST", EMOJIS, form=form)
    await does(chief, "DELETE", f"{EMOJIS}/{{shortcode}}", "blob")

    wanted = {(method, path) for method, path, *_ in ADMIN_CALLS if method != "GET"}
    assert used == {each for each in wanted if each[1] not in READS | NOTHING}


async def confirmed():
    """The second person agrees, at the desk."""
    made = await Decision.get(state="needs_second")
    chief = await Account.get(role=Role.ADMIN).select_related("actor")
    await deciding.confirm(made, chief.actor)


async def test_ADM_02_reading_private_evidence_by_an_app_is_written_down(place):
    mod, _, mei, bo = place
    open_note = await noted(mei, "<p>hello</p>")
    private = await publish(mei, Draft(text="@bo between us", audience=Audience.PEOPLE))
    first = await file_report(bo, mei, notes=[open_note])
    await mod.get(f"{BASE}/reports/{first.id}")
    assert not await StaffAct.filter(act="case.read").exists()
    second = await file_report(bo, mei, notes=[private])

    await mod.get(f"{BASE}/reports/{second.id}")
    await mod.get(f"{BASE}/reports")

    read = await StaffAct.get(act="case.read")
    assert read.after == {"notes": [str(private.id)]}


async def test_ACC_03_an_app_of_staff_acts_only_while_the_person_has_a_second_factor(
    settle, client
):
    mod = await account_of(await settle("mod", role=Role.MODERATOR))
    app, _ = await register("A desk", ["https://desk.example/"], [*STAFF, "read"])
    token, _ = await issue(mod, [*STAFF, "read"], app=app)
    wire = Client((await client()).session, token)

    async def asks() -> list[int]:
        calls = [call for call in ADMIN_CALLS if call[0] == "GET" and "{id}" not in call[1]]
        return [(await wire.ask(method, path))[0] for method, path, *_ in calls]

    without = await asks()
    await Authenticator.create(account=mod, secret=b"x", confirmed_at=now())
    strong = await asks()
    await second_factor.drop_all(mod)
    dropped = await asks()
    at_home = await wire.ask("GET", "/api/v1/accounts/verify_credentials")

    assert set(without) == {403}
    assert set(strong) == {200}
    assert set(dropped) == {403}
    assert at_home[0] == 200
