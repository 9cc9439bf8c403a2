"""Public boards as collections of notes, and the list of them (docs/decisions/, boards)."""

from aiohttp import web

from actors.actor import Actor, local_actor
from actors.blocks import keeps_out
from core import sql
from core.paging import number
from core.settings import settings
from federation.write import stamp
from notes.boards import Board, Sharing, board_of, boards_by
from notes.visible import Condition, seen_by
from web.activitypub.answers import as2, wants_as2
from web.activitypub.asking import known_asker
from web.activitypub.collections import collection, collection_page
from web.errors import Missing
from web.pages import boards as page

PAGE = 40


async def board(request: web.Request) -> web.StreamResponse:
    """Answer with a board: servers get the collection of a public one, browsers the page."""
    if not wants_as2(request):
        return await page.page(request)
    asking = await known_asker(request)
    found = await board_of(number(request.match_info["key"]) or 0)
    if found is None or found.sharing is not Sharing.PUBLIC or not found.owner.is_present:
        raise Missing(request.path)
    if asking is not None and await keeps_out(found.owner, asking):
        raise Missing(request.path)
    uri = settings().url(found.page)
    if "page" in request.query:
        return as2(await _page(request, found, uri, asking))
    total = await _total(found, asking)
    return as2(collection(uri, total, first=f"{uri}?page=true") | _told(found))


async def boards_of(request: web.Request) -> web.Response:
    """List the public boards of somebody here; their actor document names this in `streams`."""
    asking = await known_asker(request)
    owner = await local_actor(request.match_info["name"])
    if owner is None or not owner.is_present or (asking and await keeps_out(owner, asking)):
        raise Missing(request.path)
    uris = [settings().url(each.page) for each in await boards_by(owner, None)]
    told = {"attributedTo": owner.uri, "orderedItems": uris}
    return as2(collection(f"{owner.uri}/boards", len(uris)) | told)


def _told(found: Board) -> dict[str, object]:
    told: dict[str, object] = {
        "attributedTo": found.owner.uri,
        "name": found.name,
        "published": stamp(found.created_at),
    }
    return told | ({"summary": found.about} if found.about else {})


def _open_to(asking: Actor | None) -> Condition:
    """Say what of a board another server reads: notes that are open, and that it may see."""
    seen, values = seen_by(asking)
    return (
        "FROM board_note m JOIN note n ON n.id = m.note_id JOIN actor a ON a.id = n.author_id"
        f" WHERE m.board_id = ? AND n.audience IN ('public', 'quiet') AND {seen}",
        values,
    )


async def _total(found: Board, asking: Actor | None) -> int:
    rest, values = _open_to(asking)
    rows = await sql.rows(f"SELECT COUNT(*) AS many {rest}", [found.id, *values])
    return int(rows[0]["many"])


async def _page(
    request: web.Request, found: Board, uri: str, asking: Actor | None
) -> dict[str, object]:
    rest, values = _open_to(asking)
    before = number(request.query.get("before", ""))
    older = "" if before is None else " AND m.id < ?"
    rows = await sql.rows(
        f"SELECT m.id, n.uri {rest}{older} ORDER BY m.id DESC LIMIT ?",
        [found.id, *values, *([] if before is None else [before]), PAGE + 1],
    )
    shown = rows[:PAGE]
    more = f"{uri}?page=true&before={shown[-1]['id']}" if len(rows) > PAGE else None
    return collection_page(f"{uri}?page=true", uri, [row["uri"] for row in shown], more)
