"""Settings: whom and which servers one blocks, and whom one has muted."""

from aiohttp import web

from actors.actor import Actor
from actors.blocks import Block, ServerBlock, muted_by
from core.paging import number
from outbox.block_server import block_server, unblock_server
from outbox.refusals import NotAllowed
from web.asking import acting, signed_in
from web.building.people import people_cards
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form
from web.views.people import BlockedServer

PAGE = "/settings/blocks"
MOST = 500


async def show(request: web.Request) -> web.StreamResponse:
    """List them, the newest block first, each with the way back."""
    account = await signed_in(request)
    asked = request.query.get("server", "")[:300]
    return await _page(request, account.actor, Form(values={"server": asked} if asked else {}))


async def add_server(request: web.Request) -> web.StreamResponse:
    """Block a whole server."""
    account = await acting(request)
    form = await read_form(request)
    try:
        row = await block_server(account.actor, form.text("server"))
    except NotAllowed as error:
        return await _page(request, account.actor, form.shown({"server": why(error)}))
    return saved(PAGE, _("You block everyone on %(host)s.", host=row.host))


async def free_server(request: web.Request) -> web.StreamResponse:
    """Let a server come near again."""
    account = await acting(request)
    await read_form(request)
    row = await ServerBlock.get_or_none(
        id=number(request.match_info["id"]) or 0, blocker_id=account.actor_id
    )
    if row is None:
        raise Missing(request.path)
    await unblock_server(account.actor, row.host)
    return saved(PAGE, _("You no longer block %(host)s.", host=row.host))


async def _page(request: web.Request, viewer: Actor, form: Form) -> web.Response:
    servers = await ServerBlock.filter(blocker_id=viewer.id).order_by("host")
    blocks = (
        await Block.filter(blocker_id=viewer.id)
        .order_by("-id")
        .limit(MOST)
        .select_related("blocked")
    )
    muted = await Actor.filter(id__in=await muted_by(viewer.id)).order_by("name").limit(MOST)
    return render(
        request,
        "settings/blocks.html",
        status=422 if form.errors else 200,
        form=form,
        servers=[BlockedServer(each.id, each.host) for each in servers],
        blocked=await people_cards([block.blocked for block in blocks], viewer),
        muted=await people_cards(muted, viewer),
    )
