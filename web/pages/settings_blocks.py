"""Settings: whom one blocks, and whom one has muted."""

from aiohttp import web

from actors.actor import Actor
from actors.blocks import Block, muted_by
from web.asking import signed_in
from web.building.people import people_cards
from web.render import render

MOST = 500


async def show(request: web.Request) -> web.StreamResponse:
    """List both, the newest block first, each with the way back."""
    viewer = (await signed_in(request)).actor
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
        blocked=await people_cards([block.blocked for block in blocks], viewer),
        muted=await people_cards(muted, viewer),
    )
