"""Groups that nobody runs any more, for the moderators of the server: who may take them on."""

from collections.abc import Sequence

from aiohttp import web

from actors.actor import Actor
from actors.candidacies import Candidacy, candidates_among
from actors.groups import Group, settings_among
from core.paging import number
from moderation.group_succession import asleep_groups, decide
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.people import person_card
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form
from web.views.groups import Asleep, Candidate

PAGE = "/mod/groups"


async def show(request: web.Request) -> web.StreamResponse:
    """List them, those that members asked for first."""
    await staff(request)
    return await _page(request, Form())


async def save(request: web.Request) -> web.StreamResponse:
    """Hand one to a member who asked, or to none of them, and say why."""
    account = await staff(request)
    form = await read_form(request)
    group = await Actor.get_or_none(id=number(request.match_info["id"]) or 0)
    if group is None or not group.is_group or not group.is_local:
        raise Missing(request.path)
    chosen = number(form.text("person"))
    heir = await Actor.get_or_none(id=chosen) if chosen else None
    if form.text("act") == "hand" and heir is None:
        return await _page(request, form.shown({f"{group.id}": _("Choose who runs it.")}))
    try:
        await decide(
            account.actor,
            group,
            heir if form.text("act") == "hand" else None,
            reason=form.text("reason"),
            address=address_of(request),
        )
    except (NotAllowed, NotValid) as error:
        return await _page(request, form.shown({f"{group.id}": why(error)}))
    response = web.Response(status=303, headers={"Location": PAGE})
    say(response, _("It is decided; all members are told."))
    return response


async def _page(request: web.Request, form: Form) -> web.StreamResponse:
    groups = await asleep_groups(most=50)
    chosen, asked = await settings_among(groups), await candidates_among(groups)
    return render(
        request,
        "mod/groups.html",
        status=422 if form.errors else 200,
        groups=tuple(_asleep(each, chosen[each.id], asked.get(each.id, [])) for each in groups),
        form=form,
    )


def _asleep(group: Actor, chosen: Group, asked: Sequence[Candidacy]) -> Asleep:
    return Asleep(
        card=person_card(group, about=True),
        since=chosen.asleep_at.date() if chosen.asleep_at else None,
        members=max(group.followers_count, 0),
        candidates=tuple(
            Candidate(person_card(each.person), each.words, each.created_at) for each in asked
        ),
    )
