"""Circles by an app, for their owner alone, and statuses for few."""

from datetime import timedelta

import pytest

from actors.circles import CircleMember, circles_of, make_circle, put_in_circle
from actors.domains import Domain, standings
from core.clock import now
from notes.drafts import SavedDraft
from notes.mentions import Mention
from notes.note import Audience, Note
from outbox.block import block
from outbox.create import publish
from outbox.draft import Draft
from tests.counting import counted
from tests.factories import followed, stranger

CIRCLES = "/api/rubric/v1/circles"


@pytest.fixture
async def mei(settle):
    return await settle("mei")


@pytest.fixture
async def ben(settle):
    return await settle("ben")


@pytest.fixture
async def app(client, mei):
    return await client(mei)


async def made(app, *people, name="Choir"):
    """A circle with these people in it."""
    found = await app.post(CIRCLES, name=name)
    at = f"{CIRCLES}/{found['id']}"
    if people:
        ids = [str(each.id) for each in people]
        assert await app.post(f"{at}/accounts", account_ids=ids) == {}
    return found["id"], at


async def test_a_circle_is_made_filled_renamed_and_deleted(app, mei, ben):
    ana = await stranger("ana", "g.example")
    await standings(["g.example"])
    number, at = await made(app, ben, ana)
    await Domain.filter(host="g.example").update(software="gotosocial")

    shown = await app.get(at)
    people = await app.get(f"{at}/accounts")
    renamed = (await app.ask("PATCH", at, json={"name": " Singers "}))[1]
    holding = await app.get(CIRCLES, account_id=str(ana.id))
    await app.ask("DELETE", f"{at}/accounts", json={"account_ids": [str(ana.id)]})
    left = await app.get(at)
    none = await app.get(CIRCLES, account_id=str(ana.id))
    gone = await app.ask("DELETE", at)

    assert (shown["id"], shown["name"]) == (number, "Choir")
    assert shown["reach"] == {
        "people": 2,
        "servers": 2,
        "not_shown": {"GoToSocial": 1},
        "unknown": 0,
    }
    assert [each["acct"] for each in people] == ["ana@g.example", "ben"]
    assert renamed["name"] == "Singers"
    assert ([each["id"] for each in holding], none) == ([number], [])
    assert left["reach"] == {"people": 1, "servers": 1, "not_shown": {}, "unknown": 0}
    assert gone == (200, {})
    assert await app.get(CIRCLES) == []
    assert not await CircleMember.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Choir"])
async def test_a_name_that_cannot_be_is_refused(app, mei, name):
    await made(app)
    _, other = await made(app, name="Other")

    for method, path in (("POST", CIRCLES), ("PATCH", other)):
        status, body = await app.ask(method, path, json={"name": name})
        assert status in (400, 422)
        assert body["error"]
    assert [each.name for each in await circles_of(mei)] == ["Choir", "Other"]


async def test_people_in_pages_and_each_once(app, mei, settle):
    people = [await settle(name) for name in ("ben", "cai", "dan")]
    _, at = await made(app, *people)
    await app.post(f"{at}/accounts", account_ids=[str(people[0].id)])

    first = await app.get(f"{at}/accounts", limit="2")

    assert [each["acct"] for each in first] == ["dan", "cai"]
    assert await CircleMember.all().count() == 3


async def test_how_far_it_would_go_is_counted_before(app, mei, ben, settle):
    cai, ana = await settle("cai"), await stranger("ana", "g.example")
    await standings(["g.example"])
    await Domain.filter(host="g.example").update(software="gotosocial")
    await followed(ben, mei)
    await followed(mei, ben)
    one, _ = await made(app, ben, ana)
    two, _ = await made(app, ben, cai, name="Two")

    mutuals = await app.get("/api/rubric/v1/reach", audience="mutuals")
    both = await app.ask(
        "GET", f"/api/rubric/v1/reach?audience=circle&circles[]={one}&circles[]={two}"
    )
    none = await app.get("/api/rubric/v1/reach", audience="circle")

    assert mutuals == {"people": 1, "servers": 1, "not_shown": {}, "unknown": 0}
    assert both[1] == {"people": 3, "servers": 2, "not_shown": {"GoToSocial": 1}, "unknown": 0}
    assert none["people"] == 0
    for audience in ("", "followers"):
        path = f"/api/rubric/v1/reach?audience={audience}"
        assert (await app.ask("GET", path))[0] in (400, 422)


async def test_who_cannot_be_in_a_circle_is_refused(app, mei, ben):
    _, at = await made(app)
    group = await stranger("den", kind="Group")
    await block(mei, ben)

    for number, status in ((mei.id, 422), (group.id, 422), (ben.id, 422), (7, 404)):
        answer = await app.ask("POST", f"{at}/accounts", json={"account_ids": [str(number)]})
        assert answer[0] == status
        assert answer[1]["error"]
    assert not await CircleMember.exists()


async def test_PRIV_02_the_circles_of_others_are_as_if_there_were_none(app, client, mei, ben):
    _, at = await made(app, ben)
    other, nobody = await client(ben), await client()

    for method, path in (
        *(("GET", at), ("PATCH", at), ("DELETE", at)),
        *((each, f"{at}/accounts") for each in ("GET", "POST", "DELETE")),
    ):
        body = {} if method == "GET" else {"json": {"name": "Mine", "account_ids": [str(ben.id)]}}
        assert (await other.ask(method, path, **body))[0] == 404
        assert (await nobody.ask(method, path, **body))[0] == 401
    assert await other.get(CIRCLES) == []
    assert (await nobody.ask("GET", CIRCLES))[0] == 401
    assert [each["acct"] for each in await app.get(f"{at}/accounts")] == ["ben"]


async def test_OAU_06_circles_hang_on_the_scopes_of_lists(client, mei, ben):
    reads, writes = await client(mei, "read:lists"), await client(mei, "write:lists")
    other = await client(mei, "read:statuses write:statuses")

    assert (await reads.ask("POST", CIRCLES, json={"name": "x"}))[0] == 403
    assert (await writes.ask("GET", CIRCLES))[0] == 403
    assert (await other.ask("GET", CIRCLES))[0] == 403
    assert (await writes.ask("POST", CIRCLES, json={"name": "x"}))[0] == 200


async def test_a_status_for_circles_is_private_with_our_word_beside(app, client, mei, ben, settle):
    cai = await settle("cai")
    number, _ = await made(app, ben)
    wanted = {"audience": "circle", "circles": [number]}

    status = await app.post("/api/v1/statuses", status="psst", rubric=wanted)
    path = f"/api/v1/statuses/{status['id']}"

    assert (status["visibility"], status["rubric"]["audience"]) == ("private", "circle")
    assert status["mentions"] == []
    assert (await (await client(ben)).get(path))["mentions"] == []
    for other in (await client(cai), await client()):
        assert (await other.ask("GET", path))[0] == 404
    form = {"status": "mine", "rubric[audience]": "self"}
    code, own = await app.ask("POST", "/api/v1/statuses", data=form)
    assert (code, own["visibility"], own["rubric"]["audience"]) == (200, "private", "self")
    form = {"status": "us", "rubric[audience]": "circle", "rubric[circles][]": number}
    assert (await app.ask("POST", "/api/v1/statuses", data=form))[0] == 200


async def test_an_audience_of_nobody_is_refused(app, client, mei, ben):
    theirs = await make_circle(ben, "Theirs")
    await put_in_circle(theirs, await stranger("ana"))

    for wanted in (
        {"audience": "circle"},
        {"audience": "circle", "circles": [str(theirs.id)]},
        {"audience": "mutuals"},
        {"audience": "everyone"},
    ):
        body = {"status": "psst", "rubric": wanted}
        assert (await app.ask("POST", "/api/v1/statuses", json=body))[0] == 422
    assert not await Note.exists()


async def test_answers_of_apps_go_no_further(app, client, mei, ben):
    number, _ = await made(app, ben)
    wanted = {"audience": "circle", "circles": [number]}
    status = await app.post("/api/v1/statuses", status="psst", rubric=wanted)
    answer = {"status": "and", "in_reply_to_id": status["id"], "visibility": "private"}

    mine = await app.post("/api/v1/statuses", **answer)
    theirs = await (await client(ben)).post("/api/v1/statuses", **answer)

    assert (mine["rubric"]["audience"], theirs["rubric"]["audience"]) == ("circle", "people")
    readers = await Mention.filter(note_id=int(mine["id"])).values_list("actor_id", flat=True)
    assert readers == [ben.id]
    path = f"/api/v1/statuses/{status['id']}/reblog"
    assert (await (await client(ben)).ask("POST", path))[0] == 403
    quoting = {"status": "look", "quoted_status_id": status["id"]}
    assert (await (await client(ben)).ask("POST", "/api/v1/statuses", json=quoting))[0] == 422


async def test_a_scheduled_status_keeps_its_circles(app, mei, ben):
    number, _ = await made(app, ben)
    wanted = {"audience": "circle", "circles": [number]}

    at = (now() + timedelta(days=1)).isoformat()
    later = await app.post("/api/v1/statuses", status="psst", rubric=wanted, scheduled_at=at)

    assert later["params"]["rubric"]["circles"] == [number]
    assert (await SavedDraft.get()).circles == [int(number)]


async def test_PRIV_05_an_app_shows_a_status_to_fewer_people(app, client, mei, ben, settle):
    cai = await settle("cai")
    await followed(ben, mei)
    number, _ = await made(app, ben, cai)
    note = await publish(mei, Draft(text="us", audience=Audience.FOLLOWERS))
    path = f"/api/rubric/v1/statuses/{note.id}/audience"

    wrong = [
        (await app.ask("POST", path, json=body))[0]
        for body in (
            *({}, {"audience": "public"}, {"audience": "all"}, {"audience": "circle"}),
            {"audience": "circle", "circles": ["7"]},
        )
    ]
    others = (await (await client(ben)).ask("POST", path, json={"audience": "self"}))[0]
    fresh = await app.post(path, audience="circle", circles=[number])

    assert (wrong, others) == ([400, 403, 422, 422, 422], 404)
    assert fresh["id"] != str(note.id)
    assert fresh["rubric"]["audience"] == "circle"
    readers = await Mention.filter(note_id=int(fresh["id"])).values_list("actor_id", flat=True)
    assert readers == [ben.id]
    assert (await app.ask("GET", f"/api/v1/statuses/{note.id}"))[0] == 404


async def test_a_list_of_circles_asks_as_much_for_many_as_for_few(app, mei):
    await made(app, await stranger("p", "s.example"), name="first")
    with counted() as few:
        await app.get(CIRCLES)
    for number in range(6):
        await made(app, await stranger(f"p{number}", f"s{number}.example"), name=str(number))

    with counted() as many:
        await app.get(CIRCLES)

    assert len(many) == len(few)
