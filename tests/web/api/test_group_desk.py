"""The desk of a group by an app: reports its moderators answer, appeals, and who disagrees."""

from datetime import timedelta

import pytest

from actors.accounts import Role as StaffRole
from actors.actor import Actor
from actors.groups import make_group
from actors.memberships import Role, State, membership_of, stand
from core.clock import now
from inbox.notifications import Notification
from moderation import group_acts, group_offices
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.policy import put_in_force
from moderation.reports import Outcome, Report, ReportState
from moderation.states import AppealState, DecisionState, Scope
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.drafts import policy_of

DECISIONS = "/api/rubric/v1/decisions"
NOBODYS = 4_611_686_018_427_387_904


@pytest.fixture
async def mei(settle):
    put_in_force(policy_of())
    return await settle("mei", title="Mei Lin")


@pytest.fixture
async def tea(mei):
    return await make_group(mei, "tea", title="Tea", rules={"en": ["Be kind"]})


@pytest.fixture
async def ana(settle, tea):
    return await member(await settle("ana"), tea)


@pytest.fixture
async def ben(settle, tea):
    return await member(await settle("ben"), tea)


@pytest.fixture
async def app(client, mei):
    return await client(mei)


@pytest.fixture
async def as_ana(client, ana):
    return await client(ana)


@pytest.fixture
async def as_ben(client, ben):
    return await client(ben)


@pytest.fixture
def at(tea):
    return f"/api/rubric/v1/groups/{tea.id}"


async def member(person, tea, role=Role.MEMBER):
    await stand(person.id, tea.id, State.MEMBER, role=role)
    return person


async def inside(author, tea, settle_down, text="Rude words"):
    note = await publish(author, Draft(text=text, group_id=tea.id))
    await settle_down()
    return await Note.get(id=note.id).select_related("author")


async def reported(app, note, settle_down):
    """Report a note to those who run its group; return what of it stands on their desk."""
    await app.post(
        "/api/v1/reports",
        account_id=str(note.author_id),
        status_ids=[str(note.id)],
        comment="Rude.",
        rubric={"to": "group"},
    )
    await settle_down()
    return str((await Report.all().order_by("-id").first()).case_id)


async def test_a_report_is_listed_and_read_without_who_made_it(
    app, as_ben, ana, ben, tea, at, settle_down
):
    note = await inside(ana, tea, settle_down)
    number = await reported(as_ben, note, settle_down)

    [line] = await app.get(f"{at}/reports")
    whole = await app.get(f"{at}/reports/{number}")

    assert (line["id"], line["state"], line["reports_count"]) == (number, "open", 1)
    assert (line["target_account"]["acct"], line["claimed_by"]) == ("ana", None)
    assert line["overdue"] is False
    assert {name: whole[name] for name in line} == line
    [said] = whole["reports"]
    assert (said["comment"], said["category"], said["host"]) == ("Rude.", "other", None)
    assert said["status_ids"] == [each["id"] for each in whole["statuses"]] == [str(note.id)]
    assert (whole["decisions"], whole["no_breach"], whole["bar"]) == ([], None, None)
    assert str(ben.id) not in str(whole)
    assert await app.get(f"{at}/reports", settled="true") == []


async def test_it_is_answered_with_a_measure_of_the_group(app, as_ben, ana, tea, at, settle_down):
    note = await inside(ana, tea, settle_down)
    desk = f"{at}/reports/{await reported(as_ben, note, settle_down)}/decide"
    wanted = {"measure": "remove", "status_id": str(note.id), "rule": 1}

    wrong = [
        (await app.ask("POST", desk, json=each))[0]
        for each in (
            {},
            {"measure": "suspend", "reason": "So"},
            wanted,
            wanted | {"reason": " "},
            wanted | {"reason": "So", "rule": 7},
            wanted | {"reason": "So", "status_id": str(NOBODYS)},
            {"measure": "leave_group", "reason": "So", "until": "soon"},
            {"measure": "leave_group", "reason": "So", "until": "2001-01-01"},
        )
    ]
    status, after = await app.ask(
        "POST", desk, json=wanted | {"reason": "Insults", "to_reporters": "Thanks."}
    )
    await settle_down()
    again, _ = await app.ask("POST", desk, json=wanted | {"reason": "Insults"})

    assert wrong == [400, 422, 422, 422, 422, 422, 422, 422]
    assert (status, again, after["state"]) == (200, 403, "decided")
    [decision] = after["decisions"]
    assert (decision["measure"], decision["reason"]) == ("remove", "Insults")
    assert (decision["rule"], decision["status_id"]) == ("Be kind", str(note.id))
    report = await Report.get()
    assert (report.state, report.outcome) == (ReportState.ANSWERED, Outcome.UPHELD)
    assert report.answer == "Thanks."
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.REMOVED
    assert await app.get(f"{at}/reports") == []
    assert [each["id"] for each in await app.get(f"{at}/reports", settled="1")] == [after["id"]]


@pytest.mark.parametrize("measure", ["close", "leave_group"])
async def test_the_thread_is_closed_or_the_person_put_out(
    app, as_ben, ana, tea, at, settle_down, measure
):
    note = await inside(ana, tea, settle_down)
    number = await reported(as_ben, note, settle_down)

    await app.post(
        f"{at}/reports/{number}/decide",
        measure=measure,
        status_id=str(note.id),
        reason="Enough",
        until="2099-01-01",
    )

    is_out = (await membership_of(ana, tea)).is_banned
    is_locked = (await GroupPost.get(note_id=note.id)).locked_at is not None
    assert (is_out, is_locked) == (measure == "leave_group", measure == "close")


async def test_that_no_rule_was_broken_takes_the_reason(app, as_ben, ana, tea, at, settle_down):
    note = await inside(ana, tea, settle_down)
    desk = f"{at}/reports/{await reported(as_ben, note, settle_down)}/decide"

    bare, _ = await app.ask("POST", desk, json={"measure": "none"})
    upheld, _ = await app.ask(
        "POST", desk, json={"measure": "none", "reason": "A joke", "outcome": "upheld"}
    )
    misuse, _ = await app.ask(
        "POST", desk, json={"measure": "none", "reason": "A joke", "outcome": "misuse"}
    )
    after = await app.post(desk, measure="none", reason="A joke")

    assert (bare, upheld, misuse) == (422, 422, 422)
    assert (after["no_breach"], after["decisions"]) == ("A joke", [])
    assert (await Report.get()).outcome is Outcome.NOT_UPHELD


async def test_it_is_handed_on_to_the_server_with_the_reason(
    app, as_ben, ana, tea, at, settle, settle_down
):
    boss = await settle("boss", role=StaffRole.ADMIN)
    note = await inside(ana, tea, settle_down)
    number = await reported(as_ben, note, settle_down)

    bare, _ = await app.ask("POST", f"{at}/reports/{number}/hand_on", json={"reason": " "})
    assert await app.post(f"{at}/reports/{number}/hand_on", reason="A threat") == {}
    await settle_down()

    assert bare == 422
    assert (await Case.get()).scope is Scope.SERVER
    assert await Notification.exists(reader_id=boss.id)
    assert (await app.ask("GET", f"{at}/reports/{number}"))[0] == 404


async def test_MOD_01_members_and_strangers_are_refused_and_nothing_is_decided(
    as_ben, as_ana, client, settle, ana, tea, at, settle_down
):
    note = await inside(ana, tea, settle_down)
    number = await reported(as_ben, note, settle_down)
    other = await settle("lin")
    coffee = await make_group(other, "coffee", title="Coffee")
    as_lin = await client(other)
    calls = (
        ("GET", f"{at}/reports"),
        ("GET", f"{at}/reports/{number}"),
        ("POST", f"{at}/reports/{number}/decide"),
        ("POST", f"{at}/reports/{number}/hand_on"),
        ("GET", f"{at}/appeals"),
    )
    sent = {"measure": "none", "reason": "So"}

    for app in (as_ben, as_ana, as_lin):
        told = [(await app.ask(*call, json=sent))[0] for call in calls]
        assert told == [403] * len(calls)
    nobody = await client()
    assert [(await nobody.ask(*call, json=sent))[0] for call in calls] == [401] * len(calls)
    # Who runs another group does not reach it by that one's address.
    elsewhere = f"/api/rubric/v1/groups/{coffee.id}/reports/{number}"
    assert (await as_lin.ask("GET", elsewhere))[0] == 404
    assert (await as_lin.ask("POST", f"{elsewhere}/decide", json=sent))[0] == 404
    assert (await Report.get()).state is ReportState.IN_CASE


async def test_MOD_01_who_is_part_of_it_does_not_decide(
    app, as_ben, as_ana, ana, ben, tea, at, settle_down
):
    note = await inside(ana, tea, settle_down)
    number = await reported(as_ben, note, settle_down)
    for person in (ana, ben):
        await member(person, tea, Role.MODERATOR)
    sent = {"measure": "none", "reason": "So"}

    whole = await as_ben.get(f"{at}/reports/{number}")
    by_reporter = await as_ben.ask("POST", f"{at}/reports/{number}/decide", json=sent)

    assert "part of this case" in whole["bar"]
    assert by_reporter[0] == 403
    assert await as_ana.get(f"{at}/reports") == []
    assert (await as_ana.ask("GET", f"{at}/reports/{number}"))[0] == 404
    assert (await as_ana.ask("POST", f"{at}/reports/{number}/decide", json=sent))[0] == 404
    assert not await Decision.exists()


async def test_reports_come_in_pages_down_their_list(
    app, as_ben, ana, settle, tea, at, settle_down
):
    numbers = []
    for name in ("cai", "dan", "eve"):
        author = await member(await settle(name), tea)
        note = await inside(author, tea, settle_down)
        numbers.append(await reported(as_ben, note, settle_down))

    async def pages(path):
        found = []
        while path:
            answer = await app.send("GET", path)
            found.append([each["id"] for each in await answer.json()])
            assert set(answer.links) <= {"next"}
            path = str(answer.links["next"]["url"]) if "next" in answer.links else ""
        return found

    waiting = await pages(f"{at}/reports?limit=2")
    for number in numbers:
        await app.post(f"{at}/reports/{number}/decide", measure="none", reason="Fine")
    settled = await pages(f"{at}/reports?settled=true&limit=2")

    assert waiting == [numbers[:2], numbers[2:]]
    assert settled == [numbers[:0:-1], numbers[:1]]


async def test_an_appeal_is_filed_by_the_person_and_heard_by_another_moderator(
    app, as_ana, as_ben, ana, ben, tea, at, mei, settle_down
):
    note = await inside(ana, tea, settle_down)
    decision = await group_acts.remove(mei, tea, note, reason="Insults", rule=1)
    await member(ben, tea, Role.MODERATOR)
    mine = f"{DECISIONS}/{decision.id}"

    [told] = await as_ana.get(DECISIONS)
    bare, _ = await as_ana.ask("POST", f"{mine}/appeal", json={"text": " "})
    long, _ = await as_ana.ask("POST", f"{mine}/appeal", json={"text": "x" * 2001})
    filed = await as_ana.post(f"{mine}/appeal", text="It was a quotation.")
    twice, _ = await as_ana.ask("POST", f"{mine}/appeal", json={"text": "Again"})
    await settle_down()
    [waiting] = await as_ben.get(f"{at}/appeals")
    desk = f"{at}/appeals/{waiting['id']}"
    by_decider = [
        (await app.ask("POST", f"{desk}/{each}", json=sent))[0]
        for each, sent in (
            ("take", {}),
            ("settle", {"outcome": "upheld", "reasons": "So"}),
            ("refuse", {"ground": "late", "reasons": "So"}),
        )
    ]
    early, _ = await as_ben.ask(
        "POST", f"{desk}/settle", json={"outcome": "overturned", "reasons": "x"}
    )
    taken = await as_ben.post(f"{desk}/take")
    wrong = [
        (await as_ben.ask("POST", f"{desk}/settle", json=each))[0]
        for each in ({}, {"outcome": "amended", "reasons": "x"}, {"outcome": "overturned"})
    ]
    done = await as_ben.post(f"{desk}/settle", outcome="overturned", reasons="It was.")
    await settle_down()
    after = await as_ana.get(mine)

    assert (told["id"], told["text"]) == (str(decision.id), "Insults")
    assert (told["rubric"]["group_id"], told["appeal"]) == (str(tea.id), None)
    assert (bare, long, twice) == (422, 422, 403)
    assert filed["appeal"] == {"text": "It was a quotation.", "state": "pending"}
    assert (waiting["state"], waiting["text"]) == ("filed", "It was a quotation.")
    assert (waiting["account"]["acct"], waiting["reviewer"]) == ("ana", None)
    assert waiting["decision"]["rule"] == "Be kind"
    assert (by_decider, early, wrong) == ([403, 403, 403], 403, [400, 422, 422])
    assert (taken["state"], taken["reviewer"]["acct"]) == ("in_review", "ben")
    assert (done["state"], done["reasons"]) == ("overturned", "It was.")
    assert done["decision"]["state"] == "overturned"
    assert (after["appeal"]["state"], after["rubric"]["appeal_reasons"]) == ("approved", "It was.")
    assert (await Decision.get()).state is DecisionState.OVERTURNED
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    assert await as_ben.get(f"{at}/appeals") == []


async def test_an_appeal_is_not_heard_with_its_ground_and_ones_own_is_for_others(
    app, as_ana, as_ben, ana, ben, tea, at, mei
):
    await member(ben, tea, Role.MODERATOR)
    await group_offices.ban(mei, tea, ben, reason="Loud")
    decision = await group_offices.ban(mei, tea, ana, reason="Insults")
    await member(ben, tea, Role.MODERATOR)
    own = await Decision.get(actor_id=ben.id)
    for person, about in ((as_ana, decision), (as_ben, own)):
        await person.post(f"{DECISIONS}/{about.id}/appeal", text="You are all fools.")
    desk = f"{at}/appeals/{(await Appeal.get(decision_id=decision.id)).id}"
    theirs = f"{at}/appeals/{(await Appeal.get(decision_id=own.id)).id}"

    wrong = [
        (await as_ben.ask("POST", f"{desk}/refuse", json=each))[0]
        for each in ({"reasons": "x"}, {"ground": "rude", "reasons": "x"}, {"ground": "abusive"})
    ]
    listed = await as_ben.get(f"{at}/appeals")
    done = await as_ben.post(f"{desk}/refuse", ground="abusive", reasons="Only insults")
    second, _ = await as_ana.ask(
        "POST", f"{DECISIONS}/{decision.id}/appeal", json={"text": "Still"}
    )
    third = await as_ana.post(
        f"{DECISIONS}/{decision.id}/appeal", text="Still", new_facts="A witness"
    )

    assert wrong == [400, 422, 422]
    assert [each["account"]["acct"] for each in listed] == ["ana"]
    assert (await as_ben.ask("GET", theirs))[0] == 404
    assert (await as_ben.ask("POST", f"{theirs}/take"))[0] == 404
    assert (done["state"], second) == ("inadmissible", 422)
    assert third["appeal"] == {"text": "Still", "state": "pending"}
    assert (await Appeal.get(decision_id=decision.id, number=2)).state is AppealState.FILED


async def test_the_time_to_appeal_ends(as_ana, ana, tea, mei):
    decision = await group_offices.ban(mei, tea, ana, reason="Insults")
    await Appeal.all().update(window_ends_at=now() - timedelta(hours=1))

    status, _ = await as_ana.ask("POST", f"{DECISIONS}/{decision.id}/appeal", json={"text": "No"})

    assert status == 403


async def test_OAU_06_decisions_about_others_are_not_there(
    as_ana, as_ben, app, ana, tea, mei, client
):
    decision = await group_offices.ban(mei, tea, ana, reason="Insults")
    at = f"{DECISIONS}/{decision.id}"

    for other in (as_ben, app):
        assert await other.get(DECISIONS) == []
        assert (await other.ask("GET", at))[0] == 404
        assert (await other.ask("POST", f"{at}/appeal", json={"text": "No"}))[0] == 404
    assert (await (await client()).ask("GET", DECISIONS))[0] == 401
    assert (await (await client(ana, "write")).ask("GET", at))[0] == 403
    assert (await (await client(ana, "read")).ask("POST", f"{at}/appeal"))[0] == 403
    assert [(await as_ana.ask("GET", f"{DECISIONS}/{each}"))[0] for each in (0, NOBODYS)] == [
        404
    ] * 2
    assert not await Appeal.exists(filed_at__not_isnull=True)


async def test_what_was_decided_comes_in_pages_both_ways(as_ana, ana, tea, mei, settle_down):
    notes = [await inside(ana, tea, settle_down, f"Words {each}") for each in range(3)]
    ids = [str((await group_acts.remove(mei, tea, note, reason="So")).id) for note in notes][::-1]

    first = await as_ana.send("GET", f"{DECISIONS}?limit=2")
    older = await as_ana.get(str(first.links["next"]["url"]))
    newer = await as_ana.get(f"{DECISIONS}?min_id={ids[2]}")

    assert [each["id"] for each in await first.json()] == ids[:2]
    assert [each["id"] for each in older] == ids[2:]
    assert [each["id"] for each in newer] == ids[:2]


async def test_a_group_elsewhere_has_no_desk_here(app, client):
    from_elsewhere = await Actor.create(
        uri="https://lemmy.example/c/tea", kind="Group", name="tea", host="lemmy.example"
    )

    status, _ = await app.ask("GET", f"/api/rubric/v1/groups/{from_elsewhere.id}/reports")

    assert status == 403
