"""Answering other servers: AS2 bytes, and choosing between them and a page."""

from typing import Any

from aiohttp import web

from federation.vocabulary import AS2
from federation.write import dumps, with_context

HEADERS = {
    "Content-Type": AS2,
    "Vary": "Accept, Signature, Authorization, Cookie",
    "X-Content-Type-Options": "nosniff",
}


def wants_as2(request: web.Request) -> bool:
    """Tell whether a server asks, not a browser; q-values are ignored (federation.md 2)."""
    accept = ",".join(request.headers.getall("Accept", [])).lower()
    return "application/activity+json" in accept or "application/ld+json" in accept


def as2(document: dict[str, Any], *, is_public: bool = False, status: int = 200) -> web.Response:
    """Answer with a document of ours; others may keep a public one for a while."""
    body = dumps(document if "@context" in document else with_context(document))
    return as2_bytes(body, is_public=is_public, status=status)


def as2_bytes(body: bytes, *, is_public: bool = False, status: int = 200) -> web.Response:
    """Answer with a document that is written already."""
    # What a signature opens must not lie in a shared cache (security.md WEB-08).
    cache = "public, max-age=180" if is_public else "private, no-store"
    return web.Response(body=body, status=status, headers=HEADERS | {"Cache-Control": cache})
