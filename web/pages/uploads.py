"""Files of notes and people: only those we keep, as what we say they are, to whom may see them."""

from aiohttp import web

from core.storage import BadKey, NotStored, checked_key, storage, type_of
from notes.loading import Access, access_to, is_signed
from web.asking import reader
from web.errors import Missing

YEAR = 31_536_000
CACHED = {
    Access.OPEN: f"public, max-age={YEAR}, immutable",
    Access.NARROW: "private, no-store",
}


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with a file, or a part of it; what one may not see is as if it were not there.

    It is never anything that another server could take for ActivityPub (security.md ORG-02).
    """
    try:
        key = checked_key(request.match_info["key"])
        access = await _access(request, key)
        if access is Access.NONE:
            raise Missing(request.path)
        headers = {"Content-Type": type_of(key), "Cache-Control": CACHED[access]}
        path = storage().path_of(key)
        if path is None:
            return _whole(request, key, await storage().read(key), headers)
        await storage().size(key)
    except (BadKey, NotStored):
        raise Missing(request.path) from None
    return web.FileResponse(path, headers=headers)


async def _access(request: web.Request, key: str) -> Access:
    if is_signed(key, request.query.get("until", ""), request.query.get("stamp", "")):
        return Access.NARROW
    return await access_to(key, await reader(request))


def _whole(
    request: web.Request, key: str, body: bytes, headers: dict[str, str]
) -> web.StreamResponse:
    """Answer with a file that lies in another store; its name says what it holds."""
    tag = f'"{key.rpartition("/")[2]}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers | {"ETag": tag})
    return web.Response(body=body, headers=headers | {"ETag": tag})
