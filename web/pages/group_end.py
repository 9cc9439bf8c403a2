"""How a group is handed on, ends after a notice, or finds somebody to run it."""

from datetime import UTC, datetime

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from actors.groups import settings_of
from actors.memberships import Role, membership_of
from moderation import group_ends
from moderation.group_succession import ask_for_role
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, signed_in
from web.building.groups import group_page
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.group import called, group_of
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form


async def show(request: web.Request) -> web.StreamResponse:
    """What becomes of a group: for who owns it, and where nobody runs it for its members."""
    account = await signed_in(request)
    return await _page(request, account, await _asked(request, account), Form())


async def save(request: web.Request) -> web.StreamResponse:
    """Hand it on, announce its end or take that back, or offer to run it."""
    account = await acting(request)
    form = await read_form(request)
    group = await _asked(request, account)
    try:
        said = await _do(account.actor, group, form)
    except (NotAllowed, NotValid) as error:
        return await _page(request, account, group, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": group.page})
    say(response, said)
    return response


async def _do(person: Actor, group: Actor, form: Posted) -> str:
    match form.text("act"):
        case "transfer":
            heir = await called(form.text("handle"))
            if heir is None:
                raise NotAllowed("Nobody is known under this name.")
            await group_ends.transfer(person, group, heir)
            return _("%(name)s owns the group now.", name=f"@{heir.handle}")
        case "close":
            await group_ends.announce_closing(person, group, _day(form), reason=form.text("reason"))
            return _("The end of the group is announced.")
        case "stay":
            await group_ends.call_off(person, group)
            return _("The group stays.")
        case "offer":
            await ask_for_role(person, group, form.text("words"))
            return _("You offered to run the group. The moderators of this server answer.")
    raise NotAllowed("Choose what is done.")


def _day(form: Posted) -> datetime:
    try:
        day = datetime.strptime(form.text("day"), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise NotValid("day", "Choose a day that is still to come.") from error
    return day.replace(hour=23, minute=59)


async def _asked(request: web.Request, account: Account) -> Actor:
    group = await group_of(request)
    row = await membership_of(account.actor, group)
    is_owner = row is not None and row.is_member and row.role is Role.OWNER
    is_asleep = (await settings_of(group)).asleep_at is not None
    if not group.is_local or row is None or not row.is_member or not (is_owner or is_asleep):
        raise Missing(request.path)
    return group


async def _page(
    request: web.Request, account: Account, group: Actor, form: Form
) -> web.StreamResponse:
    chosen = await settings_of(group)
    return render(
        request,
        "group_end.html",
        status=422 if form.errors else 200,
        group=await group_page(group, account.actor),
        is_asleep=chosen.asleep_at is not None,
        form=form,
    )
