"""A group between two real servers: made here, joined, posted in and answered from there."""

import pytest

from tests.walks.processes import settled, until
from tests.walks.test_two_servers import pair, settle

__all__ = ["pair", "settle"]

pytestmark = [pytest.mark.processes, pytest.mark.asyncio(loop_scope="module")]

TEA = {"title": "Tea house", "name": "teahouse", "about": "Leaves"}


async def test_a_group_is_joined_posted_in_and_answered_from_another_server(pair, settle):
    here, there = pair
    mei, ana = await settle("meihua", 0), await settle("anabel", 1)
    made = await mei.browser.send(await mei.browser.get("/g/new"), "/g/new", **TEA)
    assert made.path == "/g/teahouse", made.tree.css("main")[0].text()

    # Ana finds it by its whole name, and joins.
    handle = f"!teahouse@{here.domain}"
    found = await ana.browser.get("/g", q=handle)
    assert found.path == f"/g/teahouse@{here.domain}", found.tree.css("main")[0].text()
    await ana.browser.send(found, "/join")
    await settled(here, there)
    assert (await ana.browser.get(found.path)).has("Member")
    assert (await mei.browser.get("/g/teahouse")).has("2 members")

    # She posts by naming it, as one does from any server.
    await ana.browser.compose(f"@teahouse@{here.domain} Which kettle do you have?")
    await settled(here, there)
    page = await mei.browser.get("/g/teahouse")
    assert page.has("Which kettle")
    assert (await ana.browser.get(found.path)).has("Which kettle")
    assert await mei.sees("Which kettle")

    # Mei answers and likes; both arrive there, once.
    thread = await mei.browser.get(page.links("/n/")[0])
    await mei.browser.send(thread, "/compose", text="A red one")
    await mei.browser.send(thread, "/like")
    await settled(here, there)
    theirs = await ana.browser.get((await ana.browser.get(found.path)).links("/n/")[0])
    assert theirs.has("A red one")
    counts = await there.rows(
        "SELECT likes_count, replies_count FROM note WHERE content LIKE ?", "%kettle%"
    )
    assert [(row["likes_count"], row["replies_count"]) for row in counts] == [(1, 1)]

    # She changes it, and takes it away.
    edit = await ana.browser.get(f"{theirs.path}/edit")
    await ana.browser.send(edit, "/edit", text=f"@teahouse@{here.domain} Which pot do you have?")
    await settled(here, there)
    assert (await mei.browser.get("/g/teahouse")).has("Which pot")
    await ana.browser.send(await ana.browser.get(f"{theirs.path}/delete"), "/delete")
    await settled(here, there)

    async def is_gone() -> bool:
        return not (await mei.browser.get("/g/teahouse")).has("Which pot")

    await until(is_gone, "what was deleted is gone")
    assert not (await ana.browser.get(found.path)).has("Which pot")
