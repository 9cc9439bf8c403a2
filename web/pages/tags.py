"""The notes of a tag, and having them come home."""

from urllib.parse import quote

from aiohttp import web

from inbox.explore import uses_of
from inbox.tagged import of_tag
from notes.followed_tags import FollowedTag, TagsFull, follow_tag, unfollow_tag
from notes.tags import Tag, tag_name
from web.asking import acting, reader
from web.building.notes import tag_card
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.narrowing import wanted_shows
from web.pages.home import cards_page, feed
from web.render import render
from web.texts import _


async def show(request: web.Request) -> web.StreamResponse:
    """Show the public notes of a tag; one nobody used yet has none."""
    viewer = await reader(request)
    name = request.match_info["tag"][:200]
    found = await of_tag(name, viewer, cards_page(request), shows=wanted_shows(request))
    # A tag is called as its first writer wrote it, but only once something public carries it.
    tag = await Tag.get_or_none(name=name.casefold()) if found.rows else None
    is_followed = viewer is not None and await FollowedTag.exists(
        reader_id=viewer.id, tag__name=name.casefold()
    )
    return render(
        request,
        "tag.html",
        tag=tag_card(tag.shown if tag else name, await uses_of(name)),
        is_followed=is_followed,
        **await feed(request, found, viewer, source=f"tag:{name.casefold()}"),
    )


async def follow(request: web.Request) -> web.StreamResponse:
    """Have the public notes with a tag come into one's home."""
    account, name = await acting(request), _name(request)
    await read_form(request)
    response = _back(name)
    try:
        await follow_tag(account.actor, name)
    except TagsFull:
        say(response, _("You follow as many tags as one can."))
    return response


async def unfollow(request: web.Request) -> web.StreamResponse:
    """Follow a tag no longer."""
    account, name = await acting(request), _name(request)
    await read_form(request)
    await unfollow_tag(account.actor, name)
    return _back(name)


def _name(request: web.Request) -> str:
    name = tag_name(request.match_info["tag"])
    if not name:
        raise Missing(request.path)
    return name


def _back(name: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/tags/{quote(name)}"})
