"""Files of notes and people: only those we keep, as what we say they are, to whom may see them."""

from aiohttp import web

from core.settings import settings
from core.storage import BadKey, NotStored, checked_key, storage, type_of
from notes.loading import Access, access_to, is_signed
from web.asking import reader
from web.errors import Missing
from web.sending import send_file

YEAR = 31_536_000
# An address that a store signed for us, and how long others may send people there.
SIGNED_S = 3600
REDIRECTED_S = 1800

OPEN = {
    "Cache-Control": f"public, max-age={YEAR}, immutable",
    # Pages of other origins may read what everybody may see: apps draw pictures on canvases.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
}
NARROW = {"Cache-Control": "private, no-store"}


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with a file, or a part of it; what one may not see is as if it were not there.

    It is never anything that another server could take for ActivityPub (security.md ORG-02).
    """
    try:
        key = checked_key(request.match_info["key"])
        access = await _access(request, key)
        if access is Access.NONE:
            raise Missing(request.path)
        return await send(request, key, is_open=access is Access.OPEN)
    except (BadKey, NotStored):
        raise Missing(request.path) from None


async def send(request: web.Request, key: str, *, is_open: bool) -> web.StreamResponse:
    """Send a file to somebody who may see it. Raises BadKey, NotStored, StorageTrouble."""
    if is_open and settings().media.s3.redirect:
        await storage().size(key)
        if target := await storage().address_of(key, seconds=SIGNED_S):
            kept = OPEN | {"Cache-Control": f"public, max-age={REDIRECTED_S}", "Location": target}
            return web.Response(status=302, headers=kept)
    kind = {"Content-Type": type_of(key)}
    return await send_file(request, key, kind | (OPEN if is_open else NARROW))


async def _access(request: web.Request, key: str) -> Access:
    if is_signed(key, request.query.get("until", ""), request.query.get("stamp", "")):
        return Access.NARROW
    viewer = None if is_on_host_for_files(request) else await reader(request)
    return await access_to(key, viewer)


def is_on_host_for_files(request: web.Request) -> bool:
    """Tell whether the host that files have for themselves was asked, which knows nobody."""
    return settings().media.base_url.endswith(f"//{request.headers.get('Host')}")
