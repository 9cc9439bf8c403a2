"""What staff look at to decide: pictures load for them though the note is out of sight."""

import re
from datetime import timedelta

import pytest

from actors.accounts import Role
from core.clock import now
from moderation.filing import file_report
from notes.note import Audience, Note
from notes.uploads import keep_upload
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.web.test_media import picture


async def written(mei, *, audience=Audience.PUBLIC):
    upload = await keep_upload(mei, picture())
    return await publish(mei, Draft(text="@jo look", attachments=[upload.id], audience=audience))


def addresses(html: str) -> list[str]:
    found = re.findall(r'(?:src|href)="(/media/[^"]+)"', html)
    return [each.replace("&amp;", "&") for each in found]


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PEOPLE])
async def test_pictures_of_a_case_load_for_who_decides_and_for_nobody_by_the_usual_address(
    here, settle, browsers, audience
):
    mei, jo, mod = await settle("mei"), await settle("jo"), await settle("mod", role=Role.MODERATOR)
    note = await written(mei, audience=audience)
    report = await file_report(jo, mei, notes=[note])
    await Note.filter(id=note.id).update(hidden_at=now() - timedelta(hours=1))
    desk, stranger = browsers(), browsers()
    await desk.sign_in(await account_of(mod))

    page = await (await desk.get(f"/mod/cases/{report.case_id}")).text()

    assert addresses(page)
    for each in addresses(page):
        assert (await desk.get(each)).status == 200, each
        assert (await stranger.get(each.partition("?")[0])).status == 404, each


async def test_pictures_of_what_a_filter_holds_load_for_who_lets_it_go(here, settle, browsers):
    mei, mod = await settle("mei"), await settle("mod", role=Role.MODERATOR)
    note = await written(mei)
    await Note.filter(id=note.id).update(held_at=now(), held_because="It sells pills.")
    desk, stranger = browsers(), browsers()
    await desk.sign_in(await account_of(mod))

    page = await (await desk.get("/mod/held")).text()

    assert addresses(page)
    for each in addresses(page):
        assert (await desk.get(each)).status == 200, each
        assert (await stranger.get(each.partition("?")[0])).status == 404, each
