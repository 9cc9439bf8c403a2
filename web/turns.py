"""Those who send much take turns, so that a page asked for meanwhile waits for one piece alone.

Without it each of them would have all that came for it read in one step, one after another, while
nobody else is answered.
"""

import asyncio

from aiohttp import web

TURNS = web.AppKey("turns", asyncio.Lock)


async def take_turn(request: web.Request) -> None:
    """Wait until everything else that is ready was done once, and each who waits here before."""
    async with request.config_dict[TURNS]:
        await asyncio.sleep(0)
