"""Lists and filters, as apps make and use them."""

import pytest

from core.clock import now
from inbox.timelines import put_in_homes
from notes.filters import Filter
from tests.factories import followed, noted


async def at_home(reader, *notes):
    """Put notes into a home."""
    for note in notes:
        await put_in_homes([reader.id], note.id)


async def test_a_list_is_made_filled_and_read(settle, client):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    await followed(mei, ana)
    await followed(mei, bo)
    one, other = await noted(ana), await noted(bo)
    await at_home(mei, one, other)
    app = await client(mei)

    made = await app.post("/api/v1/lists", title="Hills", exclusive=True)
    path = f"/api/v1/lists/{made['id']}"
    await app.post(f"{path}/accounts", account_ids=[str(ana.id)])

    assert made == {
        "id": made["id"],
        "title": "Hills",
        "replies_policy": "list",
        "exclusive": True,
    }
    assert [each["acct"] for each in await app.get(f"{path}/accounts", limit="0")] == ["ana"]
    assert await app.get(f"/api/v1/accounts/{ana.id}/lists") == [made]
    read = await app.get(f"/api/v1/timelines/list/{made['id']}")
    assert [each["id"] for each in read] == [str(one.id)]
    home = await app.get("/api/v1/timelines/home")
    assert [each["id"] for each in home] == [str(other.id)]
    await app.ask("PUT", path, json={"title": "Lakes", "exclusive": False})
    assert (await app.get(path))["title"] == "Lakes"
    assert len(await app.get("/api/v1/timelines/home")) == 2
    await app.ask("DELETE", f"{path}/accounts", json={"account_ids": [str(ana.id)]})
    assert await app.get(f"{path}/accounts") == []
    assert await app.ask("DELETE", path) == (200, {})
    assert await app.get("/api/v1/lists") == []


@pytest.mark.parametrize(
    ("policy", "shown"),
    [("none", set()), ("list", {"to_list"}), ("followed", {"to_list", "to_bo"})],
)
async def test_a_list_shows_the_answers_it_should(settle, client, policy, shown):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    await followed(mei, ana)
    answers = {
        "to_list": await noted(ana, answers=await noted(ana)),
        "to_bo": await noted(ana, answers=await noted(bo)),
    }
    await at_home(mei, *answers.values())
    app = await client(mei)
    made = await app.post("/api/v1/lists", title="x", replies_policy=policy)
    await app.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(ana.id)])

    read = {each["id"] for each in await app.get(f"/api/v1/timelines/list/{made['id']}")}

    assert read == {str(answers[name].id) for name in shown}


async def test_OAU_06_what_others_sort_and_filter_is_not_there(settle, client):
    mei, ana = await client(await settle("mei")), await client(await settle("ana"))
    made = await mei.post("/api/v1/lists", title="x")
    words = await mei.post(
        "/api/v2/filters", title="x", context=["home"], keywords_attributes=[{"keyword": "y"}]
    )
    word = words["keywords"][0]["id"]

    for method, path in [
        ("GET", f"/api/v1/lists/{made['id']}"),
        ("PUT", f"/api/v1/lists/{made['id']}"),
        ("DELETE", f"/api/v1/lists/{made['id']}"),
        ("GET", f"/api/v1/lists/{made['id']}/accounts"),
        ("POST", f"/api/v1/lists/{made['id']}/accounts"),
        ("GET", f"/api/v1/timelines/list/{made['id']}"),
        ("GET", f"/api/v2/filters/{words['id']}"),
        ("PUT", f"/api/v2/filters/{words['id']}"),
        ("DELETE", f"/api/v2/filters/{words['id']}"),
        ("GET", f"/api/v2/filters/keywords/{word}"),
        ("PUT", f"/api/v2/filters/keywords/{word}"),
        ("DELETE", f"/api/v2/filters/keywords/{word}"),
        ("GET", f"/api/v1/filters/{word}"),
        ("DELETE", f"/api/v1/filters/{word}"),
    ]:
        assert (await ana.ask(method, path, json={"title": "z"}))[0] == 404, path
    assert await ana.get("/api/v1/lists") == await ana.get("/api/v2/filters") == []


async def test_what_cannot_be_a_list_or_a_member(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)
    made = await app.post("/api/v1/lists", title="x")

    assert (await app.ask("POST", "/api/v1/lists", json={"title": " "}))[0] == 422
    odd = {"title": "x", "replies_policy": "some"}
    assert (await app.ask("POST", "/api/v1/lists", json=odd))[0] == 422
    path = f"/api/v1/lists/{made['id']}/accounts"
    assert (await app.ask("POST", path, json={"account_ids": [str(ana.id)]}))[0] == 422
    assert (await app.ask("POST", path, json={"account_ids": ["12345"]}))[0] == 404


async def test_filters_mark_what_matches_where_they_work(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    await followed(mei, ana)
    hit = await noted(ana, "<p>Cats and 小猫</p>")
    miss, own = await noted(ana, "<p>Catalogue</p>"), await noted(mei, "<p>cats</p>")
    await at_home(mei, hit, miss, own)
    app = await client(mei)

    made = await app.post(
        "/api/v2/filters",
        title="No cats",
        context=["home"],
        filter_action="hide",
        keywords_attributes=[
            {"keyword": "cats", "whole_word": True},
            {"keyword": "猫", "whole_word": True},
        ],
    )

    home = {each["id"]: each["filtered"] for each in await app.get("/api/v1/timelines/home")}
    elsewhere = await app.get(f"/api/v1/accounts/{ana.id}/statuses")
    assert home[str(miss.id)] == home[str(own.id)] == []
    [found] = home[str(hit.id)]
    assert found["keyword_matches"] == ["cats", "猫"]
    assert found["status_matches"] is None
    assert found["filter"]["id"] == made["id"]
    assert "keywords" not in found["filter"]
    assert all(each["filtered"] == [] for each in elsewhere)


async def test_a_filter_names_a_note_and_ends(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    await followed(mei, ana)
    note = await noted(ana)
    await at_home(mei, note)
    app = await client(mei)
    made = await app.post("/api/v2/filters", title="x", context=["home"], expires_in=3600)
    path = f"/api/v2/filters/{made['id']}/statuses"

    named = await app.post(path, status_id=str(note.id))
    [shown] = await app.get("/api/v1/timelines/home")
    await Filter.all().update(expires_at=now())
    [later] = await app.get("/api/v1/timelines/home")

    assert shown["filtered"][0]["status_matches"] == [str(note.id)]
    assert later["filtered"] == []
    assert await app.get(path) == [named]
    assert await app.get(f"/api/v2/filters/statuses/{named['id']}") == named
    assert await app.ask("DELETE", f"/api/v2/filters/statuses/{named['id']}") == (200, {})
    assert (await app.ask("POST", path, json={"status_id": "1"}))[0] == 404


async def test_a_filter_is_changed_word_by_word(settle, client):
    app = await client(await settle("mei"))
    made = await app.post(
        "/api/v2/filters",
        title="x",
        context=["home"],
        keywords_attributes=[{"keyword": "a"}, {"keyword": "b"}],
    )
    first, second = made["keywords"]

    status, changed = await app.ask(
        "PUT",
        f"/api/v2/filters/{made['id']}",
        json={
            "title": "y",
            "keywords_attributes": [
                {"id": first["id"], "_destroy": True},
                {"id": second["id"], "keyword": "c"},
                {"keyword": "d", "whole_word": True},
            ],
        },
    )
    old = await app.get("/api/v1/filters")

    assert status == 200
    assert (changed["title"], changed["context"]) == ("y", ["home"])
    assert [each["keyword"] for each in changed["keywords"]] == ["c", "d"]
    assert [each["phrase"] for each in old] == ["c", "d"]
    added = await app.post(f"/api/v2/filters/{made['id']}/keywords", keyword="e")
    path = f"/api/v2/filters/keywords/{added['id']}"
    assert (await app.ask("PUT", path, json={"keyword": "f"}))[1]["keyword"] == "f"
    assert await app.ask("DELETE", path) == (200, {})
    assert (await app.ask("GET", path))[0] == 404


async def test_an_older_client_makes_and_drops_filters(settle, client):
    app = await client(await settle("mei"))

    made = await app.post("/api/v1/filters", phrase="x", context=["home"], irreversible=True)
    path = f"/api/v1/filters/{made['id']}"
    _, changed = await app.ask("PUT", path, json={"phrase": "y", "context": ["public"]})

    assert made["irreversible"] is True
    assert (changed["phrase"], changed["context"]) == ("y", ["public"])
    assert await app.ask("DELETE", path) == (200, {})
    assert await app.get("/api/v2/filters") == []


@pytest.mark.parametrize(
    "values",
    [
        {"title": "", "context": ["home"]},
        {"title": "x", "context": []},
        {"title": "x", "context": ["everywhere"]},
        {"title": "x", "context": ["home"], "filter_action": "burn"},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x" * 600}]},
    ],
)
async def test_what_is_no_filter_is_refused(settle, client, values):
    app = await client(await settle("mei"))

    assert (await app.ask("POST", "/api/v2/filters", json=values))[0] == 422
    assert await Filter.all().count() == 0
