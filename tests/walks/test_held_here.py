"""A note written here that a filter holds: its author's alone, until somebody has looked."""

import pytest

from actors.accounts import Role
from actors.actor import Actor
from actors.groups import Posting, make_group
from actors.memberships import State, stand
from inbox.group_desk import let_in, release_held
from inbox.notifications import Event, Notification
from inbox.timelines import HomeEntry
from moderation.audit import StaffAct
from moderation.held import send_back
from moderation.hits import FilterHit
from moderation.policy import open_shelf
from moderation.posting import as_changed, check_local, post
from notes.attachments import Attachment
from notes.drafts import SavedDraft, media_of
from notes.group_posts import GroupPost
from notes.note import Audience, Note
from notes.visibility import may_see
from outbox.announce import boost
from outbox.delete import withdraw
from outbox.draft import Draft, PollDraft
from outbox.narrow import narrow
from outbox.refusals import NotAllowed, NotValid
from outbox.sent import Sent
from tests.moderation.drafts import policy_of
from tests.walks.people import fan_of, follows

WHY = "We look at this first."
PILLS = {
    "id": "pills",
    "rule": "no-ads",
    "then": "hold",
    "when": {"words": ["pills"]},
    "where": "local",
    "explanation": {"en": WHY},
}


@pytest.fixture
async def mei(here, settle) -> Actor:
    """Someone who lives here, where notes with pills are held."""
    open_shelf(policy_of(filters=[PILLS]))
    return await settle("mei")


async def again(note: Note) -> Note:
    return await Note.get(id=note.id).select_related("author")


async def held_by(author: Actor, **more) -> Note:
    note = await post(author, Draft(text="buy pills", **more), language="en")
    assert note.held_because == WHY
    return await again(note)


async def creates() -> list[str]:
    """What was sent for others than those the server itself writes to."""
    sent = Sent.filter(kind__in=["Create", "Announce", "Delete"], actor__kind="Person")
    return [each.kind for each in await sent]


async def test_a_held_note_is_its_authors_alone_and_staff_is_told(mei, settle, remote, settle_down):
    jo, mod = await settle("jo"), await settle("mod", role=Role.MODERATOR)
    await follows(jo, mei)

    note = await held_by(mei)
    await settle_down()

    assert await may_see(mei, note)
    assert not await may_see(jo, note)
    assert not await may_see(None, note)
    assert await creates() == []
    assert not await HomeEntry.filter(note_id=note.id, reader_id=jo.id).exists()
    assert (await Actor.get(id=mei.id)).notes_count == 0
    assert await Notification.filter(reader=mod, event=Event.REPORT, about=note.id).exists()
    assert (await FilterHit.get()).about == note.uri


async def test_what_is_let_out_goes_to_everyone_it_is_for(mei, settle, remote, settle_down):
    await fan_of(mei, remote)
    jo = await settle("jo")
    await follows(jo, mei)
    note = await held_by(mei)
    await settle_down()
    remote.letters.clear()

    await release_held(note)
    await release_held(await again(note))
    await settle_down()

    shown = await again(note)
    assert (shown.held_at, shown.held_because) == (None, "")
    assert await may_see(jo, shown)
    assert remote.types() == ["Create"]
    assert await HomeEntry.filter(note_id=note.id, reader_id=jo.id).exists()
    assert (await Actor.get(id=mei.id)).notes_count == 1
    told = await Note.filter(audience=Audience.PEOPLE).values_list("content", flat=True)
    assert len([each for each in told if "is published now" in each]) == 1


async def test_what_is_sent_back_is_a_draft_with_pictures_and_the_reason(mei, settle, settle_down):
    mod = await settle("mod", role=Role.MODERATOR)
    picture = await Attachment.create(owner=mei, alt="Pills")
    note = await held_by(mei, title="Sale", attachments=[picture.id])

    draft = await send_back(note, mod, "Say what is in them.", address="192.0.2.7")
    await settle_down()

    kept = await SavedDraft.get(author_id=mei.id)
    assert (kept.id, kept.title, kept.text) == (draft.id, "Sale", "buy pills")
    assert kept.problem == "Say what is in them."
    assert (await media_of([kept]))[kept.id] == [picture.id]
    assert (await Attachment.get(id=picture.id)).note_id is None
    assert (await again(note)).deleted_at is not None
    assert await creates() == []
    act = await StaffAct.get(act="held.refuse")
    assert (act.actor_id, act.reason, act.address) == (mod.id, kept.problem, "192.0.2.7")
    told = await Note.filter(audience=Audience.PEOPLE).values_list("content", flat=True)
    assert [each for each in told if "Say what is in them." in each]
    with pytest.raises(NotAllowed, match="answered this already"):
        await send_back(note, mod, "Again.")


async def test_a_poll_comes_back_whole(mei, settle):
    mod = await settle("mod", role=Role.MODERATOR)
    note = await held_by(mei, poll=PollDraft(["yes", "no"], 3600, is_multiple=True))

    await send_back(note, mod, "No polls about it.")

    kept = (await SavedDraft.get()).poll
    assert (kept["options"], kept["is_multiple"]) == (["yes", "no"], True)
    assert abs(kept["seconds"] - 3600) < 60


async def test_nobody_answers_their_own_note_nor_without_a_reason(mei, settle):
    mod = await settle("mod", role=Role.MODERATOR)
    note, own = await held_by(mei), await held_by(mod)

    with pytest.raises(NotValid, match="Say why"):
        await send_back(note, mod, "  ")
    with pytest.raises(NotAllowed, match="your own note"):
        await send_back(own, mod, "Mine.")

    assert not await SavedDraft.exists()


async def test_what_is_held_is_not_passed_on_narrowed_or_called_back(mei, settle_down):
    note = await held_by(mei)

    with pytest.raises(NotAllowed, match="nobody has seen it"):
        await narrow(mei, note, Audience.FOLLOWERS)
    with pytest.raises(NotAllowed, match="nobody has seen it"):
        await boost(mei, note)
    await withdraw(mei, note)
    await settle_down()

    assert await creates() == []
    assert (await again(note)).deleted_at is not None


async def test_what_is_out_already_is_not_changed_into_what_is_held(mei):
    out = await post(mei, Draft(text="buy bread"), language="en")
    held = await held_by(mei)
    draft = Draft(text="buy more pills")
    verdict = await check_local(draft, mei)

    with pytest.raises(NotAllowed, match="We look at this first"):
        as_changed(out, draft, verdict, language="en")
    assert as_changed(held, draft, verdict, language="en").text == "buy more pills"
    assert (await again(held)).held_at is not None


async def test_a_note_that_waits_for_two_is_shown_once_both_have_looked(mei, settle, settle_down):
    owner = await settle("owner")
    tea = await make_group(owner, "tea", title="Tea", post=Posting.APPROVAL)
    await stand(mei.id, tea.id, State.MEMBER)
    for first in ("policy", "group"):
        note = await held_by(mei, group_id=tea.id)
        steps = [release_held, lambda each: _let_in(owner, tea, each)]
        for step in steps if first == "policy" else reversed(steps):
            assert (await again(note)).held_at is not None, first
            await step(await again(note))

        assert (await again(note)).held_at is None, first


async def _let_in(owner: Actor, tea: Actor, note: Note) -> None:
    await let_in(owner, tea, await GroupPost.get(note_id=note.id))


async def test_what_a_group_refused_is_not_let_out_by_the_policys_word(mei, settle):
    owner = await settle("owner")
    tea = await make_group(owner, "tea", title="Tea", post=Posting.APPROVAL)
    await stand(mei.id, tea.id, State.MEMBER)
    note = await held_by(mei, group_id=tea.id)
    await GroupPost.filter(note_id=note.id).update(standing="refused")

    await release_held(note)

    assert (await again(note)).held_at is not None
