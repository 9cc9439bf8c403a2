"""@policy: found, followed from elsewhere, and what it says reaches who follows it."""

from datetime import timedelta

from actors.speaker import ensure_speaker, speaker
from core.clock import now
from moderation.adopting import adopt
from moderation.reading import Draft
from moderation.saying import say
from notes.note import Note
from tests.moderation.drafts import sections_of

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


async def test_without_the_name_there_is_no_voice(here):
    house = await speaker()
    await type(house).filter(id=house.id).update(kind="Person")

    await ensure_speaker(language="en")

    assert await speaker() is None
    assert await say("Hello.", language="en", key="hello") is None
