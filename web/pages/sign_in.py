"""Signing in and out, and how the pages look to someone."""

from aiohttp import web

from actors import credentials
from actors.accounts import Account, may_sign_in
from actors.second_factor import has_second_factor
from web import halfway
from web.addresses import address_of
from web.asking import asking
from web.forms import Posted, read_form
from web.frame import LAYOUTS, THEMES
from web.headers import on_the_way
from web.pages.outside import find_again
from web.paths import safe_path, to_second_step
from web.render import render
from web.sessions import keep, sign_in, sign_out
from web.texts import LOCALES, _
from web.views.frame import Form

YEAR_DAYS = 365
# Named as Mastodon names them: programs that sign in for a person look for these.
LOGIN, PASSWORD = "user[email]", "user[password]"


async def show(request: web.Request) -> web.StreamResponse:
    """The form; whoever is signed in already goes on at once."""
    back = safe_path(request.query.get("next", ""))
    if await asking(request) and "again" not in request.query:
        raise web.HTTPSeeOther(back)
    return render(request, "sign_in.html", form=Form(values={"next": back}))


async def enter(request: web.Request) -> web.StreamResponse:
    """Sign in; what is wrong is said in the same words for every reason (ACC-02)."""
    form = await read_form(request)
    account = await credentials.sign_in(
        form.text(LOGIN) or form.text("login"),
        form.raw(PASSWORD) or form.raw("password"),
        address=address_of(request),
    )
    if account is None:
        return _again(request, form, _("The handle or e-mail and the password do not match."))
    if not may_sign_in(account):
        return _again(request, form, why_not(account))
    if await has_second_factor(account):
        response = web.Response(status=303, headers={"Location": to_second_step(form.next())})
        halfway.remember(response, account)
        return response
    return await go_in(request, account, form.next(), is_strong=False)


async def go_in(
    request: web.Request, account: Account, to: str, *, is_strong: bool
) -> web.Response:
    """Sign somebody in who showed all they have to, and lead them to where they wanted."""
    response = web.Response(status=303, headers={"Location": to})
    await find_again(request, account, response)
    await sign_in(request, response, account, is_strong=is_strong)
    return response


async def leave(request: web.Request) -> web.StreamResponse:
    """Sign out."""
    await read_form(request)
    # Files that were on their way do not stay in a browser that others may use.
    forget = {"Clear-Site-Data": '"storage"'}
    response = web.Response(status=303, headers={"Location": "/"} | forget)
    await sign_out(request, response)
    return response


async def look(request: web.Request) -> web.StreamResponse:
    """Choose colours, how lists look, or a language; the language counts for oneself as well."""
    form = await read_form(request)
    response = web.Response(status=303, headers={"Location": form.next()})
    if form.text("theme") in THEMES:
        keep(response, "theme", form.text("theme"), days=YEAR_DAYS)
    if form.text("layout") in LAYOUTS:
        keep(response, "layout", form.text("layout"), days=YEAR_DAYS)
    if form.text("locale") in LOCALES:
        keep(response, "locale", form.text("locale"), days=YEAR_DAYS)
        if account := await asking(request):
            await Account.filter(id=account.id).update(locale=form.text("locale"))
    return response


def _again(request: web.Request, form: Posted, sentence: str) -> web.StreamResponse:
    return render(
        request,
        "sign_in.html",
        status=422,
        headers=on_the_way(form.next()),
        form=form.shown({"": sentence}),
    )


def why_not(account: Account) -> str:
    """Say, to someone who knows the password, why they cannot come in."""
    if account.closed_at or account.actor.gone_at:
        return _("This account was closed.")
    if account.disabled_at:
        return _("This account was disabled. Those who run this place can tell you why.")
    return _("A moderator has not read your request yet. You get an e-mail with the answer.")
