"""The admin API for reports: they are found, taken, given back, settled and opened again."""

import pytest

from actors.accounts import Role
from moderation.audit import StaffAct
from moderation.cases import Case
from moderation.filing import file_report
from moderation.reports import Report
from tests.factories import noted
from tests.web.api.village import put_rules

REPORTS = "/api/v1/admin/reports"


@pytest.fixture
async def place(settle, client):
    """Two moderators' apps, and a report of Bo about Mei that names a private note."""
    put_rules()
    mod, other = [await settle(each, role=Role.MODERATOR) for each in ("mod", "other")]
    mei, bo = await settle("mei"), await settle("bo")
    report = await file_report(bo, mei, rules=["kind"], comment="Too loud")
    note = await noted(mei, "<p>LOUD</p>", audience="followers")
    await Report.filter(id=report.id).update(notes=[note.id])
    staff = ("admin:read", "admin:write")
    return await client(mod, *staff), await client(other, *staff), report


async def test_a_report_shows_both_sides_its_rules_and_the_notes_a_recipient_named(place):
    app, _, report = place

    [shown] = await app.get(REPORTS)

    assert shown["id"] == str(report.id)
    assert (shown["category"], shown["comment"]) == ("violation", "Too loud")
    assert shown["account"]["username"] == "bo"
    assert shown["target_account"]["username"] == "mei"
    assert [each["rubric"]["id"] for each in shown["rules"]] == ["kind"]
    assert ["LOUD" in each["content"] for each in shown["statuses"]] == [True]
    assert not shown["action_taken"]
    assert shown["assigned_account"] is None
    assert shown["rubric"]["state"] == "in_case"


async def test_reports_are_found_by_who_made_them_and_about_whom(place):
    app, _, report = place

    async def ids(**params):
        return [each["id"] for each in await app.get(REPORTS, **params)]

    number = str(report.id)
    assert await ids(account_id=str(report.reporter_id)) == [number]
    assert await ids(target_account_id=str(report.target_id)) == [number]
    assert await ids(account_id=str(report.target_id)) == []
    assert await ids(resolved="true") == []
    assert await ids(max_id=number) == []
    assert await ids(min_id=str(report.id - 1)) == [number]
    assert await ids(account_id="nobody") == []


async def test_a_report_of_a_server_is_by_the_actor_that_sent_it_or_by_us(place):
    app, _, report = place
    await Report.filter(id=report.id).update(reporter_id=None, reporter_host="loud.example")

    [shown] = await app.get(REPORTS)

    assert shown["account"]["role"] is None


async def test_a_case_is_taken_by_one_and_given_back(place):
    app, other, report = place
    at = f"{REPORTS}/{report.id}"

    taken = await app.post(f"{at}/assign_to_self")
    refused = await other.ask("POST", f"{at}/assign_to_self")
    not_theirs = await other.ask("POST", f"{at}/unassign")
    given = await app.post(f"{at}/unassign")
    again = await app.ask("POST", f"{at}/unassign")

    assert taken["assigned_account"]["username"] == "mod"
    assert refused[0] == not_theirs[0] == again[0] == 403
    assert "Someone else has taken this case" in refused[1]["error"]
    assert given["assigned_account"] is None
    assert [each.act for each in await StaffAct.all().order_by("id")] == [
        "case.claim",
        "case.release",
    ]


async def test_settling_without_a_decision_takes_a_reason(place):
    app, _, report = place
    at = f"{REPORTS}/{report.id}"

    refused = await app.ask("POST", f"{at}/resolve")
    left = (await Case.get(id=report.case_id)).state
    settled = await app.post(f"{at}/resolve", text="It was no shouting.")
    again = await app.ask("POST", f"{at}/resolve", json={"text": "x"})

    assert refused[0] == 422
    assert "say why no rule was broken" in refused[1]["error"]
    assert left == "open"
    assert settled["action_taken"]
    assert settled["action_taken_by_account"]["username"] == "mod"
    assert settled["rubric"]["outcome"] == "not_upheld"
    assert again[0] == 403
    assert [each["id"] for each in await app.get(REPORTS, resolved="true")] == [str(report.id)]


async def test_an_outcome_is_one_of_those_there_are(place):
    app, _, report = place

    status, body = await app.ask(
        "POST",
        f"{REPORTS}/{report.id}/resolve",
        json={"text": "x", "rubric": {"outcome": "banished"}},
    )

    assert (status, "Choose what was found" in body["error"]) == (422, True)


async def test_a_settled_report_is_opened_again_for_someone_else_with_a_reason(place):
    app, other, report = place
    at = f"{REPORTS}/{report.id}"
    await app.post(f"{at}/resolve", text="It was no shouting.")

    refused = await app.ask("POST", f"{at}/reopen")
    opened = await app.post(f"{at}/reopen", rubric={"reason": "A recording came."})
    own = await app.ask("POST", f"{at}/assign_to_self")
    taken = await other.post(f"{at}/assign_to_self")
    await other.post(f"{at}/unassign")
    still = await app.ask("POST", f"{at}/assign_to_self")

    assert refused[0] == 422
    assert "Say what is new" in refused[1]["error"]
    assert opened["id"] == str(report.id)
    assert own[0] == still[0] == 403
    assert "decided by you" in own[1]["error"]
    assert taken["assigned_account"]["username"] == "other"


async def test_which_rules_a_report_is_about_is_changed_with_an_audit(place):
    app, _, report = place
    at = f"{REPORTS}/{report.id}"

    async def put(**values):
        return await app.ask("PUT", at, json=values)

    assert (await put(category="other"))[1]["category"] == "other"
    assert [each["id"] for each in (await put(rule_ids=["1"]))[1]["rules"]] == ["1"]
    assert (await put(category="violation"))[1]["category"] == "violation"
    assert (await put(category="spam"))[0] == 422
    assert (await put(rule_ids=["99"]))[0] == 422
    acts = await StaffAct.filter(act="report.rules").order_by("id")
    assert [(each.before["rules"], each.after["rules"]) for each in acts] == [
        (["kind"], []),
        ([], ["kind"]),
    ]

    await app.post(f"{at}/resolve", text="It was no shouting.")
    assert (await put(category="other"))[0] == 403


async def test_what_is_not_there_is_missing(place):
    app, _, _ = place

    for method, act in (("GET", ""), ("PUT", ""), ("POST", "/resolve"), ("POST", "/reopen")):
        assert (await app.ask(method, f"{REPORTS}/7{act}"))[0] == 404


async def test_MOD_01_who_is_reported_reads_nothing_of_it_though_a_moderator(settle, client):
    put_rules()
    mod, jo = await settle("mod", role=Role.MODERATOR), await settle("jo")
    app = await client(mod, "admin:read", "admin:write")
    report = await file_report(jo, mod, comment="Shouts at newcomers")

    listed = await app.get("/api/v1/admin/reports")
    status, _ = await app.ask("GET", f"/api/v1/admin/reports/{report.id}")

    assert listed == []
    assert status == 404
