"""Posting, changing and deleting notes as an app does, and what others do with them."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import structlog
import time_machine

from core.clock import now
from core.settings import settings
from core.storage import storage
from moderation.sections import Content
from moderation.vocabulary import AltText, Then
from notes import files
from notes.attachments import Attachment, State
from notes.drafts import SavedDraft
from notes.note import Audience, Note
from notes.polls import Poll
from notes.uploads import keep_upload
from tests.factories import followed, noted
from tests.walks.people import fan_of
from tests.web.test_compose import RULE, a_filter, with_policy
from tests.web.test_compose import picture as png


async def test_an_app_posts_a_note(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)

    made = await app.post(
        "/api/v1/statuses",
        status="Hello @ana, #Hills",
        spoiler_text="hills",
        visibility="unlisted",
        language="en",
    )

    assert made["account"]["id"] == str(mei.id)
    assert [each["id"] for each in made["mentions"]] == [str(ana.id)]
    assert made["mentions"][0]["url"] in made["content"]
    assert [each["name"] for each in made["tags"]] == ["hills"]
    assert made["sensitive"] is True
    assert made["visibility"] == "unlisted"
    assert await app.get(f"/api/v1/statuses/{made['id']}/source") == {
        "id": made["id"],
        "text": "Hello @ana, #Hills",
        "spoiler_text": "hills",
    }


async def test_what_an_app_sends_wrong_is_not_logged_as_a_fault_of_ours(settle, client):
    app = await client(await settle("mei"))

    with structlog.testing.capture_logs() as logged:
        status, said = await app.ask("POST", "/api/v1/statuses", json={"status": " "})

    assert (status, said["error"][:17]) == (422, "Validation failed")
    assert [each for each in logged if each["log_level"] == "error"] == []


@pytest.mark.parametrize("kind", ["json", "data", "params"])
async def test_a_poll_is_asked_in_every_form(settle, client, kind):
    app = await client(await settle("mei"))
    pairs = {
        "status": "Tea?",
        "poll[options][]": ["yes", "no"],
        "poll[expires_in]": "3600",
        "poll[multiple]": "true",
    }
    poll = {"options": ["yes", "no"], "expires_in": 3600, "multiple": True}
    values = {"json": {"status": "Tea?", "poll": poll}}.get(kind) or [
        (name, each)
        for name, value in pairs.items()
        for each in (value if isinstance(value, list) else [value])
    ]

    status, made = await app.ask("POST", "/api/v1/statuses", **{kind: values})

    assert status == 200
    assert [each["title"] for each in made["poll"]["options"]] == ["yes", "no"]
    assert made["poll"]["multiple"] is True


async def test_one_key_makes_one_note(settle, client):
    app = await client(await settle("mei"))

    async def post():
        headers = {"Idempotency-Key": "k"}
        return await app.ask("POST", "/api/v1/statuses", json={"status": "x"}, headers=headers)

    at_once = await asyncio.gather(*(post() for _ in range(4)))
    later = await post()

    assert {found["id"] for status, found in [*at_once, later] if status == 200} == {later[1]["id"]}
    assert await Note.all().count() == 1


async def test_a_key_is_its_owners_alone(settle, client):
    mei, ana = await client(await settle("mei")), await client(await settle("ana"))
    headers = {"Idempotency-Key": "k"}

    _, one = await mei.ask("POST", "/api/v1/statuses", json={"status": "x"}, headers=headers)
    _, other = await ana.ask("POST", "/api/v1/statuses", json={"status": "y"}, headers=headers)

    assert one["id"] != other["id"]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"status": ""}, 422),
        ({}, 422),
        ({"status": "x" * 5001}, 422),
        ({"status": "x", "visibility": "everyone"}, 422),
        ({"status": "x", "in_reply_to_id": "12345"}, 404),
        ({"status": "x", "in_reply_to_id": "none"}, 404),
        ({"status": "x", "media_ids": ["12345"]}, 422),
        ({"status": "x", "poll": {"options": ["one"], "expires_in": 3600}}, 422),
        ({"status": "x", "poll": {"options": ["a", "b"], "expires_in": 1}}, 422),
        ({"status": "x", "scheduled_at": "soon"}, 422),
    ],
)
async def test_what_cannot_be_posted_is_refused(settle, client, values, status):
    found, body = await (await client(await settle("mei"))).ask(
        "POST", "/api/v1/statuses", json=values
    )

    assert found == status
    assert isinstance(body["error"], str)
    assert await Note.all().count() == 0


async def test_a_status_with_too_many_tags_is_refused_now_or_for_later(settle, client):
    app = await client(await settle("mei"))
    status = " ".join(f"#a{number}" for number in range(31))
    later = (now() + timedelta(days=1)).isoformat()
    made = await app.post("/api/v1/statuses", status="#a")

    answers = [
        await app.ask("POST", "/api/v1/statuses", json={"status": status}),
        await app.ask("POST", "/api/v1/statuses", json={"status": status, "scheduled_at": later}),
        await app.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": status}),
    ]

    for code, body in answers:
        assert code == 422
        assert body["error"] == "Validation failed: At most 30 tags in a note."
    assert await Note.all().count() == 1
    assert not await SavedDraft.exists()


async def test_MED_08_others_uploads_and_unfinished_ones_are_refused(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    others = await Attachment.create(owner_id=ana.id)
    unfinished = await Attachment.create(owner_id=mei.id, state=State.WORKING)
    app = await client(mei)

    for each in (others, unfinished):
        values = {"status": "x", "media_ids": [str(each.id)]}
        assert (await app.ask("POST", "/api/v1/statuses", json=values))[0] == 422


async def test_a_note_is_changed_and_its_history_kept(settle, client):
    app = await client(await settle("mei"))
    made = await app.post("/api/v1/statuses", status="one", rubric={"title": "Hills"})

    status, changed = await app.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "two"})
    history = await app.get(f"/api/v1/statuses/{made['id']}/history")

    assert status == 200
    assert changed["edited_at"] is not None
    assert changed["rubric"]["title"] == "Hills"
    assert "two" in changed["content"]
    assert ["one" in each["content"] for each in history] == [True, False]
    assert history[0]["created_at"] == made["created_at"]


async def test_a_deleted_note_comes_back_as_it_was_typed(settle, client):
    app = await client(await settle("mei"))
    made = await app.post("/api/v1/statuses", status="**one**")

    status, gone = await app.ask("DELETE", f"/api/v1/statuses/{made['id']}")

    assert (status, gone["text"]) == (200, "**one**")
    assert (await app.ask("GET", f"/api/v1/statuses/{made['id']}"))[0] == 404


@pytest.mark.parametrize("act", ["PUT", "DELETE", "source", "pin"])
async def test_OAU_06_only_authors_may(settle, client, act):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana)
    app, path = await client(mei), f"/api/v1/statuses/{note.id}"

    match act:
        case "source":
            status, _ = await app.ask("GET", f"{path}/source")
        case "pin":
            status, _ = await app.ask("POST", f"{path}/pin")
        case _:
            status, _ = await app.ask(act, path, json={"status": "mine now"})

    assert status in (403, 404, 422)
    assert (await Note.get(id=note.id)).content == note.content


@pytest.mark.parametrize(
    ("do", "undo", "flag"),
    [
        ("favourite", "unfavourite", "favourited"),
        ("bookmark", "unbookmark", "bookmarked"),
        ("reblog", "unreblog", "reblogged"),
    ],
)
async def test_what_is_done_is_undone(settle, client, do, undo, flag):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana)
    app, path = await client(mei), f"/api/v1/statuses/{note.id}"

    first = await app.post(f"{path}/{do}")
    again = await app.post(f"{path}/{do}")
    shown = await app.get(path)
    back = await app.post(f"{path}/{undo}")

    assert first["id"] == again["id"]
    assert shown[flag] is True
    assert back[flag] is False
    if do == "reblog":
        assert first["reblog"]["id"] == str(note.id)
        assert first["id"] != str(note.id)
        assert shown["reblogs_count"] == 1


async def test_PRIV_what_one_may_not_see_one_may_not_touch(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana, audience="followers")
    app = await client(mei)

    for act in ("favourite", "reblog", "bookmark", "unbookmark"):
        path = f"/api/v1/statuses/{note.id}/{act}"
        assert (await app.ask("POST", path))[0] == 404
    await followed(mei, ana)
    assert (await app.ask("POST", f"/api/v1/statuses/{note.id}/reblog"))[0] == 403


async def test_who_likes_a_note_is_listed_with_pages(settle, client):
    ana = await settle("ana")
    note = await noted(ana)
    names = ["bo", "cy", "di"]
    for name in names:
        await (await client(await settle(name))).post(f"/api/v1/statuses/{note.id}/favourite")
    app = await client(ana)

    response = await app.send("GET", f"/api/v1/statuses/{note.id}/favourited_by?limit=2")
    next_page = response.headers["Link"].split(">")[0].removeprefix("<").partition("/api")[2]
    rest = await app.get(f"/api{next_page}")

    assert [each["username"] for each in await response.json()] == ["di", "cy"]
    assert [each["username"] for each in rest] == ["bo"]


async def test_a_thread_is_in_its_order(settle, client):
    mei = await settle("mei")
    root = await noted(mei)
    one = await noted(mei, answers=root)
    two = await noted(mei, answers=root)
    below = await noted(mei, answers=one)
    app = await client(mei)

    found = await app.get(f"/api/v1/statuses/{root.id}/context")
    inner = await app.get(f"/api/v1/statuses/{below.id}/context")

    assert [each["id"] for each in found["descendants"]] == [
        str(each.id) for each in (one, below, two)
    ]
    assert [each["id"] for each in inner["ancestors"]] == [str(root.id), str(one.id)]


async def test_a_poll_is_answered_once(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    poll = {"options": ["a", "b"], "expires_in": 3600}
    made = await (await client(ana)).post("/api/v1/statuses", status="?", poll=poll)
    app, path = await client(mei), f"/api/v1/polls/{made['poll']['id']}"

    odd = await app.ask("POST", f"{path}/votes", json={"choices": [7]})
    voted = await app.post(f"{path}/votes", choices=["1"])
    again = await app.ask("POST", f"{path}/votes", json={"choices": [0]})

    assert odd == (422, {"error": "The chosen vote option does not exist"})
    assert voted["own_votes"] == [1]
    assert voted["votes_count"] == 1
    assert again == (422, {"error": "You have already voted on this poll"})
    assert (await (await client()).get(path))["own_votes"] == []


async def test_how_a_poll_stands_is_hidden_until_it_is_closed(
    settle, client, browser, remote, settle_down
):
    mei, ana = await settle("mei"), await settle("ana")
    await fan_of(ana, remote)
    poll = {"options": ["hills", "lakes"], "expires_in": 3600, "hide_totals": True}
    asker, voter = await client(ana), await client(mei)
    made = await asker.post("/api/v1/statuses", status="?", poll=poll)
    path = f"/api/v1/polls/{made['poll']['id']}"
    await settle_down()

    voted = await voter.post(f"{path}/votes", choices=[1])
    asked = await asker.get(path)
    page = await (await browser.get(f"/n/{made['id']}")).text()
    sent = remote.last("Create")["object"]["oneOf"]
    await Poll.all().update(ends_at=now() - timedelta(seconds=1))
    closed = await voter.get(path)

    for each in (voted, asked):
        assert [option["votes_count"] for option in each["options"]] == [None, None]
        assert each["votes_count"] == 1
    assert "100 %" not in page
    assert "shown when it is closed" in page
    assert [sorted(each) for each in sent] == [["name", "type"]] * 2
    assert [option["votes_count"] for option in closed["options"]] == [0, 1]
    assert "100 %" in await (await browser.get(f"/n/{made['id']}")).text()


async def test_a_poll_is_changed_and_other_answers_begin_it_anew(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app, voter = await client(ana), await client(mei)
    poll = {"options": ["hills", "lakes"], "expires_in": 3600}
    made = await app.post("/api/v1/statuses", status="?", poll=poll)
    path = f"/api/v1/statuses/{made['id']}"
    await voter.post(f"/api/v1/polls/{made['poll']['id']}/votes", choices=[1])

    _, words = await app.ask("PUT", path, json={"status": "Which?"})
    _, longer = await app.ask(
        "PUT", path, json={"status": "Which?", "poll": poll | {"expires_in": 86400}}
    )
    other = poll | {"options": ["hills", "sea"], "multiple": True}
    _, anew = await app.ask("PUT", path, json={"status": "Which?", "poll": other})
    bare = await app.post("/api/v1/statuses", status="No question")
    status, refused = await app.ask(
        "PUT", f"/api/v1/statuses/{bare['id']}", json={"status": "x", "poll": poll}
    )

    assert words["poll"]["votes_count"] == longer["poll"]["votes_count"] == 1
    assert longer["poll"]["expires_at"] > words["poll"]["expires_at"]
    assert [each["title"] for each in anew["poll"]["options"]] == ["hills", "sea"]
    assert (anew["poll"]["votes_count"], anew["poll"]["multiple"]) == (0, True)
    assert status == 422
    assert "cannot be added" in refused["error"]


async def test_a_note_is_written_anew_with_the_media_of_the_one_that_was_deleted(
    settle, client, wire
):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)
    picture = await keep_upload(mei, png())
    first = await app.post("/api/v1/statuses", status="Hils", media_ids=[str(picture.id)])
    [before] = first["media_attachments"]

    _, gone = await app.ask("DELETE", f"/api/v1/statuses/{first['id']}")
    [shown] = gone["media_attachments"]
    async with wire.get(urlsplit(before["url"]).path) as answer:
        opened = answer.status
    async with wire.get(shown["url"].removeprefix(settings().server.base_url)) as answer:
        for_its_author = answer.status
    again = {"status": "Hills", "media_ids": [shown["id"]]}
    taken, _ = await (await client(ana)).ask("POST", "/api/v1/statuses", json=again)
    second = await app.post("/api/v1/statuses", **again)

    assert (opened, for_its_author, taken) == (404, 200, 422)
    assert [each["url"] for each in second["media_attachments"]] == [before["url"]]


async def test_MED_09_media_of_a_deleted_note_go_at_once_or_within_the_hour(
    settle, client, settle_down
):
    mei = await settle("mei")
    app = await client(mei)
    posted = []
    for colour in ("red", "blue"):
        picture = await keep_upload(mei, png(colour))
        made = await app.post("/api/v1/statuses", status="x", media_ids=[str(picture.id)])
        posted.append(f"/api/v1/statuses/{made['id']}")

    await app.ask("DELETE", posted[0], params={"delete_media": "true"})
    await app.ask("DELETE", posted[1])
    at_once = await Attachment.all().count()
    with time_machine.travel(now() + timedelta(hours=1, minutes=1)):
        await files.sweep()
        await settle_down()

    assert at_once == 1
    assert await Attachment.all().count() == 0
    assert [key async for key, _ in storage().files()] == []


async def test_a_note_is_scheduled_moved_and_called_off(settle, client):
    app = await client(await settle("mei"))
    first, later = (now() + timedelta(hours=each) for each in (1, 2))

    made = await app.post("/api/v1/statuses", status="x", scheduled_at=first.isoformat())
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    moved = await app.ask("PUT", path, json={"scheduled_at": later.isoformat()})
    listed = await app.get("/api/v1/scheduled_statuses")
    gone = await app.ask("DELETE", path)

    assert made["params"]["text"] == "x"
    assert moved[1]["scheduled_at"] > made["scheduled_at"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert gone == (200, {})
    assert await app.get("/api/v1/scheduled_statuses") == []
    assert await Note.all().count() == 0


async def test_a_time_too_near_is_refused_and_leaves_no_draft(settle, client):
    app = await client(await settle("mei"))
    soon = now() + timedelta(minutes=2)

    values = {"status": "x", "scheduled_at": soon.isoformat()}
    status, body = await app.ask("POST", "/api/v1/statuses", json=values)

    assert status == 422
    assert "scheduled_at" in body["details"]
    assert await SavedDraft.all().count() == 0


async def test_OAU_06_what_others_schedule_is_not_there(settle, client):
    mei, ana = await client(await settle("mei")), await client(await settle("ana"))
    at = now() + timedelta(hours=1)
    made = await mei.post("/api/v1/statuses", status="x", scheduled_at=at.isoformat())

    for method in ("GET", "PUT", "DELETE"):
        path = f"/api/v1/scheduled_statuses/{made['id']}"
        assert (await ana.ask(method, path, json={}))[0] == 404
    assert await ana.get("/api/v1/scheduled_statuses") == []


async def test_a_note_for_this_server_is_named_in_our_own_words(client, settle):
    mei = await settle("mei")
    app = await client(mei)

    status = await app.post("/api/v1/statuses", status="x", rubric={"audience": "server"})
    private = await app.post("/api/v1/statuses", status="y", visibility="private")
    wrong, _ = await app.ask(
        "POST", "/api/v1/statuses", json={"status": "z", "rubric": {"audience": "moon"}}
    )

    assert (status["visibility"], status["rubric"]["audience"]) == ("private", "server")
    assert (await Note.get(id=int(status["id"]))).audience == Audience.SERVER
    assert private["rubric"]["audience"] == "followers"
    assert wrong == 422


async def uploaded(owner, **columns):
    """A finished upload of somebody."""
    return await Attachment.create(owner_id=owner.id, state=State.READY, **columns)


async def test_media_are_added_taken_away_put_in_order_and_described(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    first, second, third = [await uploaded(mei, alt=name) for name in ("one", "two", "three")]
    made = await app.post(
        "/api/v1/statuses", status="Hills", media_ids=[str(first.id), str(second.id)]
    )

    status, changed = await app.ask(
        "PUT",
        f"/api/v1/statuses/{made['id']}",
        json={
            "status": "Hills",
            "media_ids": [str(third.id), str(second.id)],
            "media_attributes": [{"id": str(second.id), "description": "new words"}],
        },
    )

    shown = [(each["id"], each["description"]) for each in changed["media_attachments"]]
    assert status == 200
    assert shown == [(str(third.id), "three"), (str(second.id), "new words")]
    assert not await Attachment.exists(id=first.id)


async def test_a_change_keeps_to_the_policy_of_descriptions(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    first, bare = await uploaded(mei, alt="one"), await uploaded(mei)
    made = await app.post("/api/v1/statuses", status="Hills", media_ids=[str(first.id)])
    path = f"/api/v1/statuses/{made['id']}"
    with_policy(
        content=Content(alt_text=AltText.REQUIRE), rules=(RULE,), filters=(a_filter(Then.REJECT),)
    )

    def described(words):
        return {"media_attributes": [{"id": str(first.id), "description": words}]}

    sent = (
        *({"media_ids": [str(first.id), str(bare.id)]}, described("")),
        *(described("A spoon"), described("two")),
    )
    answers = [await app.ask("PUT", path, json={"status": "Hills"} | each) for each in sent]

    assert [status for status, _ in answers] == [422, 422, 403, 200]
    assert "Describe your pictures first" in answers[0][1]["error"]
    assert (await Attachment.get(id=first.id)).alt == "two"


async def test_what_is_not_said_of_media_stays_and_an_empty_list_takes_all(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    picture = await uploaded(mei)
    made = await app.post("/api/v1/statuses", status="Hills", media_ids=[str(picture.id)])
    path = f"/api/v1/statuses/{made['id']}"

    _, kept = await app.ask("PUT", path, json={"status": "Lakes"})
    _, bare = await app.ask("PUT", path, json={"status": "Lakes", "media_ids": []})

    assert [each["id"] for each in kept["media_attachments"]] == [str(picture.id)]
    assert bare["media_attachments"] == []
    assert not (await Note.get(id=int(made["id"]))).has_media
    status, _ = await app.ask("PUT", path, json={"status": "", "media_ids": []})
    assert status == 422


async def test_MED_08_media_of_others_are_not_put_on_a_note(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)
    made = await app.post("/api/v1/statuses", status="Hills")
    used = await uploaded(mei)
    await app.post("/api/v1/statuses", status="Lakes", media_ids=[str(used.id)])
    theirs, waiting = await uploaded(ana), await uploaded(mei)
    await Attachment.filter(id=waiting.id).update(state=State.WORKING)

    for each in (used, theirs, waiting):
        wanted = {"status": "Hills", "media_ids": [str(each.id)]}
        assert (await app.ask("PUT", f"/api/v1/statuses/{made['id']}", json=wanted))[0] == 422
    assert await Attachment.filter(note_id=int(made["id"])).count() == 0


async def test_nobody_is_named_whom_the_app_does_not_expect(settle, client):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    app = await client(mei)
    wanted = {"status": "@ana and @bo", "allowed_mentions": [str(ana.id)]}

    status, said = await app.ask("POST", "/api/v1/statuses", json=wanted)
    none, _ = await app.ask("POST", "/api/v1/statuses", json=wanted | {"allowed_mentions": []})

    assert (status, none) == (422, 422)
    assert [each["id"] for each in said["unexpected_accounts"]] == [str(bo.id)]
    assert not await Note.exists()
    await app.post("/api/v1/statuses", **wanted | {"allowed_mentions": [str(ana.id), str(bo.id)]})


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/timelines/home?" + "a=1&" * 1100,
        "/api/v1/timelines/public?" + "a=1&" * 1100,
        "/api/v1/accounts/relationships?" + "id=1&" * 1100,
    ],
    ids=lambda each: each[:30],
)
async def test_an_address_that_says_too_much_is_refused(settle, client, path):
    for app in (await client(await settle("mei")), await client()):
        status, body = await app.ask("GET", path)
        assert status in (400, 401)
        assert isinstance(body["error"], str)


async def test_an_index_longer_than_any_number_is_none(settle, client):
    app, index = await client(await settle("mei")), "9" * 5_000

    for sent in ({"json": {"media_ids": {index: "1"}}}, {"data": {f"media_ids[{index}]": "1"}}):
        status, _ = await app.ask("POST", "/api/v1/statuses", **sent)
        assert status == 422
    found = await app.ask("GET", "/api/v1/statuses", json={"id": {index: "1", "0": "2"}})
    assert found == (200, [])
