"""The emojis of this server: admins take them in and away."""

from aiohttp import web

from actors.accounts import Role
from actors.emojis import all_own, emoji_path
from moderation.emojis import add_emoji, remove_emoji
from notes.orders import TooHeavy
from notes.own_emojis import MOST_BYTES, NotTaken
from web.addresses import address_of
from web.asking import staff
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form
from web.views.notes import OwnEmoji

PAGE = "/admin/emojis"
MOST_SENT = 8 * MOST_BYTES  # whoever sends a little too much is told so beside the form


async def show(request: web.Request) -> web.StreamResponse:
    """List what can be written here, with a form for one more."""
    await staff(request, Role.ADMIN)
    return await _page(request)


async def add(request: web.Request) -> web.StreamResponse:
    """Let a picture be written as a word between colons."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request, most=MOST_SENT)
    picture = form.file("picture")
    if picture is None:
        return await _page(request, form.shown({"picture": _("Choose a picture.")}))
    try:
        made = await add_emoji(
            form.text("code"), picture.data, by=account.actor, address=address_of(request)
        )
    except NotTaken as error:
        return await _page(request, form.shown({error.field: why(error)}))
    except TooHeavy as error:
        return await _page(request, form.shown({"picture": why(error)}))
    return saved(PAGE, _(":%(code)s: can be written now.", code=made.shortcode))


async def remove(request: web.Request) -> web.StreamResponse:
    """Take one away; where it was written, its name is read from now on."""
    account = await staff(request, Role.ADMIN)
    await read_form(request)
    code = request.match_info["code"]
    if not await remove_emoji(code, by=account.actor, address=address_of(request)):
        raise Missing(request.path)
    return saved(PAGE, _(":%(code)s: is taken away.", code=code))


async def _page(request: web.Request, form: Form | None = None) -> web.StreamResponse:
    return render(
        request,
        "admin/emojis.html",
        status=422 if form else 200,
        own=[OwnEmoji(each.shortcode, emoji_path(each.id)) for each in await all_own()],
        form=form or Form(),
    )
