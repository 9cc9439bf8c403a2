"""Clients that others wrote, talking to a real server: what they are made for works."""

import asyncio
import io
import os
import queue
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from mastodon import Mastodon, MastodonAPIError, StreamListener
from PIL import Image

from tests.walks.consent import code_for
from tests.walks.processes import Server, servers

pytestmark = [pytest.mark.processes, pytest.mark.asyncio(loop_scope="module")]

SCOPES = ["read", "write", "follow", "push"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One server for the whole file, with two members."""
    async with servers(tmp_path_factory.mktemp("clients"), "here") as (here,):
        await here.settle("mei")
        await here.settle("bo")
        await here.settle("chief", role="admin")
        yield here


async def let_in(server: Server, name: str, scopes: list[str] = SCOPES) -> Mastodon:
    """Register Mastodon.py as an app and let it act for somebody."""
    made = await asyncio.to_thread(
        Mastodon.create_app, "A walk", scopes=scopes, api_base_url=server.base
    )
    app = await asyncio.to_thread(
        Mastodon, client_id=made[0], client_secret=made[1], api_base_url=server.base
    )
    address = await asyncio.to_thread(app.auth_request_url, scopes=scopes, allow_http=True)
    is_staff = "admin:read" in scopes
    code = await code_for(server, name, address, is_staff=is_staff)
    await asyncio.to_thread(app.log_in, code=code, scopes=scopes, allow_http=True)
    return app


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 200), (80, 120, 160)).save(buffer, "JPEG")
    return buffer.getvalue()


async def test_mastodon_py_moderates(server):
    chief = await let_in(server, "chief", [*SCOPES, "admin:read", "admin:write"])
    bo = await let_in(server, "bo")

    await asyncio.to_thread(moderate_with_mastodon_py, chief, bo)


def moderate_with_mastodon_py(chief: Mastodon, bo: Mastodon) -> None:
    found = {each["username"]: each for each in chief.admin_accounts_v2(origin="local")}
    assert set(found) == {"mei", "bo", "chief"}
    assert found["bo"]["email"] == "bo@example.org"
    assert found["chief"]["role"]["name"] == "Admin"
    mei = chief.admin_account(found["mei"]["id"])
    assert (mei["confirmed"], mei["suspended"]) == (True, False)

    # a report is read, taken, given back and settled; without its reason it is not
    filed = bo.report(mei["id"], comment="Too loud", category="other")
    [report] = chief.admin_reports()
    assert report["id"] == filed["id"]
    assert (report["account"]["username"], report["comment"]) == ("bo", "Too loud")
    taken = chief.admin_report_assign(report)
    assert taken["assigned_account"]["username"] == "chief"
    assert chief.admin_report_unassign(report)["assigned_account"] is None
    with pytest.raises(MastodonAPIError, match="say why no rule was broken"):
        chief.admin_report_resolve(report)
    with pytest.raises(MastodonAPIError, match="Name the rule that was broken"):
        chief.admin_account_moderate(mei, "silence", text="Too loud", report_id=report)
    assert not chief.admin_account(mei["id"])["silenced"]

    # a server is limited by a version of the policy that says why
    block = chief.admin_create_domain_block(
        "loud.example", severity="silence", public_comment="Spam"
    )
    assert [each["domain"] for each in chief.admin_domain_blocks()] == ["loud.example"]
    changed = chief.admin_update_domain_block(block["id"], severity="suspend")
    assert (changed["severity"], changed["public_comment"]) == ("suspend", "Spam")
    with pytest.raises(MastodonAPIError, match="has to say why"):
        chief.admin_delete_domain_block(block["id"])
    assert [each["domain"] for each in bo.instance_domain_blocks()] == ["loud.example"]

    # figures
    today = datetime.now(UTC)
    [new] = chief.admin_measures(today, today, new_users=True)
    assert new["total"] == "3"
    [programs] = chief.admin_dimensions(today, today, software_versions=True)
    assert "rubric" in [each["key"] for each in programs["data"]]
    [cohort] = chief.admin_retention(today, today)
    assert cohort["data"][0]["rate"] == 1.0

    with pytest.raises(MastodonAPIError):
        bo.admin_reports()


async def test_mastodon_py_does_what_it_is_made_for(server):
    mei, bo = await let_in(server, "mei"), await let_in(server, "bo")

    await asyncio.to_thread(walk_with_mastodon_py, mei, bo)


def walk_with_mastodon_py(mei: Mastodon, bo: Mastodon) -> None:
    me, them = mei.account_verify_credentials(), bo.account_verify_credentials()
    assert (me["username"], them["username"]) == ("mei", "bo")
    assert mei.instance()["version"].startswith("4.5")
    assert mei.instance_rules() is not None
    assert mei.preferences()["posting:default:visibility"] == "public"
    assert mei.app_verify_credentials()["name"] == "A walk"

    # writing
    media = bo.media_post(picture(), mime_type="image/jpeg", description="a blue wall")
    note = bo.status_post("With a #picture", media_ids=[media], language="en")
    assert note["media_attachments"][0]["description"] == "a blue wall"
    assert [each["name"] for each in note["tags"]] == ["picture"]
    asked = bo.status_post(
        "Which one?", poll=bo.make_poll(["this", "that"], expires_in=3600), visibility="unlisted"
    )
    changed = bo.status_update(note["id"], "With a #picture, and better")
    assert changed["edited_at"] is not None
    assert changed["media_attachments"], "an edit leaves what is attached"
    assert len(bo.status_history(note["id"])) == 2
    assert bo.status_source(note["id"])["text"] == "With a #picture, and better"

    # ties
    assert mei.account_follow(them["id"])["following"]
    assert mei.account_relationships([them["id"]])[0]["following"]
    assert [each["id"] for each in mei.account_following(me["id"])] == [them["id"]]
    assert [each["id"] for each in bo.account_followers(them["id"])] == [me["id"]]
    assert mei.account_lookup("bo")["id"] == them["id"]
    assert [each["acct"] for each in mei.account_search("bo")] == ["bo"]

    # reading and answering
    newer = bo.status_post("Read me at home")
    home = mei.timeline_home()
    patience = time.monotonic() + 60
    while newer["id"] not in [each["id"] for each in home]:
        assert time.monotonic() < patience, "the worker puts it there"
        home = mei.timeline_home()
    assert newer["id"] in [each["id"] for each in home]
    assert note["id"] in [each["id"] for each in mei.timeline_local()]
    assert [each["id"] for each in mei.timeline_hashtag("picture")] == [note["id"]]
    assert mei.status_favourite(note["id"])["favourited"]
    assert mei.status_bookmark(note["id"])["bookmarked"]
    assert mei.status_reblog(note["id"])["reblog"]["id"] == note["id"]
    assert mei.poll_vote(asked["poll"]["id"], 1)["own_votes"] == [1]
    answered = mei.status_reply(note, "Nice")
    assert answered["in_reply_to_id"] == note["id"]
    assert [each["id"] for each in mei.status_context(note["id"])["descendants"]] == [
        answered["id"]
    ]
    assert [each["id"] for each in mei.favourites()] == [note["id"]]
    assert [each["id"] for each in mei.bookmarks()] == [note["id"]]
    assert [each["acct"] for each in bo.status_favourited_by(note["id"])] == ["mei"]
    assert [each["acct"] for each in bo.status_reblogged_by(note["id"])] == ["mei"]
    assert not mei.status_unbookmark(note["id"])["bookmarked"]
    assert mei.status_delete(answered["id"])["text"].endswith("Nice")

    # paging goes on where Link says
    first = bo.account_statuses(them["id"], limit=1)
    second = bo.fetch_next(first)
    assert second
    assert second[0]["id"] != first[0]["id"]

    keep_order_with_mastodon_py(mei, them)


def keep_order_with_mastodon_py(mei: Mastodon, them: dict) -> None:
    kept = mei.list_create("Friends")
    mei.list_accounts_add(kept["id"], [them["id"]])
    assert [each["acct"] for each in mei.list_accounts(kept["id"])] == ["bo"]
    assert mei.timeline_list(kept["id"])
    mei.list_delete(kept["id"])
    assert mei.lists() == []

    filtered = mei.create_filter_v2(
        "Work", ["home"], "warn", keywords_attributes=[{"keyword": "meeting"}]
    )
    assert [each["title"] for each in mei.filters_v2()] == ["Work"]
    mei.delete_filter_v2(filtered["id"])

    assert mei.account_mute(them["id"])["muting"]
    assert not mei.account_unmute(them["id"])["muting"]
    assert mei.account_note_set(them["id"], "from the walk")["note"] == "from the walk"
    assert mei.account_block(them["id"])["blocking"]
    assert [each["acct"] for each in mei.blocks()] == ["bo"]
    assert not mei.account_unblock(them["id"])["blocking"]
    assert mei.account_update_credentials(display_name="Mei")["display_name"] == "Mei"
    assert mei.report(them["id"], comment="only a walk")["comment"] == "only a walk"


class Ear(StreamListener):
    """Keeps what a stream tells of, for another thread to read."""

    def __init__(self) -> None:
        self.heard: queue.Queue = queue.Queue()

    def on_notification(self, notification: dict) -> None:
        self.heard.put(notification)


async def test_mastodon_py_is_told_and_hears(server):
    mei, bo = await let_in(server, "mei"), await let_in(server, "bo")

    await asyncio.to_thread(hear_with_mastodon_py, mei, bo)


def hear_with_mastodon_py(mei: Mastodon, bo: Mastodon) -> None:
    note = mei.status_post("Say what you think")
    bo.status_favourite(note["id"])
    patience = time.monotonic() + 120
    told = []
    while note["id"] not in [each["status"]["id"] for each in told]:
        assert time.monotonic() < patience, "the worker tells of it"
        told = mei.notifications(types=["favourite"])
    assert told[0]["account"]["acct"] == "bo"
    mei.notifications_dismiss(told[0]["id"])
    assert told[0]["id"] not in [each["id"] for each in mei.notifications()]

    ear = Ear()
    stream = mei.stream_user(ear, run_async=True)
    try:
        heard = first_heard(bo, ear)
    finally:
        stream.close()
    assert heard["type"] == "mention"
    assert heard["account"]["acct"] == "bo"
    assert "Do you hear" in heard["status"]["content"]


def first_heard(speaker: Mastodon, ear: Ear) -> dict:
    """Speak until it is heard: what is said before the stream is open comes by no stream."""
    patience = time.monotonic() + 120
    while True:
        assert time.monotonic() < patience, "the stream tells of it"
        speaker.status_post("@mei Do you hear me?", visibility="direct")
        with suppress(queue.Empty):
            return ear.heard.get(timeout=5)


async def toot(folder: Path, *arguments: str, typed: str = "") -> str:
    """Run toot, which keeps what it knows in a folder; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("toot")), *arguments),
        env=os.environ | {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        output, error = await process.communicate(typed.encode())
    assert process.returncode == 0, (arguments, output.decode(), error.decode())
    return output.decode()


async def sign_in_with_toot(server: Server, folder: Path) -> None:
    """Run its login: read the address that it prints, and type the code that the page shows."""
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("toot")), "login", "-i", server.base),
        env=os.environ
        | {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder), "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdin
    assert process.stdout
    address, seen = "", []
    async with asyncio.timeout(120):
        while not address:
            line = (await process.stdout.readline()).decode()
            seen.append(line)
            assert line, "".join(seen)
            address = line.strip() if line.startswith(server.base) else ""
        code = await code_for(server, "mei", address)
        process.stdin.write(f"n\n{code}\n".encode())
        rest, _ = await process.communicate()
    assert process.returncode == 0, rest.decode()


async def test_toot_signs_in_posts_and_reads(server, tmp_path):
    await sign_in_with_toot(server, tmp_path)

    shown = await toot(tmp_path, "whoami")
    posted = await toot(tmp_path, "post", "Written with toot")
    address = next(each for each in posted.split() if each.startswith("http"))
    number = urlsplit(address).path.rpartition("/")[2]
    liked = await toot(tmp_path, "favourite", number)
    read = await toot(tmp_path, "status", number)
    deleted = await toot(tmp_path, "delete", number)

    assert "mei" in shown
    assert "favourited" in liked
    assert "Written with toot" in read
    assert deleted
