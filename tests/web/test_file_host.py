"""A host of their own for public files: it hands out those, and nothing else is there."""

import pytest

from core.settings import use
from notes.documents import document_of, parts_of
from notes.note import Audience
from tests.conftest import account_of, replaced
from tests.web.test_media import shown
from web.building.people import person_card

APART = {"Host": "media.test"}


@pytest.fixture
async def apart(here):
    """An instance whose public files are at media.test."""
    changed = replaced(here, "media", base_url="http://media.test")
    use(changed)
    return changed


@pytest.fixture
async def ben(apart, settle):
    """Someone who posts pictures."""
    return await settle("ben")


async def test_public_files_are_loaded_from_there_and_narrow_ones_from_here(apart, browser, ben):
    large, small, open_note = await shown(ben)
    secret, _, narrow_note = await shown(ben, Audience.FOLLOWERS, "blue")
    ben.avatar = small
    await browser.sign_in(await account_of(ben))

    page = await (await browser.get(open_note.page)).text()
    narrow = await (await browser.get(narrow_note.page)).text()
    documents = [document_of(n, (await parts_of([n]))[n.id]) for n in (open_note, narrow_note)]
    urls = [each["attachment"][0]["url"] for each in documents]

    assert f'"http://media.test{large}' in page
    assert person_card(ben).avatar == f"http://media.test{small}"
    assert f'"http://media.test{secret}' not in narrow
    assert secret in narrow
    assert urls[0] == f"http://media.test{large}"
    assert urls[1].startswith(f"{browser.base}{secret}?until=")


async def test_WEB_05_that_host_answers_to_nothing_but_files(apart, wire, ben):
    large, _, note = await shown(ben)
    secret, _, _ = await shown(ben, Audience.FOLLOWERS, "blue")

    statuses = {}
    for path in (large, secret, "/", note.page, "/u/ben", "/inbox", "/.well-known/webfinger"):
        async with wire.get(path, headers=APART) as answer:
            statuses[path] = answer.status

    assert statuses.pop(large) == 200
    assert statuses.pop(secret) == 404
    assert set(statuses.values()) == {421}


async def test_MED_11_that_host_knows_nobody(apart, browser, ben):
    large, _, _ = await shown(ben, Audience.FOLLOWERS)
    await browser.sign_in(await account_of(ben))

    assert (await browser.get(large)).status == 200
    assert (await browser.get(large, Host="media.test")).status == 404
