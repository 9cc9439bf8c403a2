"""What happens, as connected apps hear it: by WebSocket and by server-sent events."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError, web
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.blocks import Block, Mute
from actors.tokens import end_tokens, make_token
from core import sql
from core.broker import Event as Happened
from core.broker import Topic, broker, publish
from core.clock import now
from inbox.create import show
from inbox.notifications import Event, tell
from inbox.requests import accept_requests
from inbox.sieve import Verdict, set_sieve
from moderation.announcements import announce, take_back
from notes.note import Note
from notes.removal import remove
from notes.tags import NoteTag, Tag
from outbox.create import publish as post
from outbox.draft import Draft
from tests.conftest import account_of
from tests.factories import addressed, boosted, followed, noted
from tests.web.api.described import compare, entity
from web.api import streams
from web.api.streams import Connection, Said
from web.app import build_app
from web.deadlines import PunctualRunner

SOON_S = 30


class Ear:
    """A WebSocket that reads what comes."""

    def __init__(self, socket):
        self.socket = socket

    async def hear(self):
        """The next message, decoded; its payload too."""
        message = await self.socket.receive_json(timeout=SOON_S)
        if "payload" in message and message["event"] != "delete":
            message["payload"] = json.loads(message["payload"])
        return message

    async def say(self, **words):
        await self.socket.send_json(words)


@pytest.fixture
def listening(wire, client):
    """`async with listening(mei, "user") as ear`."""

    @asynccontextmanager
    async def make(actor, stream="", *scopes, **more):
        app = await client(actor, *scopes)
        params = {"access_token": app.token} | ({"stream": stream} if stream else {}) | more
        async with wire.ws_connect("/api/v1/streaming", params=params) as socket:
            yield Ear(socket)

    return make


async def tagged(note, name):
    tag, _ = await Tag.get_or_create(name=name, defaults={"shown": name})
    await NoteTag.create(note_id=note.id, tag_id=tag.id)


async def test_a_home_hears_of_a_new_note_its_change_and_its_end(
    settle, listening, client, settle_down
):
    mei, ana = await settle("mei"), await settle("ana")
    await followed(mei, ana)
    app = await client(ana)
    async with listening(mei, "user") as ear:
        made = await app.post("/api/v1/statuses", status="Hills")
        await settle_down()
        new = await ear.hear()
        await app.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Lakes"})
        await settle_down()
        changed = await ear.hear()
        await app.ask("DELETE", f"/api/v1/statuses/{made['id']}")
        gone = await ear.hear()

    assert (new["stream"], new["event"]) == (["user"], "update")
    assert new["payload"]["id"] == made["id"]
    assert new["payload"]["favourited"] is False
    assert new["payload"]["filtered"] == []
    assert (changed["event"], "Lakes" in changed["payload"]["content"]) == ("status.update", True)
    assert gone == {"stream": ["user"], "event": "delete", "payload": made["id"]}


async def test_a_reader_is_told_once_on_each_stream(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    async with listening(mei, "user") as ear:
        await ear.say(type="subscribe", stream="user:notification")
        await ear.say(type="subscribe", stream="user")
        await ear.say(type="subscribe", stream="nothing")
        assert (await ear.hear())["error"] == "Unknown stream type"
        await tell(mei, Event.FOLLOW, ana)
        heard = [await ear.hear(), await ear.hear()]
        await ear.say(type="unsubscribe", stream=["user"])
        await ear.say(type="subscribe", stream="nothing")
        assert (await ear.hear())["status"] == 400
        await tell(mei, Event.FOLLOW_REQUEST, ana)
        last = await ear.hear()

    assert sorted(each["stream"] for each in heard) == [["user"], ["user:notification"]]
    assert {each["event"] for each in heard} == {"notification"}
    assert heard[0]["payload"]["type"] == "follow"
    assert heard[0]["payload"]["account"]["id"] == str(ana.id)
    assert (last["stream"], last["payload"]["type"]) == (["user:notification"], "follow_request")


async def test_public_notes_run_where_they_belong(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    wanted = ("public", "public:local", "public:remote", "public:media", "public:local:media")
    note = await noted(ana)
    await tagged(note, "hills")
    picture = await noted(ana, has_media=True)
    answer = await noted(ana, answers=note)
    quiet = await noted(ana, audience="quiet")
    last = await noted(ana)
    async with listening(mei) as ear:
        for each in wanted:
            await ear.say(type="subscribe", stream=each)
        await ear.say(type="subscribe", stream="hashtag", tag="Hills")
        await ear.say(type="subscribe", stream="hashtag:local", tag="#hills")
        await ear.say(type="subscribe", stream="hashtag")
        assert "tag" in (await ear.hear())["error"]
        for each in (note, picture, answer, quiet, last):
            await show(each)
        heard = [await ear.hear() for _ in range(10)]

    def streams_of(note):
        found = [each["stream"] for each in heard if each["payload"]["id"] == str(note.id)]
        return sorted(found)

    tags = [["hashtag", "hills"], ["hashtag:local", "hills"]]
    assert streams_of(note) == [*tags, ["public"], ["public:local"]]
    assert streams_of(picture) == [
        *(["public"], ["public:local"], ["public:local:media"], ["public:media"]),
    ]
    assert streams_of(answer) == streams_of(quiet) == []
    assert streams_of(last) == [["public"], ["public:local"]]


async def test_PRIV_01_whoever_may_not_see_a_note_does_not_hear_of_it(settle, listening):
    mei, ana, bo, cai = [await settle(name) for name in ("mei", "ana", "bo", "cai")]
    await Block.create(uri="https://here/b", blocker_id=ana.id, blocked_id=mei.id)
    await Mute.create(muter_id=mei.id, muted_id=bo.id)
    secret = await noted(cai, audience="people")
    async with listening(mei, "public") as ear:
        await ear.say(type="subscribe", stream="user")
        await ear.say(type="subscribe", stream="direct")
        await ear.say(type="subscribe", stream="nothing")
        await ear.hear()
        for each in (await noted(ana), await noted(bo), secret, last := await noted(cai)):
            await show(each)
        await remove(secret)
        heard = await ear.hear()

    assert heard["payload"]["id"] == str(last.id)


async def test_private_notes_reach_those_they_name(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana, audience="people")
    await addressed(note, mei)
    async with listening(mei, "direct") as ear:
        await show(note)
        heard = await ear.hear()
        await remove(note)
        gone = await ear.hear()

    assert (heard["stream"], heard["event"]) == (["direct"], "conversation")
    compare(entity("Conversation"), heard["payload"], "the stream")
    assert heard["payload"]["id"] == str(note.thread_id)
    assert heard["payload"]["unread"] is True
    assert heard["payload"]["last_status"]["id"] == str(note.id)
    assert [each["id"] for each in heard["payload"]["accounts"]] == [str(ana.id)]
    assert (gone["event"], gone["payload"]) == ("delete", str(note.id))


async def post_and_fail(author):
    async with in_transaction():
        await post(author, Draft(text="Never"))
        await show(await Note.get(author_id=author.id).select_related("author"))
        raise RuntimeError


async def test_what_a_transaction_takes_back_is_never_told(settle, listening):
    mei = await settle("mei")
    async with listening(mei, "user") as ear:
        with pytest.raises(RuntimeError):
            await post_and_fail(mei)
        note = await noted(mei)
        await show(note)
        heard = await ear.hear()

    assert heard["payload"]["id"] == str(note.id)


async def test_what_was_set_aside_is_told_when_it_is_let_through(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    await set_sieve(mei, {"for_not_following": Verdict.FILTER})
    async with listening(mei, "user:notification") as ear:
        await tell(mei, Event.FOLLOW, ana)
        await accept_requests(mei, [ana.id])
        merged = await ear.hear()
        await publish(Topic.FILTERS, reader=mei.id)
        filters = await ear.hear()

    assert (merged["event"], merged["payload"]) == ("notifications_merged", 1)
    assert filters == {"stream": ["user:notification"], "event": "filters_changed"}


async def test_the_token_may_be_the_protocol(wire, client, settle):
    token = (await client(await settle("mei"))).token

    async with wire.ws_connect("/api/v1/streaming", protocols=[token]) as socket:
        assert socket.protocol == token
        headers = {"Authorization": f"Bearer {token}"}
        async with wire.ws_connect("/api/v1/streaming", headers=headers) as other:
            assert other.protocol is None


@pytest.mark.parametrize(
    ("scopes", "stream", "status"),
    [
        (("write",), "", 403),
        (("read:statuses",), "user:notification", 403),
        (("read:notifications",), "public", 403),
        (("read",), "nothing", 400),
        (("read",), "hashtag", 400),
    ],
)
async def test_OAU_03_streams_ask_for_scopes(wire, client, settle, scopes, stream, status):
    app = await client(await settle("mei"), *scopes)
    params = {"access_token": app.token} | ({"stream": stream} if stream else {})

    with pytest.raises(WSServerHandshakeError) as refused:
        await wire.ws_connect("/api/v1/streaming", params=params)

    assert refused.value.status == status


async def test_nobody_without_a_token_is_let_in(wire, client):
    for params in ({}, {"access_token": "x"}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await wire.ws_connect("/api/v1/streaming", params=params)
        assert refused.value.status == 401


async def test_scopes_hold_within_a_stream_too(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    async with listening(mei, "user", "read:statuses") as ear:
        await ear.say(type="subscribe", stream="user:notification")
        assert (await ear.hear())["status"] == 403
        await tell(mei, Event.FOLLOW, ana)
        await show(await noted(mei))
        assert (await ear.hear())["event"] == "update"


async def closed(ear):
    """Read until the other side hangs up."""
    while True:
        message = await ear.socket.receive(timeout=SOON_S)
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING):
            return True


async def test_OAU_04_a_token_that_is_taken_back_closes_its_streams(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    async with listening(mei, "user") as ear, listening(ana, "user") as other:
        await end_tokens(await account_of(mei))

        assert await closed(ear)
        await tell(ana, Event.FOLLOW, mei)
        assert (await other.hear())["event"] == "notification"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM token",
        "UPDATE account SET disabled_at = created_at",
        "UPDATE actor SET suspended_at = created_at",
    ],
)
async def test_OAU_04_another_process_shuts_out_as_well(settle, listening, statement):
    mei = await settle("mei")
    async with listening(mei, "user") as ear:
        await sql.rows(statement)

        async with asyncio.timeout(streams.LOOK_EVERY_S + 10):
            assert await closed(ear)


async def test_bytes_are_not_understood(settle, listening):
    async with listening(await settle("mei")) as ear:
        await ear.socket.send_str("no json")
        await ear.socket.send_str("[1]")
        assert (await ear.hear())["status"] == 400
        await ear.socket.send_bytes(b"x")
        assert await closed(ear)
        assert ear.socket.close_code == 1003


async def test_DOS_who_reads_too_slowly_is_dropped(settle):
    account = await Account.get(actor_id=(await settle("mei")).id).select_related("actor")
    hung_up = []
    slow = Connection(None, account, hang_up=lambda: hung_up.append(True))

    for number in range(streams.MOST_UNSENT + 2):
        slow.say(Said(("user", ""), "delete", str(number)))

    assert hung_up == [True]
    assert slow.unsent.qsize() == streams.MOST_UNSENT


async def heard_events(response, count):
    """Read so many server-sent events."""
    found, name = [], ""
    while len(found) < count:
        line = (await asyncio.wait_for(response.content.readline(), SOON_S)).decode().strip()
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, line.removeprefix("data: ")))
    return found


async def test_server_sent_events_say_the_same(wire, client, settle):
    mei, ana = await settle("mei"), await settle("ana")
    headers = {"Authorization": f"Bearer {(await client(mei)).token}"}
    async with wire.get("/api/v1/streaming/user", headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert await response.content.readline() == b":)\n"
        note = await noted(mei)
        await show(note)
        await tell(mei, Event.FOLLOW, ana)
        # What is gone before anyone looked is not shown first.
        update, told = await heard_events(response, 2)
        await remove(note)
        (gone,) = await heard_events(response, 1)
        await end_tokens(await account_of(mei))
        rest = await asyncio.wait_for(response.content.read(), SOON_S)

    assert (update[0], json.loads(update[1])["id"]) == ("update", str(note.id))
    assert (told[0], json.loads(told[1])["type"]) == ("notification", "follow")
    assert gone == ("delete", str(note.id))
    assert rest.strip() == b""


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        ("public", "public"),
        ("public/local", "public:local"),
        ("hashtag?tag=hills", "hashtag"),
        ("hashtag/local?tag=hills", "hashtag:local"),
    ],
)
async def test_every_stream_has_an_address(wire, client, settle, path, stream):
    mei = await settle("mei")
    headers = {"Authorization": f"Bearer {(await client(mei)).token}"}
    async with wire.get(f"/api/v1/streaming/{path}", headers=headers) as response:
        assert await response.content.readline() == b":)\n"
        note = await noted(mei)
        await tagged(note, "hills")
        await show(note)
        ((name, payload),) = await heard_events(response, 1)

    assert (name, json.loads(payload)["id"]) == ("update", str(note.id))


@pytest.mark.parametrize(
    ("path", "status"), [("hashtag", 400), ("nothing", 404), ("user", 401), ("", 400)]
)
async def test_odd_addresses_are_refused_in_json(wire, client, settle, path, status):
    app = await client(None if status == 401 else await settle("mei"))

    found, body = await app.ask("GET", f"/api/v1/streaming/{path}".rstrip("/"))

    assert found == status
    assert isinstance(body["error"], str)


async def test_the_health_of_streams_is_a_word(wire):
    async with wire.get("/api/v1/streaming/health") as response:
        assert (response.status, await response.text()) == (200, "OK")


async def test_boosts_run_in_homes(settle, listening):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana)
    boost = await boosted(mei, note)
    async with listening(mei, "user") as ear:
        await ear.say(type="subscribe", stream="public")
        await show(await Note.get(id=boost.id).select_related("author"))
        heard = await ear.hear()

    assert heard["stream"] == ["user"]
    assert heard["payload"]["reblog"]["id"] == str(note.id)


async def test_a_list_hears_of_its_people_and_only_its_owner_listens(settle, listening, client):
    mei, ana, bo = [await settle(name) for name in ("mei", "ana", "bo")]
    app = await client(mei)
    for each in (ana, bo):
        await followed(mei, each)
    made = await app.post("/api/v1/lists", title="Hills")
    await app.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(ana.id)])
    async with listening(ana) as other:
        await other.say(type="subscribe", stream="list", list=made["id"])
        refused = await other.hear()
    async with listening(mei, "list", list=made["id"]) as ear:
        await show(await noted(bo))
        await show(note := await noted(ana))
        heard = await ear.hear()

    assert refused == {"error": "Record not found", "status": 404}
    assert heard["stream"] == ["list", made["id"]]
    assert heard["payload"]["id"] == str(note.id)


async def test_other_apps_hear_that_filters_changed(settle, listening, client):
    mei = await settle("mei")
    app = await client(mei)
    async with listening(mei, "user") as ear:
        await app.post("/api/v2/filters", title="Hills", context=["home"])
        heard = await ear.hear()

    assert heard == {"stream": ["user"], "event": "filters_changed"}


async def test_everyone_hears_what_is_announced_answered_and_taken_back(settle, listening, client):
    mei = await settle("mei")
    app = await client(mei)
    async with listening(mei, "user") as ear:
        made = await announce({"en": "Tea at *four*"})
        await announce({"en": "Later"}, starts_at=now() + timedelta(days=1))
        said = await ear.hear()
        await app.ask("PUT", f"/api/v1/announcements/{made.id}/reactions/\U0001f375")
        answered = await ear.hear()
        await app.ask("DELETE", f"/api/v1/announcements/{made.id}/reactions/\U0001f375")
        taken = await ear.hear()
        await take_back(made, by=mei)
        gone = await ear.hear()

    assert (said["stream"], said["event"]) == (["user"], "announcement")
    assert "<em>four</em>" in said["payload"]["content"]
    compare(entity("Announcement"), said["payload"], "the stream")
    reaction = {"name": "\U0001f375", "announcement_id": str(made.id)}
    assert (answered["event"], answered["payload"]) == (
        "announcement.reaction",
        reaction | {"count": 1},
    )
    assert taken["payload"] == reaction | {"count": 0}
    assert (gone["event"], gone["payload"]) == ("announcement.delete", made.id)


async def test_events_are_told_after_the_transaction(here):
    queue = await broker().subscribe()
    async with in_transaction():
        await publish(Topic.NOTE, id=1)
        await asyncio.sleep(0)
        assert queue.empty()

    assert await asyncio.wait_for(queue.get(), SOON_S) == Happened(Topic.NOTE, {"id": 1})
    broker().unsubscribe(queue)
    await publish(Topic.NOTE, id=2)
    assert queue.empty()


async def test_a_stop_hangs_up(settle, here):
    mei = await settle("mei")
    runner = PunctualRunner(build_app())
    await runner.setup()
    host, _, port = here.server.bind.rpartition(":")
    await web.TCPSite(runner, host, int(port), reuse_address=True).start()
    token = await make_token(await account_of(mei), ["read"], "an app")
    async with ClientSession(here.server.base_url) as session:
        params = {"access_token": token}
        async with session.ws_connect("/api/v1/streaming", params=params) as socket:
            stopping = asyncio.create_task(runner.cleanup())

            assert await closed(Ear(socket))
            await stopping
