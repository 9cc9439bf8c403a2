"""Announcements on pages: admins make them, members see and put them away."""

from datetime import timedelta

import pytest

from actors.accounts import Role
from core.clock import now
from moderation.announcements import Announcement, announce
from moderation.audit import StaffAct
from rubric import people
from tests.conftest import account_of

PAGE = "/mod/announcements"


@pytest.fixture
async def admin(browsers, settle):
    found = browsers()
    await found.sign_in(await account_of(await settle("chief", role=Role.ADMIN)))
    return found


async def test_an_admin_announces_something_in_two_languages_and_takes_it_back(admin):
    await admin.get(PAGE)

    made = await admin.post(PAGE, {"text-en": "Pause", "text-zh-Hans": "暂停"})
    row = await Announcement.get()
    after = await (await admin.get(PAGE)).text()
    gone = await admin.post(f"{PAGE}/{row.id}/delete")

    assert made.status == gone.status == 303
    assert row.words == {"en": "Pause", "zh-Hans": "暂停"}
    assert "Pause" in after
    assert not await Announcement.exists()
    acts = [each.act for each in await StaffAct.all().order_by("id")]
    assert acts == ["announcement.make", "announcement.delete"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text-en": " "}, "Write something."),
        ({"text-en": "x" * 2001}, "At most 2000 characters."),
        ({"text-en": "x", "ends": "2001-01-01T00:00"}, "Choose an end"),
        (
            {"text-en": "x", "starts": "2099-01-02T00:00", "ends": "2099-01-01T00:00"},
            "Choose an end",
        ),
        ({"text-en": "x", "starts": "soon"}, "This is no time."),
    ],
    ids=str,
)
async def test_what_cannot_be_announced_is_said_beside_the_form(admin, sent, words):
    await admin.get(PAGE)

    answer = await admin.post(PAGE, sent)

    assert answer.status == 422
    assert words in await answer.text()
    assert not await Announcement.exists()


async def test_ADM_01_moderators_read_what_admins_announce(browser, settle):
    await browser.sign_in(await account_of(await settle("mod", role=Role.MODERATOR)))
    made = await announce({"en": "Pause"})

    page = await browser.get(PAGE)
    told = [
        (await browser.post(PAGE, {"text-en": "x"})).status,
        (await browser.post(f"{PAGE}/{made.id}/delete")).status,
    ]

    assert "Announce this" not in await page.text()
    assert told == [403, 403]
    assert await Announcement.all().count() == 1


async def test_members_see_it_above_their_home_until_they_put_it_away(browser, settle):
    await browser.sign_in(await account_of(await settle("mei")))
    made = await announce({"en": "**Pause** <script>x()</script>"})
    await announce({"en": "Much later"}, starts_at=now() + timedelta(hours=1))

    before = await (await browser.get("/")).text()
    answer = await browser.post(f"/announcements/{made.id}/dismiss")
    after = await (await browser.get("/")).text()

    assert "<strong>Pause</strong>" in before
    assert "<script>x" not in before
    assert "Much later" not in before
    assert answer.status == 303
    assert "Pause" not in after
    assert (await browser.post("/announcements/7/dismiss")).status == 404


async def test_an_operator_announces_from_the_shell(here):
    said = await people.announce("Pause", "en", None, None)

    made = await Announcement.get()
    assert said == f"announced, with the number {made.id}"
    assert (await StaffAct.get()).actor_id is None
    with pytest.raises(people.Impossible, match="Write something"):
        await people.announce(" ", "en", None, None)
