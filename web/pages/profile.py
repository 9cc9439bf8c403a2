"""A person's page, and who follows whom."""

from typing import Any

from aiohttp import web

from actors.actor import Actor, by_handle
from actors.blocks import is_blocked
from actors.follows import followed_by, followers_of
from core.paging import page_from
from core.settings import settings
from federation.errors import Gone
from federation.webfinger import parse_handle
from inbox.reading import Replies, of_author
from inbox.slices import notes_of
from notes.boards import boards_by
from notes.note import Note
from notes.reactions import Pin
from web.activitypub.answers import wants_as2
from web.asking import reader
from web.building.boards import board_cards
from web.building.people import people_cards, person_card, person_page
from web.errors import Missing
from web.narrowing import wanted_shows
from web.pages.home import cards_page, feed
from web.paging import pager
from web.render import query, render
from web.texts import _
from web.views.frame import Pager, Tab

PEOPLE = 40


async def show(request: web.Request) -> web.StreamResponse:
    """Show a person and their notes, pinned ones first; other servers are led to the document."""
    if wants_as2(request):
        actor = await person_of(request)
        if actor.is_local:
            raise web.HTTPFound(actor.uri)
    return await _notes(request, Replies.WITHOUT)


async def replies(request: web.Request) -> web.StreamResponse:
    """Show a person and what they answered to others."""
    return await _notes(request, Replies.ONLY)


async def boards(request: web.Request) -> web.StreamResponse:
    """Show a person and the boards of theirs that the reader may look at."""
    actor, viewer = await person_of(request), await reader(request)
    return render(
        request,
        "profile_boards.html",
        person=await person_page(actor, viewer),
        faces=_faces(actor, "boards"),
        boards=await board_cards(await boards_by(actor, viewer), viewer),
        pager=Pager(),
    )


async def followers(request: web.Request) -> web.StreamResponse:
    """Show who follows someone, if they let it be seen (security.md PRIV-08)."""
    return await _people(request, "followers")


async def following(request: web.Request) -> web.StreamResponse:
    """Show whom someone follows, if they let it be seen."""
    return await _people(request, "following")


async def person_of(request: web.Request) -> Actor:
    """Return whose page an address names; raise Missing, or Gone for those who left."""
    written, viewer = request.match_info["handle"], await reader(request)
    handle = parse_handle(written)
    is_ours = handle is not None and handle.host == settings().server.account_domain
    if handle and is_ours and request.method in ("GET", "HEAD"):
        raise web.HTTPSeeOther(f"/@{handle.name.lower()}")
    actor = await _known(written)
    if actor is None and handle and viewer:
        # The search asks their server; this page asks nobody.
        raise web.HTTPSeeOther(query("/search", q=f"@{handle}"))
    return await met(actor, viewer, written)


async def person_called(written: str, viewer: Actor | None) -> Actor:
    """Return whom `ben` or `ana@elsewhere.example` is; raise Missing, or Gone for who left."""
    return await met(await _known(written), viewer, written)


async def _known(written: str) -> Actor | None:
    if "@" not in written:
        return await by_handle(written, None)
    handle = parse_handle(written)
    return await by_handle(handle.name, handle.host) if handle else None


async def met(actor: Actor | None, viewer: Actor | None, written: str) -> Actor:
    """Let a viewer meet someone; who blocks them is as if not there (security.md PRIV-07)."""
    if actor is None or (viewer and await is_blocked(actor.id, viewer.id)):
        raise Missing(written)
    if actor.gone_at is not None:
        raise Gone(actor.uri)
    return actor


async def _notes(request: web.Request, wanted: Replies) -> web.StreamResponse:
    actor, viewer = await person_of(request), await reader(request)
    page, shows = cards_page(request), wanted_shows(request)
    found = await of_author(actor, viewer, page, replies=wanted, shows=shows)
    if wanted is Replies.WITHOUT and shows is None and page.max_id is None and page.min_id is None:
        pinned = await _pinned(actor, viewer)
        first = {note.id for note in pinned}
        found = found.holding([*pinned, *(each for each in found.rows if each.id not in first)])
    is_replies = wanted is Replies.ONLY
    return render(
        request,
        "profile.html",
        person=await person_page(actor, viewer),
        faces=_faces(actor, "replies" if is_replies else ""),
        **await feed(request, found, viewer, source="" if is_replies else f"@{actor.handle}"),
    )


def _faces(actor: Actor, current: str) -> tuple[Tab, ...]:
    ways = {"": _("Notes"), "boards": _("Boards"), "replies": _("Replies")}
    return tuple(
        Tab(label, f"{actor.page}/{way}" if way else actor.page, way == current)
        for way, label in ways.items()
        # Boards of other servers are not fetched.
        if way != "boards" or actor.is_local
    )


async def _pinned(actor: Actor, viewer: Actor | None) -> list[Note]:
    pins = await Pin.filter(actor_id=actor.id).order_by("-id").values("note_id")
    return await notes_of([row["note_id"] for row in pins], viewer)


async def _people(request: web.Request, kind: str) -> web.StreamResponse:
    actor, viewer = await person_of(request), await reader(request)
    is_mine = viewer is not None and viewer.id == actor.id
    is_hidden = (actor.hides_follows and not is_mine) or not actor.is_present
    ways = {"followers": _("Followers"), "following": _("Following")}
    context: dict[str, Any] = {"people": (), "pager": Pager()}
    if not is_hidden:
        page = page_from(request.query, limit=PEOPLE, most=PEOPLE)
        listed = followers_of if kind == "followers" else followed_by
        found = await listed(actor, page)
        people = await people_cards(found.rows, viewer)
        context = {"people": people, "pager": pager(request, found)}
    return render(
        request,
        "follows.html",
        person=person_card(actor),
        kind=kind,
        is_hidden=is_hidden,
        faces=tuple(Tab(label, f"{actor.page}/{way}", way == kind) for way, label in ways.items()),
        **context,
    )
