"""Groups: made here, joined, left, and who may see and post in them."""

from datetime import timedelta

import pytest

from actors.accounts import BadName
from actors.actor import Actor, Kind
from actors.follows import end
from actors.groups import Entry, Group, Join, Posting, See, make_group, may_post, may_see_group
from actors.making import NameTaken
from actors.memberships import (
    Membership,
    Role,
    State,
    ban,
    is_member,
    leave,
    membership_of,
    moderators_of,
    stand,
    waiting_in,
)
from core.clock import now
from notes.note import Audience
from notes.recipients import has_recipient
from notes.visibility import may_see
from tests.factories import followed, noted, stranger


@pytest.fixture
async def owner(settle):
    return await settle("mei")


async def closed(owner, **chosen):
    return await make_group(
        owner, "den", title="Den", **({"see": See.MEMBERS, "join": Join.REQUEST} | chosen)
    )


async def test_a_group_lives_here_with_keys_and_an_owner(here, owner):
    tea = await make_group(owner, "tea", title="Tea", about="<p>Leaves</p>")

    assert (tea.kind, tea.uri, tea.url) == (Kind.GROUP, here.url("/g/tea"), here.url("/g/tea"))
    assert tea.public_key.startswith("-----BEGIN PUBLIC KEY")
    assert [row.person.name for row in await moderators_of(tea)] == ["mei"]
    assert (await membership_of(owner, tea)).role is Role.OWNER


async def test_people_and_groups_share_their_names(owner, settle):
    with pytest.raises(NameTaken):
        await make_group(owner, "mei", title="Mei")
    await make_group(owner, "tea", title="Tea")
    with pytest.raises(NameTaken):
        await make_group(owner, "tea", title="Tea again")
    with pytest.raises(BadName):
        await make_group(owner, "Two words", title="Words")

    assert await Group.all().count() == 1


@pytest.mark.parametrize(
    ("post", "stranger_may", "member_may"),
    [
        (Posting.EVERYONE, Entry.ADMITTED, Entry.ADMITTED),
        (Posting.MEMBERS, Entry.REFUSED, Entry.ADMITTED),
        (Posting.APPROVAL, Entry.QUEUED, Entry.QUEUED),
        (Posting.MODERATORS, Entry.REFUSED, Entry.REFUSED),
    ],
)
async def test_who_may_post_is_what_the_group_says(owner, settle, post, stranger_may, member_may):
    tea = await make_group(owner, "tea", title="Tea", post=post)
    ben, ana = await settle("ben"), await stranger("ana")
    await stand(ben.id, tea.id, State.MEMBER)

    assert (await may_post(tea, ana)).entry is stranger_may
    assert (await may_post(tea, ben)).entry is member_may
    assert (await may_post(tea, owner)).entry is Entry.ADMITTED
    assert (await may_post(tea, ana, is_comment=True)).entry is Entry.ADMITTED


async def test_a_ban_keeps_out_with_its_reason_until_it_ends(owner, settle):
    tea = await make_group(owner, "tea", title="Tea")
    ben = await settle("ben")

    await ban(ben, tea, reason="shouting", until=now() + timedelta(days=3), by_id=owner.id)
    during = await may_post(tea, ben, is_comment=True)
    await leave(ben.id, tea.id)
    after_leaving = await may_post(tea, ben)
    await Membership.filter(person_id=ben.id).update(until=now() - timedelta(hours=1))

    assert during.entry is after_leaving.entry is Entry.REFUSED
    assert "shouting" in during.reason
    assert (await may_post(tea, ben)).entry is Entry.ADMITTED


async def test_a_closed_group_takes_and_shows_to_members_alone(owner, settle):
    den = await closed(owner)
    ben, ana = await settle("ben"), await stranger("ana")
    await stand(ana.id, den.id, State.MEMBER)

    assert (await may_post(den, ben, is_comment=True)).entry is Entry.REFUSED
    assert (await may_post(den, ana, is_comment=True)).entry is Entry.ADMITTED
    assert not await may_see_group(den, ben)
    assert not await may_see_group(den, None)
    assert await may_see_group(den, ana)


async def test_a_group_of_this_server_is_for_who_lives_here(owner, settle):
    hall = await make_group(owner, "hall", title="Hall", see=See.SERVER)
    ben, ana = await settle("ben"), await stranger("ana")

    assert await may_see_group(hall, ben)
    assert not await may_see_group(hall, None)
    assert not await may_see_group(hall, ana)
    assert (await may_post(hall, ana)).entry is Entry.REFUSED


async def test_a_group_that_closed_takes_nothing(owner):
    tea = await make_group(owner, "tea", title="Tea", closes_at=now() - timedelta(days=1))

    assert (await may_post(tea, owner)).entry is Entry.REFUSED


async def test_what_is_for_members_is_seen_by_no_other(owner, settle):
    den = await closed(owner)
    ben, cai = await settle("ben"), await settle("cai")
    ana = await stranger("ana")
    await stand(ben.id, den.id, State.MEMBER)
    await stand(cai.id, den.id, State.ASKED)
    note = await noted(owner, audience=Audience.MEMBERS, group_id=den.id)

    assert await may_see(ben, note)
    assert await may_see(den, note)
    assert not await may_see(cai, note)
    assert not await may_see(None, note)
    assert not await has_recipient(note, ana.host)

    await stand(ana.id, den.id, State.MEMBER)
    await leave(ben.id, den.id)

    assert not await may_see(ben, note)
    assert await has_recipient(note, ana.host)


async def test_whose_follow_ends_has_left(owner, settle):
    tea = await make_group(owner, "tea", title="Tea")
    ben = await settle("ben")
    follow = await followed(ben, tea)
    await stand(ben.id, tea.id, State.MEMBER, role=Role.MODERATOR)

    await end(follow)

    row = await membership_of(ben, tea)
    assert (row.state, row.role) == (State.LEFT, Role.MEMBER)
    assert not await is_member(ben, tea)


async def test_who_asked_waits_in_the_order_of_asking(owner, settle):
    den = await closed(owner)
    for name in ("ben", "cai"):
        await stand((await settle(name)).id, den.id, State.ASKED)
    await Actor.filter(name="ben").update(suspended_at=now())

    assert [row.person.name for row in await waiting_in(den)] == ["cai"]
