"""Drawing a panel for an appeal: what it would read, looked at before anybody is asked."""

from aiohttp import web

from moderation.panel_hearing import draw
from moderation.policy import current
from outbox.refusals import NotAllowed
from web.addresses import address_of
from web.asking import staff
from web.building.panels import case_view
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.pages.mod_appeals import appeal_named
from web.refusals import why
from web.render import render
from web.texts import _


async def show(request: web.Request) -> web.StreamResponse:
    """Show what a panel would read of an appeal, to whoever hears it."""
    account = await staff(request)
    appeal = await appeal_named(request, account)
    if appeal.reviewer_id != account.actor_id:
        raise Missing(request.path)
    return render(
        request,
        "mod/panel.html",
        case=await case_view(appeal, appeal.decision),
        size=current().sections.appeals.panel,
        action=f"/mod/appeals/{appeal.id}/panel",
        back=f"/mod/appeals/{appeal.id}",
    )


async def ask(request: web.Request) -> web.StreamResponse:
    """Draw it."""
    account = await staff(request)
    await read_form(request)
    appeal = await appeal_named(request, account)
    response = web.Response(status=303, headers={"Location": f"/mod/appeals/{appeal.id}"})
    try:
        await draw(appeal, account.actor, address=address_of(request))
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, _("A panel is drawn. It has 72 hours."))
    return response
