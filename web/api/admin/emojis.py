"""/api/rubric/v1/admin/emojis: the emojis of this server, taken in and taken away by admins."""

from aiohttp import web

from actors.emojis import all_own
from moderation.emojis import add_emoji, remove_emoji
from notes.own_emojis import MOST_BYTES, NotTaken
from web.addresses import address_of
from web.api.access import account_of
from web.api.answers import answer, nothing
from web.api.asked import asked
from web.api.entities.emojis import own_in_picker
from web.api.errors import Invalid, Lacking
from web.errors import Missing
from web.refusals import why

MOST_SENT = 8 * MOST_BYTES  # whoever sends a little too much is told so


async def index(request: web.Request) -> web.Response:
    """The emojis of this server, by their codes."""
    return answer(own_in_picker(await all_own()))


async def create(request: web.Request) -> web.Response:
    """Let the picture `image` be written as `:shortcode:`; answers with the emoji."""
    wanted = await asked(request, most=MOST_SENT)
    code, picture = wanted.needed("shortcode"), wanted.upload("image")
    if picture is None:
        raise Lacking("image")
    try:
        made = await add_emoji(
            code, picture.data, by=account_of(request).actor, address=address_of(request)
        )
    except NotTaken as error:
        field = "image" if error.field == "picture" else "shortcode"
        raise Invalid({field: ("ERR_INVALID", why(error))}) from error
    return answer(own_in_picker([made])[0])


async def delete(request: web.Request) -> web.Response:
    """Take one away; where it was written, its code is read."""
    code, by = request.match_info["shortcode"], account_of(request).actor
    if not await remove_emoji(code, by=by, address=address_of(request)):
        raise Missing(request.path)
    return nothing()
