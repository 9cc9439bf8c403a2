"""Filing a report, adding to one, taking it back; each belongs to a case from the start."""

import secrets
from collections.abc import Sequence

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import limits
from core.clock import now
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from moderation import report_machine
from moderation.cases import Case, kind_of, new_case
from moderation.discretion import without_names
from moderation.group_readers import place_of, reading_group
from moderation.policy import current
from moderation.reports import (
    JOINED_WITHIN,
    MOST_COMMENT,
    MOST_NOTES,
    OPEN,
    Affected,
    Kind,
    Report,
    ReportState,
    open_report,
)
from moderation.rules import rule_of
from moderation.states import LIVE, Scope, Source
from notes.note import Note
from notes.visibility import visible_to
from outbox.flag import send_report, send_to_group
from outbox.refusals import NotAllowed, NotValid

REPORTS_A_DAY = 40  # of one member (MOD-05)
DAY = 86_400


async def file_report(
    reporter: Actor,
    target: Actor,
    *,
    notes: Sequence[Note] = (),
    rules: Sequence[str] = (),
    comment: str = "",
    category: Kind | None = None,
    affected: str = "",
    forward: bool = False,
    to_group: bool = False,
) -> Report:
    """Report someone, or notes of theirs (authors loaded); a report that is open is added to.

    `forward` tells their server too, and a group elsewhere that the notes stand in, without a word
    about who lives here. `affected` is a word of Affected, or nothing. `to_group` has the
    moderators of their group here answer it, not those of the server. Raises NotAllowed, NotValid,
    or TooMany (MOD-05).
    """
    if reporter.id == target.id:
        raise NotAllowed("You cannot report yourself.")
    await _check(reporter, target, notes, rules)
    group = await _reading(reporter, target, notes) if to_group else None
    await limits.count(f"report:{reporter.id}", most=REPORTS_A_DAY, seconds=DAY)
    words = await without_names(comment, reporter)
    async with in_transaction():
        where = group.id if group else None
        known = await open_report(target, reporter_id=reporter.id, group_id=where)
        report = known or new_report(target, group_id=where)
        is_new = report.reporter_id is None
        report.reporter_id = reporter.id
        add(report, [note.id for note in notes], rules, comment)
        report.category = category or report.category
        if affected in tuple(Affected):
            report.affected = Affected(affected)
        if forward and not report.is_forwarded:
            words = words[:MOST_COMMENT]
            report.is_forwarded = await _forward(target, notes, words, number=report.id)
        await keep(report, is_new=is_new)
    return report


async def withdraw(report: Report) -> None:
    """Take a report back as its reporter; raise NotAllowed once it was answered."""
    await report.refresh_from_db(fields=["state"])
    report_machine.withdraw(report)
    still = Report.filter(id=report.id).exclude(state=ReportState.ANSWERED)
    if not await still.update(state=report.state):
        raise NotAllowed("This report was answered already.")


def new_report(target: Actor, uri: str = "", *, group_id: int | None = None) -> Report:
    """Begin a report; it is kept by `keep`."""
    number = new_id()
    return Report(
        id=number,
        uri=uri or settings().url(f"/reports/{number}"),
        receipt=secrets.token_urlsafe(18),
        target_id=target.id,
        group_id=group_id,
    )


def add(report: Report, notes: Sequence[int], rules: Sequence[str], comment: str) -> None:
    """Add to a report what it does not hold yet; doing so twice changes nothing."""
    report.notes = list(dict.fromkeys([*report.notes, *notes]))[:MOST_NOTES]
    report.rules = list(dict.fromkeys([*report.rules, *rules]))
    comment = comment.strip()[:MOST_COMMENT]
    if comment and comment not in report.comment:
        report.comment = f"{report.comment}\n\n{comment}".strip()[:MOST_COMMENT]


async def keep(report: Report, *, is_new: bool) -> None:
    """Store a report and have the moderators told of a new one, in the caller's transaction."""
    await report.save(force_create=is_new)
    await attach(report)
    if is_new:
        await put("inbox.tell_staff", {"report_id": report.id})


async def _reading(reporter: Actor, target: Actor, notes: Sequence[Note]) -> Actor:
    group = await reading_group(notes, reporter.id, target.id)
    if group is None:
        raise NotValid("to", "No group here has anybody who could answer this.")
    return group


async def _forward(target: Actor, notes: Sequence[Note], words: str, *, number: int) -> bool:
    """Tell whose servers are concerned; False where all of it is ours."""
    uris, place = [note.uri for note in notes], await place_of(notes)
    if not target.is_local:
        await send_report(target, uris, words, number=number)
    if place is not None and not place.is_local:
        await send_to_group(place, uris, words, number=number)
        return True
    return not target.is_local


async def _check(
    reporter: Actor, target: Actor, notes: Sequence[Note], rules: Sequence[str]
) -> None:
    if any(note.author_id != target.id for note in notes) or len(notes) > MOST_NOTES:
        raise NotValid("notes", "These notes are not by the person you report.")
    if len(await visible_to(reporter, list(notes))) < len(notes):
        raise NotValid("notes", "One of these notes is not there.")
    known = current().sections.rules
    if any(rule_of(known, rule) is None for rule in rules):
        raise NotValid("rule", "There is no such rule.")


async def attach(report: Report) -> Case:
    """Put a report into the open case about the same, or open one; in the caller's transaction."""
    case = await _open_case(report) or await _opened_by(report)
    report_machine.attach(report, case.id)
    await Report.filter(id=report.id).update(state=report.state, case_id=case.id)
    return case


async def _open_case(report: Report) -> Case | None:
    found = Case.filter(
        target_id=report.target_id,
        group_id=report.group_id,
        state__in=list(LIVE),
        created_at__gt=now() - JOINED_WITHIN,
    )
    return await found.order_by("id").first()


async def _opened_by(report: Report) -> Case:
    case = new_case(report.created_at)
    case.target_id, case.group_id = report.target_id, report.group_id
    case.scope = Scope.GROUP if report.group_id else Scope.SERVER
    case.thing = kind_of(await Actor.get(id=report.target_id))
    case.source = Source.REMOTE if report.reporter_host else Source.MEMBER
    await case.save(force_create=True)
    return case


async def attach_loose() -> None:
    """Give a case to every open report that has none, as those of before there were cases."""
    for report in await Report.filter(state__in=list(OPEN), case_id=None).limit(100):
        async with in_transaction():
            report.state = ReportState.FILED
            await attach(report)
