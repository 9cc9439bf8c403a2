"""Moderation inside a group that lives here, by its moderators here and elsewhere."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from actors.accounts import Role as StaffRole
from actors.actor import Actor
from actors.follows import Follow
from actors.groups import Entry, Group, Posting, See, make_group, may_post
from actors.memberships import Role, State, membership_of, stand
from actors.remote import look_up
from core.clock import now
from core.jobs import Job
from inbox.threads import thread_of
from moderation import group_acts, group_offices
from moderation.appealing import file
from moderation.appeals import Appeal
from moderation.deciding import expire_due
from moderation.decisions import Decision
from moderation.finishing import purge_due
from moderation.group_charter import change
from moderation.hearing import settle, take_up
from moderation.record import EntryKind, RecordEntry, faults
from moderation.states import DecisionState
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotAllowed, NotValid
from outbox.sent import Sent
from tests.factories import noted
from tests.remote import PUBLIC
from tests.walks.people import actor_of, follows, known, say
from tests.walks.test_groups_here import announces, joined, passed_on, posts

WHY = "Personal attack"


@pytest.fixture
async def mei(settle):
    return await settle("mei")


@pytest.fixture
async def tea(mei):
    return await make_group(mei, "tea", title="Tea", rules={"en": ["Be kind", "Be brief"]})


async def thread(remote, tea, settle_down, name="ana"):
    person = await joined(remote, tea, settle_down, name)
    document, _ = await posts(remote, person, tea, settle_down)
    return person, await Note.get(uri=document["id"]).select_related("author")


async def moderator(remote, tea, settle_down, name="mod"):
    """Somebody there who moderates a group here."""
    person = await joined(remote, tea, settle_down, name)
    await stand((await actor_of(person)).id, tea.id, State.MEMBER, role=Role.MODERATOR)
    return person


def last_inner(remote, kind):
    return passed_on(remote, kind)[-1]


async def chain_of(group):
    return await RecordEntry.filter(chain=f"group:{group.id}").order_by("number")


async def test_a_removed_note_is_gone_with_its_reason_and_may_come_back(
    remote, mei, tea, settle_down
):
    ana, note = await thread(remote, tea, settle_down)

    decision = await group_acts.remove(mei, tea, note, reason=WHY, rule=1)
    await settle_down()
    delete, undo = last_inner(remote, "Delete"), remote.last("Undo")
    notice = [each for each in remote.letters if each.type == "Create"]
    note = await Note.get(id=note.id).select_related("author")
    was_seen = await may_see(mei, note)
    post = await GroupPost.get(note_id=note.id)
    boosts = [each for each in announces(remote) if each["object"] == note.uri]
    await group_acts.restore(mei, tea, note, reason="A misunderstanding")
    await settle_down()

    assert delete["summary"] == "Rule 1 (Be kind): Personal attack"
    assert (delete["actor"], delete["object"], delete["audience"]) == (mei.uri, note.uri, tea.uri)
    assert undo["object"]["object"] == note.uri
    assert ana.uri in notice[-1].document["to"]
    assert WHY in notice[-1].document["object"]["content"]
    assert (was_seen, post.standing, post.reason) == (False, Standing.REMOVED, WHY)
    back = last_inner(remote, "Undo")
    assert (back["object"]["id"], back["object"]["type"]) == (delete["id"], "Delete")
    note = await Note.get(id=note.id).select_related("author")
    assert await may_see(None, note)
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    again = [each for each in announces(remote) if each["object"] == note.uri]
    assert len(again) == len(boosts) + 1
    entries = await chain_of(tea)
    assert [each.kind for each in entries] == [EntryKind.DECISION, EntryKind.LIFTED]
    assert entries[0].document["ground"]["charter"]["text"] == "Be kind"
    assert entries[0].document["decided_by"] == "group_moderator"
    assert entries[0].document["facts_summary"] == WHY
    assert await faults(f"group:{tea.id}") == []
    assert (await Decision.get(id=decision.id)).state is DecisionState.LIFTED


async def test_a_removed_comment_leaves_its_reason_in_the_thread(remote, mei, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)
    comment, _ = await posts(remote, ana, tea, settle_down, "<p>Boo</p>", inReplyTo=note.uri)
    said = await Note.get(uri=comment["id"]).select_related("author")

    await group_acts.remove(mei, tea, said, reason=WHY)
    shown = await thread_of(note, None)

    assert shown.descendants == []
    assert shown.removed[said.id].post.reason == WHY


async def test_only_who_runs_the_group_decides_and_says_why(remote, mei, tea, settle, settle_down):
    _, note = await thread(remote, tea, settle_down)
    ben = await settle("ben")
    await stand(ben.id, tea.id, State.MEMBER)
    elsewhere = await make_group(ben, "milk", title="Milk")
    own = await publish(mei, Draft(text="Mine", group_id=tea.id))

    for doing in (
        group_acts.remove(ben, tea, note, reason=WHY),
        group_acts.restore(ben, tea, note),
        group_acts.lock(ben, tea, note, reason=WHY),
        group_acts.unlock(ben, tea, note),
        group_acts.pin(ben, tea, note),
        group_acts.unpin(ben, tea, note),
        group_offices.ban(ben, tea, note.author, reason=WHY),
        group_offices.unban(ben, tea, note.author),
        group_offices.add_moderator(ben, tea, ben),
        group_offices.remove_moderator(ben, tea, ben),
        change(ben, tea, title="Coffee"),
        group_acts.remove(ben, elsewhere, note, reason=WHY),
        group_acts.remove(mei, tea, own, reason=WHY),
        group_offices.ban(mei, tea, mei, reason=WHY),
        group_acts.restore(mei, tea, note),
    ):
        with pytest.raises(NotAllowed):
            await doing
    with pytest.raises(NotValid):
        await group_acts.remove(mei, tea, note, reason="  ")
    with pytest.raises(NotValid):
        await group_acts.remove(mei, tea, note, reason=WHY, rule=7)
    with pytest.raises(NotValid):
        await group_offices.ban(mei, tea, note.author, reason=WHY, until=now() - timedelta(days=1))
    assert await chain_of(tea) == []


async def test_a_locked_thread_takes_no_comments_until_it_is_opened(remote, mei, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)

    await group_acts.lock(mei, tea, note, reason="Heated")
    await settle_down()
    lock = last_inner(remote, "Lock")
    await posts(remote, ana, tea, settle_down, "<p>But</p>", inReplyTo=note.uri)
    refused = remote.last("Reject")
    with pytest.raises(NotAllowed):
        await publish(mei, Draft(text="Also", in_reply_to=note))
    await group_acts.unlock(mei, tea, note)
    await posts(remote, ana, tea, settle_down, "<p>Now</p>", inReplyTo=note.uri)

    assert (lock["object"], lock["summary"]) == (note.uri, "Heated")
    assert "locked" in refused["summary"]
    assert last_inner(remote, "Undo")["object"]["type"] == "Lock"
    assert await Note.filter(in_reply_to_id=note.id).count() == 1


async def test_pins_are_told_and_written_down(remote, mei, tea, settle_down):
    _, note = await thread(remote, tea, settle_down)

    await group_acts.pin(mei, tea, note)
    await group_acts.pin(mei, tea, note)
    await settle_down()
    added = last_inner(remote, "Add")
    await group_acts.unpin(mei, tea, note)
    await settle_down()

    assert (added["object"], added["target"]) == (note.uri, tea.featured_uri)
    assert len(passed_on(remote, "Add")) == 1
    assert last_inner(remote, "Remove")["target"] == tea.featured_uri
    assert (await GroupPost.get(note_id=note.id)).pinned_at is None
    assert [each.document["act"] for each in await chain_of(tea)] == ["pin", "unpin"]
    assert await faults(f"group:{tea.id}") == []


async def test_a_ban_ends_by_itself_and_its_end_is_told(remote, mei, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)
    person, until = await actor_of(ana), now() + timedelta(days=3)

    await group_offices.ban(mei, tea, person, reason=WHY, until=until, with_notes=True)
    await settle_down()
    block, kept = last_inner(remote, "Block"), await membership_of(person, tea)
    answer = await may_post(tea, person)
    follows = await Follow.exists(follower_id=person.id, followed_id=tea.id)
    hidden = await Note.get(id=note.id)
    await Decision.filter(actor_id=person.id, measure="leave_group").update(
        until=now() - timedelta(minutes=1)
    )
    await expire_due()
    await settle_down()

    assert (block["object"], block["target"], block["summary"]) == (ana.uri, tea.uri, WHY)
    assert block["endTime"] == until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert block["removeData"] is True
    assert (kept.state, kept.reason, follows) == (State.BANNED, WHY, False)
    assert "banned" in answer.reason
    assert remote.last("Reject")["object"]["type"] == "Follow"
    assert hidden.hidden_at is not None
    assert (await membership_of(person, tea)).state is State.LEFT
    assert [each for each in passed_on(remote, "Undo") if each["object"]["type"] == "Block"] == []


async def test_a_ban_that_is_lifted_is_taken_back_everywhere(remote, mei, tea, settle_down):
    ana, _ = await thread(remote, tea, settle_down)
    person = await actor_of(ana)

    await group_offices.ban(mei, tea, person, reason=WHY)
    await group_offices.unban(mei, tea, person)
    await settle_down()

    undo = last_inner(remote, "Undo")
    assert (undo["object"]["type"], undo["object"]["target"]) == ("Block", tea.uri)
    assert not (await may_post(tea, person)).reason


async def test_owners_give_offices_and_take_them(remote, mei, tea, settle, settle_down):
    ana, _ = await thread(remote, tea, settle_down)
    person, ben = await actor_of(ana), await settle("ben")
    await stand(ben.id, tea.id, State.MEMBER, role=Role.MODERATOR)

    await group_offices.add_moderator(mei, tea, person)
    await settle_down()
    _, listed = await remote.get(tea.moderators_uri, ana)
    added = last_inner(remote, "Add")
    with pytest.raises(NotAllowed):
        await group_offices.add_moderator(ben, tea, ben)
    with pytest.raises(NotAllowed):
        await group_offices.ban(ben, tea, person, reason=WHY)
    with pytest.raises(NotAllowed):
        await group_offices.ban(ben, tea, mei, reason=WHY)
    await group_offices.remove_moderator(ben, tea, ben)
    await group_offices.remove_moderator(mei, tea, person, reason="Away")
    with pytest.raises(NotAllowed):
        await group_offices.remove_moderator(mei, tea, mei)
    await settle_down()

    assert ana.uri in listed["orderedItems"]
    assert (added["object"], added["target"]) == (ana.uri, tea.moderators_uri)
    assert {each["object"] for each in passed_on(remote, "Remove")} == {ana.uri, ben.uri}
    assert (await membership_of(person, tea)).role is Role.MEMBER
    acts = [each.document["act"] for each in await chain_of(tea)]
    assert acts == ["moderator_in", "moderator_out", "moderator_out"]


async def test_a_changed_charter_is_told_by_who_changed_it(remote, mei, tea, settle_down):
    await thread(remote, tea, settle_down)

    changed = await change(mei, tea, title="Tea house", post=Posting.MEMBERS)
    await settle_down()
    update = last_inner(remote, "Update")
    with pytest.raises(NotValid):
        await change(mei, tea, see=See.MEMBERS)

    assert changed == ("post", "title")
    assert (update["actor"], update["object"]["name"]) == (mei.uri, "Tea house")
    assert (await chain_of(tea))[-1].document["changed"] == ["post", "title"]


async def test_MOD_04_a_moderator_elsewhere_acts_as_if_they_sat_here(remote, mei, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)
    mod = await moderator(remote, tea, settle_down)
    person = await actor_of(ana)
    to = {"to": [PUBLIC], "cc": [tea.uri], "audience": tea.uri}

    async def does(kind, about, **more):
        activity = await say(remote, kind, mod, about, tea.inbox, settle_down, **(to | more))
        return activity

    lock = await does("Lock", note.uri, summary="Heated")
    assert (await GroupPost.get(note_id=note.id)).locked_at is not None
    assert last_inner(remote, "Lock")["id"] == lock["id"]
    await does("Undo", lock)
    assert (await GroupPost.get(note_id=note.id)).locked_at is None
    delete = await does("Delete", note.uri, summary=WHY)
    assert (await Note.get(id=note.id)).hidden_at is not None
    assert last_inner(remote, "Delete") == {
        key: each for key, each in delete.items() if key != "@context"
    }
    undo = await does("Undo", delete)
    assert (await Note.get(id=note.id)).hidden_at is None
    assert last_inner(remote, "Undo")["id"] == undo["id"]
    await does("Add", note.uri, target=tea.featured_uri)
    assert (await GroupPost.get(note_id=note.id)).pinned_at is not None
    await does("Remove", note.uri, target=tea.featured_uri)
    assert (await GroupPost.get(note_id=note.id)).pinned_at is None
    end = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    block = await does("Block", ana.uri, target=tea.uri, summary=WHY, endTime=end)
    row = await membership_of(person, tea)
    assert (row.is_banned, row.until.strftime("%Y-%m-%dT%H:%M:%SZ")) == (True, end)
    await does("Undo", block)
    assert not (await membership_of(person, tea)).is_banned
    document = {"id": tea.uri, "type": "Group", "name": "Teas", "postingRestrictedToMods": True}
    await does("Update", document)
    assert (await Actor.get(id=tea.id)).title == "Teas"
    assert (await Group.get(actor_id=tea.id)).post is Posting.MODERATORS
    assert await faults(f"group:{tea.id}") == []


async def test_MOD_04_nobody_else_is_heard(remote, elsewhere, mei, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)
    eve = await joined(elsewhere, tea, settle_down, "eve")
    member = await actor_of(eve)
    kept = await membership_of(await actor_of(ana), tea)
    to = {"to": [PUBLIC], "cc": [tea.uri], "audience": tea.uri}
    group = {"id": tea.uri, "type": "Group", "name": "Mine"}
    await group_acts.lock(mei, tea, note, reason="Heated")
    await settle_down()
    before = len(announces(remote))

    for kind, about, more in (
        ("Delete", note.uri, {"summary": WHY}),
        ("Lock", note.uri, {}),
        ("Add", note.uri, {"target": tea.featured_uri}),
        ("Add", eve.uri, {"target": tea.moderators_uri}),
        ("Remove", mei.uri, {"target": tea.moderators_uri}),
        ("Block", ana.uri, {"target": tea.uri}),
        ("Update", group, {}),
    ):
        await say(elsewhere, kind, eve, about, tea.inbox, settle_down, **(to | more))
    inner = elsewhere.activity("Lock", eve, note.uri)
    await say(elsewhere, "Undo", eve, inner, tea.inbox, settle_down, **to)

    note = await Note.get(id=note.id)
    post = await GroupPost.get(note_id=note.id)
    assert (note.hidden_at, note.deleted_at, post.pinned_at) == (None, None, None)
    assert post.locked_at is not None
    assert (await membership_of(member, tea)).role is Role.MEMBER
    assert (await membership_of(mei, tea)).role is Role.OWNER
    assert (await membership_of(await actor_of(ana), tea)).state is kept.state
    assert (await Actor.get(id=tea.id)).title == "Tea"
    assert len(announces(remote)) == before


async def test_MOD_04_a_moderator_elsewhere_gives_no_offices(remote, tea, settle_down):
    ana, _ = await thread(remote, tea, settle_down)
    mod = await moderator(remote, tea, settle_down)

    await say(
        remote, "Add", mod, ana.uri, tea.inbox, settle_down, target=tea.moderators_uri, cc=[tea.uri]
    )

    assert (await membership_of(await actor_of(ana), tea)).role is Role.MEMBER


async def test_ORG_07_a_group_elsewhere_has_no_say_in_a_thread_of_ours(
    remote, elsewhere, mei, tea, settle_down
):
    """Not even where the author names that group afterwards, to get around our moderators."""
    _, note = await thread(remote, tea, settle_down)
    evil, group = await known(elsewhere, "evil", "Group")
    await follows(mei, group)
    await group_acts.lock(mei, tea, note, reason="Heated")
    remote.things[urlsplit(note.uri).path]["audience"] = evil.uri
    acts = [elsewhere.activity("Undo", evil, elsewhere.activity("Lock", evil, note.uri))]
    acts.append(elsewhere.activity("Delete", evil, note.uri, summary="Ours now"))

    for act in acts:
        letter = elsewhere.activity("Announce", evil, act, to=[PUBLIC])
        assert await elsewhere.send(mei.inbox, letter, evil) == 202
        await settle_down()

    post = await GroupPost.get(note_id=note.id)
    assert (post.group_id, post.standing) == (tea.id, Standing.ACCEPTED)
    assert post.locked_at is not None
    assert (await Note.get(id=note.id)).deleted_at is None


async def test_a_group_that_posts_can_be_banned_like_anybody(remote, mei, tea, settle_down):
    """Who calls themselves a group is not out of the moderators' reach."""
    crowd = await joined(remote, tea, settle_down, "crowd", kind="Group")
    actor = await actor_of(crowd)

    await group_offices.ban(mei, tea, actor, reason=WHY)

    assert (await membership_of(actor, tea)).is_banned
    assert (await may_post(tea, actor)).entry is Entry.REFUSED


async def test_nobody_restores_what_was_removed_of_their_own_but_who_owns_the_group(
    remote, mei, tea, settle_down
):
    mod, note = await thread(remote, tea, settle_down, "mod")
    await stand((await actor_of(mod)).id, tea.id, State.MEMBER, role=Role.MODERATOR)
    await group_acts.remove(mei, tea, note, reason=WHY)

    with pytest.raises(NotAllowed):
        await group_acts.restore(await actor_of(mod), tea, note)

    assert (await Note.get(id=note.id)).hidden_at is not None


async def test_a_group_in_another_persons_hands_is_not_reached_by_its_look_alike(
    remote, mei, tea, settle, settle_down
):
    """A moderator of one group has no say in another."""
    _, note = await thread(remote, tea, settle_down)
    milk = await make_group(await settle("ben"), "milk", title="Milk")
    mod = await moderator(remote, milk, settle_down)

    await say(remote, "Delete", mod, note.uri, tea.inbox, settle_down, summary=WHY, cc=[milk.uri])

    assert (await Note.get(id=note.id)).hidden_at is None


async def test_the_author_appeals_and_another_moderator_puts_it_back(
    remote, mei, tea, settle, settle_down
):
    _, note = await thread(remote, tea, settle_down)
    judge = await settle("judge", role=StaffRole.MODERATOR)
    decision = await group_acts.remove(mei, tea, note, reason=WHY)

    appeal = await file(decision, "It was a joke between friends.")
    await take_up(appeal, judge)
    await settle_it(appeal, judge)
    await settle_down()

    assert (await Note.get(id=note.id)).hidden_at is None
    assert last_inner(remote, "Undo")["object"]["type"] == "Delete"
    assert (await chain_of(tea))[-1].kind is EntryKind.APPEAL


async def settle_it(appeal, judge):
    await settle(await Appeal.get(id=appeal.id), judge, "overturned", "It was one.")


async def test_what_a_group_removed_is_never_deleted_for_its_author(remote, mei, tea, settle_down):
    own = await publish(mei, Draft(text="Hello", group_id=tea.id))
    ben = await joined(remote, tea, settle_down, "ben")
    await stand((await actor_of(ben)).id, tea.id, State.MEMBER, role=Role.MODERATOR)
    await say(remote, "Delete", ben, own.uri, tea.inbox, settle_down, summary=WHY, cc=[tea.uri])

    await Decision.filter(note_id=own.id).update(final_at=now() - timedelta(days=400))
    await purge_due()

    note = await Note.get(id=own.id)
    assert (note.hidden_at is None, note.deleted_at) == (False, None)
    assert not await Sent.exists(actor_id=mei.id, kind="Delete")


async def test_dislikes_are_passed_on_and_nobody_floods_a_group_with_votes(
    remote, mei, tea, settle_down
):
    ana, note = await thread(remote, tea, settle_down)
    # A server is told of votes once it has a group itself.
    remote.person("milk", "Group")
    await look_up(f"@milk@{remote.host}")
    to = {"to": [tea.uri], "audience": tea.uri}

    await say(remote, "Dislike", ana, note.uri, tea.inbox, settle_down, **to)
    once = len(passed_on(remote, "Dislike"))
    for _ in range(10):
        await say(remote, "Dislike", ana, note.uri, tea.inbox, settle_down, **to)
    ben = await joined(remote, tea, settle_down, "ben")
    await group_offices.ban(mei, tea, await actor_of(ben), reason=WHY)
    await say(remote, "Dislike", ben, note.uri, tea.inbox, settle_down, **to)

    assert once == 1
    assert len(passed_on(remote, "Dislike")) == 6
    assert {each["actor"] for each in passed_on(remote, "Dislike")} == {ana.uri}


async def test_the_banned_change_nothing_in_the_group_any_more(remote, mei, tea, settle_down):
    """They may withdraw what they said, and no more than that goes out to everyone."""
    ana, note = await thread(remote, tea, settle_down)
    await joined(remote, tea, settle_down, "ben")
    await group_offices.ban(mei, tea, await actor_of(ana), reason=WHY)
    changed = remote.things[urlsplit(note.uri).path] | {
        "content": "<p>Buy pills</p>",
        "updated": "2026-11-21T10:00:00Z",
    }

    await say(remote, "Update", ana, changed, tea.inbox, settle_down, to=[PUBLIC])
    await say(remote, "Delete", ana, note.uri, tea.inbox, settle_down, to=[PUBLIC])

    assert passed_on(remote, "Update") == []
    assert len(passed_on(remote, "Delete")) == 1


async def test_nobody_floods_a_group_with_deletions_of_one_note(remote, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)

    for _ in range(10):
        await say(remote, "Delete", ana, note.uri, tea.inbox, settle_down, to=[PUBLIC])

    assert len(passed_on(remote, "Delete")) == 6


async def test_nobody_floods_a_group_with_changes_of_one_note(remote, tea, settle_down):
    """After six within the hour only the last goes out, and that when the hour is over (DOS-09)."""
    ana, note = await thread(remote, tea, settle_down)
    document = remote.things[urlsplit(note.uri).path]

    for minute in range(10, 20):
        changed = document | {
            "content": f"<p>{minute}</p>",
            "updated": f"2026-11-21T10:{minute}:00Z",
        }
        await say(remote, "Update", ana, changed, tea.inbox, settle_down, to=[PUBLIC])

    at_once = [each["object"]["content"] for each in passed_on(remote, "Update")]
    (late,) = await Job.filter(name="inbox.spread_late")
    await Job.filter(id=late.id).update(due=0)
    await settle_down()
    later = [each["object"]["content"] for each in passed_on(remote, "Update")]
    assert at_once == [f"<p>{minute}</p>" for minute in range(10, 16)]
    assert later == [*at_once, "<p>19</p>"]
    assert (await Note.get(id=note.id)).content == "<p>19</p>"


async def test_what_the_banned_changed_too_often_is_not_passed_on_late(
    remote, mei, tea, settle_down
):
    ana, note = await thread(remote, tea, settle_down)
    document = remote.things[urlsplit(note.uri).path]
    for minute in range(10, 18):
        changed = document | {"content": "<p>x</p>", "updated": f"2026-11-21T10:{minute}:00Z"}
        await say(remote, "Update", ana, changed, tea.inbox, settle_down, to=[PUBLIC])
    await group_offices.ban(mei, tea, await actor_of(ana), reason=WHY)

    await Job.filter(name="inbox.spread_late").update(due=0)
    await settle_down()

    assert not await Job.exists(name="inbox.spread_late")
    assert len(passed_on(remote, "Update")) == 6


async def test_nobody_outside_brings_anything_into_a_closed_group_by_taking_it_back(
    remote, elsewhere, mei, settle_down
):
    for each in (remote, elsewhere):
        each.runs("rubric")
        each.person("milk", "Group")
        await look_up(f"@milk@{each.host}")
    den = await make_group(mei, "den", title="Den", see=See.MEMBERS)
    ana = await joined(remote, den, settle_down)
    eve, _ = await known(elsewhere, "eve")
    note = await publish(mei, Draft(text="Between us", group_id=den.id))
    to = {"to": [den.uri], "audience": den.uri}

    for who, where in ((eve, elsewhere), (ana, remote)):
        like = where.activity("Like", who, note.uri)
        await say(where, "Undo", who, like, den.inbox, settle_down, **to)

    assert {each["actor"] for each in passed_on(remote, "Undo")} == {ana.uri}


async def test_a_dislike_takes_a_like_back(remote, mei, tea, settle_down):
    ana, note = await thread(remote, tea, settle_down)
    await say(remote, "Like", ana, note.uri, tea.inbox, settle_down)

    await say(remote, "Dislike", ana, note.uri, tea.inbox, settle_down)

    assert (await Note.get(id=note.id)).likes_count == 0


async def test_a_moderator_here_of_a_group_elsewhere_asks_it(remote, mei, settle_down):
    _, milk = await known(remote, "milk", "Group")
    ana, author = await known(remote, "ana")
    note = await noted(author, "<p>Boo</p>", group_id=milk.id)
    note.author = author
    with pytest.raises(NotAllowed):
        await group_acts.remove(mei, milk, note, reason=WHY)
    await stand(mei.id, milk.id, State.MEMBER, role=Role.MODERATOR)

    await group_acts.remove(mei, milk, note, reason=WHY)
    await group_acts.restore(mei, milk, note)
    await group_acts.lock(mei, milk, note, reason="Heated")
    await group_acts.unlock(mei, milk, note)
    await group_offices.ban(mei, milk, author, reason=WHY, until=now() + timedelta(days=2))
    await group_offices.unban(mei, milk, author)
    await settle_down()

    sent = {each.type: each.document for each in remote.letters}
    assert (sent["Delete"]["object"], sent["Delete"]["summary"]) == (note.uri, WHY)
    assert (sent["Lock"]["summary"], sent["Lock"]["audience"]) == ("Heated", milk.uri)
    assert (sent["Block"]["object"], sent["Block"]["target"]) == (ana.uri, milk.uri)
    assert "endTime" in sent["Block"]
    undone = {
        each.document["object"]["id"]: each.document["object"]["type"]
        for each in remote.letters
        if each.type == "Undo"
    }
    assert undone == {sent[kind]["id"]: kind for kind in ("Delete", "Lock", "Block")}
    # What came of it, the group itself says.
    assert (await Note.get(id=note.id)).hidden_at is None
    assert await chain_of(milk) == []
