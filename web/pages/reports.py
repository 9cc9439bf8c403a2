"""Reporting a note or a person, and following what becomes of it."""

from aiohttp import web

from actors.actor import Actor
from actors.blocks import Mute
from core.ids import new_id
from core.paging import Slice, page_from
from moderation.filing import file_report, withdraw
from moderation.group_readers import place_of, reading_group
from moderation.policy import current
from moderation.reports import Report, report_of, reports_of
from notes.note import Note
from outbox.block import block
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, reader, signed_in
from web.building.in_passing import note_link
from web.building.people import person_card
from web.building.policy import rule_views
from web.building.reports import own_reports
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.note import visible_note
from web.pages.profile import person_of
from web.paging import pager
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form
from web.views.moderation import ReportForm

LINES = 20


async def show_note(request: web.Request) -> web.StreamResponse:
    """The form about a note."""
    await acting(request)
    note = await visible_note(request)
    return await _form(request, note.author, note)


async def about_note(request: web.Request) -> web.StreamResponse:
    """Report a note."""
    account = await acting(request)
    form = await read_form(request)
    note = await visible_note(request)
    return await _file(request, account.actor, form, note.author, note)


async def show_person(request: web.Request) -> web.StreamResponse:
    """The form about a person."""
    await acting(request)
    return await _form(request, await person_of(request), None)


async def about_person(request: web.Request) -> web.StreamResponse:
    """Report a person."""
    account = await acting(request)
    form = await read_form(request)
    return await _file(request, account.actor, form, await person_of(request), None)


async def list_mine(request: web.Request) -> web.StreamResponse:
    """List what one has reported, the newest first."""
    account = await signed_in(request)
    page = page_from(request.query, limit=LINES)
    found = await reports_of(account.actor, before=page.max_id, most=LINES + 1)
    rows = found[:LINES]
    older = rows[-1].id if len(found) > LINES else None
    return render(
        request,
        "my_reports.html",
        reports=await own_reports(rows, account.actor),
        pager=pager(request, Slice(rows, older)),
    )


async def receipt(request: web.Request) -> web.StreamResponse:
    """Show one's own report, and its answer."""
    account = await signed_in(request)
    (view,) = await own_reports([await _mine(request, account.actor)], account.actor)
    return render(request, "report_receipt.html", report=view)


async def take_back(request: web.Request) -> web.StreamResponse:
    """Withdraw one's own report."""
    account = await signed_in(request)
    await read_form(request)
    report = await _mine(request, account.actor)
    response = web.Response(status=303, headers={"Location": f"/my/reports/{report.receipt}"})
    try:
        await withdraw(report)
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, _("You have withdrawn this report."))
    return response


async def _file(
    request: web.Request, reporter: Actor, form: Posted, target: Actor, note: Note | None
) -> web.StreamResponse:
    try:
        report = await file_report(
            reporter,
            target,
            notes=[note] if note else [],
            rules=[form.text("rule")] if form.text("rule") else [],
            comment=form.text("words"),
            affected=form.text("affected"),
            forward=form.is_on("forward"),
            to_group=form.text("to") == "group",
        )
    except NotValid as error:
        return await _form(request, target, note, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return await _form(request, target, note, form.shown({"": why(error)}))
    await _keep_away(reporter, target, form)
    response = web.Response(status=303, headers={"Location": f"/my/reports/{report.receipt}"})
    say(response, _("Thank you. A moderator will read your report."))
    return response


async def _keep_away(reporter: Actor, target: Actor, form: Posted) -> None:
    """Mute or block whom one reported, if one wants to."""
    if form.is_on("mute"):
        await Mute.get_or_create(
            muter_id=reporter.id, muted_id=target.id, defaults={"id": new_id()}
        )
    if form.is_on("block"):
        await block(reporter, target)


async def _form(
    request: web.Request, target: Actor, note: Note | None, form: Form | None = None
) -> web.StreamResponse:
    notes, viewer = [note] if note else [], await reader(request)
    place = await place_of(notes)
    group = await reading_group(notes, target.id, viewer.id if viewer else None)
    view = ReportForm(
        action=request.path,
        person=person_card(target),
        note=note_link(note) if note else None,
        rules=rule_views(current().sections),
        form=form or Form(values={"to": "group"}),
        hosts=_elsewhere(target, place),
        group=f"!{group.handle}" if group else "",
    )
    return render(request, "report.html", status=422 if form else 200, report=view)


def _elsewhere(*concerned: Actor | None) -> tuple[str, ...]:
    """Name the other servers that can be told as well: the author's, and that of the group."""
    hosts = [each.host for each in concerned if each is not None and not each.is_local]
    return tuple(dict.fromkeys(hosts))


async def _mine(request: web.Request, reporter: Actor) -> Report:
    report = await report_of(reporter, request.match_info["receipt"])
    if report is None:
        raise Missing(request.path)
    return report
