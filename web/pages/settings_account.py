"""Settings: e-mail address, password, and leaving; each asks for the password again (WEB-02)."""

from aiohttp import web

from actors import credentials, emails
from actors.accounts import Account, Taken
from actors.closing import close
from actors.credentials import WrongPassword
from actors.passwords import BadPassword
from actors.roles import LastAdmin
from core.limits import count
from core.mail import has_mail
from web import account_mails
from web.asking import signed_in
from web.forms import Posted, read_form
from web.pages.settings import saved
from web.pages.sign_up import password_sentence
from web.proving import ask_for_proof, demand_proof, is_strongly_in
from web.render import render
from web.sessions import sign_in, sign_out
from web.texts import _, lazy
from web.views.frame import Form

PAGE = "/settings/account"
HALF_AN_HOUR = 1800


async def show(request: web.Request) -> web.StreamResponse:
    """The forms; who has a second factor shows it first, for they lead to what cannot be undone."""
    account = await signed_in(request)
    await ask_for_proof(request)
    return _page(request, account)


async def confirm_again(request: web.Request) -> web.StreamResponse:
    """Send the letter that asks to confirm an address once more."""
    account = await signed_in(request)
    await read_form(request)
    await count(f"confirm again {account.id}", most=5, seconds=HALF_AN_HOUR)
    if account.confirmed_at is None and account.email:
        await account_mails.ask_to_confirm(account, account.email)
    return saved(PAGE, _("The letter is on its way."))


async def change_email(request: web.Request) -> web.StreamResponse:
    """Ask the new address to confirm; until then the old one stays, and is told (ACC-04)."""
    account = await signed_in(request)
    form = await read_form(request)
    await demand_proof(request)
    try:
        await credentials.prove(account, form.raw("email_password"))
        address = emails.tidy(form.text("email"))
        if not has_mail():
            await credentials.claim(account, address)
    except WrongPassword:
        return _page(request, account, email_form=_wrong(form, "email_password"))
    except emails.BadAddress:
        sentence = _("This does not look like an e-mail address.")
        return _page(request, account, email_form=form.shown({"email": sentence}))
    except Taken:
        sentence = _("This address belongs to another account.")
        return _page(request, account, email_form=form.shown({"email": sentence}))
    if not has_mail():
        return saved(PAGE, _("Your address is changed."))
    await count(f"change e-mail {account.id}", most=5, seconds=HALF_AN_HOUR)
    await account_mails.ask_to_confirm(account, address)
    if account.confirmed_at:
        what = lazy("someone asked to give your account another e-mail address.")
        await account_mails.tell_of_change(account, what, account.email)
    return saved(PAGE, _("A letter is on its way to the new address. Open the link in it."))


async def change_password(request: web.Request) -> web.StreamResponse:
    """Change the password; every other browser and every app is out, this one gets a new id."""
    account = await signed_in(request)
    form = await read_form(request)
    await demand_proof(request)
    is_strong = await is_strongly_in(request)
    try:
        await credentials.prove(account, form.raw("password"))
        await credentials.set_password(account, form.raw("new_password"))
    except WrongPassword:
        return _page(request, account, password_form=_wrong(form, "password"))
    except BadPassword:
        wrong = form.shown({"new_password": password_sentence()})
        return _page(request, account, password_form=wrong)
    what = lazy("the password of your account was changed.")
    await account_mails.tell_of_change(account, what, _known_address(account))
    response = saved(PAGE, _("Your new password is saved. All other sessions have ended."))
    await sign_in(request, response, account, is_strong=is_strong)
    return response


async def leave(request: web.Request) -> web.StreamResponse:
    """Close the account."""
    account = await signed_in(request)
    form = await read_form(request)
    await demand_proof(request)
    address = _known_address(account)
    try:
        await credentials.prove(account, form.raw("close_password"))
        await close(account)
    except WrongPassword:
        return _page(request, account, close_form=_wrong(form, "close_password"))
    except LastAdmin:
        sentence = _("You are the only admin. Make someone else an admin first.")
        return _page(request, account, close_form=form.shown({"": sentence}))
    await account_mails.tell_of_change(
        account, lazy("your account was closed, as you asked."), address
    )
    response = saved("/", _("Your account is closed. What you posted is being removed."))
    await sign_out(request, response)
    return response


def _known_address(account: Account) -> str:
    return account.email if account.confirmed_at else ""


def _wrong(form: Posted, field: str) -> Form:
    return form.shown({field: _("This is not your password.")})


def _page(request: web.Request, account: Account, **forms: Form) -> web.Response:
    return render(
        request,
        "settings/account.html",
        status=422 if forms else 200,
        email=account.email,
        is_confirmed=account.confirmed_at is not None,
        email_form=forms.get("email_form", Form()),
        password_form=forms.get("password_form", Form()),
        close_form=forms.get("close_form", Form()),
    )
