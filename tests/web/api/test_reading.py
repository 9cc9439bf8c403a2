"""Reading accounts, statuses and timelines as an app does."""

from inbox.timelines import put_in_homes
from tests.counting import counted
from tests.factories import boosted, followed, noted


async def test_an_app_learns_whom_it_acts_for(settle, client):
    mei = await settle("mei", title="Mei", about_source="I draw.")

    found = await (await client(mei)).get("/api/v1/accounts/verify_credentials")

    assert found["id"] == str(mei.id)
    assert found["acct"] == "mei"
    assert found["source"]["note"] == "I draw."
    assert found["role"]["permissions"] == "0"
    assert found["avatar"].startswith("http")


async def test_a_home_shows_notes_and_boosts(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana, "<p>Hills</p>")
    boost = await boosted(ana, note)
    await put_in_homes([mei.id], note.id)
    await put_in_homes([mei.id], boost.id)

    found = await (await client(mei)).get("/api/v1/timelines/home")

    assert [each["id"] for each in found] == [str(boost.id), str(note.id)]
    assert found[0]["reblog"]["id"] == str(note.id)
    assert found[0]["reblog"]["reblog"] is None
    assert found[0]["content"] == "<p>Hills</p>"
    assert found[1]["favourited"] is False


async def test_a_home_costs_as_many_queries_for_twenty_notes_as_for_one(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)
    await put_in_homes([mei.id], (await noted(ana)).id)
    await app.get("/api/v1/timelines/home")  # the token is marked as used, once in five minutes
    await put_in_homes([mei.id], (await noted(ana)).id)
    with counted() as one:
        await app.get("/api/v1/timelines/home")
    for _ in range(18):
        await put_in_homes([mei.id], (await noted(ana)).id)

    with counted() as twenty:
        await app.get("/api/v1/timelines/home")

    assert len(twenty) == len(one)


async def test_a_page_says_where_it_goes_on(settle, client):
    mei = await settle("mei")
    for _ in range(3):
        await put_in_homes([mei.id], (await noted(mei)).id)
    app = await client(mei)

    response = await app.send("GET", "/api/v1/timelines/home?limit=2")

    ids = [each["id"] for each in await response.json()]
    links = response.headers["Link"].split(", ")
    assert links[0].endswith(f'limit=2&max_id={ids[-1]}>; rel="next"')
    assert links[1].endswith(f'limit=2&min_id={ids[0]}>; rel="prev"')


async def test_what_one_may_not_see_is_as_if_it_were_not_there(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana, audience="followers")
    app = await client(mei)

    hidden = await app.ask("GET", f"/api/v1/statuses/{note.id}")
    nobody = await (await client()).ask("GET", f"/api/v1/statuses/{note.id}")
    await followed(mei, ana)
    seen = await app.ask("GET", f"/api/v1/statuses/{note.id}")

    assert hidden == nobody == (404, {"error": "Record not found"})
    assert seen[0] == 200
    assert seen[1]["visibility"] == "private"


async def test_OAU_03_a_token_needs_the_scope(settle, client):
    mei = await settle("mei")
    app = await client(mei, "read:accounts")

    status, found = await app.ask("GET", "/api/v1/timelines/home")

    assert (status, found) == (403, {"error": "This action is outside the authorized scopes"})


async def test_without_a_token_nobody_is_told_of_a_home(served, client):
    response = await (await client()).send("GET", "/api/v1/timelines/home")

    assert response.status == 401
    assert await response.json() == {"error": "The access token is invalid"}
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_what_is_not_there_is_told_in_json(served, client):
    app = await client()

    for path in ("/api/v1/nothing", "/api/v1/accounts/x", "/api/v2/timelines/home"):
        assert await app.ask("GET", path) == (404, {"error": "Record not found"})
    assert await app.ask("DELETE", "/api/v1/timelines/public") == (
        404,
        {"error": "Record not found"},
    )


async def test_a_slash_at_the_end_is_let_be(served, client):
    assert await (await client()).get("/api/v1/timelines/public/") == []
