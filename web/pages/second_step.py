"""The second step of signing in, and showing later again that it is oneself."""

from aiohttp import web

from actors import second_factor
from core.limits import count
from core.settings import settings
from web import halfway
from web.addresses import address_of
from web.asking import signed_in
from web.forms import Posted, read_form
from web.headers import on_the_way
from web.pages.sign_in import go_in
from web.paths import safe_path, to_sign_in
from web.proving import is_fresh, proof_page, proves, said_wrong
from web.render import render
from web.texts import _
from web.views.frame import Form

FIVE_MINUTES = 300


async def show(request: web.Request) -> web.StreamResponse:
    """Ask whoever typed their password for the second factor."""
    back = safe_path(request.query.get("next", ""))
    account = await halfway.halfway(request)
    if account is None:
        raise web.HTTPSeeOther(to_sign_in(back))
    form = Form(values={"next": back})
    has_app = await second_factor.has_app(account)
    return render(request, "second_step.html", form=form, has_app=has_app)


async def enter(request: web.Request) -> web.StreamResponse:
    """Let them in with a right code; tries are counted by address and by account (ACC-02)."""
    form = await read_form(request)
    account = await halfway.halfway(request)
    if account is None:
        raise web.HTTPSeeOther(to_sign_in(form.next()))
    most = settings().limits.logins_per_address
    await count(f"code from {address_of(request)}", most=most, seconds=FIVE_MINUTES)
    if not await second_factor.is_right(account, form.text("code")):
        wrong = form.shown({"code": _("This code is not right, or was used already.")})
        has_app = await second_factor.has_app(account)
        headers = on_the_way(form.next())
        return render(
            request, "second_step.html", status=422, headers=headers, form=wrong, has_app=has_app
        )
    response = await go_in(request, account, form.next(), is_strong=True)
    halfway.forget(response)
    return response


async def show_proof(request: web.Request) -> web.StreamResponse:
    """Ask again; whoever showed it just now goes on at once."""
    await signed_in(request)
    back = safe_path(request.query.get("next", ""))
    if await is_fresh(request):
        raise web.HTTPSeeOther(back)
    return await proof_page(request, Form(), "/prove", Posted((("next", back),)))


async def prove(request: web.Request) -> web.StreamResponse:
    """Take the proof and go back."""
    account = await signed_in(request)
    form = await read_form(request)
    if await is_fresh(request) or await proves(request, account, form):
        return web.Response(status=303, headers={"Location": form.next()})
    return await proof_page(request, said_wrong(form), "/prove", form)
