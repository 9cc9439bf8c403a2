"""Someone here wants nothing to do with a whole server (PRIV-07)."""

import pytest

from actors.blocks import ServerBlock
from actors.follows import Follow
from core import sql
from core.paging import Page
from inbox.notifications import Event, Notification
from inbox.reading import federated, home
from inbox.tagged import of_tag
from inbox.timelines import put_in_homes
from notes.note import Audience, Note
from notes.reactions import Like
from notes.tags import tag_note
from notes.visibility import may_see, visible_to
from notes.visible import seen_by
from outbox.announce import boost
from outbox.block_server import block_server, unblock_server
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed
from tests.factories import boosted, noted, stranger
from tests.walks.people import befriended, came, fan_of, known, say


async def test_PRIV_07_a_blocked_server_loses_its_follows_and_hears_no_more(
    settle, remote, settle_down
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    fan, his = await fan_of(mei, remote, "fan")
    note = await came(remote, ana, mei, settle_down)
    await say(
        remote, "Like", fan, (await publish(mei, Draft(text="tea"))).uri, mei.inbox, settle_down
    )
    assert await Notification.exists(actor_id=his.id)

    await block_server(mei, f"@ana@{remote.host.upper()}")
    await settle_down()
    remote.letters.clear()
    await publish(mei, Draft(text="not for them"))
    await settle_down()

    assert not await Follow.exists()
    assert not await Notification.filter(reader_id=mei.id).exists()
    assert remote.letters == []
    assert (await home(mei, Page())).rows[0].author_id == mei.id
    assert not await may_see(mei, note)


async def test_PRIV_07_the_end_of_the_follows_is_told_to_their_servers(settle, remote, settle_down):
    mei = await settle("mei")
    await befriended(mei, remote)
    await fan_of(mei, remote, "fan")

    await block_server(mei, remote.base)
    await settle_down()

    assert sorted(remote.types()) == ["Reject", "Undo"]


async def test_PRIV_07_letters_of_a_blocked_server_have_no_effect(settle, remote, settle_down):
    mei = await settle("mei")
    ben = await settle("ben")
    mine = await publish(mei, Draft(text="tea"))
    ana, _ = await known(remote, "ana")
    await block_server(mei, remote.host)
    await settle_down()

    await say(remote, "Follow", ana, mei.uri, mei.inbox, settle_down)
    await say(remote, "Like", ana, mine.uri, mei.inbox, settle_down)
    await say(remote, "Announce", ana, mine.uri, mei.inbox, settle_down)
    answer = remote.note(ana, inReplyTo=mine.uri, to=[mei.uri], cc=[])
    await say(remote, "Create", ana, answer, mei.inbox, settle_down)
    named = remote.note(
        ana, tag=[{"type": "Mention", "href": mei.uri, "name": "@mei"}], cc=[mei.uri]
    )
    await say(remote, "Create", ana, named, mei.inbox, settle_down)
    await say(remote, "Follow", ana, ben.uri, ben.inbox, settle_down)

    assert [row.followed_id for row in await Follow.all()] == [ben.id]
    assert not await Like.exists()
    assert not await Note.filter(is_local=False).exists()
    assert not await Notification.filter(reader_id=mei.id).exists()


async def test_PRIV_07_a_blocked_server_is_refused_what_it_asks_for(settle, remote, settle_down):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="tea"))
    ana, _ = await known(remote, "ana")
    assert (await remote.get(note.uri, ana))[0] == 200
    await block_server(mei, remote.host)

    statuses = [
        (await remote.get(uri, ana))[0]
        for uri in (note.uri, mei.outbox, mei.followers_uri, f"{note.uri}/replies")
    ]

    assert statuses == [404] * 4
    assert "name" not in (await remote.get(mei.uri, ana))[1]


async def test_PRIV_07_letters_that_wait_are_held_back(settle, remote, settle_down):
    mei = await settle("mei")
    await fan_of(mei, remote)
    note = await publish(mei, Draft(text="tea"))

    await block_server(mei, remote.host)
    await settle_down()

    assert remote.types() == ["Reject"]
    assert (await Note.get(id=note.id)).deleted_at is None


async def test_PRIV_07_lists_hide_a_blocked_server_and_what_lies_under_it(settle):
    mei, ben = await settle("mei"), await settle("ben")
    there = await stranger("ana", "bad.example", is_discoverable=True)
    under = await stranger("eve", "deep.bad.example", is_discoverable=True)
    near = await stranger("joe", "notbad.example", is_discoverable=True)
    notes = [await noted(each) for each in (there, under, near)]
    for each in notes:
        await tag_note(each, "tea")
    shared = await boosted(ben, notes[0])
    await put_in_homes([mei.id], shared.id)
    await put_in_homes([mei.id], notes[2].id)
    await block_server(mei, "bad.example")

    lists = [
        [note.id for note in (await chosen).rows]
        for chosen in (federated(mei, Page()), of_tag("tea", mei, Page()), home(mei, Page()))
    ]

    assert lists == [[notes[2].id]] * 3
    assert len((await federated(ben, Page())).rows) == 3
    assert len((await federated(None, Page())).rows) == 3


@pytest.mark.parametrize("audience", list(Audience))
async def test_PRIV_07_lists_and_notes_agree_about_blocked_servers(settle, audience):
    mei = await settle("mei")
    people = [
        await stranger("ana", "bad.example"),
        await stranger("eve", "deep.bad.example"),
        await stranger("joe", "notbad.example"),
        mei,
    ]
    for each in people:
        await noted(each, audience=audience)
    await block_server(mei, "bad.example")

    for viewer in people:
        text, values = seen_by(viewer)
        rows = await sql.rows(
            f"SELECT n.id FROM note n JOIN actor a ON a.id = n.author_id WHERE {text}",  # noqa: S608
            values,
        )
        notes = await Note.all().select_related("author")
        assert {row["id"] for row in rows} == {note.id for note in await visible_to(viewer, notes)}


@pytest.mark.parametrize("name", ["", "no such thing", "com", "https://", "a" * 300, "@@", "☃..☃"])
async def test_what_is_no_server_is_not_blocked(settle, name):
    mei = await settle("mei")

    with pytest.raises(NotAllowed):
        await block_server(mei, name)

    assert not await ServerBlock.exists()


async def test_nobody_blocks_the_server_they_live_on(settle, here):
    mei = await settle("mei")

    for name in (here.server.domain, here.server.base_url, "@ben@" + here.server.account_domain):
        with pytest.raises(NotAllowed):
            await block_server(mei, name)


async def test_a_server_that_is_let_go_is_seen_again_and_follows_stay_ended(
    settle, remote, settle_down
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    note = await came(remote, ana, mei, settle_down)
    await block_server(mei, remote.host)
    await settle_down()

    assert await unblock_server(mei, remote.host)
    assert not await unblock_server(mei, remote.host)

    assert await may_see(mei, note)
    assert not await Follow.exists()
    await boost(mei, note)


async def test_a_note_of_a_blocked_server_alerts_nobody(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    note = await came(remote, ana, mei, settle_down)
    await boost(mei, note)
    await settle_down()
    await block_server(mei, remote.host)
    changed = remote.things[note.uri.removeprefix(remote.base)]

    newer = changed | {"content": "<p>new</p>", "updated": "2026-11-22T10:00:00Z"}
    await say(remote, "Update", ana, newer, mei.inbox, settle_down)

    assert not await Notification.filter(reader_id=mei.id, event=Event.UPDATE).exists()
