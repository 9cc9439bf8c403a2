"""Appeals, for whoever hears them: never who decided, where there is somebody else."""

from collections.abc import Awaitable

from aiohttp import web

from actors.accounts import Account
from core.paging import number
from moderation import drafting, hearing
from moderation.appealable import waiting
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.entries import is_told
from moderation.exhibits import pictures_of
from moderation.policy import current
from moderation.reports import Outcome
from moderation.states import AppealState, Inadmissible
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.decisions import appeal_view, decision_view
from web.building.panels import with_panel
from web.building.policy import rule_views
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.decision_form import measures_for, written
from web.refusals import why
from web.render import query, render
from web.texts import _, lazy
from web.views.frame import Choice, Form, Pager

PAGE = "/mod/appeals"
LINES = 20
REFUSALS = {
    Inadmissible.LATE: lazy("It came too late."),
    Inadmissible.REPEATED: lazy("It says nothing new."),
    Inadmissible.ABUSIVE: lazy("It only insults."),
}
OUTCOMES = {
    AppealState.UPHELD: lazy("The decision stands."),
    AppealState.OVERTURNED: lazy("The decision is taken back, and everything restored."),
    AppealState.AMENDED: lazy("Another decision stands in its place."),
}


async def show(request: web.Request) -> web.StreamResponse:
    """List the appeals that wait, the oldest first."""
    account = await staff(request)
    after = number(request.query.get("after", ""))
    found = await waiting(account.actor, after=after, most=LINES + 1)
    more = query(PAGE, after=found[LINES - 1].id) if len(found) > LINES else ""
    return render(
        request,
        "mod/appeals.html",
        appeals=tuple(appeal_view(each, decision=each.decision) for each in found[:LINES]),
        pager=Pager(older_url=more),
    )


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show an appeal beside the decision it is about."""
    account = await staff(request)
    return await _page(request, account, await appeal_named(request, account))


async def take(request: web.Request) -> web.StreamResponse:
    """Begin to hear it."""
    account, appeal, form = await _begin(request)
    act = hearing.take_up(appeal, account.actor, address=address_of(request))
    return await _done(request, account, appeal, act, _("You hear this appeal."), form)


async def refuse(request: web.Request) -> web.StreamResponse:
    """Refuse to hear it."""
    account, appeal, form = await _begin(request)
    if form.text("why") not in tuple(Inadmissible):
        shown = form.shown({"why": _("Choose why it is not heard.")})
        return await _page(request, account, appeal, shown)
    act = hearing.refuse(
        appeal,
        account.actor,
        Inadmissible(form.text("why")),
        form.text("refuse_reasons"),
        address=address_of(request),
    )
    return await _done(request, account, appeal, act, _("The appeal is not heard."), form)


async def settle(request: web.Request) -> web.StreamResponse:
    """Say what comes of it."""
    account, appeal, form = await _begin(request)
    return await _done(
        request,
        account,
        appeal,
        _settle(request, account, appeal, form),
        _("The appeal is settled."),
        form,
    )


async def _settle(request: web.Request, account: Account, appeal: Appeal, form: Posted) -> None:
    instead = None
    if form.text("appeal_outcome") == AppealState.AMENDED:
        case = await Case.get(id=appeal.decision.case_id)
        wanted = written(form)
        instead = await drafting.draft(
            case,
            account.actor,
            drafting.Written(
                **{
                    **{name: getattr(wanted, name) for name in wanted.__dataclass_fields__},
                    "note_id": appeal.decision.note_id,
                    "rule_id": wanted.rule_id or appeal.decision.rule_id,
                    "law": appeal.decision.law,
                    "law_reference": appeal.decision.law_reference,
                    "outcome": Outcome.PARTLY.value,
                    "settles": False,
                }
            ),
        )
    await hearing.settle(
        appeal,
        account.actor,
        form.text("appeal_outcome"),
        form.text("reasons"),
        instead=instead,
        address=address_of(request),
    )


async def _begin(request: web.Request) -> tuple[Account, Appeal, Posted]:
    account = await staff(request)
    form = await read_form(request)
    return account, await appeal_named(request, account), form


async def _done(
    request: web.Request,
    account: Account,
    appeal: Appeal,
    act: Awaitable[object],
    said: str,
    form: Posted,
) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": f"/mod/appeals/{appeal.id}"})
    try:
        await act
    except NotValid as error:
        shown = form.shown({error.field: why(error)})
        return await _page(request, account, await appeal_named(request, account), shown)
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, said)
    return response


async def _page(
    request: web.Request, account: Account, appeal: Appeal, form: Form | None = None
) -> web.StreamResponse:
    decision = appeal.decision
    case = await Case.get(id=decision.case_id)
    rules = rule_views(current().sections)
    shown = await pictures_of([appeal.id])
    if shown[appeal.id]:
        await hearing.read_pictures(appeal, account.actor, address=address_of(request))
    view = appeal_view(appeal, decision=decision, pictures=shown[appeal.id])
    return render(
        request,
        "mod/appeal.html",
        status=422 if form else 200,
        appeal=await with_panel(view, appeal),
        may_draw=bool(current().sections.appeals.panel)
        and appeal.panel_drawn_at is None
        and is_told(decision),
        decision=await decision_view(decision),
        case_id=decision.case_id,
        is_mine=appeal.reviewer_id == account.actor_id,
        is_decider=account.actor_id in decision.deciders(),
        is_free=appeal.state == AppealState.FILED
        or (appeal.state == AppealState.OVERDUE and appeal.reviewer_id is None),
        is_heard_now=appeal.state in (AppealState.IN_REVIEW, AppealState.OVERDUE),
        outcomes=tuple(Choice(each.value, str(label)) for each, label in OUTCOMES.items()),
        refusals=tuple(Choice(each.value, str(label)) for each, label in REFUSALS.items()),
        measures=measures_for(case, has_notes=decision.note_id is not None),
        rules=(Choice("", "–"), *(Choice(each.id, each.title) for each in rules)),
        form=form or Form(),
    )


async def appeal_named(request: web.Request, account: Account) -> Appeal:
    """Return the appeal an address names; one's own is for others to hear (MOD-01)."""
    found = Appeal.filter(id=number(request.match_info["id"]) or 0)
    appeal = await found.select_related("decision__actor", "reviewer").first()
    if appeal is None or appeal.filed_at is None:
        raise Missing(request.path)
    if appeal.decision.actor_id == account.actor_id:
        raise Missing(request.path)
    return appeal
