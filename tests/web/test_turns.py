"""Those who send much take turns."""

import asyncio
from itertools import groupby

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from web.turns import TURNS, take_turn

PIECES = 5


def _request() -> web.Request:
    app = web.Application()
    app[TURNS] = asyncio.Lock()
    return make_mocked_request("POST", "/", app=app)


async def _send(request: web.Request, name: str, told: list[str]) -> None:
    for _ in range(PIECES):
        await take_turn(request)
        told.append(name)


async def test_DOS_06_of_many_who_send_one_goes_on_before_others_are_answered():
    request, told = _request(), list[str]()

    async def answer() -> None:
        while True:
            told.append(".")
            await asyncio.sleep(0)

    answering = asyncio.create_task(answer())
    await asyncio.gather(*(_send(request, name, told) for name in "abcd"))
    answering.cancel()

    between = [list(names) for is_page, names in groupby(told, ".".__eq__) if not is_page]
    assert max(len(names) for names in between) == 1
    assert sorted("".join(told).replace(".", "")) == sorted("abcd" * PIECES)


async def test_each_has_as_many_turns_as_the_others():
    request, told = _request(), list[str]()

    await asyncio.gather(*(_send(request, name, told) for name in "abcd"))

    rounds = [told[first : first + 4] for first in range(0, len(told), 4)]
    assert all(sorted(each) == list("abcd") for each in rounds)


async def test_who_goes_away_leaves_their_turn_to_the_next():
    request = _request()
    gone = [asyncio.create_task(take_turn(request)) for _ in range(3)]
    await asyncio.sleep(0)
    for each in gone:
        each.cancel()

    async with asyncio.timeout(5):
        await take_turn(request)
