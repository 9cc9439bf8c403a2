"""Reports by members: what is kept, what is refused, what another server learns."""

import pytest

from core.jobs import Job
from core.limits import TooMany
from moderation import filing
from moderation.filing import file_report, withdraw
from moderation.policy import open_shelf
from moderation.reports import (
    MOST_COMMENT,
    Report,
    ReportState,
    open_count,
    report_of,
    reports_of,
)
from notes.note import Audience
from outbox.refusals import NotAllowed, NotValid
from outbox.sent import Delivery, Sent
from tests.moderation.drafts import policy_of
from tests.moderation.rows import note_by, stranger


async def told() -> int:
    return await Job.filter(name="inbox.tell_staff").count()


async def test_a_report_is_kept_with_a_receipt_and_moderators_are_told(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")
    open_shelf(policy_of())
    note = await note_by(ana)

    report = await file_report(mei, ana, notes=[note], rules=["no-ads"], comment=" Again. ")

    kept = await Report.get(id=report.id)
    assert (kept.state, kept.notes, kept.rules) == (ReportState.IN_CASE, [note.id], ["no-ads"])
    assert (kept.comment, kept.reporter_id, kept.target_id) == ("Again.", mei.id, ana.id)
    assert len(kept.receipt) >= 20
    assert not kept.is_forwarded
    assert await told() == 1
    assert await Sent.all().count() == 0


async def test_oneself_cannot_be_reported(here, settle):
    mei = await settle("mei")

    with pytest.raises(NotAllowed):
        await file_report(mei, mei)


async def test_a_note_of_someone_else_is_refused(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")
    other = await note_by(await stranger("bo", "far.example"))

    with pytest.raises(NotValid, match="not by the person"):
        await file_report(mei, ana, notes=[other])


async def test_PRIV_02_a_note_one_cannot_see_is_not_there(here, settle):
    mei, jo = await settle("mei"), await settle("jo")
    private = await note_by(jo, audience=Audience.PEOPLE)

    with pytest.raises(NotValid, match="not there"):
        await file_report(mei, jo, notes=[private])


async def test_a_rule_that_is_not_in_the_policy_is_refused(here, settle):
    mei, jo = await settle("mei"), await settle("jo")

    with pytest.raises(NotValid, match="no such rule"):
        await file_report(mei, jo, rules=["no-fun"])


async def test_MOD_05_reporting_the_same_person_again_adds_to_the_open_report(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")
    one, other = await note_by(ana), await note_by(ana)
    open_shelf(policy_of())

    first = await file_report(mei, ana, notes=[one], comment="Look.")
    again = await file_report(mei, ana, notes=[one, other], rules=["no-ads"], comment="And here.")
    same = await file_report(mei, ana, notes=[other], comment="Look.")

    kept = await Report.get(id=first.id)
    assert first.id == again.id == same.id
    assert kept.notes == [one.id, other.id]
    assert kept.comment == "Look.\n\nAnd here."
    assert kept.rules == ["no-ads"]
    assert await told() == 1


async def test_after_an_answer_a_new_report_begins(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")
    first = await file_report(mei, ana)
    await Report.filter(id=first.id).update(state=ReportState.ANSWERED)

    second = await file_report(mei, ana)

    assert second.id != first.id
    assert await told() == 2


async def test_two_people_report_for_themselves(here, settle):
    mei, jo = await settle("mei"), await settle("jo")
    ana = await stranger("ana", "far.example")

    first, second = await file_report(mei, ana), await file_report(jo, ana)

    assert first.id != second.id
    assert first.receipt != second.receipt


async def test_MOD_05_one_member_reports_so_many_times_a_day(here, settle, monkeypatch):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")
    monkeypatch.setattr(filing, "REPORTS_A_DAY", 3)

    for _ in range(3):
        await file_report(mei, ana)
    with pytest.raises(TooMany):
        await file_report(mei, ana)


async def test_a_comment_without_end_is_cut(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")

    report = await file_report(mei, ana, comment="x" * 20_000)
    await file_report(mei, ana, comment="y" * 20_000)

    assert len((await Report.get(id=report.id)).comment) == MOST_COMMENT


async def test_MOD_01_what_is_sent_on_names_nobody_who_lives_here(here, settle):
    mei = await settle("mei", title="Mei Lin")
    await settle("jonas")
    ana = await stranger("ana", "far.example")
    note = await note_by(ana)
    comment = (
        f"@mei@{here.server.domain} here, Mei Lin. She insulted jonas and @Jonas again,"
        f" see {here.url('/@jonas')} and {here.url('/u/mei')}. MEI will not follow her."
    )

    await file_report(mei, ana, notes=[note], comment=comment, forward=True)

    sent = await Sent.get(kind="Flag")
    body = bytes(sent.body).decode()
    for name in ("mei", "jonas", "mei lin"):
        assert name not in body.lower()
    assert "insulted" in body
    assert note.uri in body
    assert ana.uri in body
    assert f'"actor":"{here.url("/actor")}"' in body.replace('": "', '":"')
    assert (await Delivery.get(sent_id=sent.id)).inbox == ana.inbox
    assert (await Report.get(reporter_id=mei.id)).comment == comment


async def test_a_report_is_sent_on_once(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "far.example")

    await file_report(mei, ana)
    await file_report(mei, ana, forward=True)
    await file_report(mei, ana, forward=True)

    assert await Sent.filter(kind="Flag").count() == 1


async def test_a_report_about_someone_here_is_sent_nowhere(here, settle):
    mei, jo = await settle("mei"), await settle("jo")

    report = await file_report(mei, jo, forward=True)

    assert not report.is_forwarded
    assert await Sent.all().count() == 0


async def test_a_report_can_be_withdrawn_even_twice_but_not_once_answered(here, settle):
    mei, jo = await settle("mei"), await settle("jo")
    report = await file_report(mei, jo)

    await withdraw(report)
    await withdraw(report)
    assert report.state == ReportState.WITHDRAWN
    assert await open_count() == 0

    await Report.filter(id=report.id).update(state=ReportState.ANSWERED)
    with pytest.raises(NotAllowed):
        await withdraw(report)


async def test_a_receipt_opens_only_ones_own_report(here, settle):
    mei, jo = await settle("mei"), await settle("jo")
    report = await file_report(mei, await stranger("ana", "far.example"))

    assert await report_of(mei, report.receipt) == report
    assert await report_of(jo, report.receipt) is None
    assert await report_of(mei, "wrong") is None
    assert await reports_of(jo) == []
    assert await reports_of(mei) == [report]
    assert await reports_of(mei, before=report.id) == []
