"""What is inside a closed group stays there: PRIV-14 of security.md, on every road out."""

import pytest

from actors.actor import Actor
from actors.groups import Join, See, make_group
from actors.memberships import State, leave, stand
from core.ids import new_id
from core.paging import Page
from inbox.finding import notes as found_notes
from inbox.naming import named
from inbox.reading import federated, local
from notes import search
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.tags import tag_note
from notes.visibility import narrower, visible_to
from outbox.announce import boost
from outbox.refusals import NotAllowed
from tests.factories import noted
from tests.walks.people import fan_of, known

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
