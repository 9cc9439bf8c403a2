"""What the moderators of the server decide about groups, and about members of them."""

import pytest

from actors.accounts import Role as StaffRole
from actors.actor import Actor
from actors.group_documents import whole_document_of
from actors.groups import Entry, make_group, may_post
from actors.memberships import Role, State, membership_of, stand
from core.clock import now
from inbox.notifications import Event, Notification
from moderation import deciding, group_offices
from moderation.appealing import file
from moderation.appeals import Appeal
from moderation.duty import cases_about
from moderation.finishing import close_windows
from moderation.group_charter import change_as_told
from moderation.group_succession import asleep_groups, find_asleep
from moderation.hearing import settle, take_up
from moderation.policy import put_in_force
from moderation.record import SERVER, RecordEntry, faults
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.deciding import again, decided, in_days, taken
from tests.moderation.drafts import policy_of
from tests.moderation.rows import stranger


@pytest.fixture
async def house(here, settle):
    """A moderator of the server, another, who owns a group, and a member of it."""
    put_in_force(policy_of())
    mod = await settle("mod", role=StaffRole.MODERATOR)
    other = await settle("other", role=StaffRole.ADMIN)
    mei, ana = await settle("mei"), await settle("ana")
    tea = await make_group(mei, "tea", title="Tea")
    await stand(ana.id, tea.id, State.MEMBER)
    return mod, other, mei, ana, tea


async def fresh(actor):
    return await Actor.get(id=actor.id)


async def test_somebody_is_put_out_of_a_group_by_the_server_and_may_come_back(house):
    mod, _, mei, ana, tea = house
    case = await taken(mei, ana, mod)

    decision = await decided(case, mod, "leave_group", group_id=tea.id, until=in_days(7))
    banned = await membership_of(ana, tea)
    entry = await RecordEntry.get(decision_id=decision.id)
    with pytest.raises(NotAllowed):
        await group_offices.unban(mei, tea, ana)
    await deciding.lift(decision, mod, "A mistake")

    assert (banned.is_banned, banned.reason) == (True, decision.explanation)
    assert (entry.chain, entry.group_id, entry.document["scope"]) == (SERVER, tea.id, "server")
    assert (await membership_of(ana, tea)).state is State.LEFT
    assert await faults() == []


async def test_a_ban_of_the_group_that_ends_leaves_that_of_the_server(house):
    mod, _, mei, ana, tea = house
    await group_offices.ban(mei, tea, ana, reason="Rude")
    case = await taken(mei, ana, mod)
    await decided(case, mod, "leave_group", group_id=tea.id)

    await group_offices.unban(mei, tea, ana)

    assert (await membership_of(ana, tea)).is_banned


@pytest.mark.parametrize("which", ["none", "person", "elsewhere"])
async def test_it_needs_a_group_that_lives_here(house, which):
    mod, _, mei, ana, _tea = house
    far = await stranger("pot", "far.example", kind="Group")
    wanted = {"none": None, "person": mei.id, "elsewhere": far.id}[which]
    case = await taken(mei, ana, mod)

    with pytest.raises(NotValid, match="group that lives here"):
        await decided(case, mod, "leave_group", group_id=wanted)


async def test_in_a_restricted_group_only_those_who_run_it_begin_threads(house, settle_down):
    mod, _, mei, ana, tea = house
    thread = await publish(ana, Draft(text="Before", group_id=tea.id))
    await settle_down()
    case = await taken(ana, tea, mod)

    decision = await decided(case, mod, "restrict_group", until=in_days(7))
    await settle_down()

    group = await fresh(tea)
    assert (await may_post(group, ana)).entry is Entry.REFUSED
    assert (await may_post(group, ana, is_comment=True)).entry is Entry.ADMITTED
    assert (await may_post(group, mei)).entry is Entry.ADMITTED
    assert (await whole_document_of(group))["postingRestrictedToMods"]
    with pytest.raises(NotAllowed, match="only those who run this group"):
        await publish(ana, Draft(text="Now", group_id=tea.id))
    told = await Notification.get(reader_id=mei.id, event=Event.WARNING)
    assert told.about == decision.id
    assert (await RecordEntry.get(decision_id=decision.id)).group_id == tea.id
    await deciding.lift(decision, mod, "It is calm now")
    assert (await may_post(await fresh(tea), ana)).entry is Entry.ADMITTED
    assert thread.group_id == tea.id


async def test_a_copy_of_the_restriction_from_a_moderator_elsewhere_changes_nothing(house):
    mod, _, _mei, ana, tea = house
    far = await stranger("far", "far.example")
    await stand(far.id, tea.id, State.MEMBER, role=Role.MODERATOR)
    await decided(await taken(ana, tea, mod), mod, "restrict_group", until=in_days(7))
    group = await fresh(tea)
    copy = await whole_document_of(group) | {"name": "Teas"}

    await change_as_told(
        far, group, copy, brought={"id": "https://far.example/a/1", "object": copy}
    )

    await Actor.filter(id=tea.id).update(read_only_at=None)
    assert (await fresh(tea)).title == "Teas"
    assert (await may_post(await fresh(tea), ana)).entry is Entry.ADMITTED


async def test_a_closed_group_waits_for_its_appeal_and_comes_back_if_that_is_right(
    house, settle_down
):
    mod, other, _mei, ana, tea = house
    put_in_force(policy_of(moderation={"second_person_for": []}))

    decision = await decided(await taken(ana, tea, mod), mod, "close_group")
    await settle_down()
    closed = await fresh(tea)
    appeal = await file(decision, "We are no shop.")
    await take_up(appeal, other)
    await settle(await Appeal.get(), other, "overturned", "They are not.")

    assert closed.suspended_at is not None
    assert closed.gone_at is None
    assert (await fresh(tea)).is_present


async def test_a_group_is_closed_for_good_once_nobody_can_appeal(house, settle_down):
    mod, _, _mei, ana, tea = house
    decision = await decided(await taken(ana, tea, mod), mod, "close_group")

    await Appeal.filter(decision_id=decision.id).update(window_ends_at=now())
    await close_windows()
    await settle_down()

    assert (await fresh(tea)).gone_at is not None
    assert (await again(decision)).final_at is not None


async def test_a_group_is_closed_without_an_end_and_only_here(house):
    mod, _, mei, ana, tea = house
    with pytest.raises(NotValid, match="for good"):
        await decided(await taken(ana, tea, mod), mod, "close_group", until=in_days(3))
    far = await stranger("pot", "far.example", kind="Group")
    case = await taken(mei, far, mod)
    with pytest.raises(NotValid, match="elsewhere"):
        await decided(case, mod, "close_group")
    decision = await decided(case, mod, "restrict_group", until=in_days(3))

    assert (await may_post(await fresh(far), ana)).entry is Entry.REFUSED
    await deciding.lift(decision, mod, "Calm")
    assert (await may_post(await fresh(far), ana)).entry is Entry.ADMITTED


async def test_MOD_01_who_runs_a_group_settles_nothing_about_it(house):
    mod, other, _mei, ana, tea = house
    await stand(other.id, tea.id, State.MEMBER, role=Role.MODERATOR)
    case = await taken(ana, tea, mod)

    assert case.id in await cases_about(other)
    assert case.id not in await cases_about(mod)
    decision = await decided(case, mod, "restrict_group", until=in_days(3))
    appeal = await file(decision, "We are fine.")
    with pytest.raises(NotAllowed, match="part of this"):
        await take_up(appeal, other)


async def test_a_group_without_moderators_sleeps_at_once(house):
    _, _, mei, _ana, tea = house
    await find_asleep()
    before = await asleep_groups()
    await stand(mei.id, tea.id, State.LEFT)

    await find_asleep()

    assert before == []
    assert [each.id for each in await asleep_groups()] == [tea.id]
