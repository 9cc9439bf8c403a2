"""Settings: the second factor, an app that makes codes or a passkey, and codes for bad days."""

import io

import segno
from aiohttp import web
from markupsafe import Markup

from actors import passkeys, second_factor
from actors.accounts import Account, Role
from core.paging import number
from web.asking import signed_in
from web.errors import Missing, NotSignedIn
from web.forms import Posted, read_form
from web.pages.settings import saved
from web.proving import ask_for_proof, demand_proof
from web.render import render
from web.sessions import session_of
from web.texts import _
from web.views.account import PasskeyRow, SecondFactorView
from web.views.frame import Form

PAGE = "/settings/second-factor"


async def show(request: web.Request) -> web.StreamResponse:
    """Show what there is, and how to have more of it."""
    account = await signed_in(request)
    await ask_for_proof(request, always=True)
    return await _page(request, account)


async def begin(request: web.Request) -> web.StreamResponse:
    """Make a secret for an app; it counts once a code of the app was right."""
    account, _form = await _begin(request)
    if await second_factor.has_app(account):
        return saved(PAGE, _("There is an app already. Take it away first."))
    await second_factor.begin(account)
    return web.Response(status=303, headers={"Location": f"{PAGE}#app"})


async def confirm(request: web.Request) -> web.StreamResponse:
    """Take the app into use, and show the recovery codes this once."""
    account, form = await _begin(request)
    session = await session_of(request)
    if session is None:
        raise NotSignedIn("the session has ended")
    made = await second_factor.confirm(account, _digits(form.text("code")), session.id)
    if made is None:
        wrong = form.shown({"code": _("This code is not right. Is the clock of the device right?")})
        return await _page(request, account, wrong, status=422)
    return _codes(request, made) if made else saved(PAGE, _("The app is set up."))


async def drop_app(request: web.Request) -> web.StreamResponse:
    """Take the app away."""
    account, _form = await _begin(request)
    await second_factor.drop_app(account)
    return saved(PAGE, _("The app is no longer asked for."))


async def drop_passkey(request: web.Request) -> web.StreamResponse:
    """Take a passkey away."""
    account, _form = await _begin(request)
    if not await second_factor.drop_passkey(account, number(request.match_info["id"]) or 0):
        raise Missing("no such passkey")
    return saved(PAGE, _("The passkey is removed."))


async def renew_codes(request: web.Request) -> web.StreamResponse:
    """Make recovery codes in place of the old ones, and show them this once."""
    account, _form = await _begin(request)
    if not await second_factor.has_second_factor(account):
        raise Missing("no second factor")
    return _codes(request, await second_factor.new_codes(account))


def _codes(request: web.Request, made: list[str]) -> web.StreamResponse:
    headers = {"Cache-Control": "no-store"}
    return render(request, "settings/recovery_codes.html", headers=headers, codes=made)


async def _begin(request: web.Request) -> tuple[Account, Posted]:
    account = await signed_in(request)
    form = await read_form(request)
    await demand_proof(request, always=True)
    return account, form


async def _page(
    request: web.Request, account: Account, form: Form | None = None, *, status: int = 200
) -> web.StreamResponse:
    secret = await second_factor.begun(account)
    view = SecondFactorView(
        has_app=await second_factor.has_app(account),
        secret=secret,
        square=square(second_factor.address_for_apps(secret, account)) if secret else Markup(""),
        passkeys=tuple(
            PasskeyRow(each.id, each.label, each.created_at, each.used_at)
            for each in await passkeys.passkeys_of(account)
        ),
        codes_left=await second_factor.codes_left(account),
        is_needed=account.role is not Role.MEMBER,
    )
    headers = {"Cache-Control": "no-store"}
    return render(
        request,
        "settings/second_factor.html",
        status=status,
        headers=headers,
        second=view,
        form=form or Form(),
    )


def square(text: str) -> Markup:
    """Draw the square that apps photograph: dark on light in every colour scheme."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True)
    # Nothing of the text is in the drawing but its squares.
    return Markup(drawn.getvalue().decode())  # noqa: S704


def _digits(code: str) -> str:
    return "".join(code.split())
