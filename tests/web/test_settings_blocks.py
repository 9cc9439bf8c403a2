"""The page of blocks and mutes."""

from actors.blocks import Mute
from core.ids import new_id
from outbox.block import block
from tests.conftest import account_of


async def test_blocked_and_muted_people_are_listed_and_let_go(settle, browser):
    mei, ben, eve = await settle("mei"), await settle("ben"), await settle("eve")
    await block(mei, eve)
    await Mute.create(id=new_id(), muter=mei, muted=ben)
    await browser.sign_in(await account_of(mei))

    page = await (await browser.get("/settings/blocks")).text()
    await browser.post("/@eve/unblock")
    await browser.post("/@ben/unmute")
    after = await (await browser.get("/settings/blocks")).text()

    assert "@eve" in page
    assert "@ben" in page
    assert "@eve" not in after
    assert "@ben" not in after


async def test_nobody_sees_the_blocks_of_others(settle, browser):
    mei, eve = await settle("mei"), await settle("eve")
    await block(mei, eve)
    await browser.sign_in(await account_of(eve))

    page = await (await browser.get("/settings/blocks")).text()

    assert "@mei" not in page
