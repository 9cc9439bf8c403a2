"""Drafts and scheduled notes: kept whole, one's own, published once."""

from datetime import timedelta

import pytest
import time_machine

from core.clock import now
from core.jobs import Job, put, take
from core.storage import storage
from moderation.posting import LacksDescriptions, post
from moderation.scheduled import publish_saved, publish_scheduled
from moderation.sections import Content
from moderation.vocabulary import AltText
from notes import drafts, files
from notes.attachments import Attachment
from notes.drafts import DraftsFull, SavedDraft, draft_of, drop_draft, keep_draft, media_of
from notes.note import Audience, Note
from notes.scheduled import (
    BadTime,
    back_to_drafts,
    publish_when_ready,
    queue_due,
    schedule,
    scheduled_of,
)
from notes.text import with_tags, written_tags
from notes.uploads import keep_upload
from outbox.delete import withdraw
from outbox.draft import Draft, draft_from
from outbox.refusals import NotAllowed
from rubric.worker import work_others
from tests.factories import noted
from tests.web.test_compose import picture, with_policy


@pytest.fixture
async def mei(settle):
    return await settle("mei")


async def test_a_draft_keeps_every_field_and_its_pictures_in_order(mei):
    one, two = await keep_upload(mei, picture()), await keep_upload(mei, picture("blue"))
    written = {
        "title": "x" * 90,
        "text": "Tea",
        "tags": "tea",
        "summary": "Caffeine",
        "is_sensitive": True,
        "language": "zh-CN",
        "audience": Audience.FOLLOWERS,
        "poll": {"options": ["a", "b"], "seconds": 3600, "is_multiple": False},
    }

    draft = await keep_draft(mei, written, [two.id, one.id])

    kept = await draft_of(mei, draft.id)
    assert {name: getattr(kept, name) for name in written} == written
    assert (await media_of([kept]))[kept.id] == [two.id, one.id]


async def test_a_draft_is_changed_in_place(mei):
    one = await keep_upload(mei, picture())
    draft = await keep_draft(mei, {"text": "Old"}, [one.id])

    await keep_draft(mei, {"text": "New"}, [], draft=draft)

    assert (await SavedDraft.get()).text == "New"
    assert (await media_of([draft]))[draft.id] == []


async def test_MED_08_a_draft_takes_no_uploads_of_others_or_used_ones(mei, settle):
    theirs = await keep_upload(await settle("ben"), picture())
    used = await keep_upload(mei, picture("blue"))
    await Attachment.filter(id=used.id).update(note_id=(await noted(mei)).id)

    draft = await keep_draft(mei, {}, [theirs.id, used.id])

    assert (await media_of([draft]))[draft.id] == []


async def test_a_draft_is_its_authors_alone(mei, settle):
    draft = await keep_draft(mei, {"text": "Mine"}, [])

    assert await draft_of(await settle("ben"), draft.id) is None


async def test_there_are_at_most_a_hundred_drafts(mei, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    for _ in range(2):
        last = await keep_draft(mei, {"text": "x"}, [])

    with pytest.raises(DraftsFull):
        await keep_draft(mei, {"text": "y"}, [])
    await keep_draft(mei, {"text": "z"}, [], draft=last)

    assert await SavedDraft.all().count() == 2


async def test_pictures_in_drafts_outlive_the_sweep_for_thirty_days(mei):
    kept, loose = await keep_upload(mei, picture()), await keep_upload(mei, picture("blue"))
    draft = await keep_draft(mei, {"text": "Words stay"}, [kept.id])

    with time_machine.travel(now() + timedelta(days=29), tick=True):
        await drafts.sweep()
        await files.sweep()
        assert [each.id for each in await Attachment.all()] == [kept.id]
    with time_machine.travel(now() + timedelta(days=31), tick=True):
        await drafts.sweep()
        await files.sweep()

    assert await Attachment.all().count() == 0
    assert loose.id != kept.id
    assert (await SavedDraft.get(id=draft.id)).text == "Words stay"


async def test_a_draft_thrown_away_takes_its_pictures_along(mei):
    upload = await keep_upload(mei, picture())
    draft = await keep_draft(mei, {"text": "x"}, [upload.id])

    first, second = await drop_draft(draft), await drop_draft(draft)
    await files.sweep()
    await work_others()

    assert (first, second) == (True, False)
    assert not await Attachment.exists()
    assert [key async for key, _ in storage().files()] == []


async def test_publishing_a_draft_takes_it_away_with_the_note(mei):
    upload = await keep_upload(mei, picture())
    draft = await keep_draft(mei, {"text": "Tea", "tags": "green tea, 茶"}, [upload.id])

    note = await publish_saved(await SavedDraft.get(id=draft.id).select_related("author"))

    assert note.source == "Tea\n\n#greentea #茶"
    assert (await Attachment.get()).note_id == note.id
    assert not await SavedDraft.exists()


async def test_a_draft_becomes_one_note_however_often_it_is_published(mei):
    draft = await keep_draft(mei, {"text": "Once"}, [])
    wanted = draft_from(draft, [])

    await post(mei, wanted, language="en")
    with pytest.raises(NotAllowed):
        await post(mei, wanted, language="en")

    assert await Note.all().count() == 1


async def test_nobody_publishes_the_draft_of_another(mei, settle):
    draft = await keep_draft(mei, {"text": "Mine"}, [])

    with pytest.raises(NotAllowed):
        await post(await settle("ben"), Draft(text="Theirs", saved=draft.id), language="en")

    assert await SavedDraft.exists(id=draft.id)
    assert not await Note.exists()


async def test_a_scheduled_note_is_published_when_its_time_has_come(mei):
    draft = await keep_draft(mei, {"text": "Later"}, [])
    await schedule(draft, now() + timedelta(minutes=6))

    await queue_due()
    await work_others()
    before = await Note.all().count()
    with time_machine.travel(now() + timedelta(minutes=7), tick=True):
        await queue_due()
        await work_others()

    assert before == 0
    assert (await Note.get()).source == "Later"
    assert not await SavedDraft.exists()


async def test_a_scheduled_note_is_published_once_though_the_work_is_done_twice(mei):
    draft = await keep_draft(mei, {"text": "Once"}, [])
    await publish_when_ready(draft)

    await queue_due()
    await queue_due()  # it is held, and not put down again
    put_down = await Job.filter(name="moderation.publish_scheduled").count()
    await publish_scheduled({"id": draft.id})
    await publish_scheduled({"id": draft.id})

    assert put_down == 1
    assert await Note.all().count() == 1


async def test_work_that_broke_off_is_put_down_again_when_its_lease_ends(mei):
    draft = await keep_draft(mei, {"text": "x"}, [])
    await publish_when_ready(draft)
    await queue_due()
    await Job.all().delete()

    with time_machine.travel(now() + timedelta(minutes=3), tick=True):
        await queue_due()
        taken = await take(5, but="moderation.enforce")

    assert [job.name for job in taken] == ["moderation.publish_scheduled"]


async def test_what_was_put_off_or_called_back_meanwhile_is_not_published(mei):
    off = await keep_draft(mei, {"text": "put off"}, [])
    back = await keep_draft(mei, {"text": "called back"}, [])
    for each in (off, back):
        await publish_when_ready(each)
    await queue_due()

    await schedule(off, now() + timedelta(hours=1))
    await back_to_drafts(back)
    await work_others()

    assert not await Note.exists()
    assert [each.id for each in await scheduled_of(mei)] == [off.id]


async def test_what_the_policy_refuses_meanwhile_goes_back_with_the_reason(mei):
    upload = await keep_upload(mei, picture())
    draft = await keep_draft(mei, {"text": "x"}, [upload.id])
    await publish_when_ready(draft)
    with_policy(content=Content(alt_text=AltText.REQUIRE))

    await queue_due()
    await work_others()

    draft = await SavedDraft.get()
    assert (draft.publish_at, draft.held_until) == (None, None)
    assert draft.problem == "Describe your pictures first: the rules ask for it."
    assert (await media_of([draft]))[draft.id] == [upload.id]


async def test_an_answer_to_what_was_deleted_goes_back_with_the_reason(mei, settle):
    ben = await settle("ben")
    asked = await noted(ben)
    draft = await keep_draft(mei, {"text": "yes", "in_reply_to_id": asked.id}, [])
    await withdraw(ben, asked)

    await publish_when_ready(draft)
    await queue_due()
    await work_others()

    assert (await SavedDraft.get()).problem == "The note you answered is no longer there."


async def test_what_breaks_again_and_again_goes_back_in_the_end(mei):
    draft = await keep_draft(mei, {"text": "x"}, [])
    await publish_when_ready(draft)
    await SavedDraft.all().update(tries=9)

    await publish_scheduled({"id": draft.id})

    assert (await SavedDraft.get()).publish_at is None
    assert "the fault is ours" in (await SavedDraft.get()).problem


@pytest.mark.parametrize("span", [timedelta(minutes=4), timedelta(days=-1), timedelta(days=400)])
async def test_a_time_too_soon_or_too_far_is_refused(mei, span):
    draft = await keep_draft(mei, {"text": "x"}, [])

    with pytest.raises(BadTime):
        await schedule(draft, now() + span)

    assert (await SavedDraft.get()).publish_at is None


async def test_at_most_twenty_five_notes_are_scheduled_for_a_day(mei):
    at = (now() + timedelta(days=2)).replace(hour=12)
    for _ in range(25):
        await schedule(await keep_draft(mei, {"text": "x"}, []), at)

    with pytest.raises(BadTime):
        await schedule(await keep_draft(mei, {"text": "x"}, []), at)


async def test_descriptions_are_required_of_whoever_posts_and_decoration_needs_none(mei):
    with_policy(content=Content(alt_text=AltText.REQUIRE))
    bare, plain = await keep_upload(mei, picture()), await keep_upload(mei, picture("blue"))
    said = await keep_upload(mei, picture("green"), alt="A green field")
    await Attachment.filter(id=plain.id).update(is_decorative=True)

    with pytest.raises(LacksDescriptions) as refused:
        await post(mei, Draft(attachments=[said.id, bare.id, plain.id]), language="en")
    note = await post(mei, Draft(attachments=[said.id, plain.id]), language="en")

    assert refused.value.media == [bare.id]
    assert note.has_media


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("", []),
        ("tea", ["tea"]),
        ("#tea #Slow", ["tea", "Slow"]),
        ("slow mornings, tea", ["slowmornings", "tea"]),
        ("tea Tea", ["tea"]),
        ("茶，冬至", ["茶", "冬至"]),
    ],
)
def test_tags_are_read_as_people_write_them(written, tags):
    assert written_tags(written) == tags


def test_a_tag_that_stands_in_the_text_is_not_said_twice():
    assert with_tags("I like #Tea", ["tea", "slow"]) == "I like #Tea\n\n#slow"
    assert with_tags("", ["tea"]) == "#tea"


async def test_work_put_down_for_a_draft_that_is_gone_is_done(mei):
    await put("moderation.publish_scheduled", {"id": 1})

    await work_others()

    assert not await Job.exists(name="moderation.publish_scheduled")
