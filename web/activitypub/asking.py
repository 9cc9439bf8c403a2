"""Which server is asking: the signature of a GET, believed like that of a letter."""

from datetime import timedelta

from aiohttp import web

from actors.actor import Actor
from actors.remote import sender_again, sender_of
from core.settings import settings
from federation.errors import FederationError, Unbelievable
from federation.signatures import Letter, signed_by, verify
from federation.urls import host_of
from moderation.gate import admit_host
from web.keys import ASKER


def letter_of(request: web.Request, body: bytes = b"") -> Letter:
    """Take a request as it came: its raw target, all header lines, and our own name."""
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers
    ]
    return Letter(
        request.method,
        request.raw_path,
        headers,
        body,
        settings().server.domain,
        settings().server.base_url,
    )


async def asker(request: web.Request) -> Actor | None:
    """Return who signed this GET, or None when nobody did; read once for each request.

    Raises Unbelievable for a wrong signature, Refused for servers that are not let in.
    """
    if ASKER not in request:
        has_signature = "Signature" in request.headers or "Signature-Input" in request.headers
        request[ASKER] = await _believed(letter_of(request)) if has_signature else None
    return request[ASKER]


async def known_asker(request: web.Request) -> Actor | None:
    """Return who asks; raise Unbelievable for strangers where only signed GETs are answered."""
    found = await asker(request)
    if found is None and settings().federation.authorized_fetch:
        raise Unbelievable("sign your request: this server answers only servers it knows")
    return found


async def _believed(letter: Letter) -> Actor:
    window = timedelta(seconds=settings().federation.signature_window_s)
    signed = signed_by(letter, window=window)
    await admit_host(host_of(signed.key_id))
    try:
        actor, key = await sender_of(signed.key_id)
        try:
            verify(letter, signed, key)
        except Unbelievable:
            actor, key = await sender_again(signed.key_id)
            verify(letter, signed, key)
    except FederationError as error:
        raise Unbelievable(f"the key {signed.key_id[:200]} does not show who asks") from error
    if actor.is_local or not actor.is_present:
        raise Unbelievable(f"{actor.uri} may not ask")
    return actor
