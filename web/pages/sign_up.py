"""Joining: the form, the account, and confirming its address."""

from aiohttp import web

from actors import credentials, emails, mailed, passwords
from actors.accounts import Account, BadName, Taken
from actors.invites import NoInvite, invite_of
from actors.mailed import Purpose
from actors.registration import Mode, NotNow, register
from core.limits import count
from core.mail import has_mail
from core.settings import settings
from moderation import policy
from moderation.languages import said_in
from moderation.newcomers import may_post, way_in
from moderation.rules import numbered
from web import account_mails
from web.addresses import address_of
from web.asking import signed_in
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.outside import find_again
from web.render import render
from web.sessions import sign_in
from web.texts import _, lazy, locale
from web.views.account import JoinView
from web.views.frame import Form
from web.views.people import PersonCard
from web.views.policy import RuleView

HALF_AN_HOUR = 1800
LONGEST_REASON = 500


async def show(request: web.Request) -> web.StreamResponse:
    """The form, or why there is none; an invite's code comes with the link."""
    invite = request.match_info.get("code") or request.query.get("invite", "")
    return await _form(request, Form(values={"invite": invite[:40]}))


async def join(request: web.Request) -> web.StreamResponse:
    """Make the account; whose e-mail address it is makes no difference to the answer (ACC-04)."""
    form = await read_form(request)
    if form.text("website"):  # a field that people do not see: only programs fill it in
        return _told_to_wait(request)
    mode = await way_in()
    if wrong := _missing(form, mode):
        return await _form(request, form.shown(wrong))
    await count(
        f"join from {address_of(request)}",
        most=settings().limits.sign_ups_per_address,
        seconds=HALF_AN_HOUR,
    )
    try:
        account = await register(
            form.text("handle").lower(),
            form.text("email"),
            form.raw("password"),
            mode=mode,
            locale=locale(),
            reason=form.text("reason")[:LONGEST_REASON],
            invite=form.text("invite"),
        )
    except (BadName, Taken, emails.BadAddress, passwords.BadPassword, NoInvite, NotNow) as error:
        return await _form(request, form.shown(_sentence(error)))
    if account.email:
        await account_mails.ask_to_confirm(account, account.email)
    if account.approved_at is None:
        return _told_to_wait(request)
    response = web.Response(status=303, headers={"Location": "/joined"})
    if may_post(account):
        response.headers["Location"] = "/compose"
        say(response, _("Welcome. This is where your first note begins."))
    await find_again(request, account, response)
    await sign_in(request, response, account)
    return response


async def joined(request: web.Request) -> web.StreamResponse:
    """What is still to be done by someone who just joined."""
    account = await signed_in(request)
    if account.confirmed_at is not None:
        raise web.HTTPSeeOther("/")
    return render(
        request,
        "told.html",
        drawing="letter",
        heading=_("One more step"),
        lines=[_("A letter is on its way to you. Open the link in it, and you can begin.")],
        url="/explore",
        label=_("Look around meanwhile"),
    )


async def show_confirm(request: web.Request) -> web.StreamResponse:
    """One button, because mail programs open links by themselves."""
    secret = request.match_info["secret"]
    found = await mailed.find(secret, Purpose.CONFIRM)
    if found is None:
        raise Missing("this link no longer works")
    return render(request, "confirm.html", email=found.about, action=f"/confirm/{secret}")


async def confirm(request: web.Request) -> web.StreamResponse:
    """Claim the address."""
    await read_form(request)
    try:
        confirmed = await credentials.confirm(request.match_info["secret"])
    except Taken:
        return render(
            request,
            "told.html",
            status=409,
            drawing="warning",
            heading=_("This address belongs to another account"),
            lines=[_("You have an account here already. Sign in with it.")],
            url="/sign-in",
            label=_("Sign in"),
        )
    if confirmed is None:
        raise Missing("this link no longer works")
    account, before = confirmed
    await account_mails.tell_of_change(
        account, lazy("your account has another e-mail address now."), before
    )
    response = web.Response(status=303, headers={"Location": "/"})
    say(response, _("Your e-mail address is confirmed."))
    return response


def _missing(form: Posted, mode: Mode) -> dict[str, str]:
    """Name what was left out."""
    wrong = {}
    if has_mail() and not form.text("email"):
        wrong["email"] = _("We need an address to write to.")
    if mode is Mode.APPROVAL and not form.text("reason") and not form.text("invite"):
        wrong["reason"] = _("Please write a line or two.")
    if policy.current().sections.accounts.min_age and not form.is_on("age"):
        wrong["age"] = _("This community asks its members to be of this age.")
    return wrong


def _sentence(error: Exception) -> dict[str, str]:
    """Say what is wrong with which field."""
    match error:
        case BadName():
            return {"handle": _("One to thirty letters (a-z), digits and underscores.")}
        case Taken():
            return {"handle": _("This handle is taken. Please choose another.")}
        case emails.BadAddress():
            return {"email": _("This does not look like an e-mail address.")}
        case passwords.BadPassword():
            return {"password": password_sentence()}
        case NoInvite():
            return {"": _("This invitation does not work, or no longer.")}
    return {"": _("Nobody can join at the moment.")}


def password_sentence() -> str:
    """Say which passwords we take."""
    return _(
        "A password has 10 to 256 characters, and is not just a word and a number."
        " A few words in a row are easy to remember and hard to guess."
    )


async def _form(request: web.Request, form: Form) -> web.StreamResponse:
    invite = await invite_of(form.value("invite")) if form.value("invite") else None
    view = JoinView(
        registration=(await way_in()).value,
        form=form,
        rules=_rules(),
        min_age=policy.current().sections.accounts.min_age,
        invited_by=await _inviter(invite.maker_id) if invite and invite.maker_id else None,
        needs_mail=has_mail(),
    )
    return render(request, "join.html", status=422 if form.errors else 200, join=view)


async def _inviter(account_id: int) -> PersonCard:
    account = await Account.get(id=account_id).select_related("actor")
    actor = account.actor
    return PersonCard(
        id=actor.id,
        name=actor.display_name,
        handle=f"@{actor.handle}",
        url=actor.page,
        avatar=actor.avatar,
    )


def _rules() -> tuple[RuleView, ...]:
    sections = policy.current().sections
    return tuple(
        RuleView(
            id=rule.id,
            number=number,
            title=said_in(rule.title, locale(), sections.language).text,
        )
        for number, rule in numbered(sections.rules)
    )


def _told_to_wait(request: web.Request) -> web.Response:
    return render(
        request,
        "told.html",
        drawing="clock",
        heading=_("Your request is on its way"),
        lines=[
            _("A moderator reads it, and you get an e-mail with the answer.")
            if has_mail()
            else _("A moderator reads it. Come back in a day or two and sign in.")
        ],
        url="/policy",
        label=_("Read the rules meanwhile"),
    )
