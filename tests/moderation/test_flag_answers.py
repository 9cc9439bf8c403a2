"""What other servers answer to reports that were sent on to them."""

import json

import pytest

from actors.actor import Kind
from core.jobs import Job
from core.settings import settings
from federation.activity import Activity, activity_from
from inbox.accept import accept, reject
from moderation.filing import file_report
from moderation.notices import send_answer_of
from notes.note import Note
from outbox.sent import Sent
from tests.moderation.rows import note_by, stranger
from tests.moderation.test_flags import in_group

ANSWERED = "moderation.tell_of_answer"


@pytest.fixture
async def server(here):
    return await stranger("far.example", "far.example", kind=Kind.APPLICATION)


async def forwarded(settle, **columns):
    """A report by jo about a note of ana, which was sent on to her server."""
    ana = await stranger("ana", "far.example")
    note = await note_by(ana, **columns)
    report = await file_report(await settle("jo"), ana, notes=[note], forward=True)
    return report, (await Sent.get(kind="Flag")).uri


def answer(verb: str, uri: str, number: int = 1) -> Activity:
    return activity_from(
        {
            "id": f"https://far.example/answers/{number}",
            "type": verb,
            "actor": "https://far.example/actor",
            "object": uri,
        }
    )


async def told() -> list[str]:
    """What jo was told by the jobs that wait, each of them run twice."""
    for job in await Job.filter(name=ANSWERED).order_by("id"):
        await send_answer_of(json.loads(bytes(job.payload)))
        await send_answer_of(json.loads(bytes(job.payload)))
    return [each.source for each in await Note.filter(is_local=True).order_by("id")]


async def test_who_reported_hears_what_the_other_server_found_and_found_again(settle, server):
    _, uri = await forwarded(settle)

    await accept(answer("Accept", uri), server)
    await reject(answer("Reject", uri, 2), server)
    for number in range(3, 9):
        await accept(answer("Accept", uri, number), server)
        await reject(answer("Reject", uri, number + 10), server)

    first, second = await told()
    assert first.startswith("@jo@")
    assert "far.example has looked at your report and found it right" in first
    assert "no rule of theirs was broken" in second
    assert "/my/reports/" in second


async def test_no_other_server_answers_a_report_that_was_sent_on(settle, server):
    _, uri = await forwarded(settle)
    other = await stranger("actor", "else.example", kind=Kind.APPLICATION)

    await accept(answer("Accept", uri), other)
    for odd in (uri + "0", settings().url("/a/x"), settings().url("/a/" + "9" * 30), "x", uri[:-3]):
        await accept(answer("Accept", odd), server)

    assert await told() == []


async def test_a_report_that_was_not_sent_on_is_answered_by_no_other_server(settle, server):
    ana = await stranger("ana", "far.example")
    report = await file_report(await settle("jo"), ana)

    await accept(answer("Accept", settings().url(f"/a/{report.id}")), server)

    assert await told() == []


async def test_the_server_of_a_group_answers_what_happened_in_it(settle, here):
    tea = await stranger("tea", "house.example", kind=Kind.GROUP)
    jo, eve = await settle("jo"), await settle("eve")
    note = await in_group(tea, eve)
    note = await Note.get(id=note.id).select_related("author")
    await file_report(jo, eve, notes=[note], forward=True)
    uri = (await Sent.get(kind="Flag")).uri

    await accept(answer("Accept", uri), await stranger("actor", "house.example"))
    await accept(answer("Accept", uri), await stranger("actor", "far.example"))

    hosts = [json.loads(bytes(each.payload)) for each in await Job.filter(name=ANSWERED)]
    assert [each["host"] for each in hosts] == ["house.example"]
