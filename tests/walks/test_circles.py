"""Notes for mutuals, for circles and for their author alone, and another server."""

import pytest

from actors.circles import circles_of, in_circle, make_circle, put_in_circle, take_out_of_circle
from actors.closing import close
from actors.domains import Domain
from actors.follows import follow_between
from actors.groups import Join, See, make_group
from actors.memberships import Membership, State
from core.paging import Page
from inbox.notifications import Event, Notification
from inbox.reading import home
from inbox.timelines import HomeEntry
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.reactions import Like
from notes.visibility import may_see
from outbox import fan_out
from outbox.announce import boost
from outbox.block import block
from outbox.block_server import block_server
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.like import like
from outbox.narrow import narrow
from outbox.refusals import NotAllowed, NotValid
from outbox.undo import unblock
from outbox.update import edit
from tests.conftest import account_of
from tests.remote import PUBLIC
from tests.walks.people import came, fan_of, follows, known, say


async def circle(owner, *people, name="Close friends"):
    """A circle of someone with these people in it."""
    made = await make_circle(owner, name)
    for person in people:
        await put_in_circle(made, person)
    return made


def to_circles(*circles, text="psst", **more):
    """A draft for circles."""
    numbers = [each.id for each in circles]
    return Draft(text=text, audience=Audience.CIRCLE, circles=numbers, **more)


def paths(remote, kind=None):
    """Which letterboxes letters came to."""
    return sorted(each.path for each in remote.letters if kind in (None, each.type))


async def test_a_note_for_a_circle_reaches_its_people_each_in_their_own_letterbox(
    settle, remote, elsewhere, settle_down
):
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    ana, her = await fan_of(mei, remote)
    _bob, him = await fan_of(mei, remote, "bob")
    await fan_of(mei, remote, "eve")
    _cara, cara = await known(elsewhere, "cara")
    await follows(ben, mei)
    await follows(cai, mei)
    friends = await circle(mei, her, him, ben)
    family = await circle(mei, cara, ben, name="Family")

    text = f"psst @ana@{remote.host} @ben"
    note = await publish(mei, to_circles(friends, family, text=text))
    await settle_down()

    (letter,) = {each.body for each in (*remote.letters, *elsewhere.letters)}
    create = remote.letters[0].document
    (aside,) = create["to"]
    assert paths(remote) == ["/users/ana/inbox", "/users/bob/inbox"]
    assert paths(elsewhere) == ["/users/cara/inbox"]
    assert aside.startswith(f"{mei.uri}/a/")
    assert (create["object"]["to"], create["object"]["cc"], create["cc"]) == ([aside], [], [])
    assert "directMessage" not in create["object"]
    assert [each for each in create["object"]["tag"] if each["type"] == "Mention"] == []
    assert not any(each.uri.encode() in letter for each in (him, cara))
    assert await HomeEntry.filter(note_id=note.id).values_list("reader_id", flat=True) in (
        [mei.id, ben.id],
        [ben.id, mei.id],
    )
    told = await Notification.filter(note_id=note.id)
    assert [(each.reader_id, each.event) for each in told] == [(ben.id, Event.MENTION)]
    assert ana.uri not in str(create["to"])


async def test_mutuals_are_those_who_follow_each_other_when_it_is_published(
    settle, remote, settle_down
):
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    _ana, her = await fan_of(mei, remote)
    await fan_of(mei, remote, "bob")
    _eve, eve = await known(remote, "eve")
    for person in (her, ben, eve):
        await follows(mei, person)
    await follows(ben, mei)
    await follows(cai, mei)

    note = await publish(mei, Draft(text="us", audience=Audience.MUTUALS))
    await settle_down()
    await follows(mei, cai)

    assert paths(remote) == ["/users/ana/inbox"]
    assert [await may_see(each, note) for each in (mei, her, ben, cai, eve, None)] == [
        *(True, True, True, False, False, False)
    ]
    assert [each.id for each in (await home(ben, Page())).rows] == [note.id]
    assert (await home(cai, Page())).rows == []


async def test_what_is_for_oneself_goes_nowhere(settle, remote, settle_down, wire):
    mei, ben = await settle("mei"), await settle("ben")
    ana, her = await fan_of(mei, remote)
    await follows(ben, mei)

    note = await publish(mei, Draft(text=f"@ben @ana@{remote.host} plans", audience=Audience.SELF))
    await settle_down()
    await edit(mei, note, Draft(text=f"@ben @ana@{remote.host} other plans"))
    await settle_down()

    assert remote.letters == []
    assert not await Mention.exists()
    assert not await Notification.exists()
    assert await HomeEntry.all().values_list("reader_id", flat=True) == [mei.id]
    assert [await may_see(each, note) for each in (mei, her, ben)] == [True, False, False]
    assert (await wire.get(f"/n/{note.id}", ana)).status == 404
    await withdraw(mei, note)
    await settle_down()
    assert remote.letters == []


async def test_an_edit_and_a_delete_go_to_the_same_letterboxes(settle, remote, settle_down):
    mei = await settle("mei")
    _ana, her = await fan_of(mei, remote)
    _bob, him = await fan_of(mei, remote, "bob")
    friends = await circle(mei, her)
    note = await publish(mei, to_circles(friends))
    await settle_down()
    aside = remote.letters[0].document["to"]
    # Who came later does not see it; who was taken out has it already (decision 0032).
    await put_in_circle(friends, him)
    await take_out_of_circle(friends, [her.id])

    await edit(mei, note, Draft(text=f"better @bob@{remote.host}"))
    await settle_down()
    await withdraw(mei, await Note.get(id=note.id))
    await settle_down()

    assert remote.types() == ["Create", "Update", "Delete"]
    assert paths(remote) == ["/users/ana/inbox"] * 3
    assert [each.document["to"] for each in remote.letters] == [aside] * 3
    assert [each.document.get("cc", []) for each in remote.letters] == [[]] * 3
    assert not await may_see(him, note)


async def test_a_like_and_an_answer_come_back_and_strangers_are_refused(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, her = await fan_of(mei, remote)
    eve, _ = await fan_of(mei, remote, "eve")
    note = await publish(mei, to_circles(await circle(mei, her)))
    await settle_down()

    await say(remote, "Like", ana, note.uri, mei.inbox, settle_down)
    await say(remote, "Like", eve, note.uri, mei.inbox, settle_down)
    await say(remote, "Announce", ana, note.uri, mei.inbox, settle_down, to=[PUBLIC])
    answer = await came(remote, ana, mei, settle_down, to=[mei.uri], cc=[], inReplyTo=note.uri)
    again = await publish(mei, Draft(text="yes", in_reply_to=answer))
    await settle_down()

    assert await Like.filter(note_id=note.id).values_list("actor_id", flat=True) == [her.id]
    assert not await Note.exists(boost_of_id=note.id)
    assert (answer.audience, answer.in_reply_to_id) == (Audience.PEOPLE, note.id)
    assert (await Note.get(id=note.id)).replies_count == 0
    assert again.audience == Audience.PEOPLE
    assert paths(remote, "Create") == ["/users/ana/inbox"] * 2


async def test_signed_fetches_are_for_servers_of_the_chosen_alone(
    settle, remote, elsewhere, settle_down, wire
):
    mei = await settle("mei")
    ana, her = await fan_of(mei, remote)
    neighbour, _ = await known(remote, "neighbour")
    keeper = remote.person("keeper", kind="Application")
    cara, other = await fan_of(mei, elsewhere, "cara")
    friends = await circle(mei, her)
    note = await publish(mei, to_circles(friends))
    await settle_down()
    aside = remote.letters[0].document["to"][0].removeprefix(wire.here.server.base_url)

    async def statuses(*people):
        return [(await wire.get(f"/n/{note.id}", each)).status for each in people]

    # Her server may ask for her; who lives beside her may not, and is a stranger (PRIV-01).
    assert await statuses(ana, keeper, neighbour, cara) == [200, 200, 404, 404]
    assert [(await wire.get(aside, each)).status for each in (ana, cara, None)] == [404] * 3
    await take_out_of_circle(friends, [her.id])
    assert await statuses(ana, cara) == [200, 404]
    await block(mei, her)
    assert await statuses(ana, keeper, neighbour, cara) == [404, 404, 404, 404]
    assert not await may_see(other, note)


async def test_the_blocked_are_in_no_circle_and_get_nothing(settle, remote, settle_down):
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    _ana, her = await fan_of(mei, remote)
    bob, him = await fan_of(mei, remote, "bob")
    friends = await circle(mei, her, him, ben, cai)
    note = await publish(mei, to_circles(friends))
    await settle_down()
    remote.letters.clear()

    await block(mei, ben)
    await block(mei, her)
    await say(remote, "Block", bob, mei.uri, mei.inbox, settle_down)
    await edit(mei, note, Draft(text="better"))
    await settle_down()
    left = (await in_circle(friends, Page())).rows
    await unblock(mei, ben)

    assert [each.id for each in left] == [cai.id]
    assert "Update" not in remote.types()
    assert [each.id for each in (await in_circle(friends, Page())).rows] == [cai.id]
    with pytest.raises(ValueError, match="block between"):
        await put_in_circle(friends, him)
    fresh = await publish(mei, to_circles(friends))
    assert await Mention.filter(note_id=fresh.id).values_list("actor_id", flat=True) == [cai.id]


async def test_blocking_a_server_takes_its_people_out(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    _ana, her = await known(remote, "ana")
    _cara, cara = await known(elsewhere, "cara")
    friends = await circle(mei, her, cara)

    await block_server(mei, remote.host)
    with pytest.raises(NotValid):
        await publish(mei, to_circles(await circle(mei, name="None")))
    await settle_down()

    # The port is what tells the two apart here.
    assert [each.id for each in (await in_circle(friends, Page())).rows] == [cara.id]


async def test_closing_an_account_ends_its_circles(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    await circle(mei, ben)
    theirs = await circle(ben, mei)

    await close(await account_of(mei))
    await settle_down()

    assert await circles_of(mei) == []
    assert (await in_circle(theirs, Page())).rows == []


async def test_PRIV_04_nobody_boosts_or_quotes_what_is_for_the_chosen(settle):
    mei, ben = await settle("mei"), await settle("ben")
    note = await publish(mei, to_circles(await circle(mei, ben)))
    own = await publish(mei, Draft(text="mine", audience=Audience.SELF))
    for author, about in ((ben, note), (mei, note), (mei, own)):
        with pytest.raises(NotAllowed):
            await boost(author, about)
        with pytest.raises(NotValid):
            await publish(author, Draft(text="look", quoted=about))
    with pytest.raises(NotAllowed):
        await like(ben, own)


async def test_PRIV_05_answers_are_for_no_more_people(settle, remote, settle_down):
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    _ana, her = await fan_of(mei, remote)
    note = await publish(mei, to_circles(await circle(mei, ben, her)))
    wide = await circle(mei, cai, ben, name="Wide")
    theirs = await circle(ben, mei, cai)

    async def readers(author, draft):
        made = await publish(author, draft)
        rows = await Mention.filter(note_id=made.id).values_list("actor_id", flat=True)
        return made.audience, sorted(rows)

    for audience in (Audience.PUBLIC, Audience.FOLLOWERS, Audience.CIRCLE, Audience.MUTUALS):
        on = Draft(text="and", audience=audience, in_reply_to=note)
        assert await readers(mei, on) == (Audience.CIRCLE, sorted([ben.id, her.id]))
        assert await readers(ben, on) == (Audience.PEOPLE, [mei.id])
    assert await readers(mei, to_circles(wide, in_reply_to=note)) == (Audience.CIRCLE, [ben.id])
    assert await readers(ben, to_circles(theirs, in_reply_to=note)) == (Audience.PEOPLE, [mei.id])
    alone = Draft(text="hm", audience=Audience.SELF, in_reply_to=note)
    assert await readers(ben, alone) == (Audience.SELF, [])
    own = await publish(mei, Draft(text="mine", audience=Audience.SELF))
    on = Draft(text="and", audience=Audience.PUBLIC, in_reply_to=own)
    assert await readers(mei, on) == (Audience.SELF, [])


async def test_PRIV_05_a_circle_widens_no_thread_of_followers(settle):
    mei, ben, cai, dan = [await settle(name) for name in ("mei", "ben", "cai", "dan")]
    await follows(ben, mei)
    await follows(cai, mei)
    thread = await publish(mei, Draft(text="us", audience=Audience.FOLLOWERS))
    here = await publish(mei, Draft(text="here", audience=Audience.SERVER))
    mine = await circle(ben, mei, cai, dan)

    async def readers(parent):
        made = await publish(ben, to_circles(mine, in_reply_to=parent))
        return sorted(await Mention.filter(note_id=made.id).values_list("actor_id", flat=True))

    assert await readers(thread) == sorted([mei.id, cai.id])
    assert await readers(here) == sorted([mei.id, cai.id, dan.id])


async def test_a_crowd_is_written_to_in_batches_and_each_once(
    settle, remote, settle_down, monkeypatch
):
    monkeypatch.setattr(fan_out, "BATCH", 10)
    mei = await settle("mei")
    remote.runs("mastodon")
    names = [f"p{number:02}" for number in range(25)]
    people = [(await fan_of(mei, remote, name))[1] for name in names]
    for person in people:
        await follows(mei, person)

    note = await publish(mei, Draft(text="us", audience=Audience.MUTUALS))
    await settle_down()
    await withdraw(mei, await Note.get(id=note.id))
    await settle_down()

    expected = [f"/users/{name}/inbox" for name in names]
    assert paths(remote, "Create") == paths(remote, "Delete") == expected
    # What it makes of such notes is asked, so that the next one can say so before.
    assert (await Domain.get(host=remote.host)).software == "mastodon"


async def test_a_note_for_nobody_is_not_published(settle):
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    theirs = await circle(ben, cai)
    empty = await circle(mei)
    for draft, field in (
        (to_circles(), "circles"),
        (to_circles(empty), "audience"),
        (to_circles(theirs), "audience"),
        (Draft(text="us", audience=Audience.MUTUALS), "audience"),
    ):
        with pytest.raises(NotValid) as refusal:
            await publish(mei, draft)
        assert refusal.value.field == field
    assert not await Note.exists()


async def test_PRIV_05_a_note_is_narrowed_to_those_of_a_circle_who_saw_it(
    settle, remote, settle_down
):
    mei, ben = await settle("mei"), await settle("ben")
    ana, her = await fan_of(mei, remote)
    _bob, him = await known(remote, "bob")
    await follows(ben, mei)
    friends = await circle(mei, her, him, ben)
    note = await publish(mei, Draft(text="us", audience=Audience.FOLLOWERS))
    await settle_down()

    fresh = await narrow(mei, note, Audience.CIRCLE, [friends.id])
    await settle_down()

    readers = await Mention.filter(note_id=fresh.id).values_list("actor_id", flat=True)
    assert sorted(readers) == sorted([her.id, ben.id])
    assert remote.types().count("Create") == 2
    assert remote.types().count("Delete") == 1
    assert paths(remote, "Create") == ["/inbox", "/users/ana/inbox"]
    last = await narrow(mei, fresh, Audience.PEOPLE)
    await settle_down()
    assert not await Mention.exists(note_id=last.id)
    alone = await narrow(mei, last, Audience.SELF)
    assert (alone.audience, await may_see(her, alone)) == (Audience.SELF, False)
    with pytest.raises(NotAllowed):
        await narrow(mei, alone, Audience.CIRCLE, [friends.id])
    assert ana.uri not in str([each.document for each in remote.letters if each.path == "/inbox"])


async def test_PRIV_05_narrowing_to_nobody_leaves_the_note_as_it_is(settle):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="all"))

    with pytest.raises(NotValid):
        await narrow(mei, note, Audience.MUTUALS)

    assert [each.audience for each in await Note.all()] == [Audience.PUBLIC]
    assert (await Note.get()).deleted_at is None


async def test_what_comes_to_a_letterbox_without_a_name_is_for_its_owner(
    settle, remote, settle_down
):
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    ana, her = await known(remote, "ana")
    for each in (mei, cai):
        await follows(each, her)
    document = remote.note(ana, to=[f"{ana.uri}/a/x"], cc=[])
    create = remote.activity("Create", ana, document, to=document["to"], cc=[])

    for owner in (mei, ben, mei):
        assert await remote.send(owner.inbox, create, ana) == 202
        await settle_down()
    newer = document | {"content": "<p>Better</p>", "updated": "2030-01-01T00:00:00Z"}
    update = remote.activity("Update", ana, newer, to=document["to"], cc=[])
    await remote.send(ben.inbox, update, ana)
    await settle_down()

    note = await Note.get(uri=document["id"]).select_related("author")
    assert (note.audience, note.content) == (Audience.CIRCLE, "<p>Better</p>")
    assert [await may_see(each, note) for each in (mei, ben, cai, None)] == [
        *(True, True, False, False)
    ]
    assert await HomeEntry.all().values_list("reader_id", flat=True) == [mei.id]
    assert not await Notification.exists()
    answer = await publish(ben, Draft(text="ah", audience=Audience.PUBLIC, in_reply_to=note))
    await settle_down()
    assert answer.audience == Audience.PEOPLE
    assert paths(remote) == ["/users/ana/inbox"]


async def test_a_named_letter_without_a_tag_stays_a_private_note(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")

    note = await came(remote, ana, mei, settle_down, to=[mei.uri], cc=[])

    assert note.audience == Audience.PEOPLE


async def test_who_follows_each_other_stays_out_of_it_once_they_part(settle):
    mei, ben = await settle("mei"), await settle("ben")
    await follows(mei, ben)
    await follows(ben, mei)
    note = await publish(mei, Draft(text="us", audience=Audience.MUTUALS))
    follow = await follow_between(ben, mei)
    await follow.delete()

    with pytest.raises(NotValid):
        await publish(mei, Draft(text="us", audience=Audience.MUTUALS))
    assert await may_see(ben, note)


async def test_PRIV_14_beside_a_group_and_never_in_it(settle):
    mei, ben = await settle("mei"), await settle("ben")
    friends = await circle(mei, ben)
    den = await make_group(mei, "den", title="Den", see=See.MEMBERS, join=Join.REQUEST)
    thread = await publish(mei, Draft(text="inside", group_id=den.id))

    for audience in (Audience.CIRCLE, Audience.MUTUALS, Audience.SELF):
        draft = Draft(text="x", group_id=den.id, audience=audience, circles=[friends.id])
        with pytest.raises(NotValid) as refusal:
            await publish(mei, draft)
        assert refusal.value.field == "audience"
    alone = await publish(mei, Draft(text="hm", audience=Audience.SELF, in_reply_to=thread))
    few = await publish(mei, to_circles(friends, in_reply_to=thread))

    assert (alone.audience, alone.group_id) == (Audience.SELF, None)
    assert (few.audience, few.group_id) == (Audience.PEOPLE, None)
    assert not await may_see(ben, few)


async def test_PRIV_14_narrowing_lets_nobody_in_who_was_outside(settle, remote, settle_down):
    """A note in a closed group, or for this server, may name whom it is not for."""
    mei, ben, cai = await settle("mei"), await settle("ben"), await settle("cai")
    _ana, her = await known(remote, "ana")
    den = await make_group(mei, "den", title="Den", see=See.MEMBERS, join=Join.REQUEST)
    await Membership.create(group_id=den.id, person_id=cai.id, state=State.MEMBER)
    names = f"@ben @cai @ana@{remote.host} psst"
    inside = await publish(mei, Draft(text=names, group_id=den.id))
    here = await publish(mei, Draft(text=names, audience=Audience.SERVER))
    await settle_down()

    fresh = [await narrow(mei, each, Audience.PEOPLE) for each in (inside, here)]
    await settle_down()

    seen = [[await may_see(each, note) for each in (ben, cai, her)] for note in fresh]
    assert seen == [[False, True, False], [True, True, False]]
    assert "Create" not in remote.types()
