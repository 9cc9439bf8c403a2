"""Panels: who may be drawn, the lot, what is said in secret, and what comes of it."""

from datetime import timedelta

import pytest
import time_machine

from actors.accounts import Account, Role
from actors.blocks import Block, Mute, ServerBlock
from actors.closing import close
from actors.follows import Follow
from actors.groups import make_group
from actors.memberships import Role as GroupRole
from actors.memberships import State, stand
from core.clock import now
from moderation import appealing, deciding, hearing
from moderation.appeal_clock import mark_overdue
from moderation.audit import StaffAct
from moderation.due import settle_due
from moderation.filing import file_report
from moderation.panel_counting import step, step_panel
from moderation.panel_hearing import decline, draw, say
from moderation.panel_lot import digest_of, order_of
from moderation.panel_pool import pool_of
from moderation.panels import LENGTH, Panel, SealedVerdict, Seat, seat_of
from moderation.policy import put_in_force
from moderation.record import RecordEntry, faults
from moderation.redacted import redacted
from moderation.states import AppealState
from notes.note import Audience, Note
from notes.removal import remove
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from tests.conftest import account_of
from tests.moderation.deciding import again, appeal_of, decided, taken
from tests.moderation.drafts import policy_of
from tests.moderation.paneling import appealed, decision_of, fresh, sitting, willing
from tests.moderation.rows import stranger

NAMES = ("ann", "ben", "cleo", "dan", "eva")


def with_panel(effect="binding", size=3, **more):
    put_in_force(policy_of(appeals={"panel": size, "panel_effect": effect} | more))


@pytest.fixture
async def house(here, settle):
    """Two moderators, an author with a hidden note, a reporter, and five who may be drawn."""
    with_panel()
    mod = await settle("mod", role=Role.MODERATOR)
    other = await settle("other", role=Role.ADMIN)
    mei, jo = await settle("mei"), await settle("jo")
    people = await willing(settle, *NAMES)
    note = await publish(mei, Draft(text="Buy my watches"))
    return mod, other, mei, jo, people, note


@pytest.fixture
async def appeal(house):
    """Its appeal, heard by the other moderator."""
    mod, other, _, jo, _, note = house
    made = await appealed(jo, mod, note)
    await hearing.take_up(made, other)
    return made


async def all_say(panel, *verdicts):
    for account, verdict in zip(await sitting(panel), verdicts, strict=False):
        await say(panel, account.actor, verdict, f"REASON {verdict}")


async def shown(note):
    return await Note.get(id=note.id).select_related("author")


def ids_of(people):
    return {each.id for each in people}


# who may be drawn


async def test_members_who_agreed_before_and_may_vote_are_drawn(house, appeal, settle):
    _, _, _, _, people, _ = house
    await settle("young")
    late, quiet, odd, staff = await willing(settle, "late", "quiet", "odd", "staff")
    await Account.filter(actor_id=late.id).update(panels_since=now() + timedelta(seconds=1))
    await Account.filter(actor_id=quiet.id).update(panels_since=None)
    await Account.filter(actor_id=odd.id).update(confirmed_at=None)
    await Account.filter(actor_id=staff.id).update(role=Role.MODERATOR)

    assert await pool_of(appeal, await decision_of(appeal)) == ids_of(people)


async def barred_by_block(me, them):
    await Block.create(uri=f"b{me.id}", blocker_id=me.id, blocked_id=them.id)


async def barred_by_being_blocked(me, them):
    await Block.create(uri=f"b{me.id}", blocker_id=them.id, blocked_id=me.id)


async def barred_by_mute(me, them):
    await Mute.create(muter_id=me.id, muted_id=them.id)


async def barred_by_being_muted(me, them):
    await Mute.create(muter_id=them.id, muted_id=me.id)


async def barred_by_friendship(me, them):
    for one, two in ((me, them), (them, me)):
        await Follow.create(
            uri=f"f{one.id}-{two.id}", follower_id=one.id, followed_id=two.id, is_accepted=True
        )


BARS = (
    *(barred_by_block, barred_by_being_blocked, barred_by_mute, barred_by_being_muted),
    barred_by_friendship,
)


@pytest.mark.parametrize("side", [2, 3], ids=["author", "reporter"])
@pytest.mark.parametrize("bar", BARS)
async def test_who_has_to_do_with_one_side_is_not_drawn(house, appeal, bar, side):
    people = house[4]
    await bar(people[0], house[side])

    assert await pool_of(appeal, await decision_of(appeal)) == ids_of(people[1:])


async def test_who_only_follows_the_author_is_a_reader_like_others(house, appeal):
    people, mei = house[4], house[2]
    await Follow.create(uri="f", follower_id=people[0].id, followed_id=mei.id, is_accepted=True)

    assert await pool_of(appeal, await decision_of(appeal)) == ids_of(people)


async def test_author_reporter_and_who_wrote_in_the_thread_are_not_drawn(house):
    mod, _, mei, jo, people, note = house
    at = now() - timedelta(days=90)
    await Account.filter(actor_id__in=[mei.id, jo.id]).update(
        created_at=at, seen_at=now(), panels_since=at
    )
    await publish(people[0], Draft(text="Me too", in_reply_to=await shown(note)))
    named = await publish(mei, Draft(text="@ben buy my watches"))
    report = await file_report(jo, mei, notes=[named])
    appeal = await appealed(jo, mod, note)

    pool = await pool_of(appeal, await decision_of(appeal))

    assert report.case_id == (await decision_of(appeal)).case_id
    assert pool == ids_of(people[2:])


async def test_who_wants_nothing_of_the_server_of_an_author_is_not_drawn(house):
    mod, _other, _, jo, people, _ = house
    ana = await stranger("ana", "far.example")
    made = await decided(await taken(jo, ana, mod), mod, "quiet")
    await appealing.file(made, "No.")
    appeal = await appeal_of(made)
    await ServerBlock.create(blocker_id=people[0].id, host="far.example")

    assert await pool_of(appeal, made) == ids_of(people[1:])


async def test_moderators_of_the_group_in_question_are_not_drawn(house):
    mod, _, _, jo, people, _ = house
    den = await make_group(people[0], "den", title="Den")
    await stand(people[1].id, den.id, State.MEMBER, role=GroupRole.MODERATOR)
    await stand(people[2].id, den.id, State.MEMBER)
    made = await decided(await taken(jo, den, mod), mod, "quiet")
    await appealing.file(made, "No.")

    assert await pool_of(await appeal_of(made), made) == ids_of(people[2:])


# the lot


async def test_the_lot_is_drawn_again_from_what_the_log_keeps(house, appeal):
    other, people = house[1], house[4]

    panel = await draw(appeal, other)

    act = await StaffAct.get(act="appeal.panel")
    seats = [each.actor_id for each in await Seat.filter(panel_id=panel.id).order_by("id")]
    assert order_of(act.after["seed"], ids_of(people))[:3] == seats
    assert act.after["pool"] == digest_of(ids_of(people))
    assert act.after["people"] == 5
    assert not any(str(each) in str(act.after) for each in seats)
    assert (await fresh(appeal)).state == AppealState.WITH_PANEL
    assert len(set(act.after["seed"])) > 4


async def test_lots_differ_and_everybody_can_be_first():
    firsts = {order_of(f"seed {number}", range(5))[0] for number in range(200)}

    assert firsts == set(range(5))


async def test_a_panel_is_drawn_once(house, appeal):
    await draw(appeal, house[1])

    with pytest.raises(NotAllowed):
        await draw(await fresh(appeal), house[1])
    assert await Panel.all().count() == 1


async def test_where_too_few_can_be_drawn_the_appeal_stays_with_its_reviewer(house, appeal):
    await Account.filter(actor__name__in=NAMES[:3]).update(panels_since=None)

    with pytest.raises(NotAllowed, match="Too few members"):
        await draw(appeal, house[1])

    assert (await fresh(appeal)).state == AppealState.IN_REVIEW
    assert not await Panel.exists()
    await hearing.settle(await fresh(appeal), house[1], "upheld", "Read again.")


async def test_nobody_but_its_reviewer_draws_and_only_where_the_policy_has_panels(house, appeal):
    with pytest.raises(NotAllowed, match="Someone else"):
        await draw(appeal, house[0])
    put_in_force(policy_of())
    with pytest.raises(NotAllowed, match="no panels"):
        await draw(appeal, house[1])


async def test_what_only_some_could_read_is_not_put_before_a_panel(house):
    mod, other, mei, jo, _, _ = house
    note = await publish(mei, Draft(text="@jo between us", audience=Audience.PEOPLE))
    appeal = await appealed(jo, mod, note)
    await hearing.take_up(appeal, other)

    with pytest.raises(NotAllowed, match="What only some could read"):
        await draw(appeal, other)


# what is said


async def test_what_is_said_is_sealed_alike_long_and_can_be_changed(house, appeal):
    panel = await draw(appeal, house[1])
    first, second, _ = await sitting(panel)

    await say(panel, first.actor, "uphold", "x")
    await say(panel, first.actor, "overturn", "A JOKE " * 100)
    await say(panel, second.actor, "uphold", "It sells.")

    rows = await SealedVerdict.all()
    assert len(rows) == 2
    assert len({len(each.sealed) for each in rows}) == 1
    assert all(len(each.sealed) > LENGTH for each in rows)
    told = "".join(f"{each.voter} {bytes(each.sealed)!r}" for each in rows)
    assert "JOKE" not in told
    assert str(first.actor_id) not in told
    assert not await StaffAct.filter(actor_id__in=[first.actor_id, second.actor_id]).exists()


@pytest.mark.parametrize(
    ("verdict", "reason", "field"),
    [("amend", "Why.", "verdict"), ("uphold", " ", "reason"), ("uphold", "x" * 1001, "reason")],
)
async def test_an_answer_is_whole(house, appeal, verdict, reason, field):
    panel = await draw(appeal, house[1])

    with pytest.raises(NotValid) as refusal:
        await say(panel, (await sitting(panel))[0].actor, verdict, reason)

    assert refusal.value.field == field
    assert not await SealedVerdict.exists()


async def test_only_who_sits_speaks_and_only_in_time(house, appeal):
    panel = await draw(appeal, house[1])
    account = (await sitting(panel))[0]

    with pytest.raises(NotAllowed, match="not on this panel"):
        await say(panel, house[2], "overturn", "Mine.")
    with time_machine.travel(now() + timedelta(hours=72)), pytest.raises(NotAllowed, match="over"):
        await say(panel, account.actor, "uphold", "Late.")


# substitutes


async def test_who_declines_is_followed_by_the_next_of_the_lot(house, appeal):
    panel = await draw(appeal, house[1])
    order = order_of(panel.seed, ids_of(house[4]))
    first = (await sitting(panel))[0]
    await say(panel, first.actor, "uphold", "It sells.")

    await decline(panel, first.actor)
    await step_panel({"panel_id": panel.id})
    await step_panel({"panel_id": panel.id})

    assert [each.actor_id for each in await sitting(panel)] == order[1:4]
    assert not await SealedVerdict.exists()
    assert await StaffAct.filter(act="appeal.panel_next").count() == 1
    with pytest.raises(NotAllowed):
        await say(panel, first.actor, "uphold", "Again.")


async def test_a_silent_seat_passes_on_after_half_the_time_and_not_before(house, appeal):
    panel = await draw(appeal, house[1])
    order = order_of(panel.seed, ids_of(house[4]))
    speaks = (await sitting(panel))[1]
    await say(panel, speaks.actor, "uphold", "It sells.")

    with time_machine.travel(now() + timedelta(hours=35)):
        await settle_due()
        assert [each.actor_id for each in await sitting(panel)] == order[:3]
    with time_machine.travel(now() + timedelta(hours=36)):
        await settle_due()
        assert {each.actor_id for each in await sitting(panel)} == {order[1], order[3], order[4]}


async def test_who_is_silent_keeps_the_seat_where_nobody_is_left(house, appeal):
    await Account.filter(actor__name__in=NAMES[:2]).update(panels_since=None)
    panel = await draw(appeal, house[1])
    before = [each.actor_id for each in await sitting(panel)]

    with time_machine.travel(now() + timedelta(hours=36)):
        await settle_due()

    assert [each.actor_id for each in await sitting(panel)] == before


async def suspended(account):
    account.actor.suspended_at = now()
    await account.actor.save(update_fields=["suspended_at"])


async def unwilling(account):
    await Account.filter(id=account.id).update(panels_since=None)


async def promoted(account):
    await Account.filter(id=account.id).update(role=Role.MODERATOR)


@pytest.mark.parametrize("becomes", [suspended, unwilling, promoted, close])
async def test_who_could_not_be_drawn_any_more_has_no_say(house, appeal, becomes):
    panel = await draw(appeal, house[1])
    gone = (await sitting(panel))[0]
    await say(panel, gone.actor, "overturn", "A joke.")

    await becomes(gone)
    await step(panel.id)

    assert gone.actor_id not in {each.actor_id for each in await sitting(panel)}
    assert len(await sitting(panel)) == 3
    assert not await SealedVerdict.exists()


async def test_nobody_is_asked_with_less_than_a_day_left(house, appeal):
    panel = await draw(appeal, house[1])
    first = (await sitting(panel))[0]

    with time_machine.travel(now() + timedelta(hours=49)):
        await decline(panel, first.actor)
        await step(panel.id)

    assert len(await sitting(panel)) == 2


# the end


async def test_a_binding_panel_takes_back_what_was_decided_and_all_is_restored(house, appeal):
    _, other, _, jo, _, note = house
    panel = await draw(appeal, other)
    assert not await may_see(jo, await shown(note))

    await all_say(panel, "overturn", "uphold", "overturn")
    await step_panel({"panel_id": panel.id})
    await step_panel({"panel_id": panel.id})

    appeal, panel = await fresh(appeal), await fresh(panel)
    assert appeal.state == AppealState.OVERTURNED
    assert appeal.reasons == "REASON overturn\n\nREASON overturn"
    assert (await again(await decision_of(appeal))).state == "overturned"
    assert await may_see(jo, await shown(note))
    entry = await RecordEntry.get(kind="appeal")
    assert entry.document["appeal"]["panel"] == {
        "size": 3,
        "effect": "binding",
        "uphold": 1,
        "overturn": 2,
        "majority": True,
    }
    assert not any(name in str(entry.document) for name in (*NAMES, "mei"))
    assert await faults() == []
    assert not await SealedVerdict.exists()
    assert not await Seat.exists()
    assert await StaffAct.filter(act="appeal.panel_over").count() == 1


async def test_a_binding_panel_lets_a_decision_stand(house, appeal):
    panel = await draw(appeal, house[1])

    await all_say(panel, "uphold", "uphold", "uphold")
    await step(panel.id)

    assert (await fresh(appeal)).state == AppealState.UPHELD
    assert (await decision_of(appeal)).state == "in_force"


async def test_advice_goes_back_to_the_reviewer_who_decides_and_the_record_tells_of_it(house):
    mod, other, _, jo, _, note = house
    with_panel("advice")
    appeal = await appealed(jo, mod, note)
    await hearing.take_up(appeal, other)
    panel = await draw(appeal, other)

    await all_say(panel, "overturn", "overturn", "overturn")
    await step(panel.id)
    appeal = await fresh(appeal)
    assert (appeal.state, appeal.reasons) == (AppealState.IN_REVIEW, "")
    with pytest.raises(NotAllowed, match="already"):
        await draw(appeal, other)
    await hearing.settle(appeal, other, "upheld", "We see it differently.")

    document = (await RecordEntry.get(kind="appeal")).document["appeal"]
    assert document["outcome"] == "upheld"
    assert document["panel"]["effect"] == "advice"
    assert document["panel"]["overturn"] == 3


@pytest.mark.parametrize("verdicts", [(), ("uphold",), ("uphold", "overturn")])
async def test_without_a_majority_of_seats_it_goes_back_after_72_hours(house, appeal, verdicts):
    panel = await draw(appeal, house[1])
    await all_say(panel, *verdicts)

    with time_machine.travel(now() + timedelta(hours=71)):
        await step(panel.id)
        assert (await fresh(panel)).closed_at is None
    with time_machine.travel(now() + timedelta(hours=72)):
        await settle_due()

    panel = await fresh(panel)
    assert panel.closed_at is not None
    assert not panel.is_carried
    assert (await fresh(appeal)).state == AppealState.IN_REVIEW
    await hearing.settle(await fresh(appeal), house[1], "overturned", "Read again.")


async def test_effect_and_size_are_those_of_the_day_of_the_draw(house, appeal):
    panel = await draw(appeal, house[1])
    put_in_force(policy_of())

    await all_say(panel, "overturn", "overturn")
    with time_machine.travel(now() + timedelta(hours=72)):
        await step(panel.id)

    assert (await fresh(appeal)).state == AppealState.OVERTURNED


async def test_while_a_panel_has_it_nobody_else_settles_it_and_it_is_not_overdue(house, appeal):
    await draw(appeal, house[1])

    with pytest.raises(NotAllowed):
        await hearing.settle(await fresh(appeal), house[1], "upheld", "Because.")
    await type(appeal).filter(id=appeal.id).update(decide_by=now() - timedelta(days=1))
    await mark_overdue()

    assert (await fresh(appeal)).state == AppealState.WITH_PANEL


async def test_who_was_asked_is_not_asked_again_about_the_same_decision(house, appeal, settle):
    other, people = house[1], house[4]
    panel = await draw(appeal, other)
    sat = {each.actor_id for each in await sitting(panel)}
    await all_say(panel, "uphold", "uphold", "uphold")
    await step(panel.id)
    decision = await decision_of(appeal)
    assert set((await fresh(panel)).sat) == {seat_of(decision.id, each) for each in sat}

    second = await appealing.file(decision, "Again.", new_facts="A letter.")

    assert await pool_of(second, decision) == ids_of(people) - sat


# the only moderator


@pytest.fixture
async def alone(here, settle):
    with_panel()
    mod = await settle("mod", role=Role.ADMIN)
    mei, jo = await settle("mei"), await settle("jo")
    await willing(settle, *NAMES)
    note = await publish(mei, Draft(text="Buy my watches"))
    return mod, await appealed(jo, mod, note)


async def test_the_only_moderator_asks_a_panel_first_without_waiting_a_day(alone):
    mod, appeal = alone

    await hearing.take_up(appeal, mod)
    with pytest.raises(NotAllowed, match="Let a panel be drawn first"):
        await hearing.settle(await fresh(appeal), mod, "upheld", "I was right.")
    panel = await draw(await fresh(appeal), mod)
    await all_say(panel, "overturn", "overturn", "overturn")
    await step(panel.id)

    appeal = await fresh(appeal)
    assert (appeal.state, appeal.is_same_person) == (AppealState.OVERTURNED, False)


async def test_where_no_panel_can_be_drawn_the_only_moderator_waits_a_day(alone):
    mod, appeal = alone
    await Account.filter(actor__name__in=NAMES[:3]).update(panels_since=None)

    await hearing.take_up(appeal, mod)
    with pytest.raises(NotAllowed, match="after a day"):
        await hearing.settle(await fresh(appeal), mod, "upheld", "I was right.")
    with time_machine.travel(now() + timedelta(hours=24)):
        await hearing.settle(await fresh(appeal), mod, "upheld", "I was right.")

    document = (await RecordEntry.get(kind="appeal")).document["appeal"]
    assert document["same_person"] is True
    assert "panel" not in document


# what happens meanwhile


async def author_leaves(house, decision):
    await close(await account_of(house[2]))


async def is_lifted(house, decision):
    await deciding.lift(decision, house[1], "It is enough.")


async def note_is_deleted(house, decision):
    await remove(await shown(house[5]))


@pytest.mark.parametrize("happens", [author_leaves, is_lifted, note_is_deleted])
@pytest.mark.parametrize(("verdict", "state"), [("overturn", "overturned"), ("uphold", "upheld")])
async def test_whatever_happens_meanwhile_the_panel_has_its_end(
    house, appeal, happens, verdict, state
):
    panel = await draw(appeal, house[1])
    await happens(house, await decision_of(appeal))

    await step(panel.id)
    read = await redacted(await decision_of(appeal))
    await all_say(panel, verdict, verdict, verdict)
    await step(panel.id)

    assert (await fresh(appeal)).state == state
    assert len(read.notes) == (happens is is_lifted or happens is author_leaves)
    assert (await RecordEntry.filter(kind="appeal").count()) == 1
    assert await faults() == []
