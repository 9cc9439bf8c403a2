"""A group between two real servers: made here, joined, posted in and answered from there."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest

from core.clock import now
from tests.walks.processes import Page, _as_data, _fields, settled, until
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


async def press(who, page, act, **values):
    """Press one of several buttons of a page that lead to the same address."""
    form = page.tree.css_first(f'button[name="act"][value="{act}"]')
    assert form is not None, f"{page.url} has no button for {act}"
    while form.tag != "form":
        form = form.parent
    browser = who.browser
    data = _as_data(_fields(form) | {"act": act} | values, is_multipart=False)
    headers = {"Origin": browser.server.base, "Sec-Fetch-Site": "same-origin"}
    action = form.attributes.get("action") or page.path
    async with browser._session.post(
        urljoin(page.url, action), data=data, headers=headers
    ) as answer:
        return Page(str(answer.url), answer.status, await answer.text())


async def test_moderation_here_shows_there_with_its_reason(pair, settle):
    here, there = pair
    olga, igor = await settle("olga", 0), await settle("igor", 1)
    await olga.browser.send(
        await olga.browser.get("/g/new"), "/g/new", title="Chess", name="chess", about="Games"
    )
    found = await igor.browser.get("/g", q=f"!chess@{here.domain}")
    await igor.browser.send(found, "/join")
    await settled(here, there)
    for words in ("Opening theory", "A nasty word"):
        await igor.browser.compose(f"@chess@{here.domain} {words}")
    await settled(here, there)

    async def desk(words):
        (row,) = await here.rows(
            "SELECT id FROM note WHERE content LIKE ? AND boost_of_id IS NULL", f"%{words}%"
        )
        return await olga.browser.get(f"/g/chess/threads/{row['id']}")

    async def theirs(words):
        (row,) = await there.rows(
            "SELECT id FROM note WHERE content LIKE ? AND boost_of_id IS NULL", f"%{words}%"
        )
        return await igor.browser.get(f"/n/{row['id']}")

    # Pinned and locked, and there the thread takes no comments either.
    await press(olga, await desk("Opening"), "pin")
    await press(olga, await desk("Opening"), "lock", reason="All is said")
    await settled(here, there)
    locked = await theirs("Opening")
    assert locked.has("This thread is locked")
    assert locked.has("All is said")
    pinned = await there.rows("SELECT id FROM group_post WHERE pinned_at IS NOT NULL")
    assert len(pinned) == 1

    # Removed: its author reads why, here and there.
    await press(olga, await desk("nasty"), "remove", reason="Not in this house")
    await settled(here, there)
    assert (await theirs("nasty")).has("Not in this house")
    assert not (await olga.browser.get("/g/chess")).has("nasty")
    assert (await olga.browser.get("/g/chess/record")).has("Not in this house")

    # Banned until a day: they hear of it, and are let in no more.
    (person,) = await here.rows("SELECT id FROM actor WHERE name = 'igor'")
    page = await olga.browser.get(f"/g/chess/members/{person['id']}")
    until = (now() + timedelta(days=30)).date().isoformat()
    await press(olga, page, "ban", reason="Again and again", until=until)
    await settled(here, there)
    banned = await igor.browser.get(found.path)
    assert banned.has("You are banned from this group")
    assert banned.has("Again and again")
    (row,) = await there.rows("SELECT state, until FROM membership WHERE state = 'banned'")
    assert str(row["until"]).startswith(until)
