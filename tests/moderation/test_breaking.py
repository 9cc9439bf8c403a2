"""What a measure would break, counted before it is taken (ADM-03)."""

import pytest

from actors.memberships import Membership
from moderation import breaking
from moderation.breaking import breakage_at, breakage_of
from moderation.states import MEASURES, Thing
from moderation.vocabulary import Measure
from notes.note import Audience
from tests.counting import counted, scans
from tests.moderation.rows import follows, note_by, stranger


@pytest.fixture
async def tied(here, settle):
    """Ana, of a server, with ties to two people here; her neighbour; and one somewhere else."""
    mei, jo, _ = await settle("mei"), await settle("jo"), await settle("nobody")
    ana = await stranger("ana", "far.example")
    bo = await stranger("bo", "sub.far.example")
    other = await stranger("other", "notfar.example")
    await follows(mei, ana)
    await follows(jo, ana)
    await follows(ana, mei)
    await follows(other, ana)
    await follows(mei, other)
    await follows(bo, jo)
    asked = await follows(jo, bo)
    await type(asked).filter(id=asked.id).update(is_accepted=False)
    await note_by(ana)
    await note_by(ana, audience=Audience.PEOPLE)
    await note_by(bo)
    await note_by(other)
    house = await stranger("tea", "far.example", kind="Group")
    await Membership.create(group=house, person=jo, role="moderator")
    ours = await settle("club")
    await Membership.create(group=ours, person=ana)
    await Membership.create(group=ours, person=bo, state="left")
    return mei, jo, ana, bo


async def test_ADM_03_what_hangs_on_a_person_is_counted_once_each(tied):
    mei, jo, ana, _ = tied

    found = await breakage_of(ana.id)

    assert (found.follows, found.followed, found.followers) == (2, 1, 1)
    assert (found.notes, found.narrow) == (1, 1)
    assert (found.members, found.guests, found.run) == (2, 1, 0)
    assert (await breakage_of(jo.id)).run == 1
    assert (await breakage_of(mei.id)).members == 0


async def test_ADM_03_a_server_counts_with_those_below_it_and_no_other(tied):
    found = await breakage_at("far.example")
    below = await breakage_at("sub.far.example")

    assert (found.people, found.members) == (3, 2)
    assert (found.follows, found.followed) == (2, 2)
    assert (found.notes, found.groups, found.guests) == (2, 1, 1)
    assert (below.people, below.follows, below.followed, below.notes) == (1, 0, 1, 1)
    assert await breakage_at("_ar.example") == await breakage_at("nowhere.example")


@pytest.mark.parametrize("is_server", [True, False])
async def test_one_query_along_indexes_counts_all_of_it(tied, is_server):
    *_, ana, _ = tied

    with counted() as said:
        await (breakage_at("far.example") if is_server else breakage_of(ana.id))

    assert len(said) == 1
    assert scans(said) == []


async def test_it_looks_at_no_more_than_so_many_of_a_kind_and_says_so(tied, monkeypatch):
    monkeypatch.setattr(breaking, "MOST", 2)
    *_, ana, _ = tied

    server, person = await breakage_at("far.example"), await breakage_of(ana.id)

    assert (server.people, server.is_whole) == (2, False)
    assert not person.is_whole  # three follow her
    assert person.follows + person.followers == 2
    assert (await breakage_at("nowhere.example")).is_whole


async def test_each_measure_touches_what_it_does(tied):
    *_, ana, _ = tied
    person, server = await breakage_of(ana.id), await breakage_at("far.example")

    assert person.touched_by(Thing.ACCOUNT, Measure.WARN) == {}
    assert person.touched_by(Thing.ACCOUNT, Measure.QUIET) == {"members": 2, "notes": 1}
    assert person.touched_by(Thing.ACCOUNT, Measure.SUSPEND)["followers"] == 1
    assert server.touched_by(Thing.SERVER, Measure.LIMIT) == {
        "members": 2,
        "notes": 2,
        "followed": 2,
    }
    assert server.touched_by(Thing.SERVER, Measure.REJECT)["groups"] == 1
    for thing, measures in MEASURES.items():
        assert all(isinstance(person.touched_by(thing, each), dict) for each in measures)
