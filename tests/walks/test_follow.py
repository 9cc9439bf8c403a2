"""Following across servers, both ways, with every answer there is."""

from actors.actor import Actor, by_uri
from actors.follows import Follow, is_following
from actors.remote import look_up
from inbox.notifications import Event, Notification
from outbox.follow import follow
from outbox.undo import unfollow


async def test_a_remote_follow_is_accepted(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")

    status = await remote.send(mei.inbox, remote.activity("Follow", ana, mei.uri), ana)
    await settle_down()

    assert status == 202
    assert remote.types() == ["Accept"]
    assert remote.letters[0].document["object"]["type"] == "Follow"
    assert await is_following(await by_uri(ana.uri), mei)
    assert await Notification.filter(reader_id=mei.id, event=Event.FOLLOW).count() == 1


async def test_a_locked_person_is_asked_first(settle, remote, settle_down):
    mei = await settle("mei", is_locked=True)
    ana = remote.person("ana")

    await remote.send(mei.inbox, remote.activity("Follow", ana, mei.uri), ana)
    await settle_down()

    assert remote.types() == []
    assert not await is_following(await by_uri(ana.uri), mei)
    assert await Notification.filter(reader_id=mei.id, event=Event.FOLLOW_REQUEST).exists()


async def test_our_follow_is_in_force_once_they_accept(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    actor = await look_up(f"@ana@{remote.host}")

    asked = await follow(mei, actor)
    await settle_down()
    before = await is_following(mei, actor)
    accept = remote.activity("Accept", ana, remote.last("Follow"))
    await remote.send(mei.inbox, accept, ana)
    await settle_down()

    assert not before
    assert remote.last("Follow")["id"] == asked.uri
    assert await is_following(mei, actor)


async def test_ORG_14_an_accept_nobody_asked_for_follows_nobody(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    invented = {"id": f"{mei.uri}/invented", "type": "Follow", "actor": mei.uri, "object": ana.uri}

    await remote.send(mei.inbox, remote.activity("Accept", ana, invented), ana)
    await settle_down()

    assert not await Follow.exists()


async def test_ORG_14_only_the_followed_can_accept(settle, remote, settle_down):
    mei = await settle("mei")
    remote.person("ana")
    eve = remote.person("eve")
    asked = await follow(mei, await look_up(f"@ana@{remote.host}"))
    await settle_down()

    await remote.send(mei.inbox, remote.activity("Accept", eve, asked.uri), eve)
    await settle_down()

    assert not await Follow.filter(is_accepted=True).exists()


async def test_unfollowing_sends_the_whole_follow_back(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    actor = await look_up(f"@ana@{remote.host}")
    await follow(mei, actor)
    await settle_down()
    await remote.send(mei.inbox, remote.activity("Accept", ana, remote.last("Follow")), ana)
    await settle_down()

    await unfollow(mei, actor)
    await settle_down()

    assert remote.last("Undo")["object"]["type"] == "Follow"
    assert not await Follow.exists()


async def test_an_undo_ends_their_follow_and_its_alert(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = remote.activity("Follow", ana, mei.uri)
    await remote.send(mei.inbox, asked, ana)
    await settle_down()

    await remote.send(mei.inbox, remote.activity("Undo", ana, asked), ana)
    await settle_down()

    assert not await Follow.exists()
    assert not await Notification.filter(reader_id=mei.id).exists()


async def test_an_undo_that_comes_first_wins(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = remote.activity("Follow", ana, mei.uri)

    await remote.send(mei.inbox, remote.activity("Undo", ana, asked), ana)
    await settle_down()
    await remote.send(mei.inbox, asked, ana)
    await settle_down()

    assert not await Follow.exists()


async def test_SIG_16_a_replayed_follow_after_an_undo_changes_nothing(settle, remote, settle_down):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = remote.activity("Follow", ana, mei.uri)
    for letter in (asked, remote.activity("Undo", ana, asked), asked):
        status = await remote.send(mei.inbox, letter, ana)
        await settle_down()

    assert status == 202
    assert not await Follow.exists()


async def test_people_here_follow_each_other_on_the_same_road(settle, settle_down):
    mei, ben = await settle("mei"), await settle("ben")

    await follow(mei, ben)
    await settle_down()

    assert await is_following(mei, ben)
    assert await Notification.filter(reader_id=ben.id, event=Event.FOLLOW).count() == 1


async def test_whoever_asks_nobody_is_followed_at_once_and_told_once(settle, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    locked = await settle("lin", is_locked=True)

    row, asked = await follow(mei, ben), await follow(mei, locked)
    at_once = await is_following(mei, ben), await is_following(mei, locked)
    await settle_down()

    assert at_once == (True, False)
    assert (row.is_accepted, asked.is_accepted) == (True, False)
    assert (await Actor.get(id=ben.id)).followers_count == 1
    assert [each.event for each in await Notification.filter(reader_id=ben.id)] == [Event.FOLLOW]
    assert [each.event for each in await Notification.filter(reader_id=locked.id)] == [
        Event.FOLLOW_REQUEST
    ]
