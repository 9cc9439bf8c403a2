"""Appeals against what a group decided, for its moderators: never for who decided."""

from collections.abc import Sequence

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from core.paging import number
from moderation import group_appeals
from moderation.appeals import Appeal
from moderation.exhibits import pictures_of
from moderation.states import AppealState, Inadmissible
from notes.attachments import Attachment
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, signed_in
from web.building.decisions import appeal_view, decision_view
from web.building.group_desk import desk_faces
from web.building.groups import group_page
from web.building.panels import with_panel
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.group import group_of, run_by
from web.pages.mod_appeals import OUTCOMES, REFUSALS
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Choice, Form
from web.views.moderation import AppealView


async def show(request: web.Request) -> web.StreamResponse:
    """List the appeals that wait, the oldest first; one's own is for others to hear."""
    account = await signed_in(request)
    group = await run_by(account, await group_of(request))
    head = await group_page(group, account.actor)
    found = await group_appeals.waiting_in(group)
    theirs = [each for each in found if each.decision.actor_id != account.actor_id]
    return render(
        request,
        "group_appeals.html",
        group=head,
        faces=await desk_faces(group, "appeals", waiting=head.waiting),
        appeals=tuple(_view(each, group) for each in theirs),
    )


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show an appeal beside the decision it is about."""
    account = await signed_in(request)
    group = await run_by(account, await group_of(request))
    return await _page(request, account, group, await _named(request, account, group), Form())


async def save_one(request: web.Request) -> web.StreamResponse:
    """Begin to hear it, say what comes of it, or refuse to hear it."""
    account = await acting(request)
    form = await read_form(request)
    group = await run_by(account, await group_of(request))
    appeal = await _named(request, account, group)
    try:
        said = await _do(account.actor, appeal, form)
    except NotValid as error:
        shown = form.shown({error.field: why(error)})
    except NotAllowed as error:
        shown = form.shown({"": why(error)})
    else:
        at = f"{group.page}/appeals/{appeal.id}"
        response = web.Response(status=303, headers={"Location": at})
        say(response, said)
        return response
    return await _page(request, account, group, await _named(request, account, group), shown)


async def _do(moderator: Actor, appeal: Appeal, form: Posted) -> str:
    match form.text("act"):
        case "take":
            await group_appeals.take_up(appeal, moderator)
            return _("You hear this appeal.")
        case "settle":
            outcome, reasons = form.text("appeal_outcome"), form.text("reasons")
            await group_appeals.settle(appeal, moderator, outcome, reasons)
            return _("The appeal is settled.")
        case "refuse" if form.text("why") in tuple(Inadmissible):
            ground = Inadmissible(form.text("why"))
            await group_appeals.refuse(appeal, moderator, ground, form.text("refuse_reasons"))
            return _("The appeal is not heard.")
        case "refuse":
            raise NotValid("why", "Choose why it is not heard.")
    raise NotAllowed("Choose what is done.")


def _view(appeal: Appeal, group: Actor, pictures: Sequence[Attachment] = ()) -> AppealView:
    at = f"{group.page}/appeals/{appeal.id}"
    return appeal_view(appeal, decision=appeal.decision, url=at, pictures=pictures)


async def _named(request: web.Request, account: Account, group: Actor) -> Appeal:
    wanted = number(request.match_info["id"]) or 0
    appeal = await group_appeals.appeal_in(group, account.actor, wanted)
    if appeal is None:
        raise Missing(request.path)
    return appeal


async def _page(
    request: web.Request, account: Account, group: Actor, appeal: Appeal, form: Form
) -> web.StreamResponse:
    decision, pictures = appeal.decision, await pictures_of([appeal.id])
    is_late_and_free = appeal.state == AppealState.OVERDUE and appeal.reviewer_id is None
    return render(
        request,
        "group_appeal.html",
        status=422 if form.errors else 200,
        group=await group_page(group, account.actor),
        appeal=await with_panel(_view(appeal, group, pictures[appeal.id]), appeal),
        decision=await decision_view(decision),
        is_mine=appeal.reviewer_id == account.actor_id,
        is_decider=account.actor_id in decision.deciders(),
        is_free=appeal.state == AppealState.FILED or is_late_and_free,
        is_heard_now=appeal.state in (AppealState.IN_REVIEW, AppealState.OVERDUE),
        outcomes=tuple(Choice(each.value, str(OUTCOMES[each])) for each in group_appeals.OUTCOMES),
        refusals=tuple(Choice(each.value, str(label)) for each, label in REFUSALS.items()),
        form=form,
    )
