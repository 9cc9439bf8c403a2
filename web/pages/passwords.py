"""A forgotten password: asking for a letter, and choosing a new one with it."""

from aiohttp import web

from actors import credentials, emails, mailed
from actors.mailed import Purpose
from actors.passwords import BadPassword
from core.limits import count
from core.mail import has_mail
from core.settings import settings
from web import account_mails
from web.addresses import address_of
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.pages.sign_up import password_sentence
from web.render import render
from web.sessions import sign_out
from web.texts import _, lazy
from web.views.frame import Form

FIVE_MINUTES = 300


async def show_forgotten(request: web.Request) -> web.StreamResponse:
    """Where to ask for the letter."""
    return render(request, "password_forgotten.html", form=Form(), has_mail=has_mail())


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask for the letter; the answer is the same whether there is an account or not (ACC-04)."""
    form = await read_form(request)
    await _count(request, "forgotten")
    try:
        address = emails.tidy(form.text("email"))
    except emails.BadAddress:
        wrong = form.shown({"email": _("This does not look like an e-mail address.")})
        return render(
            request, "password_forgotten.html", status=422, form=wrong, has_mail=has_mail()
        )
    await account_mails.ask_for_reset(address)
    return render(
        request,
        "told.html",
        drawing="letter",
        heading=_("Look into your mailbox"),
        lines=[_("If an account belongs to this address, a letter with a link is on its way.")],
        url="/sign-in",
        label=_("Back to sign in"),
    )


async def show_new(request: web.Request) -> web.StreamResponse:
    """Where to choose the new password, with the secret of the letter."""
    secret = request.match_info["secret"]
    if await mailed.find(secret, Purpose.RESET) is None:
        raise Missing("this link no longer works")
    return render(request, "password_new.html", form=Form(), action=f"/password/{secret}")


async def choose(request: web.Request) -> web.StreamResponse:
    """Set the new password; every session and every app is out."""
    form = await read_form(request)
    await _count(request, "reset")
    secret = request.match_info["secret"]
    try:
        account = await credentials.reset(secret, form.raw("password"))
    except BadPassword:
        wrong = form.shown({"password": password_sentence()})
        return render(
            request, "password_new.html", status=422, form=wrong, action=f"/password/{secret}"
        )
    if account is None:
        raise Missing("this link no longer works")
    await account_mails.tell_of_change(
        account,
        lazy("the password of your account was changed with a link from a letter."),
        account.email,
    )
    response = web.Response(status=303, headers={"Location": "/sign-in"})
    await sign_out(request, response)
    say(response, _("Your new password is saved. Sign in with it."))
    return response


async def _count(request: web.Request, what: str) -> None:
    await count(
        f"{what} from {address_of(request)}",
        most=settings().limits.logins_per_address,
        seconds=FIVE_MINUTES,
    )
