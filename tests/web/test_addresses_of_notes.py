"""Addresses of notes as other software writes them: /@name/number."""

import pytest

from notes.note import Audience
from tests.conftest import account_of
from tests.factories import noted


async def test_an_address_with_the_author_leads_to_the_note(settle, browser):
    note = await noted(await settle("mei"))

    answer = await browser.get(f"/@Mei/{note.id}")

    assert (answer.status, answer.headers["Location"]) == (303, f"/n/{note.id}")


async def test_other_servers_are_led_to_the_document(settle, browser):
    note = await noted(await settle("mei"))

    answer = await browser.get(f"/@mei/{note.id}", Accept="application/activity+json")

    assert (answer.status, answer.headers["Location"]) == (302, f"/n/{note.id}")


@pytest.mark.parametrize("name", ["bo", "nobody", "mei@elsewhere.example"])
async def test_a_note_is_not_found_under_another_name(settle, browser, name):
    await settle("bo")
    note = await noted(await settle("mei"))

    assert (await browser.get(f"/@{name}/{note.id}")).status == 404


async def test_PRIV_02_a_note_for_few_is_not_there_for_others(settle, browser):
    mei = await settle("mei")
    note = await noted(mei, audience=Audience.PEOPLE)

    statuses = [(await browser.get(f"/@mei/{number}")).status for number in (note.id, 12)]
    await browser.sign_in(await account_of(mei))

    assert statuses == [404, 404]
    assert (await browser.get(f"/@mei/{note.id}")).status == 303
