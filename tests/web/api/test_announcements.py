"""Announcements: shown to apps for their time, put away by each, answered with pictures."""

from datetime import timedelta

import pytest

from actors.accounts import Account
from core.clock import now
from moderation.announcements import Announcement, AnnouncementRead, announce, is_emoji

AT = "/api/v1/announcements"


@pytest.fixture
async def app(settle, client):
    return await client(await settle("mei"), "read", "write")


async def test_what_is_announced_is_shown_in_ones_language_while_it_lasts(app, settle, client):
    made = await announce({"en": "**Pause** on Sunday", "zh-Hans": "周日暂停"})
    await announce({"en": "Later"}, starts_at=now() + timedelta(hours=1))
    over = await announce({"en": "Over"}, ends_at=now() + timedelta(hours=1))
    await Announcement.filter(id=over.id).update(ends_at=now() - timedelta(hours=1))

    [shown] = await app.get(AT)
    bo = await settle("bo")
    await Account.filter(actor_id=bo.id).update(locale="zh-Hans")
    [chinese] = await (await client(bo, "read")).get(AT)

    assert shown["id"] == str(made.id)
    assert "<strong>Pause</strong> on Sunday" in shown["content"]
    assert "周日暂停" in chinese["content"]
    assert (shown["read"], shown["reactions"], shown["ends_at"]) == (False, [], None)
    assert (await app.ask("POST", f"{AT}/{over.id}/dismiss"))[0] == 404


async def test_an_announcement_is_put_away_by_each_for_themselves(app, settle, client):
    made = await announce({"en": "Pause"})
    other = await client(await settle("bo"), "read")

    told = [await app.ask("POST", f"{AT}/{made.id}/dismiss") for _ in range(2)]

    assert [status for status, _ in told] == [200, 200]
    assert await app.get(AT) == []
    assert [each["read"] for each in await app.get(AT, with_dismissed="true")] == [True]
    assert len(await other.get(AT)) == 1
    assert await AnnouncementRead.all().count() == 1


async def test_pictures_are_counted_once_for_each_and_taken_back(app, settle, client):
    made = await announce({"en": "Pause"})
    other = await client(await settle("bo"), "read", "write")
    at = f"{AT}/{made.id}/reactions/%F0%9F%8D%B5"

    for one in (app, app, other):
        assert (await one.ask("PUT", at))[0] == 200
    [shown] = await app.get(AT)
    assert (await app.ask("DELETE", at))[0] == 200
    [left] = await app.get(AT)

    assert shown["reactions"] == [{"name": "🍵", "count": 2, "me": True}]
    assert left["reactions"] == [{"name": "🍵", "count": 1, "me": False}]


async def test_words_are_no_pictures_and_kinds_are_bounded(app):
    made = await announce({"en": "Pause"})

    status, body = await app.ask("PUT", f"{AT}/{made.id}/reactions/tea")
    for each in "🍵🍎🍐🍊🍋🍌🍉🍇":
        assert (await app.ask("PUT", f"{AT}/{made.id}/reactions/{each}"))[0] == 200
    refused, _ = await app.ask("PUT", f"{AT}/{made.id}/reactions/🍓")

    assert (status, "no emoji" in body["error"], refused) == (422, True, 403)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("🍵", True), ("👍🏽", True), ("👩‍🚀", True), ("🇩🇪", True), ("1️⃣", True), ("❤️", True)),
        *(("", False), ("a", False), ("1", False), ("🍵a", False), ("<🍵>", False)),
        *(("🍵 ", False), ("🍵" * 17, False), ("+", False), ("\u200d", False)),
    ],
)
def test_an_emoji_is_known_by_what_it_is_made_of(text, expected):
    assert is_emoji(text) == expected
