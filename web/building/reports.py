"""Reports → what their reporters and the moderators read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from actors.actor import Actor
from core.rows import load_ids
from moderation.reports import Affected, Kind, Outcome, Report
from notes.note import Note
from notes.visibility import visible_to
from web.building.in_passing import covers_of, note_link
from web.building.people import person_card
from web.building.policy import rule_view
from web.texts import Lazy, lazy
from web.views.frame import Choice
from web.views.moderation import ReportView
from web.views.notes import NoteLink

OUTCOMES: dict[Outcome, Lazy] = {
    Outcome.UPHELD: lazy("The report is right."),
    Outcome.PARTLY: lazy("The report is right in part."),
    Outcome.NOT_UPHELD: lazy("No rule was broken."),
    Outcome.DUPLICATE: lazy("It was decided before."),
    Outcome.MISUSE: lazy("The report was not made in good faith."),
}

AFFECTED: dict[Affected, Lazy] = {
    Affected.ME: lazy("It affects who reports it."),
    Affected.SOMEONE: lazy("It affects somebody else."),
    Affected.MANY: lazy("It affects many."),
}
KINDS: dict[Kind | None, Lazy] = {
    Kind.SPAM: lazy("Spam"),
    Kind.LEGAL: lazy("Against the law"),
}


async def own_reports(reports: Sequence[Report], reporter: Actor) -> tuple[ReportView, ...]:
    """Show reports to the one who made them: who works on them is not theirs to know."""
    seen = await visible_to(reporter, await _notes(reports))
    links = await _links(seen)
    groups = await load_ids(Actor, [each.group_id for each in reports if each.group_id])
    return tuple(
        replace(
            _view(each, f"/my/reports/{each.receipt}", links),
            group=f"!{groups[each.group_id].handle}" if each.group_id in groups else "",
        )
        for each in reports
    )


async def queue(reports: Sequence[Report]) -> tuple[ReportView, ...]:
    """Show reports to moderators; target and reporter are loaded."""
    links = await _links(await _notes(reports))
    return tuple(
        replace(
            _view(each, f"/mod/reports/{each.id}", links),
            reporter=person_card(each.reporter) if each.reporter and not each.is_remote else None,
            source="remote" if each.is_remote else "member",
            host=each.reporter_host,
        )
        for each in reports
    )


def outcomes() -> tuple[Choice, ...]:
    """List what can come of a report."""
    return tuple(Choice(each.value, str(label)) for each, label in OUTCOMES.items())


async def _notes(reports: Iterable[Report]) -> list[Note]:
    named = [number for report in reports for number in report.notes]
    found = await Note.filter(id__in=named, deleted_at=None).select_related("author")
    return sorted(found, key=lambda note: note.id)


async def _links(notes: Sequence[Note]) -> dict[int, NoteLink]:
    covers = await covers_of(notes)
    return {note.id: note_link(note, covers.get(note.id)) for note in notes}


def _view(report: Report, url: str, links: dict[int, NoteLink]) -> ReportView:
    said = str(OUTCOMES[report.outcome]) if report.outcome else ""
    return ReportView(
        id=report.id,
        url=url,
        state=report.state.value,
        filed=report.created_at,
        person=person_card(report.target, about=True),
        note=next((links[each] for each in report.notes if each in links), None),
        rule=next((rule for each in report.rules if (rule := rule_view(each))), None),
        words=report.comment,
        about=str(KINDS[report.category]) if report.category in KINDS else "",
        affected=str(AFFECTED[report.affected]) if report.affected else "",
        outcome=f"{said} {report.answer}".strip(),
        answered=report.answered_at,
    )
