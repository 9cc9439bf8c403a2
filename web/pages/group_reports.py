"""Reports in a group, for those who run it: answered there, or handed on to the server's own."""

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from core.paging import number
from moderation import group_reports
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.duty import STAFF
from moderation.group_reports import Verdict
from moderation.reports import Outcome, Report
from moderation.vocabulary import Measure
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, signed_in
from web.building.cases import evidence_of
from web.building.decisions import measure_words
from web.building.group_desk import desk_faces, group_case_lines, group_case_view
from web.building.groups import group_page
from web.building.reports import OUTCOMES
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.group import group_of, run_by
from web.pages.group_members import day_in, rule_choices
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Choice, Form, Pager, Tab

LINES = 20
NOTHING = (Outcome.NOT_UPHELD, Outcome.DUPLICATE, Outcome.MISUSE)


async def show(request: web.Request) -> web.StreamResponse:
    """List what was reported and waits; or what is settled, the newest first."""
    account, group = await _asked(request)
    is_settled = request.query.get("show", "") == "settled"
    found = await group_reports.cases_of(
        group,
        account.actor,
        is_settled=is_settled,
        after=number(request.query.get("after", "")),
        most=LINES + 1,
    )
    at, kind = f"{group.page}/reports", "settled" if is_settled else ""
    more = query(at, show=kind, after=found[LINES - 1].id) if len(found) > LINES else ""
    head = await group_page(group, account.actor)
    return render(
        request,
        "group_reports.html",
        group=head,
        faces=await desk_faces(group, "reports", waiting=head.waiting),
        chips=(
            Tab(_("Waiting"), at, not is_settled),
            Tab(_("Settled"), query(at, show="settled"), is_settled),
        ),
        cases=await group_case_lines(group, found[:LINES]),
        pager=Pager(older_url=more),
    )


async def lead(request: web.Request) -> web.StreamResponse:
    """Lead from what somebody was told of to where it is answered."""
    account = await signed_in(request)
    group = await group_of(request)
    wanted = number(request.match_info["id"]) or 0
    if wanted == group.id and account.role in STAFF:
        raise web.HTTPSeeOther("/mod/groups")
    report = await Report.get_or_none(id=wanted, group_id=group.id)
    if report is not None:
        raise web.HTTPSeeOther(f"{group.page}/reports/{report.case_id}")
    if await Appeal.exists(id=wanted):
        raise web.HTTPSeeOther(f"{group.page}/appeals/{wanted}")
    raise web.HTTPSeeOther(f"{group.page}/queue")


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show a case with its evidence, and what can be done."""
    account, group = await _asked(request)
    case = await _named(request, account, group)
    return await _page(request, account, group, case, Form())


async def save_one(request: web.Request) -> web.StreamResponse:
    """Answer the reports, or hand the case on."""
    account = await acting(request)
    form = await read_form(request)
    group = await run_by(account, await group_of(request))
    case = await _named(request, account, group)
    try:
        said = await _do(account.actor, group, case, form)
    except NotValid as error:
        wrong = form.shown({error.field: why(error)})
        return await _page(request, account, group, case, wrong)
    except NotAllowed as error:
        return await _page(request, account, group, case, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": f"{group.page}/reports"})
    say(response, said)
    return response


async def _do(by: Actor, group: Actor, case: Case, form: Posted) -> str:
    if form.text("act") == "hand_on":
        await group_reports.hand_on(case, group, by, form.text("hand_on_reason"))
        return _("The moderators of this server look at it now.")
    is_nothing = form.text("act") == "nothing"
    notes = {each.id: each for each in await group_reports.notes_of(case)}
    verdict = Verdict(
        measure=Measure.NONE.value if is_nothing else form.text("measure"),
        reason=form.text("no_breach" if is_nothing else "reason"),
        outcome=form.text("outcome") if is_nothing else Outcome.UPHELD.value,
        words=form.text("no_words" if is_nothing else "words"),
        note=notes.get(number(form.text("note")) or 0),
        rule=number(form.text("rule")) or 0,
        until=day_in(form.text("until")),
        with_notes=form.is_on("with_notes"),
    )
    if not is_nothing and verdict.measure == Measure.NONE:
        raise NotValid("measure", "Choose what is done.")
    await group_reports.answer(case, group, by, verdict)
    return _("The report is answered.")


async def _asked(request: web.Request) -> tuple[Account, Actor]:
    account = await signed_in(request)
    return account, await run_by(account, await group_of(request))


async def _named(request: web.Request, account: Account, group: Actor) -> Case:
    wanted = number(request.match_info["id"]) or 0
    case = await group_reports.case_in(group, account.actor, wanted)
    if case is None:
        raise Missing(request.path)
    return case


async def _page(
    request: web.Request, account: Account, group: Actor, case: Case, form: Form
) -> web.StreamResponse:
    fresh = await _named(request, account, group)
    head, notes = await group_page(group, account.actor), await evidence_of(fresh, account.actor)
    blank = Form(values={"outcome": Outcome.NOT_UPHELD.value})
    return render(
        request,
        "group_case.html",
        status=422 if form.errors else 200,
        group=head,
        case=await group_case_view(group, fresh, account.actor),
        notes=notes,
        is_open=fresh.is_live,
        measures=tuple(
            Choice(each.value, measure_words(each))
            for each in group_reports.MEASURES
            if each != Measure.NONE
        ),
        about=tuple(
            Choice(str(each.id), _("Note {number}").format(number=each.id)) for each in notes
        ),
        rules=rule_choices(head),
        outcomes=tuple(Choice(each.value, str(OUTCOMES[each])) for each in NOTHING),
        form=form if form.errors else blank,
    )
