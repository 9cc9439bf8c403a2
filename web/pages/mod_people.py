"""Those who asked to join, for moderators to answer."""

import re

from aiohttp import web

from actors import approvals
from actors.accounts import Account
from core.mail import queue
from core.settings import settings
from web.asking import staff
from web.building.people import person_card
from web.errors import Missing
from web.forms import read_form
from web.mails import mail
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
    await staff(request)
    await read_form(request)
    account = await _account(request)
    if await approvals.approve(account):
        letter = mail(
            "approved", account.locale, handle=account.actor.name, url=settings().url("/sign-in")
        )
        await _write(account, letter.subject, letter.text)
    return saved(PAGE, _("@%(name)s lives here now.") % {"name": account.actor.name})


async def decline(request: web.Request) -> web.StreamResponse:
    """Forget someone who asked, and write to them why."""
    await staff(request)
    form = await read_form(request)
    account = await _account(request)
    if await approvals.decline(account):
        letter = mail(
            "declined", account.locale, handle=account.actor.name, reason=form.text("reason")
        )
        await _write(account, letter.subject, letter.text)
    return saved(PAGE, _("The request of @%(name)s is deleted.") % {"name": account.actor.name})


async def _write(account: Account, subject: str, text: str) -> None:
    if account.email:
        await queue(account.email, subject, text)


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
