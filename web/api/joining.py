"""Joining by an app: an account, and the letter that confirms its address (mastodon-api.md 5.3)."""

from datetime import date

from aiohttp import web

from actors import emails, passwords
from actors.accounts import Account, BadName, Taken
from actors.apps import App
from actors.invites import NoInvite
from actors.passwords import LONGEST, SHORTEST
from actors.registration import Mode, NotNow, register
from actors.tokens import issue
from core.clock import now
from core.limits import count
from core.mail import has_mail
from core.settings import settings
from moderation import policy
from moderation.newcomers import way_in
from web import account_mails
from web.addresses import address_of
from web.api.access import TOKEN, account_of, app_of
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.api.errors import ApiError, Invalid
from web.errors import NotAllowed
from web.oauth.tokens import NOT_KEPT, TokenAnswer
from web.texts import LOCALES

HALF_AN_HOUR = 1800
LONGEST_REASON = 500
BLANK = ("ERR_BLANK", "can't be blank")

Wrong = dict[str, tuple[str, str]]


class Confirmed(ApiError):
    """There is nothing to confirm any more."""

    status = 403


async def create(request: web.Request) -> web.Response:
    """Make an account as the policy allows it; the app gets its token, good once it may act.

    Whose the e-mail address is makes no difference to the answer (security.md ACC-04).
    """
    wanted, mode = await asked(request), await way_in()
    app = await app_of(request)
    if wrong := _missing(wanted, mode):
        raise Invalid(wrong)
    if mode is Mode.CLOSED:
        raise NotAllowed("nobody can join at the moment")
    await count(
        f"join from {address_of(request)}",
        most=settings().limits.sign_ups_per_address,
        seconds=HALF_AN_HOUR,
    )
    account = await _registered(wanted, mode)
    if account.email:
        await account_mails.ask_to_confirm(account, account.email)
    return answer(await _token(request, app, account), headers=NOT_KEPT)


async def confirm_again(request: web.Request) -> web.Response:
    """Send the letter that asks to confirm the address once more, or to a better address."""
    account = account_of(request)
    if account.confirmed_at is not None:
        raise Confirmed("This method is only available while the e-mail is awaiting confirmation")
    await count(f"confirm again {account.id}", most=5, seconds=HALF_AN_HOUR)
    if written := (await asked(request)).text("email"):
        account.email = _tidy(written)
        await account.save(update_fields=["email"])
    if account.email:
        await account_mails.ask_to_confirm(account, account.email)
    return nothing()


async def is_confirmed(request: web.Request) -> web.Response:
    """Whether the address is confirmed."""
    return answer(account_of(request).confirmed_at is not None)


async def _registered(wanted: Asked, mode: Mode) -> Account:
    locale = wanted.text("locale") or ""
    try:
        return await register(
            wanted.needed("username").lower(),
            wanted.text("email") or "",
            wanted.text("password") or "",
            mode=mode,
            locale=locale if locale in LOCALES else "en",
            reason=(wanted.text("reason") or "").strip()[:LONGEST_REASON],
            invite=wanted.text("invite_code") or "",
        )
    except NotNow as error:
        raise NotAllowed(str(error)) from error
    except (BadName, Taken, emails.BadAddress, passwords.BadPassword, NoInvite) as error:
        raise Invalid(_wrong(error, wanted)) from error


async def _token(request: web.Request, app: App, account: Account) -> TokenAnswer:
    held = request[TOKEN]
    secret, token = await issue(account, held.scopes if held else [], app=app)
    await App.filter(id=app.id).update(used_at=token.created_at)
    scopes = " ".join(token.scopes)
    return TokenAnswer(secret, "Bearer", scopes, int(token.created_at.timestamp()))


def _missing(wanted: Asked, mode: Mode) -> Wrong:
    """Name what was left out, as apps show it beside their fields."""
    invited = bool(wanted.text("invite_code"))
    wrong: Wrong = {}
    for name, is_needed in (
        ("username", True),
        ("password", True),
        ("email", has_mail()),
        ("reason", mode is Mode.APPROVAL and not invited),
        ("invite_code", mode is Mode.INVITE),
    ):
        if is_needed and not (wanted.text(name) or "").strip():
            wrong[name] = BLANK
    if not wanted.is_on("agreement"):
        wrong["agreement"] = ("ERR_ACCEPTED", "must be accepted")
    return wrong | _age(wanted)


def _age(wanted: Asked) -> Wrong:
    """Ask for the day of birth where the policy has an age; it is looked at, and not kept."""
    youngest = policy.current().sections.accounts.min_age
    if not youngest:
        return {}
    written = (wanted.text("date_of_birth") or "").strip()
    if not written:
        return {"date_of_birth": BLANK}
    try:
        born = date.fromisoformat(written)
    except ValueError:
        return {"date_of_birth": ("ERR_INVALID", "is invalid")}
    today = now().date()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < youngest:
        return {"date_of_birth": ("ERR_BELOW_LIMIT", "is below the age limit")}
    return {}


def _wrong(error: Exception, wanted: Asked) -> Wrong:
    match error:
        case BadName():
            return {
                "username": ("ERR_INVALID", "must contain only letters, numbers and underscores")
            }
        case Taken(field=field):
            name = "email" if field == "email" else "username"
            return {name: ("ERR_TAKEN", "has already been taken")}
        case emails.BadAddress():
            return {"email": ("ERR_INVALID", "is invalid")}
        case NoInvite():
            return {"invite_code": ("ERR_INVALID", "is invalid")}
    length = len(wanted.text("password") or "")
    if length < SHORTEST:
        sentence = f"is too short (minimum is {SHORTEST} characters)"
        return {"password": ("ERR_TOO_SHORT", sentence)}
    if length > LONGEST:
        return {"password": ("ERR_TOO_LONG", f"is too long (maximum is {LONGEST} characters)")}
    return {"password": ("ERR_INVALID", "is among the first that anyone would try")}


def _tidy(written: str) -> str:
    try:
        return emails.tidy(written)
    except emails.BadAddress as error:
        raise Invalid({"email": ("ERR_INVALID", "is invalid")}) from error
