"""Moving in and out: the page, and what follows from it."""

import pytest

from actors.actor import Actor
from actors.follows import Follow
from notes.note import Note
from outbox.announce import boost
from outbox.create import publish
from outbox.draft import Draft
from outbox.move import MOST_ALIASES, add_alias, move
from outbox.refusals import NotAllowed
from tests.conftest import PASSWORD, account_of
from tests.factories import followed, noted, stranger
from tests.walks.people import fan_of, known

PAGE = "/settings/moving"


@pytest.fixture
async def mei(settle, browser):
    mei = await settle("mei")
    await browser.sign_in(await account_of(mei))
    await browser.get(PAGE)
    return mei


async def again(actor) -> Actor:
    return await Actor.get(id=actor.id)


async def test_another_address_is_named_and_taken_back(browser, mei, remote, settle_down):
    ana, actor = await known(remote, "ana")
    await followed(actor, mei)

    named = await browser.post(f"{PAGE}/aliases", {"alias": f"@ana@{remote.host}"})
    page = await (await browser.get(PAGE)).text()
    document = (await remote.get(mei.uri, ana))[1]
    await settle_down()
    told = remote.last("Update")["object"]
    await browser.post(f"{PAGE}/aliases/end", {"uri": ana.uri})

    assert named.status == 303
    assert f"@ana@{remote.host}" in page
    assert document["alsoKnownAs"] == told["alsoKnownAs"] == [ana.uri]
    assert (await again(mei)).aliases == []
    assert (await remote.get(mei.uri, ana))[1]["alsoKnownAs"] == []


async def test_what_cannot_be_ones_own_address_is_refused(browser, mei, remote):
    for alias in ("", "@mei", f"@nobody@{remote.host}", "@ana@127.0.0.1:1"):
        answer = await browser.post(f"{PAGE}/aliases", {"alias": alias})
        assert answer.status == 422, alias
    assert (await again(mei)).aliases == []

    mei.aliases = [f"urn:{number}" for number in range(MOST_ALIASES)]
    with pytest.raises(NotAllowed, match="as many addresses"):
        await add_alias(mei, await stranger("ana"))


async def test_followers_here_and_elsewhere_are_sent_to_the_new_address(
    browser, mei, remote, settle, settle_down
):
    ben = await settle("ben")
    await followed(ben, mei)
    await fan_of(mei, remote, "ana")
    new = remote.person("mei2", alsoKnownAs=[mei.uri])

    answer = await browser.post(
        f"{PAGE}/leave", {"target": f"@mei2@{remote.host}", "move_password": PASSWORD}
    )
    await settle_down()
    page = await (await browser.get(PAGE)).text()
    profile = await (await browser.get("/@mei")).text()

    target = await Actor.get(uri=new.uri)
    assert answer.status == 303
    assert (await again(mei)).moved_to == new.uri
    assert remote.last("Move")["target"] == new.uri
    assert "Follow" in remote.types()
    assert await Follow.exists(follower_id=ben.id, followed_id=target.id)
    assert not await Follow.exists(follower_id=ben.id, followed_id=mei.id)
    assert "Nothing can be posted from here" in page
    assert "This person has moved to another account" in profile
    assert f"@mei2@{remote.host}" in profile


async def test_who_has_moved_posts_nothing_until_they_live_here_again(browser, mei, settle):
    await type(mei).filter(id=mei.id).update(moved_to="https://elsewhere.example/users/mei")
    moved = await again(mei)
    note = await noted(await settle("ben"))

    await browser.get("/compose")
    answer = await browser.post("/compose", {"text": "still here", "audience": "public"})
    with pytest.raises(NotAllowed):
        await boost(moved, note)
    await browser.get(PAGE)
    back = await browser.post(f"{PAGE}/stay")
    await publish(await again(mei), Draft(text="here again"))

    assert answer.status == 422
    assert "You have moved. Post from your new account." in await answer.text()
    assert back.status == 303
    assert await Note.filter(author_id=mei.id).count() == 1


@pytest.mark.parametrize(
    ("target", "password", "said"),
    [
        ("@new", "wrong password", "This is not your password."),
        ("@nobody@{host}", PASSWORD, "Nobody was found at this address."),
        ("@mei", PASSWORD, "Nobody can move there."),
        ("@other@{host}", PASSWORD, "First name this account as an alias"),
        ("@gone@{host}", PASSWORD, "Nobody can move there."),
    ],
)
async def test_ORG_16_a_move_that_is_not_meant_or_not_mutual_is_refused(
    browser, mei, remote, settle, settle_down, target, password, said
):
    new = await settle("new")
    await type(new).filter(id=new.id).update(aliases=[mei.uri])
    remote.person("other")
    remote.person("gone", alsoKnownAs=[mei.uri], movedTo="https://third.example/users/x")

    answer = await browser.post(
        f"{PAGE}/leave", {"target": target.format(host=remote.host), "move_password": password}
    )
    await settle_down()

    assert answer.status == 422
    assert said in (await answer.text()).replace("&#39;", "'")
    assert (await again(mei)).moved_to == ""


async def test_ORG_16_a_week_lies_between_two_moves(settle, settle_down):
    mei, new = await settle("mei"), await settle("new")
    ben = await settle("ben")
    await followed(ben, mei)
    await type(new).filter(id=new.id).update(aliases=[mei.uri])

    await move(mei, new.uri)
    await settle_down()
    with pytest.raises(NotAllowed, match="moved already"):
        await move(await again(mei), new.uri)
    await type(mei).filter(id=mei.id).update(moved_to="")
    with pytest.raises(NotAllowed, match="less than a week"):
        await move(await again(mei), new.uri)

    assert await Follow.exists(follower_id=ben.id, followed_id=new.id)
    assert not await Follow.exists(followed_id=mei.id)
