"""Settings: invites, for those whom the policy lets bring others."""

import re

from aiohttp import web

from actors import invites
from actors.accounts import Account, Role
from actors.invites import Invite
from core.clock import now
from core.settings import settings
from moderation.policy import current
from web.asking import acting
from web.errors import Missing, NotAllowed
from web.forms import read_form
from web.pages.settings import saved
from web.render import render
from web.texts import _
from web.views.account import InviteRow

PAGE = "/settings/invites"
MOST_USES = 100


async def show(request: web.Request) -> web.StreamResponse:
    """List the invites one has made."""
    account = await acting(request)
    return render(
        request,
        "settings/invites.html",
        invites=[_row(each) for each in await invites.invites_of(account)],
        left=await _left(account),
    )


async def make(request: web.Request) -> web.StreamResponse:
    """Make an invite; moderators may make any number."""
    account = await acting(request)
    form = await read_form(request)
    if not await _left(account):
        raise NotAllowed(f"{account.actor.name} has no invites left")
    uses = form.text("uses")
    most = int(uses) if re.fullmatch(r"[0-9]{1,3}", uses) and account.role != Role.MEMBER else 1
    await invites.make_invite(account, most_uses=min(max(most, 1), MOST_USES))
    return saved(PAGE, _("Here is your invite. It opens the door for seven days."))


async def withdraw(request: web.Request) -> web.StreamResponse:
    """End an invite."""
    account = await acting(request)
    await read_form(request)
    written = request.match_info["id"]
    if not re.fullmatch(r"[0-9]{1,19}", written) or not await invites.withdraw(
        account, int(written)
    ):
        raise Missing("no such invite")
    return saved(PAGE, _("This invite opens nothing any more."))


async def _left(account: Account) -> int:
    """Tell how many invites somebody may still make."""
    if account.role != Role.MEMBER:
        return MOST_USES
    made = len(await invites.invites_of(account))
    return max(current().sections.accounts.invites_per_member - made, 0)


def _row(invite: Invite) -> InviteRow:
    has_time = invite.expires_at is None or invite.expires_at > now()
    return InviteRow(
        id=invite.id,
        url=settings().url(f"/invite/{invite.code}"),
        uses=invite.uses,
        most_uses=invite.most_uses,
        expires=invite.expires_at,
        is_open=has_time and invite.uses < invite.most_uses,
    )
