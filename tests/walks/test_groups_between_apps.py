"""A group between two real servers, by apps: moderated from the other one, and closed."""

from datetime import timedelta

import pytest

from core.clock import now
from tests.walks.apps import App
from tests.walks.processes import settled, until
from tests.walks.test_groups_between_servers import press
from tests.walks.test_two_servers import AS2, fetched, pair, picture, settle

__all__ = ["pair", "settle"]

pytestmark = [pytest.mark.processes, pytest.mark.asyncio(loop_scope="module")]

GROUPS = "/api/rubric/v1/groups"


class Member:
    """Somebody with a browser and an app, and how they know the group."""

    def __init__(self, walker, app, group):
        self.browser, self.app, self.group, self.name = walker.browser, app, group, walker.name

    async def knows(self, name: str) -> str:
        """Whom they know by a name: the id of the account on their own server."""
        return (await self.app.find(name))["id"]

    async def note(self, words: str) -> str:
        """The number of what says something, on their own server."""
        (row,) = await self.app.server.rows(
            "SELECT id FROM note WHERE content LIKE ? AND boost_of_id IS NULL", f"%{words}%"
        )
        return str(row["id"])

    async def says(self, words: str, **more) -> dict:
        """Post."""
        return await self.app.said("POST", "/api/v1/statuses", status=words, **more)


async def entered(walker, handle: str) -> Member:
    """Somebody who asked to join by their app."""
    app = await App.of(walker.server, walker.name)
    group = await app.find(handle)
    assert group["group"] is True
    await app.said("POST", f"/api/v1/accounts/{group['id']}/follow")
    return Member(walker, app, group)


async def founded(walker, **values) -> Member:
    """Somebody who made a group by their app."""
    app = await App.of(walker.server, walker.name)
    return Member(walker, app, await app.said("POST", GROUPS, **values))


async def test_a_moderator_elsewhere_acts_from_there_and_only_as_long_as_they_are_one(pair, settle):
    here, there = pair
    lea = await founded(await settle("lea", 0), name="goban", title="Go", summary="Stones")
    handle = f"@goban@{here.domain}"
    rex = await entered(await settle("rex", 0), handle)
    tom, pia = [await entered(await settle(name, 1), handle) for name in ("tom", "pia")]
    await settled(here, there)
    (bond,) = await tom.app.got("/api/v1/accounts/relationships", **{"id[]": tom.group["id"]})
    assert bond["following"] is True
    await pia.says(f"{handle} Opening theory")
    await rex.says("@goban Rubbish all of it")
    await settled(here, there)
    texts = await tom.app.texts(f"/api/v1/accounts/{tom.group['id']}/statuses")
    assert any("Opening theory" in each for each in texts)
    assert any("Rubbish" in each for each in texts)

    # Comments and likes cross in both directions, once.
    await tom.says("From above it looks fine", in_reply_to_id=await tom.note("Opening"))
    await lea.says("And from below", in_reply_to_id=await lea.note("Opening"))
    await tom.app.said("POST", f"/api/v1/statuses/{await tom.note('Rubbish')}/favourite")
    await settled(here, there)
    for each in (lea, pia, rex):
        thread = await each.app.got(f"/api/v1/statuses/{await each.note('Opening')}/context")
        said = " ".join(one["content"] for one in thread["descendants"])
        assert (said.count("From above"), said.count("from below")) == (1, 1)
    liked = await rex.app.got(f"/api/v1/statuses/{await rex.note('Rubbish')}")
    assert liked["favourites_count"] == 1

    # Who is no moderator finds no desk there; and what their own server lets them say is not heard.
    page = await tom.browser.get(f"/g/goban@{here.domain}/threads/{await tom.note('Rubbish')}")
    assert page.status == 404
    await there.rows(
        "UPDATE membership SET role = 'moderator' WHERE person_id ="
        " (SELECT id FROM actor WHERE name = 'pia') RETURNING id"
    )
    forged = await pia.app.call(
        *("POST", f"{GROUPS}/{pia.group['id']}/locks"),
        **{"status_id": await pia.note("Rubbish"), "reason": "Because"},
    )
    assert forged[0] == 200, forged
    await settled(here, there)
    assert await lea.app.got(f"{GROUPS}/{lea.group['id']}/locks") == []
    assert await pia.app.got(f"{GROUPS}/{pia.group['id']}/locks") == []

    # Lea lets Tom moderate; he pins, locks, removes and bans from where he lives.
    await lea.app.said(
        *("PATCH", f"{GROUPS}/{lea.group['id']}/members/{await lea.knows(f'@tom@{there.domain}')}"),
        role="moderator",
    )
    await settled(here, there)
    desk = f"/g/goban@{here.domain}"

    async def at_desk(words):
        return await tom.browser.get(f"{desk}/threads/{await tom.note(words)}")

    await press(tom, await at_desk("Opening"), "pin")
    await press(tom, await at_desk("Opening"), "lock", reason="Enough is said")
    await press(tom, await at_desk("Rubbish"), "remove", reason="No way to talk")
    person = await tom.browser.get(f"{desk}/members/{await tom.knows(f'@rex@{here.domain}')}")
    until_day = (now() + timedelta(days=30)).date().isoformat()
    await press(tom, person, "ban", reason="Again and again", until=until_day)
    await settled(here, there)
    for each in (lea, tom):
        at = f"{GROUPS}/{each.group['id']}"
        pinned = await each.app.got(f"{at}/pins")
        assert [one["id"] for one in pinned] == [await each.note("Opening")]
        assert [one["id"] for one in await each.app.got(f"{at}/locks")] == [
            one["id"] for one in pinned
        ]
        assert not (await each.browser.get(f"/g/{each.group['acct']}")).has("Rubbish")
    refused, _ = await pia.app.call(
        *("POST", "/api/v1/statuses"),
        **{"status": "But", "in_reply_to_id": await pia.note("Opening")},
    )
    assert refused == 403
    record = await lea.browser.get("/g/goban/record")
    for why in ("Enough is said", "No way to talk", "Again and again"):
        assert record.has(why)
    banned = await rex.browser.get("/g/goban")
    assert banned.has("You are banned from this group")
    assert banned.has("Again and again")
    assert (await rex.browser.get(f"/n/{await rex.note('Rubbish')}")).has("No way to talk")
    for server in pair:
        (row,) = await server.rows(
            "SELECT until FROM membership m JOIN actor a ON a.id = m.person_id"
            " WHERE a.name = 'rex' AND m.state = 'banned'"
        )
        assert str(row["until"]).startswith(until_day)

    # He takes it back, and then his office ends: he is heard no more.
    await press(tom, await at_desk("Opening"), "unlock")
    await press(tom, await at_desk("Opening"), "unpin")
    await press(tom, await tom.browser.get(person.path), "unban")
    await settled(here, there)
    for each in (lea, tom):
        for kind in ("locks", "pins"):
            assert await each.app.got(f"{GROUPS}/{each.group['id']}/{kind}") == []
    assert await lea.app.got(f"{GROUPS}/{lea.group['id']}/bans") == []
    await lea.app.said(
        *("PATCH", f"{GROUPS}/{lea.group['id']}/members/{await lea.knows(f'@tom@{there.domain}')}"),
        role="member",
    )
    await settled(here, there)
    assert (await at_desk("Opening")).status == 404


async def test_what_is_in_a_closed_group_is_read_by_the_approved_elsewhere_and_by_nobody_else(
    pair, settle
):
    here, there = pair
    kim = await founded(
        await settle("kim", 0),
        **{"name": "cellar", "title": "Cellar", "summary": "Below"},
        **{"join": "request", "see": "members", "post": "members"},
    )
    handle = f"@cellar@{here.domain}"
    old = await kim.says("@cellar Oldest of bottles #quietcellar")
    leo, una = [await entered(await settle(name, 1), handle) for name in ("leo", "una")]
    zoe = Member(walker := await settle("zoe", 0), await App.of(here, walker.name), kim.group)
    nobody = App(here)

    async def all_asked() -> bool:
        return len(await kim.app.got(f"{GROUPS}/{kim.group['id']}/requests")) == 2

    await until(all_asked, "both have asked")
    for each, answer in ((leo, "accept"), (una, "decline")):
        number = await kim.knows(f"@{each.name}@{there.domain}")
        at = f"{GROUPS}/{kim.group['id']}/requests/{number}/{answer}"
        await kim.app.said("POST", at, reason="We are full")
    await settled(here, there)
    assert (await una.browser.get(f"/g/cellar@{here.domain}")).has("We are full")

    media = await kim.app.upload(picture(), "A red cask")
    new = await kim.says("@cellar Secret of casks #quietcellar", media_ids=[media])
    assert new["rubric"]["audience"] == "members", new
    await settled(here, there)
    await kim.app.call(
        "POST", f"{GROUPS}/{kim.group['id']}/pins", status_id=await kim.note("Secret")
    )
    await settled(here, there)

    # Leo reads it in his home, in the group and in his browser, with the picture; and answers.
    assert any("Secret" in each for each in await leo.app.texts("/api/v1/timelines/home"))
    at_leos = f"/n/{await leo.note('Secret')}"
    page = await leo.browser.get(at_leos)
    assert page.has("Secret of casks")
    seen = await leo.app.got(f"/api/v1/statuses/{await leo.note('Secret')}")
    assert seen["rubric"]["audience"] == "members", seen
    for address in (seen["media_attachments"][0]["url"],):
        async with leo.browser._session.get(address) as answer:
            assert answer.status == 200, (address, answer.status)
    await leo.says("I taste it too", in_reply_to_id=await leo.note("Secret"))
    await leo.says(f"{handle} Brought from afar")
    await settled(here, there)
    thread = await kim.app.got(f"/api/v1/statuses/{await kim.note('Secret')}/context")
    assert "I taste it too" in thread["descendants"][0]["content"]
    assert any(
        "Brought from afar" in each
        for each in await kim.app.texts(f"{GROUPS}/{kim.group['id']}/threads")
    )

    # What was said before he came is fetched with his server's signature, by its address.
    found = await leo.app.got("/api/v2/search", q=old["uri"], resolve="true")
    assert ["Oldest" in each["content"] for each in found["statuses"]] == [True]
    assert found["statuses"][0]["visibility"] == "private"
    assert (await una.app.got("/api/v2/search", q=old["uri"], resolve="true"))["statuses"] == []

    # Nobody else does, by any road.
    words = ("Secret", "Oldest", "taste it", "Brought", "cask")
    plain = here.base
    notes_here = [await kim.note(each) for each in words[:4]]
    notes_there = [await leo.note(each) for each in words[:4]]
    for url in (
        *(f"{plain}/n/{each}" for each in notes_here),
        *(f"{plain}/{each}" for each in ("u/kim/outbox?page=true", "g/cellar/featured")),
        *(f"{plain}/{each}" for each in ("g/cellar/outbox", "u/kim/outbox", "@kim", "g/cellar")),
        *(f"{plain}/{each}" for each in ("record.atom", "tags/quietcellar", "explore", "")),
        *(f"{there.base}/n/{each}" for each in notes_there),
        *(
            f"{there.base}/{each}"
            for each in ("@leo", "tags/quietcellar", "u/leo/outbox?page=true")
        ),
    ):
        for accept in (AS2, "text/html"):
            status, text = await fetched(url, accept)
            assert not [each for each in words if each in text], (url, accept, status)
            if "/n/" in url:
                assert status in (401, 404), (url, accept, status)
    for path in ("g/cellar/outbox", "u/kim/outbox", "g/cellar/featured"):
        status, text = await fetched(f"{plain}/{path}")
        assert status == 401 or '"totalItems":0' in text, (path, text)
    for who, numbers in ((zoe, notes_here), (una, notes_there), (None, notes_here)):
        app = who.app if who else nobody
        group = (who or kim).group["id"]
        for number in numbers:
            for path in ("", "/context", "/history", "/source", "/favourited_by"):
                status, answer = await app.call("GET", f"/api/v1/statuses/{number}{path}")
                assert status in (401, 404), (number, path, answer)
            if who:
                page = await who.browser.get(f"/n/{number}")
                assert page.status == 404
                assert not [each for each in words if page.has(each)]
        for path, query in (
            (f"/api/v1/accounts/{group}/statuses", {}),
            (f"{GROUPS}/{group}/threads", {}),
            (f"{GROUPS}/{group}/pins", {}),
            ("/api/v1/timelines/public", {}),
            ("/api/v1/timelines/tag/quietcellar", {}),
            ("/api/v1/timelines/home", {}),
            ("/api/v2/search", {"q": "casks"}),
            ("/api/v2/search", {"q": new["uri"], "resolve": "true"}),
            ("/api/oembed", {"url": new["url"]}),
            ("/api/v1/trends/statuses", {}),
        ):
            status, answer = await app.call("GET", path, **query)
            assert not [each for each in words if each in str(answer)], (path, answer)
            assert status < 500
    for address in (new["media_attachments"][0]["url"], new["media_attachments"][0]["preview_url"]):
        bare = address.partition("?")[0]
        assert (await fetched(bare, "image/*"))[0] in (401, 403, 404), bare

    # Whoever leaves reads it no more.
    await leo.app.said("POST", f"/api/v1/accounts/{leo.group['id']}/unfollow")
    await settled(here, there)
    assert (await leo.browser.get(at_leos)).status == 404
