"""Handing a group on, closing it after a notice, and what happens when nobody runs it."""

from datetime import timedelta

import pytest

from actors.accounts import Account
from actors.accounts import Role as StaffRole
from actors.actor import Actor
from actors.candidacies import Candidacy, candidates_of
from actors.groups import Group, See, make_group, settings_of
from actors.memberships import Membership, Role, State, membership_of, stand
from core.clock import now
from inbox.group_desk import remind_desk
from inbox.notifications import Event, Notification
from moderation import group_ends, group_offices, group_succession
from moderation.group_making import check_making
from moderation.policy import open_shelf
from moderation.record import RecordEntry, faults
from notes.note import Note
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.conftest import account_of
from tests.moderation.drafts import policy_of
from tests.walks.people import actor_of, known, say
from tests.walks.test_group_moderation import last_inner
from tests.walks.test_groups_here import joined

LONG = timedelta(days=61)


@pytest.fixture
async def mei(settle):
    return await settle("mei")


@pytest.fixture
async def tea(mei):
    return await make_group(mei, "tea", title="Tea")


@pytest.fixture
async def ben(settle, tea):
    ben = await settle("ben")
    await stand(ben.id, tea.id, State.MEMBER)
    return ben


async def acts_of(group):
    rows = await RecordEntry.filter(chain=f"group:{group.id}").order_by("number")
    return [each.document["act"] for each in rows]


async def written_to(person):
    found = await Note.filter(mentions__actor_id=person.id).order_by("id")
    return [each.content for each in found]


async def test_a_group_is_handed_on_to_a_member_who_lives_here(
    remote, mei, tea, ben, settle, settle_down
):
    ana = await joined(remote, tea, settle_down)

    for who, to in ((ben, ben), (mei, await actor_of(ana)), (mei, await settle("eve"))):
        with pytest.raises(NotAllowed):
            await group_ends.transfer(who, tea, to)
    await group_ends.transfer(mei, tea, ben)
    await group_ends.leave(mei, tea)
    await settle_down()

    assert (await membership_of(ben, tea)).role is Role.OWNER
    assert (await membership_of(mei, tea)).state is State.LEFT
    assert await acts_of(tea) == ["owner", "moderator_out"]
    assert last_inner(remote, "Add")["object"] == ben.uri
    assert last_inner(remote, "Remove")["object"] == mei.uri


async def test_the_only_owner_does_not_leave(mei, tea):
    with pytest.raises(NotAllowed):
        await group_ends.leave(mei, tea)

    assert (await membership_of(mei, tea)).role is Role.OWNER


async def test_a_term_ends_by_itself(mei, tea, ben):
    await group_offices.add_moderator(mei, tea, ben, until=now() + timedelta(days=90))
    await Membership.filter(person_id=ben.id).update(until=now() - timedelta(minutes=1))
    is_over = not (await membership_of(ben, tea)).runs

    await group_ends.end_terms()

    assert is_over
    assert (await membership_of(ben, tea)).role is Role.MEMBER
    assert await acts_of(tea) == ["moderator_in", "moderator_out"]


async def test_a_group_closes_on_the_day_that_was_announced(remote, mei, tea, ben, settle_down):
    await joined(remote, tea, settle_down)
    note = await publish(ben, Draft(text="Hello", group_id=tea.id))
    at = now() + timedelta(days=10)

    for who, when, why in (
        (ben, at, "Done"),
        (mei, at, " "),
        (mei, now() + timedelta(days=2), "Done"),
        (mei, now() + timedelta(days=200), "Done"),
    ):
        with pytest.raises((NotAllowed, NotValid)):
            await group_ends.announce_closing(who, tea, when, reason=why)
    await group_ends.announce_closing(mei, tea, at, reason="All is said")
    await settle_down()
    told, ends = await written_to(ben), last_inner(remote, "Update")["object"]["endTime"]
    await group_ends.close_due()
    is_there = (await Actor.get(id=tea.id)).is_present
    await Group.filter(actor_id=tea.id).update(closes_at=now() - timedelta(minutes=1))
    await group_ends.close_due()
    await group_ends.close_due()
    await settle_down()

    assert "All is said" in told[-1]
    assert ends.startswith(f"{at:%Y-%m-%d}")
    assert is_there
    assert (await Actor.get(id=tea.id)).gone_at is not None
    assert remote.last("Delete")["object"] == tea.uri
    assert len([each for each in remote.letters if each.type == "Delete"]) == 1
    assert await may_see(None, await Note.get(id=note.id).select_related("author"))
    assert await acts_of(tea) == ["closing", "closed"]
    ana = remote.person("cara")
    status, _ = await remote.get(tea.uri, ana)
    assert status in (404, 410)


async def test_closing_is_called_off(mei, tea, ben, settle_down):
    await group_ends.announce_closing(mei, tea, now() + timedelta(days=10), reason="Tired")

    with pytest.raises(NotAllowed):
        await group_ends.call_off(ben, tea)
    await group_ends.call_off(mei, tea)
    await settle_down()

    assert (await settings_of(tea)).closes_at is None
    assert "will not close" in (await written_to(ben))[-1]


async def fall_asleep(mei, tea):
    """Nobody who runs the group was here for long."""
    await Account.filter(actor_id=mei.id).update(seen_at=now() - LONG)
    await Actor.filter(id=mei.id).update(last_note_at=now() - LONG)
    await Group.filter(actor_id=tea.id).update(created_at=now() - LONG)
    await group_succession.find_asleep()


async def test_members_of_a_group_that_nobody_runs_may_ask_for_it(
    mei, tea, ben, settle, settle_down
):
    judge = await settle("judge", role=StaffRole.MODERATOR)
    eve = await settle("eve")
    with pytest.raises(NotAllowed):
        await group_succession.ask_for_role(ben, tea, "I am here every day.")
    await fall_asleep(mei, tea)
    await group_succession.find_asleep()
    await settle_down()
    told = await written_to(ben)

    with pytest.raises(NotAllowed):
        await group_succession.ask_for_role(eve, tea, "Me")
    with pytest.raises(NotValid):
        await group_succession.ask_for_role(ben, tea, " ")
    await group_succession.ask_for_role(ben, tea, "I am here every day.")
    await group_succession.ask_for_role(ben, tea, "I am here every day.")
    await settle_down()
    waiting = [each.id for each in await group_succession.asleep_groups()]
    for who, whom, why in ((ben, ben, "Yes"), (judge, eve, "Yes"), (judge, ben, "")):
        with pytest.raises((NotAllowed, NotValid)):
            await group_succession.decide(who, tea, whom, reason=why)
    await group_succession.decide(judge, tea, ben, reason="The only one who asked")
    await settle_down()

    assert len(told) == 1
    assert waiting == [tea.id]
    assert await Notification.exists(reader_id=judge.id, event=Event.GROUP)
    assert (await membership_of(ben, tea)).role is Role.OWNER
    assert (await membership_of(mei, tea)).role is Role.MEMBER
    assert (await settings_of(tea)).asleep_at is None
    assert await candidates_of(tea) == []
    assert "The only one who asked" in (await written_to(ben))[-1]
    assert await acts_of(tea) == ["succession"]
    assert await faults(f"group:{tea.id}") == []


async def test_who_comes_back_keeps_the_group(mei, tea, ben):
    await fall_asleep(mei, tea)
    await group_succession.ask_for_role(ben, tea, "Me")
    await Account.filter(actor_id=mei.id).update(seen_at=now())

    await group_succession.find_asleep()

    assert (await settings_of(tea)).asleep_at is None
    assert not await Candidacy.exists()


async def test_the_policy_says_after_how_long_if_at_all(mei, tea, ben):
    open_shelf(policy_of(groups={"succession_days": 0}))

    await fall_asleep(mei, tea)

    assert (await settings_of(tea)).asleep_at is None


async def test_the_policy_says_who_makes_which_groups(mei, settle):
    judge = await account_of(await settle("judge", role=StaffRole.MODERATOR))
    member = await account_of(mei)

    check_making(member, See.MEMBERS)
    open_shelf(policy_of(groups={"create": "moderators", "see": ["everyone"]}))
    check_making(judge, See.EVERYONE)
    for who, see in ((member, See.EVERYONE), (judge, See.SERVER)):
        with pytest.raises((NotAllowed, NotValid)):
            check_making(who, see)
    open_shelf(policy_of(groups={"create": "nobody"}))
    with pytest.raises(NotAllowed):
        check_making(judge, See.EVERYONE)


async def test_who_waits_for_a_week_is_named_once_more(remote, mei, tea, settle_down):
    await Group.filter(actor_id=tea.id).update(join="request")
    ana, actor = await known(remote, "ana")
    await say(remote, "Follow", ana, tea.uri, tea.inbox, settle_down, to=[tea.uri])
    told = Notification.filter(reader_id=mei.id, event=Event.GROUP)
    await told.update(is_read=True)
    await remind_desk()
    early = await told.filter(is_read=False).count()
    await Membership.filter(person_id=actor.id).update(since=now() - timedelta(days=8))

    await remind_desk()
    await remind_desk()
    await settle_down()

    assert (early, await told.count(), await told.filter(is_read=False).count()) == (0, 1, 1)
