"""Showing again that it is oneself, before what is dangerous (security.md ADM-01, WEB-02)."""

from datetime import timedelta

from aiohttp import web

from actors import credentials, second_factor, sessions
from actors.accounts import Account
from actors.credentials import WrongPassword
from core.clock import now
from web.asking import signed_in
from web.errors import NotProved
from web.forms import TOKEN, Posted
from web.paths import to_proof
from web.render import render
from web.sessions import session_of
from web.texts import _
from web.views.frame import Form

FRESH = timedelta(minutes=15)
CODE, PASSWORD = "proof_code", "proof_password"
MINE = (CODE, PASSWORD, TOKEN)


async def is_strongly_in(request: web.Request) -> bool:
    """Tell whether a second factor was shown in this browser."""
    session = await session_of(request)
    return bool(session and session.is_strong)


async def is_fresh(request: web.Request) -> bool:
    """Tell whether who is signed in showed it in the last quarter of an hour."""
    session = await session_of(request)
    return bool(session and session.proved_at and now() - session.proved_at < FRESH)


async def ask_for_proof(request: web.Request, *, always: bool = False) -> None:
    """Lead a page to where they show it first; without a second factor only where `always`."""
    if (always or await is_strongly_in(request)) and not await is_fresh(request):
        raise web.HTTPSeeOther(to_proof(request.path_qs))


async def demand_proof(request: web.Request, *, always: bool = False) -> None:
    """Raise NotProved where a form came too late after it was shown."""
    if (always or await is_strongly_in(request)) and not await is_fresh(request):
        raise NotProved(f"{request.path} wants a proof")


async def proof_first(request: web.Request, form: Posted) -> web.StreamResponse | None:
    """Return a page that asks for the proof and carries the form on; None where it is there.

    The form comes back to the same address, with the proof in it.
    """
    account = await signed_in(request)
    if await is_fresh(request):
        return None
    if not (form.raw(CODE) or form.raw(PASSWORD)):
        return await proof_page(request, Form(), request.path, form)
    if await proves(request, account, form):
        return None
    return await proof_page(request, said_wrong(form), request.path, form)


async def proves(request: web.Request, account: Account, form: Posted) -> bool:
    """Check what someone showed and write it down; raises TooMany (ACC-02)."""
    session = await session_of(request)
    if session is None:
        return False
    if session.is_strong:
        if not await second_factor.is_right(account, form.text(CODE)):
            return False
    else:
        try:
            await credentials.prove(account, form.raw(PASSWORD))
        except WrongPassword:
            return False
    await sessions.prove(session)
    return True


def said_wrong(form: Posted) -> Form:
    """Say what was not right, at the field it stood in."""
    if form.raw(PASSWORD):
        return Form(errors={PASSWORD: _("This is not your password.")})
    return Form(errors={CODE: _("This code is not right, or was used already.")})


async def proof_page(
    request: web.Request, form: Form, action: str, carried: Posted
) -> web.Response:
    """Ask for the second factor, or the password of those who have none."""
    account = await signed_in(request)
    return render(
        request,
        "prove.html",
        status=422 if form.errors else 403 if request.method == "POST" else 200,
        form=form,
        action=action,
        carried=[pair for pair in carried.fields if pair[0] not in MINE],
        is_strong=await is_strongly_in(request),
        has_app=await second_factor.has_app(account),
    )
