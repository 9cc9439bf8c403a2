"""The admin API for accounts and figures: who may, what is found, what a measure becomes."""

from datetime import timedelta

import pytest

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.sessions import start
from core.clock import now
from moderation.audit import StaffAct
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.record import RecordEntry
from tests.conftest import account_of
from tests.factories import noted, stranger
from tests.web.api.village import put_rules

STAFF = ("admin:read", "admin:write")


@pytest.fixture
async def place(settle, client):
    """A moderator's app, an admin's, and two people."""
    put_rules()
    mod, chief = await settle("mod", role=Role.MODERATOR), await settle("chief", role=Role.ADMIN)
    mei, bo = await settle("mei"), await settle("bo")
    return await client(mod, *STAFF), await client(chief, *STAFF), mei, bo


def at(actor, act=""):
    return f"/api/v1/admin/accounts/{actor.id}{act}"


def whole(**more):
    """What an action says that lacks nothing."""
    rubric = {"rule_id": "kind", "until": "2099-01-01T00:00:00Z"}
    return {"text": "You shouted.", "rubric": rubric | more}


async def test_OAU_03_a_token_of_a_member_reads_nothing_even_with_the_scope(settle, client):
    app = await client(await settle("mei"), *STAFF)

    told = [await app.ask("GET", f"/api/v1/admin/{each}") for each in ("accounts", "reports")]

    assert [status for status, _ in told] == [403, 403]


async def test_accounts_are_found_by_state_name_and_server(place):
    app, _, _, bo = place
    zoe = await stranger("zoe")
    await Actor.filter(id=bo.id).update(quieted_at=now())

    async def names(path, **params):
        return [each["username"] for each in await app.get(path, **params)]

    assert await names("/api/v1/admin/accounts", remote="true") == ["zoe"]
    assert await names("/api/v1/admin/accounts", by_domain=zoe.host) == ["zoe"]
    assert await names("/api/v1/admin/accounts", local="true", silenced="true") == ["bo"]
    assert await names("/api/v1/admin/accounts", username="ME") == ["mei"]
    assert await names("/api/v2/admin/accounts", permissions="staff") == ["chief", "mod"]
    assert await names("/api/v2/admin/accounts", status="suspended") == []
    assert await names("/api/v2/admin/accounts", origin="local", status="active") == [
        *("bo", "mei", "chief", "mod")
    ]
    assert await names("/api/v2/admin/accounts", **{"role_ids[]": "3"}) == ["chief"]
    assert await names("/api/v1/admin/accounts", username="%") == []
    assert await names("/api/v1/admin/accounts", by_domain="no host") == []


async def test_accounts_come_in_pages_along_their_ids(place):
    app, *_ = place

    first = await app.send("GET", "/api/v1/admin/accounts?local=true&limit=3")
    link = first.links["next"]["url"]
    second = await app.get(link.path_qs)

    assert [each["username"] for each in await first.json()] == ["bo", "mei", "chief"]
    assert [each["username"] for each in second] == ["mod"]


async def test_e_mail_and_addresses_are_for_admins_alone(place):
    app, chief, mei, _ = place
    account = await account_of(mei)
    await start(account, address="198.51.100.7")

    seen, hidden = await chief.get(at(mei)), await app.get(at(mei))
    found = await chief.get("/api/v1/admin/accounts", ip="198.51.100.7")
    by_mail = await chief.get("/api/v1/admin/accounts", email=account.email.upper())
    refused = [
        (await app.ask("GET", f"/api/v1/admin/accounts?{each}=x"))[0] for each in ("ip", "email")
    ]

    assert (seen["email"], seen["ip"]) == (account.email, "198.51.100.7")
    assert (hidden["email"], hidden["ip"], hidden["ips"]) == (None, None, [])
    assert [each["id"] for each in found] == [each["id"] for each in by_mail] == [str(mei.id)]
    assert refused == [403, 403]


async def test_who_asked_to_join_is_let_in_or_forgotten_with_a_letter_and_an_audit(place, here):
    app, _, mei, bo = place
    await Account.filter(actor_id__in=[mei.id, bo.id]).update(approved_at=None)

    waiting = await app.get("/api/v1/admin/accounts", pending="true")
    approved = await app.post(at(mei, "/approve"))
    rejected = await app.post(at(bo, "/reject"), text="Not now")
    again = await app.ask("POST", at(mei, "/approve"))

    assert {each["username"] for each in waiting} == {"mei", "bo"}
    assert approved["approved"]
    assert not rejected["approved"]
    assert again[0] == 403
    assert not await Actor.exists(id=bo.id)
    acts = await StaffAct.all().order_by("id").values("act", "reason", "about")
    assert [each["act"] for each in acts] == ["person.approve", "person.decline"]
    assert acts[1]["reason"] == "Not now"


async def test_a_measure_is_a_decision_with_rule_version_and_record(place):
    app, _, mei, _ = place

    told = await app.post(at(mei, "/action"), type="silence", **whole())

    decision = await Decision.get(id=int(told["rubric"]["decision"]))
    assert (decision.state, decision.measure) == ("in_force", "quiet")
    assert (decision.rule_id, decision.policy_version) == ("kind", 1)
    assert (decision.facts, decision.explanation) == ("You shouted.", "You shouted.")
    assert decision.summary == "Be kind"
    assert await RecordEntry.exists(measure="quiet")
    assert (await app.get(at(mei)))["silenced"]
    assert (await Case.get(id=decision.case_id)).state == "decided"


async def test_a_warning_needs_no_end_and_names_a_rule_by_number(place):
    app, _, mei, _ = place

    told = await app.post(at(mei, "/action"), type="none", text="Please.", rubric={"rule_id": "1"})

    decision = await Decision.get(id=int(told["rubric"]["decision"]))
    assert (decision.measure, decision.rule_id, decision.state) == ("warn", "kind", "in_force")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"type": "suspend", "text": "x"}, "Name the rule that was broken"),
        ({"type": "suspend", "text": "x", "rubric": {"rule_id": "1"}}, "Say when it ends"),
        ({"type": "suspend", "text": "x", "rubric": {"rule_id": "none"}}, "There is no such rule"),
        ({"type": "suspend"}, "Say what you saw"),
        (
            {"type": "silence", "text": "x", "rubric": {"rule_id": "1", "until": "2001-01-01"}},
            "day",
        ),
        ({"type": "silence", "text": "x", "rubric": {"until": "soon"}}, "is no time"),
        ({"type": "sensitive", "text": "x"}, "no measure here"),
        ({"type": "banish", "text": "x"}, "not included in the list"),
        ({"type": "none", "text": "x", "report_id": "7"}, "no report about this account"),
    ],
    ids=str,
)
async def test_what_a_guard_demands_is_said_and_nothing_is_left_half_done(place, sent, words):
    app, _, mei, _ = place

    status, body = await app.ask("POST", at(mei, "/action"), json=sent)

    assert status == 422
    assert words in body["error"]
    assert not await Case.exists()
    assert not await Decision.exists()


async def test_a_law_stands_in_the_place_of_a_rule(place):
    app, _, mei, _ = place
    rubric = {"law": "An act", "law_reference": "section 1", "no_end_because": "It is final."}

    told = await app.post(at(mei, "/action"), type="disable", text="Because.", rubric=rubric)

    decision = await Decision.get(id=int(told["rubric"]["decision"]))
    assert (decision.summary, decision.measure) == ("An act section 1", "read_only")
    assert (await app.get(at(mei)))["disabled"]


async def test_suspending_waits_for_a_second_person_where_the_policy_says_so(place):
    app, _, mei, _ = place

    told = await app.post(at(mei, "/action"), type="suspend", **whole())

    assert told["rubric"]["state"] == "needs_second"
    assert not (await app.get(at(mei)))["suspended"]


async def test_measures_are_lifted_with_a_reason_and_once(place):
    app, _, mei, _ = place
    for kind in ("silence", "disable"):
        await app.post(at(mei, "/action"), type=kind, **whole())

    refused = await app.ask("POST", at(mei, "/unsilence"))
    heard = await app.post(at(mei, "/unsilence"), text="They said sorry.")
    freed = await app.post(at(mei, "/enable"), rubric={"reason": "They said sorry."})
    again = await app.post(at(mei, "/unsilence"))
    never = await app.post(at(mei, "/unsensitive"))

    assert refused[0] == 422
    assert "Say why it is lifted" in refused[1]["error"]
    assert (heard["silenced"], heard["disabled"]) == (False, True)
    assert not freed["disabled"]
    assert not again["silenced"]
    assert not never["sensitized"]
    assert {each.state for each in await Decision.all()} == {"lifted"}


async def test_an_account_is_closed_by_a_decision_and_never_until_a_day(place):
    app, _, _, _ = place
    zoe = await stranger("zoe")
    await Account.filter(role="admin").update(role="member")

    refused, body = await app.ask("DELETE", at(zoe), json=whole())
    closed = await app.ask("DELETE", at(zoe), json={"text": "x", "rubric": {"rule_id": "1"}})

    assert refused == 422
    assert "closed for good" in body["error"]
    assert closed[0] == 200
    assert closed[1]["suspended"]


async def test_a_report_is_settled_by_the_action_that_names_it(place):
    app, _, mei, bo = place
    note = await noted(mei, "<p>LOUD</p>")
    report = await file_report(bo, mei, notes=[note], rules=["kind"], comment="Too loud")

    told = await app.post(
        at(mei, "/action"), type="none", report_id=str(report.id), text="Please be quiet."
    )
    shown = await app.get(f"/api/v1/admin/reports/{report.id}")

    assert (await Decision.get(id=int(told["rubric"]["decision"]))).rule_id == "kind"
    assert shown["action_taken"]
    assert shown["rubric"]["outcome"] == "upheld"
    assert shown["action_taken_by_account"]["username"] == "mod"
    assert [each["id"] for each in shown["statuses"]] == [str(note.id)]


async def test_who_is_part_of_it_takes_no_measure(place):
    _, chief, mei, _ = place
    admin = await Account.get(role="admin").select_related("actor")
    report = await file_report(admin.actor, mei, rules=["kind"], comment="Mine")

    status, body = await chief.ask(
        "POST", at(mei, "/action"), json={"type": "none", "text": "x", "report_id": str(report.id)}
    )

    assert status == 403
    assert "You are part of this case" in body["error"]


async def test_the_server_itself_is_no_account(place, here):
    app, *_ = place
    ours = await Actor.get(local_name=here.server.account_domain)

    assert (await app.ask("GET", at(ours)))[0] == 404
    assert ours.id not in [int(each["id"]) for each in await app.get("/api/v1/admin/accounts")]


async def test_measures_are_counted_day_by_day(place):
    app, _, mei, bo = place
    await file_report(bo, mei, rules=["kind"])
    today = now().date().isoformat()
    day_before = (now() - timedelta(days=1)).date().isoformat()

    found = await app.post(
        "/api/v1/admin/measures",
        keys=["new_users", "opened_reports", "resolved_reports", "active_users"],
        start_at=day_before,
        end_at=today,
    )

    assert [each["key"] for each in found] == ["new_users", "opened_reports", "resolved_reports"]
    assert [each["total"] for each in found] == ["4", "1", "0"]
    assert [each["value"] for each in found[1]["data"]] == ["0", "1"]


async def test_measures_of_a_server_are_about_the_one_that_is_named(place):
    app, *_ = place
    zoe = await stranger("zoe")
    today = now().date().isoformat()
    asked = {"keys": ["instance_accounts"], "start_at": today, "end_at": today}

    found = await app.post(
        "/api/v1/admin/measures", **asked, instance_accounts={"domain": zoe.host}
    )
    lacking = await app.ask("POST", "/api/v1/admin/measures", json=asked)

    assert found[0]["total"] == "1"
    assert lacking[0] == 400


async def test_dimensions_name_languages_servers_programs_and_space(place):
    app, _, mei, _ = place
    await Account.filter(actor_id=mei.id).update(locale="zh-Hans")
    await Account.all().update(seen_at=now())
    today = now().date().isoformat()

    found = await app.post(
        "/api/v1/admin/dimensions",
        keys=["languages", "servers", "software_versions", "space_usage", "sources"],
        start_at=today,
        end_at=today,
    )

    data = {each["key"]: each["data"] for each in found}
    assert [(each["key"], each["value"]) for each in data["languages"]] == [
        ("en", "3"),
        ("zh-Hans", "1"),
    ]
    assert data["servers"][0]["value"] == "4"
    assert data["software_versions"][0]["key"] == "rubric"
    assert int(data["space_usage"][0]["value"]) > 10_000
    assert "sources" not in data


async def test_retention_tells_of_cohorts_who_came_back(place):
    app, _, mei, bo = place
    begin = now() - timedelta(days=2)
    await Account.filter(actor_id__in=[mei.id, bo.id]).update(created_at=begin, seen_at=begin)
    await Account.filter(actor_id=mei.id).update(seen_at=now())

    found = await app.post(
        "/api/v1/admin/retention",
        start_at=begin.date().isoformat(),
        end_at=now().date().isoformat(),
        frequency="day",
    )

    assert [each["value"] for each in found[0]["data"]] == ["2", "1", "1"]
    assert [each["rate"] for each in found[0]["data"]] == [1.0, 0.5, 0.5]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"start_at": "2026-02-01", "end_at": "2026-01-01"}, 422),
        ({"start_at": "2020-01-01", "end_at": "2026-01-01"}, 422),
        ({"start_at": "2026-01-01", "end_at": "9999-12-31"}, 422),
        ({"start_at": "2026-01-01", "end_at": "2026-06-01", "frequency": "day"}, 422),
        ({"start_at": "2026-01-01", "end_at": "2026-01-02", "frequency": "hour"}, 422),
    ],
    ids=str,
)
async def test_periods_that_cannot_be_counted_are_refused(place, sent, status):
    app, *_ = place

    told = await app.ask("POST", "/api/v1/admin/retention", json=sent)

    assert told[0] == status


async def test_nothing_counts_as_a_cohort_of_months(place):
    app, *_ = place

    found = await app.post(
        "/api/v1/admin/retention", start_at="2020-01-15", end_at="2020-03-02", frequency="month"
    )

    assert [each["period"][:10] for each in found] == ["2020-01-01", "2020-02-01", "2020-03-01"]
    assert found[0]["data"][0]["rate"] == 0.0


async def test_names_longer_than_any_are_nobodys(place):
    _, app, *_ = place

    for field in ("username", "display_name", "by_domain", "email", "ip"):
        for words in ("a" * 70_000, "%_!" * 30_000):
            told = await app.ask("GET", "/api/v2/admin/accounts", json={field: words})
            assert told == (200, []), field
