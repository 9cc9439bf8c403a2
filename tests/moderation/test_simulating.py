"""What a simulation says would have been treated otherwise is what the gate treats otherwise."""

from datetime import timedelta

import pytest

from actors.actor import Actor
from core.clock import now
from core.settings import Settings
from core.storage import key_for
from moderation.policy import open_shelf
from moderation.posting import post
from moderation.simulating import LeftOut, simulate
from notes.attachments import Attachment, State
from notes.media_files import MediaFile, Role
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft, PollDraft
from outbox.refusals import NotAllowed, NotValid
from rubric import policy_command
from tests.counting import counted
from tests.moderation.drafts import policy_of, sections_of
from tests.moderation.rows import follows, note_by, stranger

DIGEST = "ab" * 32
LOOSE = {"accounts": {"first_days": {"days": 3, "links": 50, "mentions": 50}}}
FEW_MENTIONS = {"accounts": {"first_days": {"days": 3, "links": 50, "mentions": 1}}}
FEW_LINKS = {"accounts": {"first_days": {"days": 3, "links": 1, "mentions": 50}}}


def filter_of(**when: object) -> dict[str, object]:
    said = {"id": "f", "rule": "no-ads", "then": "reject", "where": "local", "when": when}
    return {"filters": [said], **LOOSE}


async def refuses(tables: dict[str, object], author: Actor, draft: Draft) -> bool:
    open_shelf(policy_of(**tables))
    try:
        await post(author, draft, language="en")
    except (NotAllowed, NotValid):
        return True
    return False


async def matched(tables: dict[str, object], before: dict[str, object] = LOOSE) -> int:
    return (await simulate(sections_of(**before), sections_of(**tables))).matched


@pytest.mark.parametrize(
    ("tables", "text"),
    [
        (FEW_MENTIONS, "@a@x.example and @b@x.example"),
        (FEW_LINKS, "https://a.example https://b.example"),
        ({"content": {"max_tags": 1}, **LOOSE}, "#one #two"),
        (filter_of(words=["pills"]), "Pills, cheap"),
        (filter_of(rate={"notes": 1, "minutes": 60}), "and again"),
    ],
)
async def test_what_would_have_been_sent_back_is_counted(here, settle, tables, text):
    mei: Actor = await settle("mei")
    open_shelf(policy_of(**LOOSE))
    await post(mei, Draft(text="a walk by the river"), language="en")
    await post(mei, Draft(text=text), language="en")

    count = await matched(tables)

    assert count == 1
    await Note.all().delete()
    if "filters" in tables and "rate" in str(tables):
        await publish(mei, Draft(text="a walk by the river"))
    assert await refuses(tables, mei, Draft(text=text))


async def test_only_strangers_count_and_who_followed_then_is_none(here, settle):
    mei, jo, kim = [await settle(name) for name in ("mei", "jo", "kim")]
    await follows(jo, mei)
    open_shelf(policy_of(**LOOSE))
    await post(mei, Draft(text="@jo @kim and @nobody"), language="en")
    await post(mei, Draft(text="@jo and @kim"), language="en")
    await follows(kim, mei)  # later: kim was a stranger then

    assert await matched(FEW_MENTIONS) == 1


async def test_after_their_first_days_nobody_is_counted(here, settle):
    mei: Actor = await settle("mei", created_at=now() - timedelta(days=9))
    open_shelf(policy_of(**LOOSE))
    await post(mei, Draft(text="@a@x.example @b@x.example https://a.b https://c.d"), language="en")

    assert await matched(FEW_MENTIONS) == await matched(FEW_LINKS) == 0


async def test_limits_for_members_are_not_for_people_elsewhere(here):
    ana = await stranger("ana", "far.example")
    await note_by(ana, source="@a@x.example @b@x.example")

    assert await matched(FEW_MENTIONS) == 0


async def picture_of(author: Actor, *, alt: str = "") -> Attachment:
    made = await Attachment.create(owner_id=author.id, alt=alt, state=State.READY)
    key = key_for(DIGEST, "avif")
    await MediaFile.create(attachment_id=made.id, role=Role.IMAGE, key=key, media_type="image/avif")
    return made


@pytest.mark.parametrize(
    ("tables", "alt", "count"),
    [
        ({"content": {"alt_text": "require"}, **LOOSE}, "", 1),
        ({"content": {"alt_text": "require"}, **LOOSE}, "A river.", 0),
        (filter_of(media=[DIGEST]), "A river.", 1),
        (filter_of(media=["cd" * 32]), "A river.", 0),
        (filter_of(words=["river"]), "A river.", 1),
    ],
)
async def test_pictures_are_looked_at_as_the_gate_looks_at_them(here, settle, tables, alt, count):
    mei: Actor = await settle("mei")
    open_shelf(policy_of(**LOOSE))
    picture = await picture_of(mei, alt=alt)
    await post(mei, Draft(text="a picture", attachments=[picture.id]), language="en")

    assert await matched(tables) == count

    again = await picture_of(mei, alt=alt)
    draft = Draft(text="a picture", attachments=[again.id])
    assert await refuses(tables, mei, draft) == bool(count)


async def test_what_a_poll_asks_is_looked_at(here, settle):
    mei: Actor = await settle("mei")
    poll = PollDraft(options=("pills", "tea"), seconds=3600)
    await publish(mei, Draft(text="Which?", poll=poll))

    assert await matched(filter_of(words=["pills"])) == 1


async def test_what_cannot_be_looked_at_is_named(here: Settings):
    elsewhere = filter_of(media=[DIGEST]) | {}
    elsewhere["filters"][0] |= {"where": "both"}

    plain = await simulate(sections_of(), sections_of(content={"max_tags": 1}))
    files = await simulate(sections_of(**LOOSE), sections_of(**elsewhere))
    days = await simulate(sections_of(**LOOSE), sections_of(**FEW_MENTIONS))

    always = (LeftOut.FEW, LeftOut.REFUSED)
    assert plain.left_out == always
    assert files.left_out == (*always, LeftOut.FILES)
    assert days.document()["left_out"][-1] == "follows_that_ended"
    assert (await simulate(sections_of(), sections_of())).left_out == ()


async def test_the_command_names_it_too(here: Settings):
    chosen = type(here)(server=here.server, policy={"content": {"max_tags": 1}})

    told = await policy_command.simulate_draft(chosen, 30)

    assert "Not looked at: notes that only some may read." in told


async def test_a_batch_costs_the_same_whatever_is_in_it(here, settle):
    mei, jo = await settle("mei"), await settle("jo")
    strict = sections_of(**filter_of(media=[DIGEST], words=["tea"]))
    said = []
    for text in ("one", "two @jo", "three @a@x.example #tea"):
        await publish(mei, Draft(text=text))
        await publish(jo, Draft(text=text))
        with counted() as statements:
            await simulate(sections_of(**LOOSE), strict)
        said.append(len(statements))

    assert said[1] == said[2]
