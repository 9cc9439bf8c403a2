"""Those who asked to join, for moderators to answer."""

import re

from aiohttp import web

from actors import approvals
from actors.accounts import Account
from web import approving
from web.addresses import address_of
from web.asking import staff
from web.building.people import person_card
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.render import render
from web.texts import _
from web.views.moderation import Applicant

PAGE = "/mod/people"


async def show(request: web.Request) -> web.StreamResponse:
    """List who waits, the longest waiting first."""
    await staff(request)
    return render(
        request,
        "mod/people.html",
        applicants=[_applicant(each) for each in await approvals.waiting()],
    )


async def approve(request: web.Request) -> web.StreamResponse:
    """Let someone in, and write to them."""
    moderator = await staff(request)
    await read_form(request)
    account = await _account(request)
    await approving.approve(account, moderator.actor, address=address_of(request))
    return saved(PAGE, _("@%(name)s lives here now.") % {"name": account.actor.name})


async def decline(request: web.Request) -> web.StreamResponse:
    """Forget someone who asked, and write to them why."""
    moderator = await staff(request)
    form = await read_form(request)
    account = await _account(request)
    await approving.decline(
        account, moderator.actor, reason=form.text("reason"), address=address_of(request)
    )
    return saved(PAGE, _("The request of @%(name)s is deleted.") % {"name": account.actor.name})


async def _account(request: web.Request) -> Account:
    written = request.match_info["id"]
    found = None
    if re.fullmatch(r"[0-9]{1,19}", written):
        found = await Account.get_or_none(id=int(written)).select_related("actor")
    if found is None:
        raise Missing("nobody asked under this number")
    return found


def _applicant(account: Account) -> Applicant:
    return Applicant(
        id=account.id,
        card=person_card(account.actor),
        asked=account.created_at,
        reason=account.reason,
        has_confirmed=account.confirmed_at is not None,
    )
