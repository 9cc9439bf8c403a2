"""The page of a tag, and following it."""

import pytest

from notes.followed_tags import FollowedTag
from tests.conftest import account_of


async def test_a_tag_is_followed_and_no_longer(settle, browser):
    mei = await settle("mei")
    await browser.sign_in(await account_of(mei))

    text = await (await browser.get("/tags/Tea")).text()
    assert "/follow" in text
    answer = await browser.post("/tags/Tea/follow")
    assert (answer.status, answer.headers["Location"]) == (303, "/tags/tea")
    assert (await FollowedTag.get().select_related("tag")).tag.name == "tea"
    text = await (await browser.get("/tags/tea")).text()
    assert "/tags/tea/unfollow" in text
    await browser.post("/tags/tea/unfollow")
    assert not await FollowedTag.exists()


@pytest.mark.parametrize("name", ["12", "%3C", "a%20b"])
async def test_what_is_no_tag_is_not_followed(settle, browser, name):
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.fill("/tags/tea", f"/tags/{name}/follow", {})

    assert answer.status == 404
    assert not await FollowedTag.exists()


async def test_strangers_follow_no_tags(settle, browser):
    await settle("mei")

    text = await (await browser.get("/tags/tea")).text()
    answer = await browser.post("/tags/tea/follow")

    assert "/tags/tea/follow" not in text
    assert answer.status in (303, 401, 403)
    assert not await FollowedTag.exists()
