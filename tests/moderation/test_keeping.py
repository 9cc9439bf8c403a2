"""How long things are kept, as the policy says: each job forgets what is due, and nothing else."""

from datetime import timedelta

import pytest
import time_machine

from actors.accounts import Role
from core.clock import now
from moderation import keeping
from moderation.appealing import file
from moderation.appeals import Appeal
from moderation.cases import CaseWord
from moderation.figures import figures
from moderation.filing import file_report
from moderation.finishing import purge_due
from moderation.handling import decide, note_down, reopen
from moderation.keeping import forget_remote_notes, forget_reports
from moderation.policy import put_in_force
from moderation.reports import Report
from notes.attachments import Attachment
from notes.boards import Board, BoardNote
from notes.mentions import Mention
from notes.note import Note
from notes.reactions import Bookmark, Like
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.deciding import again, decided, taken
from tests.moderation.drafts import policy_of
from tests.moderation.rows import note_by, stranger

LONG_AGO = timedelta(days=40)


def kept_for(**days: int) -> None:
    put_in_force(policy_of(retention=days))


@pytest.fixture(autouse=True)
def from_the_oldest():
    keeping._looked_to.clear()


@pytest.fixture
async def people(here, settle):
    return await settle("mei"), await settle("jo"), await settle("mod", role=Role.MODERATOR)


async def settled_case(people, **outcome):
    """A case that was settled long ago, with words on both sides."""
    mei, jo, mod = people
    with time_machine.travel(now() - LONG_AGO):
        case = await taken(jo, mei, mod)
        await note_down(case, mod, "BETWEEN us")
        await decide(
            case, mod, outcome="not_upheld", to_reporters="ANSWER", no_breach="It is a joke."
        )
    return case


async def test_settled_reports_lose_their_words_and_reporters_and_count_as_before(people):
    kept_for(reports_days=30)
    case = await settled_case(people)
    begin, end = now() - LONG_AGO - timedelta(days=1), now()
    before = await figures(begin, end)

    await forget_reports()
    await forget_reports()

    report = await Report.get(case_id=case.id)
    assert (report.comment, report.answer, report.reporter_id) == ("", "", None)
    assert report.outcome == "not_upheld"
    assert not await CaseWord.exists()
    assert await figures(begin, end) == before


@pytest.mark.parametrize("days", [0, 50])
async def test_reports_are_kept_as_long_as_the_policy_says(people, days):
    kept_for(reports_days=days)
    case = await settled_case(people)

    await forget_reports()

    assert (await Report.get(case_id=case.id)).reporter_id is not None
    assert await CaseWord.filter(case_id=case.id).exists()


async def test_what_is_not_settled_keeps_its_words(people):
    kept_for(reports_days=30)
    mei, jo, mod = people
    case = await settled_case(people)
    await reopen(case, mod, "There is more.")
    with time_machine.travel(now() - LONG_AGO):
        waiting = await file_report(mei, jo, comment="WORDS")

    await forget_reports()

    assert (await Report.get(case_id=case.id)).reporter_id == jo.id
    assert (await Report.get(id=waiting.id)).comment == "WORDS"


async def test_what_waits_for_an_appeal_keeps_its_words(people):
    kept_for(reports_days=1)
    mei, jo, mod = people
    with time_machine.travel(now() - timedelta(days=3)):
        made = await decided(await taken(jo, mei, mod), mod, "warn", settles=True)
        await file(made, words="It was a joke.")
    assert await Appeal.filter(decision_id=made.id, state="filed").exists()

    await forget_reports()

    assert (await Report.get(case_id=made.case_id)).reporter_id == jo.id


@pytest.mark.parametrize(("days", "is_purged"), [(0, False), (14, True), (90, False)])
async def test_what_was_removed_goes_as_long_after_as_the_policy_says(people, days, is_purged):
    kept_for(removed_days=days)
    mei, jo, mod = people
    note = await publish(mei, Draft(text="Buy my watches"))
    made = await decided(await taken(jo, mei, mod, note), mod, "remove", note_id=note.id)
    await type(made).filter(id=made.id).update(final_at=now() - LONG_AGO)

    await purge_due()

    assert ((await again(made)).purged_at is not None) is is_purged
    assert ((await Note.get(id=note.id)).deleted_at is not None) is is_purged


async def old_note(author, **columns) -> Note:
    with time_machine.travel(now() - LONG_AGO):
        return await note_by(author, **columns)


async def test_notes_from_elsewhere_that_nobody_had_to_do_with_are_forgotten(people):
    kept_for(remote_days=30)
    mei, jo, _ = people
    ana = await stranger("ana", "far.example")
    gone = await old_note(ana)
    await Attachment.create(owner=ana, note=gone, remote_url="https://far.example/a.png")
    own, young = await old_note(mei), await note_by(ana)
    kept = {name: await old_note(ana) for name in ("marked", "liked", "board", "named", "reported")}
    kept["thread"] = await old_note(ana)
    await note_by(mei, in_reply_to_id=kept["thread"].id, thread_id=kept["thread"].id)
    kept["boosted"] = await old_note(ana)
    await note_by(jo, boost_of_id=kept["boosted"].id)
    await Bookmark.create(actor=mei, note=kept["marked"])
    await Like.create(uri="https://here.example/likes/1", actor=mei, note=kept["liked"])
    board = await Board.create(owner=mei, name="Board")
    await BoardNote.create(board=board, note=kept["board"])
    await Mention.create(note=kept["named"], actor=jo)
    await file_report(jo, ana, notes=[kept["reported"]])

    await forget_remote_notes()

    left = {row["id"] for row in await Note.all().values("id")}
    assert gone.id not in left
    assert not await Attachment.filter(note_id=gone.id).exists()
    assert {own.id, young.id, *(each.id for each in kept.values())} <= left
    words = await Note.filter(id__in=[each.id for each in kept.values()]).values("content")
    assert all(row["content"] for row in words)


@pytest.mark.parametrize("days", [0, 50])
async def test_notes_from_elsewhere_are_kept_as_long_as_the_policy_says(here, days):
    kept_for(remote_days=days)
    note = await old_note(await stranger("ana", "far.example"))

    await forget_remote_notes()

    assert (await Note.get(id=note.id)).deleted_at is None


async def test_what_a_server_reported_without_a_word_loses_who_sent_it(people):
    kept_for(reports_days=30)
    case = await settled_case(people)
    await CaseWord.filter(case_id=case.id).delete()
    empty = {"comment": "", "answer": "", "reporter_id": None}
    await Report.filter(case_id=case.id).update(
        **empty, sender_id=7, uris=["https://far.example/1"]
    )

    await forget_reports()

    report = await Report.get(case_id=case.id)
    assert (report.sender_id, report.uris) == (None, [])


async def test_what_is_reported_does_not_keep_the_rest_from_being_forgotten(people, monkeypatch):
    kept_for(remote_days=30)
    _, jo, _ = people
    zoe = await stranger("zoe", "far.example")
    reported = [await old_note(zoe) for _ in range(3)]
    lone = await old_note(zoe)
    ids = [each.id for each in reported]
    await file_report(jo, zoe, notes=await Note.filter(id__in=ids).select_related("author"))
    monkeypatch.setattr(keeping, "AT_ONCE", 3)

    await forget_remote_notes()

    assert not await Note.exists(id=lone.id)
    assert await Note.filter(id__in=ids).count() == 3


async def test_what_stays_is_gone_through_piece_by_piece_and_again(people, monkeypatch):
    kept_for(remote_days=30)
    monkeypatch.setattr(keeping, "LOOKED_AT", 2)
    ana = await stranger("ana", "far.example")
    kept = [await old_note(ana) for _ in range(4)]
    for each in kept:
        await Bookmark.create(actor=people[0], note=each)
    lone = await old_note(ana)

    left = []
    for _ in range(3):
        await forget_remote_notes()
        left.append(await Note.exists(id=lone.id))
    await Bookmark.filter(note_id=kept[0].id).delete()
    await forget_remote_notes()

    assert left == [True, True, False]
    assert await Note.filter(id__in=[each.id for each in kept]).count() == 3
