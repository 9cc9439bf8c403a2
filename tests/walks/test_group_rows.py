"""What is inside a closed group stays there: PRIV-14 of security.md, on every road out."""

import pytest
from aiohttp import ClientSession

from actors.actor import Actor
from actors.domains import Domain
from actors.groups import Group, Join, RemoteMembers, See, make_group
from actors.memberships import State, leave, membership_of, stand
from actors.tokens import make_token
from core.clock import now
from core.ids import new_id
from core.paging import Page
from inbox.finding import notes as found_notes
from inbox.group_desk import answer_request
from inbox.naming import asked, named
from inbox.reading import federated, local
from notes import search
from notes.group_posts import GroupPost
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.tags import tag_note
from notes.visibility import narrower, visible_to
from outbox.announce import boost
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed
from tests.conftest import account_of
from tests.factories import noted
from tests.remote import AS2, PUBLIC
from tests.walks.people import fan_of, known, say

WORDS = "Quiet cellar"


@pytest.fixture
async def den(settle):
    """A closed group of Mei's."""
    mei = await settle("mei")
    return await make_group(mei, "den", title="Den", see=See.MEMBERS, join=Join.REQUEST)


async def inside(den: Actor, **columns) -> Note:
    """A note that Mei posted in her group, with a tag."""
    mei = await Actor.get(name="mei")
    note = await noted(
        mei, f"<p>{WORDS}</p>", audience=Audience.MEMBERS, group_id=den.id, **columns
    )
    note.author = mei
    await tag_note(note, "cellars")
    await search.index(note)
    return note


async def test_PRIV_14_what_is_inside_is_read_by_members_alone(den, remote, elsewhere, wire):
    mei = await Actor.get(name="mei")
    # A follower of the author, and one whom the note names: neither makes a member.
    ana, fan = await fan_of(mei, remote)
    cara, member = await known(elsewhere, "cara")
    await stand(member.id, den.id, State.MEMBER)
    note = await inside(den)
    await Mention.create(id=new_id(), note_id=note.id, actor_id=fan.id)

    for path in (f"/n/{note.id}", *(f"/n/{note.id}/{each}" for each in ("replies", "likes"))):
        assert (await wire.get(path, ana)).status == 404
        assert (await wire.get(path)).status == 401
    assert (await wire.get(f"/n/{note.id}", cara)).status == 200
    outbox = await wire.get("/u/mei/outbox?page=true", cara)
    assert WORDS not in outbox.body.decode()
    assert (await wire.get("/u/mei/outbox", ana)).json["totalItems"] == 0


async def test_PRIV_14_only_servers_of_members_learn_who_belongs(den, remote, settle):
    """Somebody's program is no server, and who is suspended is vouched for no more."""
    remote.runs("rubric")
    ana, actor = await known(remote, "ana")
    ben = await settle("ben")
    await stand(actor.id, den.id, State.MEMBER)
    token = await make_token(await account_of(ben), ("read",), "a program")
    program = {"Authorization": f"Bearer {token}", "Accept": AS2}
    asked = f"{den.followers_uri}?is_follower={ana.uri}"

    await stand(ben.id, den.id, State.MEMBER)
    async with ClientSession() as session, session.get(asked, headers=program) as response:
        by_program = response.status
    by_server, _ = await remote.get(asked, ana)
    other, about = await known(remote, "lem")
    await stand(about.id, den.id, State.MEMBER)
    await Actor.filter(id=about.id).update(suspended_at=now())
    suspended, _ = await remote.get(f"{den.followers_uri}?is_follower={other.uri}", ana)

    assert (by_program, by_server, suspended) == (404, 200, 404)


async def test_PRIV_14_a_server_reads_for_its_members_as_long_as_it_has_some(
    den, remote, elsewhere, wire
):
    """By the actor that signs for all of it (federation.md 10.5); the suspended are nobody's."""
    note = await inside(den)
    _, member = await known(elsewhere, "cara")
    there, beside = (each.person("keeper", "Application") for each in (elsewhere, remote))

    async def reads(signer) -> int:
        return int((await wire.get(f"/n/{note.id}", signer)).status)

    await stand(member.id, den.id, State.MEMBER)
    statuses = [await reads(there), await reads(beside)]
    await Actor.filter(id=member.id).update(suspended_at=now())
    statuses.append(await reads(there))
    await Actor.filter(id=member.id).update(suspended_at=None)
    await Note.filter(id=note.id).update(hidden_at=now())
    statuses.append(await reads(there))
    await Note.filter(id=note.id).update(hidden_at=None)
    statuses.append(await reads(there))
    await leave(member.id, den.id)
    statuses.append(await reads(there))

    assert statuses == [200, 404, 404, 404, 200, 404]


async def test_PRIV_03_the_outbox_of_a_group_counts_what_all_may_read(den, remote, settle_down):
    await publish(await Actor.get(name="mei"), Draft(text=WORDS, group_id=den.id))
    await settle_down()

    for path in (den.outbox, den.featured_uri):
        _, listed = await remote.get(path, remote.person("ana"))
        assert (listed["totalItems"], listed["orderedItems"]) == (0, [])


async def test_PRIV_14_what_is_said_in_a_closed_group_elsewhere_is_for_its_members_here(
    settle, remote
):
    """Looked up by its address; to name the group's followers makes it nobody's post in it."""
    mei, ben = await settle("mei"), await settle("ben")
    there, group = await known(remote, "cellar", "Group", manuallyApprovesFollowers=True)
    ana = remote.person("ana")
    said = remote.note(ana, f"<p>{WORDS}</p>", to=[there.uri, there.followers], cc=[])
    other = remote.note(ana, "<p>Beside</p>", to=[there.uri], cc=[])
    await stand(mei.id, group.id, State.MEMBER)

    found = [(await asked(said["id"], each)).note for each in (mei, ben, None)]
    beside = (await asked(other["id"], mei)).note
    await leave(mei.id, group.id)

    assert [each is not None for each in found] == [True, False, False]
    assert (found[0].audience, found[0].group_id) == (Audience.MEMBERS, group.id)
    assert not await GroupPost.exists()
    assert beside is None
    assert await visible_to(mei, [found[0]]) == []


async def test_PRIV_14_no_list_and_no_search_shows_it_to_those_outside(den, settle):
    ben = await settle("ben")
    note = await inside(den)

    for viewer in (ben, None):
        for listed in (local, federated):
            assert note.id not in [each.id for each in (await listed(viewer, Page())).rows]
        assert (await found_notes(WORDS, viewer, Page())).rows == []
        assert (await named(note.uri, viewer)).note is None
        assert await visible_to(viewer, [note]) == []


async def test_PRIV_14_leaving_ends_the_sight_at_once(den, elsewhere, settle, wire):
    ben = await settle("ben")
    cara, far = await known(elsewhere, "cara")
    note = await inside(den)
    for member in (ben, far):
        await stand(member.id, den.id, State.MEMBER)
    assert await visible_to(ben, [note]) == [note]
    assert (await wire.get(f"/n/{note.id}", cara)).status == 200

    for member in (ben, far):
        await leave(member.id, den.id)

    assert await visible_to(ben, [note]) == []
    assert (await wire.get(f"/n/{note.id}", cara)).status == 404


async def test_PRIV_14_nobody_carries_it_out(den, settle):
    ben, note = await settle("ben"), await inside(den)
    await stand(ben.id, den.id, State.MEMBER)

    with pytest.raises(NotAllowed):
        await boost(ben, note)

    # Who sees it may be fewer some day, and never others.
    for audience in (Audience.PUBLIC, Audience.QUIET, Audience.FOLLOWERS, Audience.SERVER):
        assert narrower(Audience.MEMBERS, audience) in (Audience.MEMBERS, Audience.PEOPLE)


async def asks(remote, den, settle_down, name="ana"):
    """Somebody there asks to join a closed group here."""
    person, actor = await known(remote, name)
    await say(remote, "Follow", person, den.uri, den.inbox, settle_down, to=[den.uri])
    return person, actor


@pytest.mark.parametrize(
    ("software", "version", "is_let_ask"),
    [
        ("rubric", "1", True),
        ("lemmy", "1.0.0", True),
        ("lemmy", "0.19.5", False),
        ("mastodon", "4.6", False),
    ],
)
async def test_PRIV_14_only_servers_that_keep_closed_groups_closed_have_members(
    den, remote, settle_down, software, version, is_let_ask
):
    remote.runs(software, version)

    _, actor = await asks(remote, den, settle_down)

    row = await membership_of(actor, den)
    assert (row is not None and row.state is State.ASKED) == is_let_ask
    assert ("Reject" in remote.types()) != is_let_ask


async def test_PRIV_14_a_server_that_nobody_knows_is_asked_what_it_runs(den, remote, settle_down):
    """The small remote has no NodeInfo, so that it is not taken for one that knows."""
    _, actor = await asks(remote, den, settle_down)

    assert "known to keep" in remote.last("Reject")["summary"]
    assert await membership_of(actor, den) is None
    assert (await Domain.get(host=remote.host)).asked_at is not None


async def test_PRIV_14_a_group_may_take_nobody_from_elsewhere_and_sends_nothing_there(
    den, remote, settle_down
):
    await Group.filter(actor_id=den.id).update(remote_members=RemoteMembers.ANY)
    _, actor = await asks(remote, den, settle_down)
    await answer_request(await Actor.get(name="mei"), den, actor, is_accepted=True)
    await Group.filter(actor_id=den.id).update(remote_members=RemoteMembers.NONE)

    await posted(den, settle_down)
    await asks(remote, den, settle_down, "eve")

    assert [each for each in remote.letters if each.type in ("Create", "Announce")] == []
    assert "members of its server" in remote.last("Reject")["summary"]


async def test_PRIV_14_what_is_inside_goes_by_the_group_to_servers_that_know(
    den, remote, settle_down
):
    remote.runs("rubric")
    _, actor = await asks(remote, den, settle_down)
    await answer_request(await Actor.get(name="mei"), den, actor, is_accepted=True)

    note = await posted(den, settle_down)

    announced = remote.last("Announce")
    assert announced["object"]["object"]["id"] == note.uri
    create = announced["object"]
    for each in (announced, create, create["object"]):
        assert PUBLIC not in (*each["to"], *each.get("cc", ()))
    assert "proof" not in announced["object"]
    assert "Create" not in remote.types()


async def test_PRIV_14_to_other_servers_it_goes_to_each_member_alone(
    den, remote, elsewhere, settle_down
):
    await Group.filter(actor_id=den.id).update(remote_members=RemoteMembers.ANY)
    for server, software in ((remote, "mastodon"), (elsewhere, "rubric")):
        server.runs(software)
        person, actor = await asks(server, den, settle_down)
        await answer_request(await Actor.get(name="mei"), den, actor, is_accepted=True)
    # Only what was written here: others would have to sign it themselves.
    said = elsewhere.note(person, "<p>Hello</p>", to=[den.uri, den.followers_uri], audience=den.uri)
    await say(elsewhere, "Create", person, said, den.inbox, settle_down, to=[den.uri])

    note = await posted(den, settle_down)

    creates = [each for each in remote.letters if each.type == "Create"]
    assert [each.document["object"]["id"] for each in creates] == [note.uri]
    assert [each.path for each in creates] == ["/users/ana/inbox"]
    assert "Announce" not in remote.types()
    assert elsewhere.types().count("Announce") == 2
    assert "Create" not in elsewhere.types()


async def posted(den, settle_down):
    """A note that Mei posts in her group, and that went wherever it goes."""
    note = await publish(await Actor.get(name="mei"), Draft(text=WORDS, group_id=den.id))
    await settle_down()
    return note
