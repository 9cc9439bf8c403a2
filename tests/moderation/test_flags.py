"""Reports that other servers send."""

import pytest

from actors.actor import Kind
from actors.groups import make_group
from actors.memberships import Role, State, stand
from core.jobs import Job
from federation.activity import Activity, activity_from
from federation.errors import NotFound, Refused
from inbox.flag import flag as receive
from inbox.undo import undo
from moderation import flags
from moderation.flags import file_remote
from moderation.reports import Report, report_of
from notes.mentions import Mention
from notes.note import Audience, Note
from outbox.sent import Sent
from tests.moderation.rows import follows, note_by, stranger


def flag(number: int, *named: str, **more: object) -> Activity:
    return activity_from(
        {
            "id": f"https://far.example/flags/{number}",
            "type": "Flag",
            "actor": "https://far.example/actor",
            "object": list(named),
            "content": "Please look.",
        }
        | more
    )


@pytest.fixture
async def server(here):
    return await stranger("far.example", "far.example", kind=Kind.APPLICATION)


async def test_a_flag_is_kept_with_its_host_and_moderators_are_told(settle, server):
    mei = await settle("mei")
    note = await note_by(mei)

    report = await file_remote(flag(1, mei.uri, note.uri, "https://x.example/1"), server)

    kept = await Report.get(id=report.id)
    assert (kept.target_id, kept.notes, kept.uris) == (mei.id, [note.id], ["https://x.example/1"])
    assert (kept.reporter_id, kept.reporter_host) == (None, "far.example")
    assert kept.comment == "Please look."
    assert kept.is_remote
    assert await Job.filter(name="inbox.tell_staff").count() == 1


@pytest.mark.parametrize("which", ["account", "page", "note"])
async def test_every_dialect_names_whom_it_is_about(settle, server, which):
    mei = await settle("mei")
    note = await note_by(mei)
    named = {"account": mei.uri, "page": mei.url, "note": note.uri}[which]

    report = await file_remote(flag(1, named, content="", summary="<p>Spam</p>"), server)

    assert report.target_id == mei.id
    assert report.comment == "Spam"


async def test_a_flag_about_nothing_of_ours_is_refused(settle, server, here):
    await settle("mei")

    for named in (["https://x.example/1"], [here.url("/actor")]):
        with pytest.raises(NotFound):
            await file_remote(flag(1, *named), server)
    assert not await Report.exists()


async def test_notes_of_others_do_not_count_against_the_first(settle, server):
    mei, jo = await settle("mei"), await settle("jo")
    note = await note_by(jo)

    report = await file_remote(flag(1, mei.uri, note.uri), server)

    assert (report.target_id, report.notes, report.uris) == (mei.id, [], [note.uri])


@pytest.mark.parametrize(
    ("audience", "is_followed", "is_named", "counts"),
    [
        (Audience.QUIET, False, False, True),
        (Audience.FOLLOWERS, False, False, False),
        (Audience.FOLLOWERS, True, False, True),
        (Audience.PEOPLE, True, False, False),
        (Audience.PEOPLE, False, True, True),
    ],
)
async def test_a_server_reports_only_what_it_was_sent(
    settle, server, audience, is_followed, is_named, counts
):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")
    note = await note_by(mei, audience=audience)
    if is_followed:
        await follows(ana, mei)
    if is_named:
        await Mention.create(note_id=note.id, actor_id=ana.id)

    report = await file_remote(flag(1, mei.uri, note.uri), server)

    assert report.notes == ([note.id] if counts else [])


async def test_the_same_flag_twice_is_one_report(settle, server):
    mei = await settle("mei")

    first = await file_remote(flag(1, mei.uri), server)
    again = await file_remote(flag(1, mei.uri), server)

    assert first.id == again.id
    assert await Job.filter(name="inbox.tell_staff").count() == 1


async def test_MOD_05_many_flags_of_one_host_about_one_person_are_one_report(settle, server):
    mei = await settle("mei")

    for number in range(200):
        await file_remote(flag(number, mei.uri, content=f"Look {number % 3}."), server)

    report = await Report.get(target_id=mei.id)
    assert report.comment == "Look 0.\n\nLook 1.\n\nLook 2."
    assert await Job.filter(name="inbox.tell_staff").count() == 1


async def test_MOD_05_one_host_reports_so_many_people_an_hour(settle, server, monkeypatch):
    people = [await settle(f"person{number}") for number in range(4)]
    monkeypatch.setattr(flags, "FLAGS_AN_HOUR", 3)

    for number, person in enumerate(people[:3]):
        await file_remote(flag(number, person.uri), server)
    with pytest.raises(Refused):
        await file_remote(flag(9, people[3].uri), server)

    assert await Report.all().count() == 3


async def test_MOD_01_a_person_elsewhere_who_reports_has_no_receipt_here(settle, here):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")

    report = await file_remote(flag(1, mei.uri, actor=ana.uri), ana)

    assert report.reporter_id == ana.id
    assert await report_of(ana, report.receipt) is None


async def test_a_flag_is_taken_back_by_who_sent_it_and_by_nobody_else(settle, server):
    mei = await settle("mei")
    other = await stranger("other", "far.example")
    report = await file_remote(flag(1, mei.uri), server)

    await undo(_undo(report.uri), other)
    assert (await Report.get(id=report.id)).is_open
    await undo(_undo(report.uri), server)
    await undo(_undo(report.uri), server)

    assert (await Report.get(id=report.id)).state == "withdrawn"


async def test_what_was_answered_stays_answered_when_it_is_taken_back(settle, server):
    mei = await settle("mei")
    report = await file_remote(flag(1, mei.uri), server)
    await Report.filter(id=report.id).update(state="answered", outcome="upheld")

    await undo(_undo(report.uri), server)

    assert (await Report.get(id=report.id)).state == "answered"


async def test_a_flag_that_was_taken_back_before_it_came_is_not_kept(settle, server):
    mei = await settle("mei")

    await undo(_undo("https://far.example/flags/1"), server)
    with pytest.raises(NotFound, match="taken back"):
        await file_remote(flag(1, mei.uri), server)

    assert not await Report.exists()


def _undo(uri: str) -> Activity:
    return activity_from(
        {
            "id": f"{uri}/undo",
            "type": "Undo",
            "actor": "https://far.example/actor",
            "object": {"id": uri, "type": "Flag", "actor": "https://far.example/actor"},
        }
    )


async def in_group(group, author, **columns):
    note = await note_by(author, **columns)
    await Note.filter(id=note.id).update(group_id=group.id)
    return note


async def test_a_flag_to_a_group_of_ours_is_for_its_moderators(settle, here, server):
    mei = await settle("mei")
    tea = await make_group(mei, "tea", title="Tea")
    ana, eve = await stranger("ana", "far.example"), await stranger("eve", "else.example")
    note = await in_group(tea, eve)
    sent = flag(1, note.uri, to=[tea.uri], audience=tea.uri, actor=ana.uri)

    report = await file_remote(sent, ana)
    again = await file_remote(flag(2, note.uri, to=[tea.uri], actor=ana.uri), ana)

    assert (report.group_id, report.target_id, report.notes) == (tea.id, eve.id, [note.id])
    assert (report.reporter_id, report.reporter_host) == (ana.id, "far.example")
    assert again.id == report.id


async def test_a_flag_to_a_group_about_what_is_not_in_it_is_refused(settle, here, server):
    mei = await settle("mei")
    tea, pot = [await make_group(mei, name, title=name) for name in ("tea", "pot")]
    note = await in_group(pot, await stranger("eve", "else.example"))

    with pytest.raises(NotFound):
        await file_remote(flag(1, note.uri, to=[tea.uri]), server)


async def test_a_flag_to_a_group_about_who_runs_it_alone_is_for_the_server(settle, here, server):
    mei = await settle("mei")
    tea = await make_group(mei, "tea", title="Tea")
    note = await in_group(tea, mei)

    report = await file_remote(flag(1, note.uri, to=[tea.uri]), server)

    assert (report.group_id, report.target_id) == (None, mei.id)


@pytest.mark.parametrize("is_member", [True, False])
async def test_PRIV_02_what_is_for_members_is_reported_by_servers_of_members(
    settle, here, server, is_member
):
    mei = await settle("mei")
    tea = await make_group(mei, "tea", title="Tea")
    note = await in_group(tea, await settle("ben"), audience=Audience.MEMBERS)
    if is_member:
        ana = await stranger("ana", "far.example")
        await stand(ana.id, tea.id, State.MEMBER)

    report = await file_remote(flag(1, note.uri, to=[tea.uri]), server)

    assert (report.notes, report.group_id) == (([note.id], tea.id) if is_member else ([], None))


async def test_MOD_05_a_group_passes_on_what_is_new_and_nothing_twice(settle, here, server):
    mei = await settle("mei")
    tea = await make_group(mei, "tea", title="Tea")
    olga = await stranger("olga", "far.example")
    await stand(olga.id, tea.id, State.MEMBER, role=Role.MODERATOR)
    eve = await stranger("eve", "else.example")
    note, other = await in_group(tea, eve), await in_group(tea, eve)

    for number in range(1, 9):
        await receive(flag(number, note.uri, to=[tea.uri]), server)
    await receive(flag(9, other.uri, to=[tea.uri]), server)
    await receive(flag(9, other.uri, to=[tea.uri]), server)

    assert await Sent.filter(actor_id=tea.id, kind="Announce").count() == 2
