"""The description of the installed app."""

import json

from aiohttp.test_utils import make_mocked_request

from core.settings import use
from tests.web import samples
from web.pages import manifest
from web.render import STATIC


async def test_the_app_has_the_name_of_the_place_and_icons_that_exist():
    use(samples.SETTINGS)

    answer = await manifest.show(make_mocked_request("GET", "/manifest.webmanifest"))

    described = json.loads(answer.text)
    assert answer.content_type == "application/manifest+json"
    assert described["name"] == "Lantern Street"
    for icon in described["icons"]:
        assert (STATIC / icon["src"].removeprefix("/static/").partition("?")[0]).exists()
