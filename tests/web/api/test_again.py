"""The same answer again, only while nothing has changed."""

import time_machine
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.tokens import Token
from inbox.timelines import put_in_homes
from tests.counting import counted
from tests.factories import noted
from web.api import again

HOME = "/api/v1/timelines/home"


async def test_the_same_question_is_answered_without_the_database(settle, client):
    mei = await settle("mei")
    await put_in_homes([mei.id], (await noted(mei)).id)
    app = await client(mei)
    first = await app.get(HOME)
    first = await app.get(HOME)  # the token was marked as used by the one before

    with counted() as asked:
        response = await app.send("GET", HOME)

    assert asked in ([], ["PRAGMA data_version"])
    assert await response.json() == first
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert 'rel="next"' in response.headers["Link"]


async def test_whatever_changes_counts_at_once(settle, client):
    mei = await settle("mei")
    note = await noted(mei)
    await put_in_homes([mei.id], note.id)
    app = await client(mei)
    await app.get(HOME)
    await app.get(HOME)

    await Actor.filter(id=mei.id).update(title="Mei Lin")
    renamed = await app.get(HOME)
    await put_in_homes([mei.id], (await noted(mei)).id)
    longer = await app.get(HOME)
    await app.ask("DELETE", f"/api/v1/statuses/{note.id}")
    shorter = await app.get(HOME)

    assert renamed[0]["account"]["display_name"] == "Mei Lin"
    assert [len(each) for each in (renamed, longer, shorter)] == [1, 2, 1]


async def test_a_change_that_others_see_later_counts_when_they_see_it(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    await app.get(HOME)
    await app.get(HOME)

    async with in_transaction():
        await Actor.filter(id=mei.id).update(title="Mei Lin")
        note = await noted(mei)
        await put_in_homes([mei.id], note.id)
        before = await app.get(HOME)
    after = await app.get(HOME)

    assert (before, len(after)) == ([], 1)


async def test_OAU_04_a_token_taken_back_gets_nothing_more(settle, client):
    app = await client(await settle("mei"))
    await app.get(HOME)
    await app.get(HOME)

    await Token.all().delete()

    assert (await app.ask("GET", HOME))[0] == 401


async def test_nobody_gets_the_answer_of_another(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    await put_in_homes([mei.id], (await noted(mei)).id)
    first, other = await client(mei), await client(ana)
    for _ in range(2):
        await first.get(HOME)
        await other.get(HOME)

    assert len(await first.get(HOME)) == 1
    assert await other.get(HOME) == []
    assert (await (await client()).ask("GET", HOME))[0] == 401


async def test_an_answer_is_given_again_for_seconds_only(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        await app.get(HOME)
        await app.get(HOME)
        clock.shift(again.LASTS_S + 1)

        with counted() as asked:
            await app.get(HOME)

    assert len(asked) > 3
