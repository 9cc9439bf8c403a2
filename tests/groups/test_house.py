"""A group here, spoken to by ten other kinds of servers in their recorded words: what that does,
and what the group answers and passes on (federation.md 10.1 to 10.4)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from actors.actor import Actor
from actors.groups import Group, Join, See, make_group
from actors.memberships import Role, State, membership_of, stand
from actors.remote import look_up
from moderation.reports import Report
from notes.group_marks import lock_on
from notes.group_posts import GroupPost, Standing
from notes.note import Audience, Note
from notes.reactions import Like, Pin
from tests.groups.played import PUBLIC, Document, Played, recorded
from tests.remote import Person

MBIN = "mbin/mbin--"
LEMMY = "lemmy/lemmy--activities-"
FRIENDICA = "friendica/lemmy--activities-"


@dataclass
class House:
    """Mei's group here, and a server of another kind whose people come to it."""

    mei: Actor
    tea: Actor
    server: Played
    settle_down: Any

    async def says(self, who: Person, document: Document) -> Document:
        """Bring a letter, which is let in at the door, and wait until all came of it."""
        assert await self.server.send(self.tea.inbox, document, who) == 202
        await self.settle_down()
        return document

    async def enters(self, name: str, *, role: Role = Role.MEMBER) -> Person:
        """Somebody there who follows the group, and runs it with others if they do."""
        person = self.server.person(name)
        await self.says(person, self.server.activity("Follow", person, self.tea.uri))
        actor = await self.known(person)
        await stand(actor.id, self.tea.id, State.MEMBER, role=role)
        return person

    async def known(self, person: Person) -> Actor:
        """The same as they are known here."""
        return await look_up(person.uri)

    async def posts(self, who: Person, words: str = "<p>Leaves</p>", **more: Any) -> Note:
        """A note of theirs that stands in the group."""
        to = {"to": [self.tea.uri, PUBLIC], "audience": self.tea.uri}
        note = self.server.note(who, words, **(to | more))
        await self.says(who, self.server.activity("Create", who, note))
        return await Note.get(uri=note["id"]).select_related("author")

    def told(self, name: str, who: Person, about: Any, **more: Any) -> Document:
        """A recorded act, by somebody there, about something in this group."""
        placed = {"cc": [self.tea.uri], "audience": self.tea.uri}
        document = recorded(name, {})
        inner = document["object"] if document["type"] == "Announce" else document
        inner = {key: each for key, each in inner.items() if not str(each).startswith("SCRUBBED")}
        own = {"id": self.server.id("act"), "actor": who.uri, "object": about}
        return inner | placed | own | more

    def passed_on(self, kind: str) -> list[Document]:
        """The acts of a kind that the group passed on whole; each announced as the kinds demand."""
        found = [each.document for each in self.server.letters if each.type == "Announce"]
        whole = [each for each in found if isinstance(each["object"], dict)]
        for each in whole:
            assert each["actor"] == each["audience"] == self.tea.uri
            assert (each["to"], each["cc"]) == ([PUBLIC], [self.tea.followers_uri])
            assert each["id"].startswith(f"{self.tea.uri}/")
        return [each["object"] for each in whole if each["object"]["type"] == kind]


@pytest.fixture
async def house(settle, server, settle_down) -> House:
    mei = await settle("mei")
    return House(mei, await make_group(mei, "tea", title="Tea"), server, settle_down)


def bare(document: Document) -> Document:
    """What came, as it is passed on within an Announce: with its context where it was signed."""
    is_signed = "signature" in document or "proof" in document
    return {key: each for key, each in document.items() if is_signed or key != "@context"}


ASKED = {
    "piefed": ("piefed/pyfedi--feed_follow-01.json", "piefed/pyfedi--feed_follow-02.json"),
    "mbin": (f"{MBIN}FollowTest__testFollowMagazine__1.json", "mbin/lemmy--activities-accept.json"),
    "mobilizon": (
        "mobilizon/mobilizon--fixtures-mobilizon-join-activity.json",
        "mbin/lemmy--activities-accept.json",
    ),
}
LEFT = {
    "piefed": f"{MBIN}UndoTest__testUndoFollowMagazine__1.json",
    "mbin": f"{MBIN}UndoTest__testUndoFollowMagazine__1.json",
    "mobilizon": "mobilizon/mobilizon--fixtures-mobilizon-leave-activity.json",
}


@pytest.mark.parametrize("kind", ASKED)
async def test_who_asks_in_recorded_words_is_answered_in_the_recorded_shape(house, server, kind):
    asked, expected = (recorded(name, {}) for name in ASKED[kind])
    who = server.person("user2")
    ask = asked | {"id": server.id("follow"), "actor": who.uri, "object": house.tea.uri}
    await house.says(who, ask | {"to": [house.tea.uri]})
    accept = server.last("Accept")

    assert set(accept) >= set(expected)
    assert (accept["actor"], accept["to"]) == (house.tea.uri, [who.uri])
    assert set(accept["object"]) >= set(expected["object"])
    for key in ("id", "type", "actor", "object"):
        assert accept["object"][key] == ask[key]
    # NodeBB, Lemmy and Mbin demand one host for who acts, the act and the key.
    assert urlsplit(accept["id"]).netloc == urlsplit(house.tea.uri).netloc
    assert (await membership_of(await house.known(who), house.tea)).is_member

    gone = recorded(LEFT[kind], {})
    about = bare(ask) if gone["type"] == "Undo" else house.tea.uri
    await house.says(who, gone | {"id": server.id("undo"), "actor": who.uri, "object": about})
    assert (await membership_of(await house.known(who), house.tea)).state is State.LEFT


async def test_a_join_that_is_refused_is_refused_by_its_own_name(house, server):
    """Mobilizon and Smithereen look for the Join that they sent."""
    await Group.filter(actor_id=house.tea.id).update(see=See.MEMBERS, join=Join.INVITE)
    server.runs("smithereen")
    who = server.person("user2")
    ask = server.activity("Join", who, house.tea.uri)

    await house.says(who, ask)

    refused = server.last("Reject")["object"]
    assert (refused["type"], refused["id"]) == ("Join", ask["id"])


def page(name: str, path: str = "object") -> Document:
    """A recorded note, out of what it came in."""
    document: Any = recorded(name, {})
    for key in path.split(".") if path else ():
        document = document[int(key) if key.isdigit() else key]
    return dict(document)


# Each in the way in which its kind says where it belongs.
POSTED = {
    "lemmy": (
        lambda: page("lemmy/lemmy--collections-group_outbox.json", "orderedItems.0.object.object"),
        lambda tea: {"to": [tea.uri, PUBLIC], "cc": [], "audience": tea.uri},
        "another outbox test",
    ),
    "piefed": (
        lambda: page("lemmy/lemmy--collections-group_outbox.json", "orderedItems.0.object.object"),
        lambda tea: {
            "to": [tea.uri, PUBLIC],
            "audience": tea.uri,
            "source": {"content": "words", "mediaType": "text/markdown"},
        },
        "another outbox test",
    ),
    "mbin entry": (
        lambda: page(f"{MBIN}CreateTest__testCreateEntryWithUrlAndImage__1.json"),
        lambda tea: {"to": [tea.uri, PUBLIC], "audience": tea.uri},
        "test",
    ),
    "mbin post": (
        lambda: page(f"{MBIN}CreateTest__testCreatePost__1.json"),
        lambda tea: {"to": [tea.uri, PUBLIC], "audience": tea.uri},
        "test",
    ),
    "nodebb": (
        lambda: page("nodebb/discourse-activity-pub--case_1-received_1.json"),
        lambda tea: {"to": [PUBLIC], "cc": [tea.followers_uri], "audience": tea.uri},
        "Is ActivityPub too complicated?",
    ),
    "discourse": (
        lambda: {"type": "Article", "name": "A topic", "content": "<p>words</p>"},
        lambda tea: {"to": [PUBLIC], "cc": [tea.uri]},
        "A topic",
    ),
    "friendica": (
        lambda: page("friendica/lemmy--objects-note_1.json", ""),
        lambda tea: {"to": [PUBLIC, tea.uri], "inReplyTo": None, "context": None},
        "test",
    ),
    "smithereen": (
        lambda: page("smithereen/lemmy--objects-note.json", ""),
        lambda tea: {
            "inReplyTo": None,
            "target": {"type": "Collection", "id": f"{tea.uri}/wall", "attributedTo": tea.uri},
        },
        "So does this federate now?",
    ),
    "guppe": (
        lambda: {"type": "Note", "content": "<p>@tea Hello</p>"},
        lambda tea: {
            "to": [PUBLIC],
            "tag": [{"type": "Mention", "href": tea.uri, "name": f"@tea@{tea.host}"}],
        },
        "Hello",
    ),
    "mobilizon": (
        lambda: page("mobilizon/mobilizon--fixtures-mobilizon-post-activity.json"),
        lambda tea: {
            "to": [PUBLIC],
            "cc": [tea.uri],
            "tag": [{"type": "Mention", "href": tea.uri, "name": f"@tea@{tea.host}"}],
        },
        "My first event",
    ),
}


@pytest.mark.parametrize("kind", POSTED)
async def test_what_is_posted_in_recorded_words_stands_and_is_passed_on(house, server, kind):
    written, placed, title = POSTED[kind]
    who = await house.enters("user")
    own = {"id": server.id("post"), "attributedTo": who.uri, "published": "2026-11-20T10:00:00Z"}
    note = server.serve(written() | {"cc": [who.followers]} | placed(house.tea) | own)
    create = server.activity("Create", who, note)
    if kind == "discourse":
        create["actor"] = who.document(server.base)

    await house.says(who, create)

    post = await GroupPost.get(note__uri=note["id"]).select_related("note")
    assert (post.group_id, post.standing) == (house.tea.id, Standing.ACCEPTED)
    assert (post.note.title or post.title) == title
    # Whole, as it came, to their own server too (Lemmy waits for it), and by its id for microblogs.
    assert house.passed_on("Create") == [bare(create)]
    boosts = [each.document for each in server.letters if each.type == "Announce"]
    assert [each["object"] for each in boosts if isinstance(each["object"], str)] == [note["id"]]


async def test_peertube_comments_below_a_thread_reach_the_group(house, server):
    who = await house.enters("user")
    top = await house.posts(who)
    comment = page("peertube/lemmy--objects-note.json", "") | {
        "id": server.id("comments"),
        "attributedTo": who.uri,
        "inReplyTo": top.uri,
        "cc": [who.followers],
    }
    create = server.activity("Create", who, server.serve(comment))

    await house.says(who, create)

    note = await Note.get(uri=comment["id"])
    assert (note.group_id, note.in_reply_to_id, note.audience) == (
        house.tea.id,
        top.id,
        Audience.PUBLIC,
    )
    assert house.passed_on("Create")[-1] == bare(create)


@pytest.mark.parametrize(
    "name", [f"{LEMMY}voting-dislike_page.json", f"{FRIENDICA}dislike_page.json"]
)
async def test_votes_in_recorded_words_count_as_they_do_at_home(house, server, name):
    who = await house.enters("user")
    server.person("milk", "Group")
    await look_up(f"@milk@{server.host}")
    top = await house.posts(who)
    fan = await house.enters("fan")
    like = house.told(f"{MBIN}AnnounceTest__testAnnounceLikeEntryComment__1.json", fan, top.uri)
    await house.says(fan, like)
    liked = await Like.filter(note_id=top.id).count()

    dislike = await house.says(fan, house.told(name, fan, top.uri))

    assert (liked, await Like.filter(note_id=top.id).count()) == (1, 0)
    assert house.passed_on("Like") == [bare(like)]
    assert house.passed_on("Dislike") == [bare(dislike)]


async def test_friendica_changes_and_deletes_and_the_group_says_so(house, server):
    who = await house.enters("user")
    top = await house.posts(who)
    words = page(f"{FRIENDICA}update_note.json") | {
        "id": top.uri,
        "attributedTo": who.uri,
        "inReplyTo": None,
        "context": None,
        "updated": "2026-11-21T10:00:00Z",
        "to": [PUBLIC],
        "cc": [house.tea.uri],
    }
    update = await house.says(who, house.told(f"{FRIENDICA}update_note.json", who, words))
    changed = await Note.get(id=top.id)
    tombstone = {"id": top.uri, "type": "Tombstone"}
    delete = await house.says(who, house.told(f"{FRIENDICA}delete.json", who, tombstone))

    assert "edited comment" in changed.content
    assert (await Note.get(id=top.id)).deleted_at is not None
    assert house.passed_on("Update") == [bare(update)]
    assert house.passed_on("Delete") == [bare(delete)]
    assert server.last("Undo")["object"]["object"] == top.uri


LOCKS = (
    f"{LEMMY}community-lock_page.json",
    f"{LEMMY}community-lock_note.json",
    f"{MBIN}LockTest__testLockEntryByAuthor__1.json",
)


@pytest.mark.parametrize("name", LOCKS)
async def test_a_lock_in_recorded_words_by_a_moderator_there_holds_until_undone(house, name):
    mod, who = await house.enters("mod", role=Role.MODERATOR), await house.enters("user")
    top = await house.posts(who)

    lock = await house.says(mod, house.told(name, mod, top.uri))
    held = await lock_on(top)
    undo = house.told(f"{LEMMY}community-undo_lock_page.json", mod, bare(lock))
    await house.says(mod, undo)

    assert held.reason == (lock.get("summary") or "A moderator gave no reason.")
    assert await lock_on(top) is None
    assert house.passed_on("Lock") == [bare(lock)]
    assert house.passed_on("Undo") == [bare(undo)]


@pytest.mark.parametrize("is_mbin", [False, True])
async def test_a_removal_in_recorded_words_says_its_reason(house, is_mbin):
    mod, who = await house.enters("mod", role=Role.MODERATOR), await house.enters("user")
    top = await house.posts(who)
    undo = recorded(f"{LEMMY}deletion-undo_remove_note.json", {})
    name = f"{MBIN}DeleteTest__testDeleteEntryByModerator__1.json"
    delete = house.told(name, mod, {"id": top.uri, "type": "Tombstone"})
    if not is_mbin:
        delete = undo["object"] | delete | {"object": top.uri, "summary": "bad comment"}

    await house.says(mod, delete)
    row = await GroupPost.get(note_id=top.id)
    await house.says(mod, house.told(f"{LEMMY}deletion-undo_remove_note.json", mod, delete))

    reason = "A moderator gave no reason." if is_mbin else "bad comment"
    assert (row.standing, row.reason) == (Standing.REMOVED, reason)
    assert (await GroupPost.get(note_id=top.id)).standing is Standing.ACCEPTED
    assert house.passed_on("Delete") == [bare(delete)]
    assert [each["type"] for each in house.passed_on("Undo")] == ["Undo"]


async def test_mbin_pins_and_unpins_in_a_group_here(house):
    mod, who = await house.enters("mod", role=Role.MODERATOR), await house.enters("user")
    top = await house.posts(who)
    names = ("AddPinnedPost", "RemovePinnedPost")
    acts = [
        house.told(
            f"{MBIN}AnnounceTest__testAnnounce{name}__1.json",
            *(mod, top.uri),
            target=house.tea.featured_uri,
        )
        for name in names
    ]

    pinned = []
    for act in acts:
        await house.says(mod, act)
        pinned.append(await Pin.exists(actor_id=house.tea.id, note_id=top.id))

    assert pinned == [True, False]
    assert [*house.passed_on("Add"), *house.passed_on("Remove")] == [bare(each) for each in acts]


@pytest.mark.parametrize("is_lemmy", [True, False])
async def test_a_ban_in_recorded_words_keeps_out_with_its_end_and_its_notes(house, is_lemmy):
    mod, who = await house.enters("mod", role=Role.MODERATOR), await house.enters("user")
    top = await house.posts(who)
    name = (
        f"{LEMMY}block-block_user.json" if is_lemmy else f"{MBIN}BlockTest__testBlockUser__1.json"
    )
    end = {"endTime": "2036-11-01T12:23:50Z"} if is_lemmy else {}
    block = await house.says(mod, house.told(name, mod, who.uri, target=house.tea.uri, **end))
    row = await membership_of(await house.known(who), house.tea)
    hidden = (await Note.get(id=top.id)).hidden_at
    refused = house.server.note(who, "<p>But</p>", to=[house.tea.uri, PUBLIC])
    await house.says(who, house.server.activity("Create", who, refused))

    assert (row.state, row.reason) == (State.BANNED, block["summary"])
    assert (row.until.year if row.until else None) == (2036 if is_lemmy else None)
    assert (hidden is not None) == is_lemmy
    assert not await GroupPost.exists(note__uri=refused["id"])
    assert block["summary"] in house.server.last("Reject")["summary"]
    assert house.passed_on("Block") == [bare(block)]
    name = f"{LEMMY}block-undo_block_user.json"
    await house.says(mod, house.told(name, mod, bare(block)))
    assert not (await membership_of(await house.known(who), house.tea)).is_banned


async def test_nobody_else_there_decides_in_recorded_words(house):
    """The same letters by a member who moderates nothing: nothing happens, nothing is passed on."""
    eve, who = await house.enters("eve"), await house.enters("user")
    top = await house.posts(who)
    for name, about, more in (
        *((name, top.uri, {}) for name in LOCKS),
        (f"{MBIN}DeleteTest__testDeleteEntryByModerator__1.json", top.uri, {}),
        (
            f"{MBIN}AnnounceTest__testAnnounceAddPinnedPost__1.json",
            *(top.uri, {"target": house.tea.featured_uri}),
        ),
        (f"{LEMMY}block-block_user.json", who.uri, {"target": house.tea.uri}),
        (
            f"{MBIN}AddHandlerTest__testAddModerator__1.json",
            *(eve.uri, {"target": house.tea.moderators_uri}),
        ),
    ):
        await house.says(eve, house.told(name, eve, about, **more))

    row = await GroupPost.get(note_id=top.id)
    assert (row.standing, row.locked_at, row.pinned_at) == (Standing.ACCEPTED, None, None)
    assert (await membership_of(await house.known(who), house.tea)).is_member
    assert (await membership_of(await house.known(eve), house.tea)).role is Role.MEMBER
    for kind in ("Lock", "Delete", "Add", "Block"):
        assert house.passed_on(kind) == []


async def test_mbin_a_moderator_gives_no_office_that_is_the_owners_to_give(house):
    mod, who = await house.enters("mod", role=Role.MODERATOR), await house.enters("user")
    name = f"{MBIN}AddHandlerTest__testAddModerator__1.json"

    await house.says(mod, house.told(name, mod, who.uri, target=house.tea.moderators_uri))

    assert (await membership_of(await house.known(who), house.tea)).role is Role.MEMBER
    assert house.passed_on("Add") == []


REPORTS = {
    "lemmy": f"{LEMMY}community-report_page.json",
    "mbin": "mbin/lemmy--activities-flag.json",
    "mbin comment": f"{MBIN}FlagTest__testFlagEntryComment__1.json",
}


@pytest.mark.parametrize("kind", REPORTS)
async def test_a_report_in_recorded_words_is_for_the_moderators_and_goes_nowhere_else(house, kind):
    who, fan = await house.enters("user"), await house.enters("fan")
    top = await house.posts(who)
    about = [top.uri, who.uri] if kind == "mbin" else top.uri
    flag = house.told(REPORTS[kind], fan, about, to=[house.tea.uri])

    await house.says(fan, flag)

    report = await Report.get(uri=flag["id"])
    assert (report.group_id, report.target_id) == (house.tea.id, top.author_id)
    assert report.reporter_host == house.server.host
    assert house.passed_on("Flag") == []
    assert "Flag" not in house.server.types()


async def test_a_report_goes_on_to_moderators_elsewhere_but_not_to_whom_it_is_about(
    house, third, settle_down
):
    who, fan = await house.enters("user", role=Role.MODERATOR), await house.enters("fan")
    mod = third.person("mod")
    await stand((await look_up(mod.uri)).id, house.tea.id, State.MEMBER, role=Role.MODERATOR)
    top = await house.posts(who)
    flag = house.told(REPORTS["lemmy"], fan, top.uri, to=[house.tea.uri])

    await house.says(fan, flag)

    letters = [each for each in third.letters if isinstance(each.document["object"], dict)]
    (told,) = [each for each in letters if each.document["object"]["type"] == "Flag"]
    assert told.path == "/users/mod/inbox"
    assert (told.document["object"], told.document["to"]) == (bare(flag), [mod.uri])
    assert PUBLIC not in told.document.get("cc", [])
    assert house.passed_on("Flag") == []
    status, _ = await third.get(told.document["id"], mod)
    assert status == 404
