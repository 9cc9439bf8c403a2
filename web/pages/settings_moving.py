"""Settings: moving in from another address, and moving out to one."""

from aiohttp import web

from actors import credentials
from actors.accounts import Account
from actors.actor import Actor
from actors.credentials import WrongPassword
from actors.remote import look_up
from core.limits import count
from federation.errors import FederationError, NotFound
from outbox import move
from outbox.refusals import NotAllowed
from web.asking import acting, signed_in
from web.building.elsewhere import title_of
from web.building.people import person_card
from web.forms import Posted, read_form
from web.pages.settings import saved
from web.proving import demand_proof
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form
from web.views.people import Alias

PAGE = "/settings/moving"
TRIES, HOUR = 20, 3600


async def show(request: web.Request) -> web.StreamResponse:
    """The other addresses one has, and the way out."""
    return await _page(request, await signed_in(request))


async def add(request: web.Request) -> web.StreamResponse:
    """Name another address as one's own."""
    account = await acting(request)
    form = await read_form(request)
    try:
        other = await _somebody(account, form.text("alias"))
        await move.add_alias(account.actor, other)
    except NotAllowed as error:
        return await _page(request, account, alias_form=form.shown({"alias": why(error)}))
    except FederationError as error:
        nobody = _nobody(error, form.text("alias"))
        return await _page(request, account, alias_form=form.shown({"alias": nobody}))
    return saved(PAGE, _("Now you can move from there to here."))


async def drop(request: web.Request) -> web.StreamResponse:
    """Name an address no longer."""
    account = await acting(request)
    form = await read_form(request)
    await move.drop_alias(account.actor, form.text("uri"))
    return saved(PAGE, _("This address is no longer named as yours."))


async def leave(request: web.Request) -> web.StreamResponse:
    """Move out, with the password typed: followers are sent to the new address."""
    account = await acting(request)
    form = await read_form(request)
    await demand_proof(request)
    try:
        await credentials.prove(account, form.raw("move_password"))
        target = await _somebody(account, form.text("target"))
        await move.move(account.actor, target.uri)
    except WrongPassword:
        return await _wrong(
            request, account, form, "move_password", _("This is not your password.")
        )
    except NotAllowed as error:
        return await _wrong(request, account, form, "target", why(error))
    except FederationError as error:
        nobody = _nobody(error, form.text("target"))
        return await _wrong(request, account, form, "target", nobody)
    return saved(PAGE, _("You have moved. Your followers are told where you are now."))


async def stay(request: web.Request) -> web.StreamResponse:
    """Live here again after moving out."""
    account = await acting(request)
    await read_form(request)
    await move.come_back(account.actor)
    return saved(PAGE, _("You live here again."))


async def _somebody(account: Account, text: str) -> Actor:
    """Look somebody up, at their server where needed; so many times an hour."""
    await count(f"moving:{account.id}", most=TRIES, seconds=HOUR)
    return await look_up(text)


def _nobody(error: FederationError, text: str) -> str:
    if isinstance(error, NotFound):
        return _("Nobody was found at this address.")
    return title_of(error, text)


async def _wrong(
    request: web.Request, account: Account, form: Posted, field: str, sentence: str
) -> web.Response:
    return await _page(request, account, move_form=form.shown({field: sentence}))


async def _page(request: web.Request, account: Account, **forms: Form) -> web.Response:
    actor = account.actor
    uris = [*actor.aliases, actor.moved_to]
    known = {each.uri: each for each in await Actor.filter(uri__in=uris)}
    aliases = [
        Alias(uri, f"@{known[uri].full_handle}" if uri in known else uri) for uri in actor.aliases
    ]
    target = known.get(actor.moved_to)
    return render(
        request,
        "settings/moving.html",
        status=422 if forms else 200,
        aliases=aliases,
        moved_to=person_card(target) if target else None,
        has_moved=bool(actor.moved_to),
        alias_form=forms.get("alias_form", Form()),
        move_form=forms.get("move_form", Form()),
    )
