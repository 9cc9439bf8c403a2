"""Which server is asking: the signature of a GET, believed like that of a letter."""

from datetime import timedelta

from aiohttp import web

from actors.actor import Actor
from actors.senders import sender_again, sender_of
from core import metrics
from core.settings import settings
from federation.errors import FederationError, Refused, Unbelievable, Unreachable
from federation.signatures import Letter, Signed, signed_by, verify, verify_without_query
from federation.urls import host_of
from moderation.gate import Dropped, admit_host
from moderation.letting_in import as_of_now
from web.api.access import account_of, admit, person
from web.errors import Missing
from web.keys import ASKER

IS_LOOSE: web.RequestKey[bool] = web.RequestKey("is_loose", bool)


def letter_of(request: web.Request, body: bytes = b"") -> Letter:
    """Take a request as it came: its raw target, all header lines, and our own name."""
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers
    ]
    base_url = settings().server.base_url
    return Letter(
        request.method,
        request.raw_path,
        headers,
        body,
        base_url.partition("://")[2],
        base_url,
    )


async def asker(request: web.Request) -> Actor | None:
    """Return who signed this GET, or whose token came with it, or None; read once for each request.

    Raises Unbelievable for a wrong signature, Refused for servers that are not let in, Unreachable
    while nobody can tell whose key it is.
    """
    if ASKER not in request:
        has_signature = "Signature" in request.headers or "Signature-Input" in request.headers
        if not has_signature and _has_token(request):
            request[ASKER], request[IS_LOOSE] = await _holder(request), False
            return request[ASKER]
        try:
            request[ASKER], request[IS_LOOSE] = (
                await _believed(letter_of(request)) if has_signature else (None, False)
            )
        except Dropped as error:
            # Refused without being told so: to them there is nothing here.
            raise Missing(request.path) from error
    return request[ASKER]


async def known_asker(request: web.Request) -> Actor | None:
    """Return who asks; raise Unbelievable for strangers where only signed GETs are answered."""
    found = await asker(request)
    if found is None and settings().federation.authorized_fetch:
        raise Unbelievable("sign your request: this server answers only servers it knows")
    return found


def _has_token(request: web.Request) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


async def _holder(request: web.Request) -> Actor:
    """Return whose token a program of a person here brought (docs/api.md)."""
    await admit(request, person("read"))
    return account_of(request).actor


def is_loose(request: web.Request) -> bool:
    """Tell whether the asker's signature leaves out the query, and so opens open things alone."""
    return IS_LOOSE in request and request[IS_LOOSE]


async def _believed(letter: Letter) -> tuple[Actor, bool]:
    window = timedelta(seconds=settings().federation.signature_window_s)
    signed = signed_by(letter, window=window)
    await admit_host(host_of(signed.key_id))
    try:
        actor, key = await sender_of(signed.key_id)
        loose = _fits(letter, signed, key)
        if loose is None:
            actor, key = await sender_again(signed.key_id)
            loose = _fits(letter, signed, key)
    except Unreachable:
        raise
    except FederationError as error:
        raise Unbelievable(f"the key {signed.key_id[:200]} does not show who asks") from error
    if loose is None or actor.is_local:
        raise Unbelievable(f"{signed.key_id[:200]} did not sign this")
    # The key may come from memory; whether they may read counts as of now.
    actor = await as_of_now(actor)
    if not actor.is_present:
        raise Refused(f"{actor.uri} may not ask")
    if loose:
        metrics.loose_signatures.inc()
    return actor, loose


def _fits(letter: Letter, signed: Signed, key: str) -> bool | None:
    """Tell whether the signature is good but for the query, or None when it is not good (SIG-04).

    Mastodon and GoToSocial once left the query out.
    """
    for check, loose in ((verify, False), (verify_without_query, True)):
        try:
            check(letter, signed, key)
        except Unbelievable:
            continue
        return loose
    return None
