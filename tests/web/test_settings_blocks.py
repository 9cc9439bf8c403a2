"""The page of blocks and mutes."""

from actors.blocks import Mute, ServerBlock
from core.ids import new_id
from outbox.block import block
from tests.conftest import account_of
from tests.factories import stranger


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


async def test_a_server_is_blocked_and_let_go_on_the_page(settle, browser):
    mei, ben = await settle("mei"), await settle("ben")
    await stranger("ana", "bad.example")
    await browser.sign_in(await account_of(mei))

    profile = await (await browser.get("/@ana@bad.example")).text()
    form = await (await browser.get("/settings/blocks?server=bad.example")).text()
    done = await browser.post("/settings/blocks/servers", {"server": "bad.example"})
    page = await (await browser.get("/settings/blocks")).text()
    row = await ServerBlock.get(blocker_id=mei.id)

    assert "/settings/blocks?server=bad.example#servers" in profile
    assert 'value="bad.example"' in form
    assert done.status == 303
    assert ">bad.example<" in page
    assert (
        "You block the server of this person."
        in await (await browser.get("/@ana@bad.example")).text()
    )
    await browser.sign_in(await account_of(ben))
    assert (await browser.post(f"/settings/blocks/servers/{row.id}/end")).status == 404
    await browser.sign_in(await account_of(mei))
    assert (await browser.post(f"/settings/blocks/servers/{row.id}/end")).status == 303
    assert not await ServerBlock.exists()


async def test_a_name_that_is_none_is_shown_again_with_the_reason(settle, browser):
    await browser.sign_in(await account_of(await settle("mei")))

    answer = await browser.post("/settings/blocks/servers", {"server": "no name"})

    assert answer.status == 422
    text = await answer.text()
    assert "This is not the name of a server." in text
    assert 'value="no name"' in text
