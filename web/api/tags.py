"""/api/v1/tags and featured_tags: hashtags, who follows them, and who shows them."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.paging import number
from notes import followed_tags
from notes.followed_tags import FeaturedTag, TagsFull, tags_followed_by, used_by
from notes.tags import tag_name
from web.api.access import account_of, reader_of
from web.api.accounts import seen_actor
from web.api.answers import answer, listed, nothing
from web.api.asked import asked
from web.api.entities.tags import featured_tags_of, tag_of, tags_of
from web.api.errors import ApiError, Invalid
from web.errors import Missing
from web.keys import Handler

Act = Callable[[Actor, str], Awaitable[object]]

FOLLOWED, MOST_FOLLOWED = 100, 200
SUGGESTED = 10


async def show(request: web.Request) -> web.Response:
    """A tag; one nobody used has no history."""
    name = request.match_info["name"].removeprefix("#")[:200]
    return answer(await tag_of(name, reader_of(request)))


def act(verb: Act) -> Handler:
    """Make the address of what one does with a tag; it answers with the tag as it is now."""

    async def handler(request: web.Request) -> web.StreamResponse:
        reader, name = account_of(request).actor, _name(request.match_info["name"])
        await _done(verb, reader, name)
        return answer(await tag_of(name, reader))

    return handler


ACTS: dict[str, tuple[Act, str]] = {
    "follow": (followed_tags.follow_tag, "follows"),
    "unfollow": (followed_tags.unfollow_tag, "follows"),
    "feature": (followed_tags.feature, "accounts"),
    "unfeature": (followed_tags.unfeature, "accounts"),
}


async def followed(request: web.Request) -> web.Response:
    """The tags one follows, the last followed first."""
    reader = account_of(request).actor
    page = (await asked(request)).page(limit=FOLLOWED, most=MOST_FOLLOWED)
    found = await tags_followed_by(reader, page)
    return listed(request, found, await tags_of(found.rows, reader), newer="since_id")


async def featured(request: web.Request) -> web.Response:
    """The tags on one's page."""
    return answer(await featured_tags_of(account_of(request).actor))


async def featured_of(request: web.Request) -> web.Response:
    """The tags on someone's page."""
    return answer(await featured_tags_of(await seen_actor(request)))


async def feature(request: web.Request) -> web.Response:
    """Show a tag on one's page; once, however often it is asked."""
    actor, name = account_of(request).actor, _name((await asked(request)).needed("name"))
    await _done(followed_tags.feature, actor, name)
    [shown] = [each for each in await featured_tags_of(actor) if each.name == name]
    return answer(shown)


async def unfeature(request: web.Request) -> web.Response:
    """Show one's tag no longer."""
    mine = FeaturedTag.filter(
        id=number(request.match_info["id"]), actor_id=account_of(request).actor.id
    )
    if not await mine.delete():
        raise Missing(request.path)
    return nothing()


async def suggestions(request: web.Request) -> web.Response:
    """The tags one used most, which one could show."""
    reader = account_of(request).actor
    return answer(await tags_of(await used_by(reader, SUGGESTED), reader))


def _name(text: str) -> str:
    if name := tag_name(text):
        return name
    raise Invalid({"name": ("ERR_INVALID", "is not a valid hashtag")})


async def _done(verb: Act, actor: Actor, name: str) -> None:
    try:
        async with in_transaction():
            await verb(actor, name)
    except TagsFull as error:
        raise ApiError(f"Validation failed: {error}") from error
