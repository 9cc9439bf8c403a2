"""Of whom someone would rather not be told: set aside, forgotten, and let through."""

from datetime import timedelta

import pytest

from actors.actor import Actor
from actors.follows import Follow
from core.clock import now
from core.ids import new_id
from inbox.notifications import Event, Notification, tell
from inbox.sieve import KINDS
from tests.factories import addressed, followed, noted, stranger

POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"
OLD = timedelta(days=90)


@pytest.fixture
async def mei(settle):
    return await settle("mei")


async def known(name, **columns):
    """Someone elsewhere who is not new here."""
    return await stranger(name, created_at=now() - OLD, **columns)


async def sifting(client, mei, **wanted):
    app = await client(mei)
    status, _ = await app.ask("PATCH", POLICY, json=wanted)
    assert status == 200
    return app


async def test_nothing_is_sifted_until_someone_says_so(mei, client):
    found = await (await client(mei)).get(POLICY)

    assert found == dict.fromkeys(KINDS, "accept") | {
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0}
    }


async def test_what_is_not_said_stays(mei, client):
    app = await sifting(client, mei, for_bots="drop")

    status, changed = await app.ask("PUT", POLICY, json={"for_not_following": "filter"})

    assert status == 200
    assert (changed["for_bots"], changed["for_not_following"]) == ("drop", "filter")
    assert await app.get(POLICY) == changed


async def test_other_words_are_refused(mei, client):
    app = await client(mei)

    status, body = await app.ask("PATCH", POLICY, json={"for_bots": "maybe"})

    assert status == 422
    assert set(body["details"]) == {"for_bots"}
    assert (await app.get(POLICY))["for_bots"] == "accept"


async def test_the_older_form_says_whether_something_is_set_aside(mei, client):
    app = await sifting(client, mei, for_not_followers="drop")

    before = await app.get("/api/v1/notifications/policy")
    _, after = await app.ask(
        "PATCH", "/api/v1/notifications/policy", json={"filter_not_following": True}
    )

    assert set(before) == {
        *("filter_not_following", "filter_not_followers", "filter_new_accounts"),
        *("filter_private_mentions", "summary"),
    }
    assert (before["filter_not_followers"], before["filter_not_following"]) == (True, False)
    assert after["filter_not_following"] is True
    assert (await app.get(POLICY))["for_not_following"] == "filter"
    assert (await app.get(POLICY))["for_not_followers"] == "drop"


async def test_what_is_filtered_collects_under_the_requests(mei, client):
    ana = await known("ana")
    app = await sifting(client, mei, for_not_following="filter")
    notes = [await noted(ana, f"<p>@mei {number}</p>") for number in range(2)]
    for note in notes:
        await tell(mei, Event.MENTION, ana, note)

    (waiting,) = await app.get(REQUESTS)
    summary = (await app.get(POLICY))["summary"]
    told = await app.get("/api/v1/notifications?include_filtered=true")

    assert await app.get("/api/v1/notifications") == []
    assert (await app.get("/api/v2/notifications"))["notification_groups"] == []
    assert (await app.get("/api/v1/notifications/unread_count"))["count"] == 0
    assert [each["filtered"] for each in told] == [True, True]
    assert set(waiting) == {
        *("id", "created_at", "updated_at", "account", "notifications_count", "last_status"),
    }
    assert waiting["account"]["id"] == str(ana.id)
    assert waiting["notifications_count"] == "2"
    assert waiting["last_status"]["id"] == str(notes[1].id)
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 2}
    assert await app.get(f"{REQUESTS}/{waiting['id']}") == waiting


async def test_who_is_accepted_is_told_of_from_then_on(mei, client):
    ana = await known("ana")
    app = await sifting(client, mei, for_not_following="filter")
    await tell(mei, Event.MENTION, ana, await noted(ana))
    (waiting,) = await app.get(REQUESTS)

    assert await app.post(f"{REQUESTS}/{waiting['id']}/accept") == {}
    await tell(mei, Event.FOLLOW, ana)

    assert [each["type"] for each in await app.get("/api/v1/notifications")] == [
        *("follow", "mention"),
    ]
    assert await app.get(REQUESTS) == []
    assert await app.get(f"{REQUESTS}/merged") == {"merged": True}
    assert (await app.ask("POST", f"{REQUESTS}/{waiting['id']}/accept"))[0] == 404


async def test_what_is_dismissed_is_forgotten_and_comes_anew(mei, client):
    ana = await known("ana")
    app = await sifting(client, mei, for_not_following="filter")
    await tell(mei, Event.MENTION, ana, await noted(ana))
    (waiting,) = await app.get(REQUESTS)

    assert await app.post(f"{REQUESTS}/{waiting['id']}/dismiss") == {}
    assert await app.get(REQUESTS) == []
    assert await Notification.all().count() == 0
    await tell(mei, Event.MENTION, ana, await noted(ana))

    assert len(await app.get(REQUESTS)) == 1


async def test_several_are_answered_at_once(mei, client):
    people = [await known(name) for name in ("ana", "bo", "cai", "dai")]
    app = await sifting(client, mei, for_not_following="filter")
    for each in people:
        await tell(mei, Event.FOLLOW, each)
    ids = [each["id"] for each in await app.get(REQUESTS)]

    await app.post(f"{REQUESTS}/accept", id=ids[:2])
    await app.post(f"{REQUESTS}/dismiss", id=ids[2:3])

    assert [each["id"] for each in await app.get(REQUESTS)] == ids[3:]
    assert len(await app.get("/api/v1/notifications")) == 2


async def test_requests_are_read_page_by_page(mei, client):
    people = [await known(name) for name in ("ana", "bo", "cai")]
    app = await sifting(client, mei, for_not_following="filter")
    for each in people:
        await tell(mei, Event.FOLLOW, each)

    response = await app.send("GET", f"{REQUESTS}?limit=2")
    first = await response.json()
    link = response.headers["Link"].partition(">")[0].removeprefix("<")
    rest = await (await app.send("GET", link)).json()

    assert [each["account"]["username"] for each in [*first, *rest]] == ["cai", "bo", "ana"]


async def test_OAU_06_requests_of_others_are_not_there(mei, settle, client):
    ana, bo = await known("ana"), await settle("bo")
    app = await sifting(client, mei, for_not_following="filter")
    await tell(mei, Event.FOLLOW, ana)
    (waiting,) = await app.get(REQUESTS)
    other = await client(bo)

    for path in ("", "/accept", "/dismiss"):
        method = "POST" if path else "GET"
        assert (await other.ask(method, f"{REQUESTS}/{waiting['id']}{path}"))[0] == 404
    await other.post(f"{REQUESTS}/accept", id=[waiting["id"]])
    await other.post(f"{REQUESTS}/dismiss", id=[waiting["id"]])

    assert await app.get(REQUESTS) == [waiting]


async def test_what_is_dropped_is_never_written(mei, client):
    await sifting(client, mei, for_not_following="drop", for_not_followers="filter")
    ana = await known("ana")

    await tell(mei, Event.MENTION, ana, await noted(ana))

    assert await Notification.all().count() == 0


async def test_how_a_poll_ended_is_always_told(mei, client):
    await sifting(client, mei, for_not_following="drop")
    ana = await known("ana")

    await tell(mei, Event.POLL, ana, await noted(ana))

    assert await Notification.all().count() == 1


async def is_set_aside(mei, person, note=None):
    await tell(mei, Event.MENTION, person, note or await noted(person))
    return await Notification.exists(reader_id=mei.id, actor_id=person.id, aside__not_isnull=True)


async def test_who_is_followed_passes(mei, client):
    await sifting(client, mei, for_not_following="filter", for_bots="filter")
    ana = await known("ana", is_bot=True)
    await followed(mei, ana)

    assert not await is_set_aside(mei, ana)


@pytest.mark.parametrize(("days", "is_aside"), [(4, False), (2, True)])
async def test_followers_of_three_days_pass(mei, client, days, is_aside):
    await sifting(client, mei, for_not_followers="filter")
    ana = await known("ana")
    since = new_id(now() - timedelta(days=days))
    follow = {"follower_id": ana.id, "followed_id": mei.id, "is_accepted": True}
    await Follow.create(id=since, uri=f"{ana.uri}/f", **follow)

    assert await is_set_aside(mei, ana) is is_aside


@pytest.mark.parametrize(
    ("kind", "columns"),
    [("for_new_accounts", {"created_at": None}), ("for_bots", {"is_bot": True})],
)
async def test_new_accounts_and_bots_are_sifted(mei, client, kind, columns):
    await sifting(client, mei, **{kind: "filter"})
    ana, bo = await known("ana"), await known("bo")
    await Actor.filter(id=ana.id).update(
        **{name: value or now() for name, value in columns.items()}
    )

    assert await is_set_aside(mei, await Actor.get(id=ana.id))
    assert not await is_set_aside(mei, bo)


async def test_private_mentions_pass_as_answers_only(mei, client):
    await sifting(client, mei, for_private_mentions="filter")
    ana, bo = await known("ana"), await known("bo")
    asked = await noted(mei, audience="people")
    await addressed(asked, bo)
    out_of_the_blue = await noted(ana, audience="people")
    answer = await noted(bo, audience="people", answers=asked)
    for each in (out_of_the_blue, answer):
        await addressed(each, mei)

    assert await is_set_aside(mei, ana, out_of_the_blue)
    assert not await is_set_aside(mei, bo, answer)
    assert not await is_set_aside(mei, await known("cai"))
