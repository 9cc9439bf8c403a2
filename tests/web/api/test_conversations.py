"""Private threads as apps list them, and threads that one hears no more of."""

import pytest

from inbox.notifications import Notification
from tests.factories import addressed, noted

PATH = "/api/v1/conversations"


async def told(author, *people, **columns):
    """A note for named people alone."""
    note = await noted(author, audience="people", **columns)
    for person in people:
        await addressed(note, person)
    return note


async def test_a_conversation_has_every_field(settle, client):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    first = await told(ana, mei, bo)
    answer = await told(bo, mei, ana, answers=first)

    [found] = await (await client(mei)).get(PATH)

    assert found["id"] == str(first.id)
    assert found["unread"] is True
    assert [each["username"] for each in found["accounts"]] == ["bo", "ana"]
    assert found["last_status"]["id"] == str(answer.id)
    assert found["last_status"]["visibility"] == "direct"


async def test_conversations_are_read_and_unread(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    first = await told(ana, mei)
    app = await client(mei)

    read = await app.post(f"{PATH}/{first.id}/read")
    [listed] = await app.get(PATH)
    unread = await app.post(f"{PATH}/{first.id}/unread")
    await app.post(f"{PATH}/{first.id}/read")
    await told(ana, mei, answers=first)
    [newer] = await app.get(PATH)

    assert read["unread"] is listed["unread"] is False
    assert unread["unread"] is newer["unread"] is True


async def test_what_one_wrote_last_is_read(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    first = await told(ana, mei)
    await told(mei, ana, answers=first)
    alone = await told(mei)

    found = await (await client(mei)).get(PATH)

    assert [each["unread"] for each in found] == [False, False]
    assert [each["username"] for each in found[0]["accounts"]] == ["mei"]
    assert found[0]["id"] == str(alone.id)


async def test_a_conversation_thrown_away_is_back_with_the_next_note(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    first = await told(ana, mei)
    app = await client(mei)

    gone = await app.ask("DELETE", f"{PATH}/{first.id}")
    empty = await app.get(PATH)
    again = await app.ask("DELETE", f"{PATH}/{first.id}")
    others = await (await client(ana)).get(PATH)
    await told(ana, mei, answers=first)

    assert gone == (200, {})
    assert empty == []
    assert again[0] == 404
    assert len(others) == len(await app.get(PATH)) == 1


@pytest.mark.parametrize(
    ("method", "end"), [("DELETE", ""), ("POST", "/read"), ("POST", "/unread")]
)
async def test_OAU_06_others_conversations_are_not_there(settle, client, method, end):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    first = await told(ana, bo)
    public = await noted(ana)
    app = await client(mei)

    for wanted in (first.id, public.id, "x", 0):
        assert (await app.ask(method, f"{PATH}/{wanted}{end}"))[0] == 404
    assert await app.get(PATH) == []


async def test_conversations_have_pages(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    notes = [await told(ana, mei) for _ in range(3)]
    app = await client(mei)

    response = await app.send("GET", f"{PATH}?limit=2")
    link = response.headers["Link"].split(">")[0].partition("/api")[2]
    rest = await app.get(f"/api{link}")

    assert [each["id"] for each in await response.json()] == [str(notes[2].id), str(notes[1].id)]
    assert [each["id"] for each in rest] == [str(notes[0].id)]


async def test_the_elder_timeline_has_the_last_notes(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    note = await told(ana, mei)
    await noted(ana)

    found = await (await client(mei)).get("/api/v1/timelines/direct")

    assert [each["id"] for each in found] == [str(note.id)]


async def test_a_muted_thread_tells_nothing_until_it_is_heard_again(settle, client, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    app, other = await client(mei), await client(ana)
    made = await app.post("/api/v1/statuses", status="Hello")
    await settle_down()

    muted = await app.post(f"/api/v1/statuses/{made['id']}/mute")
    answer = await other.post("/api/v1/statuses", status="@mei hello", in_reply_to_id=made["id"])
    await other.post(f"/api/v1/statuses/{made['id']}/favourite")
    await settle_down()
    shown = await app.get(f"/api/v1/statuses/{answer['id']}")
    silent = await Notification.filter(reader_id=mei.id).count()
    heard = await app.post(f"/api/v1/statuses/{answer['id']}/unmute")
    await other.post("/api/v1/statuses", status="@mei again", in_reply_to_id=answer["id"])
    await settle_down()

    assert muted["muted"] is shown["muted"] is True
    assert silent == 0
    assert heard["muted"] is False
    assert await Notification.filter(reader_id=mei.id).count() == 1


async def test_what_one_may_not_see_cannot_be_muted(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    hidden = await noted(ana, audience="followers")

    status, _ = await (await client(mei)).ask("POST", f"/api/v1/statuses/{hidden.id}/mute")

    assert status == 404
