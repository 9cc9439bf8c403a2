"""Passkeys: what a script of ours asks before and after it speaks with the device."""

import json

from aiohttp import web
from tortoise.transactions import in_transaction

from actors import passkeys, second_factor, sessions
from actors.accounts import Account, may_sign_in
from actors.passkeys import BadPasskey
from core.limits import count
from core.settings import settings
from web import halfway
from web.addresses import address_of
from web.asking import signed_in
from web.errors import BadForm, NotSignedIn
from web.forms import Posted, read_form
from web.pages.sign_in import go_in, why_not
from web.proving import demand_proof
from web.sessions import session_of, visit_of
from web.texts import _

FIVE_MINUTES = 300
MOST = 30
SIGN_IN, SECOND, PROVE = "sign-in", "second", "prove"


async def ask_new(request: web.Request) -> web.StreamResponse:
    """Say what a new key has to be made of."""
    account = await signed_in(request)
    await read_form(request)
    await demand_proof(request, always=True)
    return _json(json.loads(await passkeys.to_register(account, await _holder(request))))


async def keep_new(request: web.Request) -> web.StreamResponse:
    """Keep a new key; with the first second factor come the recovery codes, shown this once."""
    account = await signed_in(request)
    form = await read_form(request)
    await demand_proof(request, always=True)
    session = await session_of(request)
    if session is None:
        raise NotSignedIn("the session has ended")
    try:
        async with in_transaction():
            key = form.raw("credential")
            label = form.text("label") or _("A passkey")
            await passkeys.register(account, key, label, await _holder(request))
            made = await second_factor.settle_in(account, session.id)
    except BadPasskey:
        return _wrong(_("This passkey could not be read, or is known already."))
    return _json({"codes": made})


async def ask(request: web.Request) -> web.StreamResponse:
    """Say what a key has to sign, for signing in, for its second step or for a proof."""
    form = await read_form(request)
    await _count(request)
    purpose = form.text("purpose")
    account = await _account(request, purpose)
    return _json(json.loads(await passkeys.to_sign(account, await _holder(request), purpose)))


async def answer(request: web.Request) -> web.StreamResponse:
    """Take what a key signed, and say where to go on."""
    form = await read_form(request)
    await _count(request)
    purpose = form.text("purpose")
    account = await _account(request, purpose)
    holder, alone = await _holder(request), purpose == SIGN_IN
    try:
        key = await passkeys.signed_by(form.raw("credential"), holder, purpose, alone=alone)
    except BadPasskey:
        return _wrong(_("This passkey does not fit."))
    if account is not None and key.account_id != account.id:
        return _wrong(_("This passkey does not fit."))
    if purpose == PROVE:
        return await _proved(request, form)
    return await _go_in(request, form, key.account)


async def _proved(request: web.Request, form: Posted) -> web.StreamResponse:
    session = await session_of(request)
    if session is None:
        raise NotSignedIn("the session has ended")
    await sessions.prove(session)
    return _json({"next": form.next()})


async def _go_in(request: web.Request, form: Posted, account: Account) -> web.StreamResponse:
    if not may_sign_in(account):
        return _wrong(why_not(account))
    entered = await go_in(request, account, form.next(), is_strong=True)
    halfway.forget(entered)
    response = _json({"next": form.next()})
    for name, morsel in entered.cookies.items():
        response.cookies[name] = morsel
    return response


async def _account(request: web.Request, purpose: str) -> Account | None:
    """Return whose keys are asked; None where any key of this place will do."""
    if purpose == SIGN_IN:
        return None
    if purpose == PROVE:
        return await signed_in(request)
    if purpose == SECOND:
        if account := await halfway.halfway(request):
            return account
        raise NotSignedIn("the password was shown too long ago")
    raise BadForm(f"no such purpose: {purpose[:20]}")


async def _holder(request: web.Request) -> str:
    """Name this browser, so that what one was asked counts in no other."""
    session = await session_of(request)
    return session.token_hash if session else visit_of(request)


async def _count(request: web.Request) -> None:
    most = settings().limits.logins_per_address and MOST
    await count(f"passkeys from {address_of(request)}", most=most, seconds=FIVE_MINUTES)


def _wrong(sentence: str) -> web.Response:
    return _json({"error": str(sentence)}, status=422)


def _json(said: object, *, status: int = 200) -> web.Response:
    return web.json_response(said, status=status, headers={"Cache-Control": "no-store"})
