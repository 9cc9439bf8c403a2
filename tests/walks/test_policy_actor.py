"""@policy: found, followed from elsewhere, and what it says reaches who follows it."""

from datetime import timedelta

from actors.accounts import Role
from actors.actor import Actor
from actors.speaker import ensure_speaker, speaker
from core.clock import now
from core.jobs import Job
from core.paging import Page
from federation.vocabulary import PUBLIC
from inbox import reading
from moderation.adopting import adopt
from moderation.reading import Draft
from moderation.record import RecordEntry
from moderation.saying import say
from moderation.saying_decisions import say_decision
from moderation.trending import count_anew, trending_notes
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft as NoteDraft
from tests.moderation.deciding import decided as issued
from tests.moderation.deciding import taken
from tests.moderation.drafts import sections_of
from tests.moderation.rows import follows

WHY = {"en": "Because selling belongs elsewhere."}


async def test_a_server_follows_it_and_hears_of_a_version(here, remote, settle_down):
    ana = remote.person("ana")
    house = await speaker()

    status = await remote.send(house.inbox, remote.activity("Follow", ana, house.uri), ana)
    await settle_down()
    await adopt(Draft(sections_of(), 1), summary=WHY)
    await settle_down()

    assert status == 202
    assert remote.types() == ["Accept", "Create"]
    said = remote.letters[-1].document["object"]
    assert said["attributedTo"] == house.uri
    assert "Version 2 of the rules is in force." in said["content"]
    assert "selling belongs elsewhere" in said["content"]
    assert "/policy/1..2" in said["content"]


async def test_what_it_says_is_for_its_followers_and_its_page_and_floods_no_public_list(
    here, remote, settle, settle_down
):
    house, mei = await speaker(), await settle("mei")
    await Actor.filter(id=house.id).update(is_discoverable=True)
    await follows(mei, house)
    await remote.send(
        house.inbox, remote.activity("Follow", ana := remote.person("ana"), house.uri), ana
    )
    await settle_down()

    for number in range(3):
        await say(f"A proposal {number}.", language="en", key=str(number))
    await settle_down()

    for reader in (None, mei):
        for listed in (reading.local, reading.federated, reading.explore):
            assert (await listed(reader, Page())).rows == []
    await count_anew()
    assert await trending_notes() == []
    assert len((await reading.home(mei, Page())).rows) == 3
    assert len((await reading.of_author(house, None, Page())).rows) == 3
    sent = remote.letters[-1].document["object"]
    assert (sent["to"], PUBLIC in sent["cc"]) == ([house.followers_uri], True)


async def test_a_version_that_is_still_to_come_is_told_as_such(here, settle_down):
    await adopt(Draft(sections_of(), 1), summary=WHY, effective=now() + timedelta(days=7))
    await settle_down()

    note = await Note.get()
    assert "Version 2 of the rules comes into force on" in note.content


async def test_what_was_said_is_not_said_again(here):
    first = await say("Hello.", language="en", key="hello")

    assert first is not None
    assert await say("Hello.", language="en", key="hello") is None
    assert await Note.all().count() == 1


def posting(**more) -> Draft:
    return Draft(sections_of(transparency={"posts_decisions": True, **more}), 1)


async def decided(settle) -> RecordEntry:
    mod, mei = await settle("mod", role=Role.MODERATOR), await settle("mei")
    note = await publish(mei, NoteDraft(text="Watches, cheap!"))
    await issued(await taken(await settle("jo"), mei, mod, note), mod, "hide", note_id=note.id)
    return await RecordEntry.get(kind="decision")


async def test_single_decisions_are_posted_only_where_the_policy_wants_it(settle, settle_down):
    await adopt(Draft(sections_of(), 1), summary=WHY)

    entry = await decided(settle)
    await settle_down()

    assert not await Note.filter(content__contains=f"/record/{entry.id}").exists()


async def test_a_decision_is_posted_by_its_rule_and_without_its_words(settle, settle_down):
    await adopt(posting(), summary=WHY)

    entry = await decided(settle)
    await settle_down()
    await say_decision({"entry": entry.id})

    said = await Note.get(content__contains=f"/record/{entry.id}")
    assert "by rule 1, " in said.content
    for words in (entry.document["facts_summary"], entry.document["explanation"], "Watches"):
        assert words not in said.content


async def test_a_decision_is_posted_no_earlier_than_it_is_shown(settle, settle_down):
    await adopt(posting(delay_hours=2), summary=WHY)

    entry = await decided(settle)
    await settle_down()

    assert not await Note.filter(content__contains=f"/record/{entry.id}").exists()
    assert await Job.filter(name="moderation.say_decision").count() == 1


async def test_without_the_name_there_is_no_voice(here):
    house = await speaker()
    await type(house).filter(id=house.id).update(kind="Person")

    await ensure_speaker(language="en")

    assert await speaker() is None
    assert await say("Hello.", language="en", key="hello") is None
