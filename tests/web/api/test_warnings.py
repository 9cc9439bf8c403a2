"""Decisions about somebody, as their apps read them."""

import pytest

from actors.accounts import Role
from inbox.notifications import Event, Notification
from moderation import appealing, deciding, hearing
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from notes.uploads import keep_upload
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.deciding import appeal_of, decided, taken
from tests.moderation.drafts import policy_of
from tests.web.api.test_media import picture

NOTIFICATIONS = "/api/v1/notifications"


@pytest.fixture
async def house(here, settle):
    """Two moderators, an author with a note, and who reports it."""
    put_in_force(policy_of())
    mod, other = (await settle("mod", role=Role.MODERATOR), await settle("other", role=Role.ADMIN))
    mei, jo = await settle("mei"), await settle("jo")
    return mod, other, mei, jo, await publish(mei, Draft(text="Buy my watches"))


async def warning(app) -> dict:
    """The one decision that someone was told of."""
    (told,) = await app.get(NOTIFICATIONS, types=["moderation_warning"])
    return told


async def test_a_decision_is_told_with_its_explanation_its_rule_and_where_to_appeal(
    house, client, settle_down
):
    mod, _, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "hide", note_id=note.id)
    await settle_down()
    app = await client(mei)

    told = await warning(app)
    grouped = await app.get("/api/v2/notifications")

    entry = await RecordEntry.get(decision_id=decision.id)
    said = told["moderation_warning"]
    assert (told["type"], told["account"]["bot"]) == ("moderation_warning", True)
    assert (said["id"], said["action"]) == (str(decision.id), "delete_statuses")
    assert said["text"] == "We keep this place free of advertising."
    assert (said["status_ids"], said["appeal"]) == ([str(note.id)], None)
    assert said["target_account"]["username"] == "mei"
    assert (said["rubric"]["measure"], said["rubric"]["rule"]) == ("hide", "no-ads")
    assert f"/d/{decision.id}." in said["rubric"]["url"]
    assert said["rubric"]["record_url"].endswith(f"/record/{entry.id}")
    assert grouped["notification_groups"][0]["moderation_warning"] == said
    assert "SECRET" not in str(told)


async def test_the_appeal_is_told_with_what_came_of_it(house, client, settle_down):
    mod, other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "warn")
    await settle_down()
    app = await client(mei)

    await appealing.file(decision, "It was a joke.")
    pending = (await warning(app))["moderation_warning"]["appeal"]
    await hearing.take_up(await appeal_of(decision), other)
    await hearing.settle(await appeal_of(decision), other, "overturned", "A joke indeed.")
    approved = (await warning(app))["moderation_warning"]

    assert pending == {"text": "It was a joke.", "state": "pending"}
    assert approved["appeal"] == {"text": "It was a joke.", "state": "approved"}
    assert approved["rubric"]["state"] == "overturned"


async def test_nobody_but_the_one_concerned_is_told_and_they_once(house, client, settle_down):
    mod, _, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "quiet", note_id=note.id)
    await settle_down()
    await deciding.lift(decision, mod, "Enough.")
    await settle_down()

    (told,) = await Notification.filter(event=Event.WARNING)

    assert (told.reader_id, told.about) == (mei.id, decision.id)
    assert await (await client(jo)).get(NOTIFICATIONS, types=["moderation_warning"]) == []


async def test_a_removed_status_says_by_which_decision_and_a_private_one_says_nothing(
    house, client
):
    mod, _, mei, jo, note = house
    private = await publish(mei, Draft(text="for us", audience="followers"))
    case = await taken(jo, mei, mod, note)
    decision = await decided(case, mod, "hide", note_id=note.id, settles=False)
    await decided(case, mod, "hide", note_id=private.id)
    app = await client(jo)

    removed = await app.ask("GET", f"/api/v1/statuses/{note.id}")
    hidden = await app.ask("GET", f"/api/v1/statuses/{private.id}")

    entry = await RecordEntry.get(decision_id=decision.id)
    assert removed[1]["rubric"]["removed"]["record_url"].endswith(f"/record/{entry.id}")
    assert removed[1]["rubric"]["removed"]["rule"] == "1. No advertising"
    assert removed[0] == 404
    assert hidden == (404, {"error": "Record not found"})


async def test_an_appeal_takes_pictures_that_an_app_uploaded(house, client, settle_down):
    mod, _other, mei, jo, note = house
    decision = await decided(await taken(jo, mei, mod, note), mod, "warn")
    kept, theirs = await keep_upload(mei, picture()), await keep_upload(jo, picture())
    app = await client(mei)
    path = f"/api/rubric/v1/decisions/{decision.id}/appeal"

    foreign = await app.ask("POST", path, json={"text": "No.", "media_ids": [str(theirs.id)]})
    many = await app.ask("POST", path, json={"text": "No.", "media_ids": list("12345")})
    filed = await app.post(path, text="It was a joke.", media_ids=[str(kept.id)])

    [shown] = filed["rubric"]["appeal_media"]
    assert (foreign[0], many[0]) == (422, 422)
    assert (shown["id"], shown["type"]) == (str(kept.id), "image")
    assert "stamp=" in shown["url"]
    assert (await app.ask("GET", f"/api/v1/media/{kept.id}"))[0] == 404
    assert (await app.ask("DELETE", f"/api/v1/media/{kept.id}"))[0] == 422
