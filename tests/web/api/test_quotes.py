"""Quotes by an app: made, read with every state, listed, taken back; who may is told and kept."""

from datetime import timedelta

import pytest

from actors.accounts import Account
from actors.blocks import Block, Mute
from core.clock import now
from notes.note import Audience, Note
from notes.quotes import Quote, State, settle
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from tests.counting import counted
from tests.factories import noted, stranger


async def quoted(app, note, text="look", **more):
    return await app.post("/api/v1/statuses", status=text, quoted_status_id=str(note.id), **more)


async def read(app, number):
    return await app.get(f"/api/v1/statuses/{number}")


async def test_a_status_is_quoted_and_read_whole(settle, client, settle_down):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="the first"))
    app = await client(bo)

    made = await quoted(app, note)
    again = await quoted(app, await Note.get(id=int(made["id"])), "and on")
    await settle_down()
    first, second = await read(app, made["id"]), await read(app, again["id"])

    assert first["quote"]["state"] == "accepted"
    assert first["quote"]["quoted_status"]["id"] == str(note.id)
    assert first["quote"]["quoted_status"]["quotes_count"] == 1
    assert first["content"].startswith('<p class="quote-inline">RE: <a')
    inner = second["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "accepted", "quoted_status_id": str(note.id)}
    told = await (await client(mei)).get("/api/v1/notifications", types=["quote"])
    assert [(each["type"], each["status"]["id"]) for each in told] == [("quote", made["id"])]


async def test_each_state_is_told_as_it_is_for_the_reader(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="the first"))
    app, mine = await client(bo), await client(mei)
    made = await quoted(app, note)
    quote = await Quote.get(note_id=int(made["id"]))

    async def state(who=app):
        found = (await read(who, made["id"]))["quote"]
        assert (found["quoted_status"] is None) == (found["state"] != "accepted")
        return found["state"]

    for each in (State.PENDING, State.REJECTED, State.REVOKED, State.ACCEPTED):
        await settle_state(quote, each)
        assert await state() == each.value
    muted = await Mute.create(muter=bo, muted=mei)
    assert await state() == "muted_account"
    await muted.delete()
    block = await Block.create(uri="https://x.example/1", blocker=bo, blocked=mei)
    assert await state() == "blocked_account"
    await block.delete()
    await Note.filter(id=note.id).update(audience=Audience.FOLLOWERS)
    assert await state() == "unauthorized"
    assert await state(await client()) == "unauthorized"
    await withdraw(mei, await Note.get(id=note.id))
    assert await state() == "deleted"
    assert mine


async def settle_state(quote, state):
    await settle(await Quote.get(id=quote.id), state)


async def test_PRIV_01_what_is_quoted_shows_only_to_those_who_may_see_it(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    own = await publish(mei, Draft(text="for few", audience=Audience.FOLLOWERS))
    made = await quoted(await client(mei), own, visibility="public")

    status, _ = await (await client(bo)).ask("GET", f"/api/v1/statuses/{made['id']}")

    assert made["visibility"] == "private"
    assert status == 404


async def test_what_may_not_be_quoted_is_refused(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    closed = await publish(mei, Draft(text="hello"))
    few = await publish(mei, Draft(text="hello", audience=Audience.FOLLOWERS))
    mine, app = await client(mei), await client(bo)
    await mine.ask(
        "PUT",
        f"/api/v1/statuses/{closed.id}/interaction_policy",
        json={"quote_approval_policy": "nobody"},
    )

    status, said = await app.ask(
        "POST", "/api/v1/statuses", json={"status": "x", "quoted_status_id": str(closed.id)}
    )
    hidden, _ = await app.ask(
        "POST", "/api/v1/statuses", json={"status": "x", "quoted_status_id": str(few.id)}
    )

    assert status == 422
    assert "quoted_status_id" in said["details"]
    assert hidden == 404
    assert not await Quote.exists()


@pytest.mark.parametrize("policy", ["public", "followers", "nobody"])
async def test_who_may_quote_is_chosen_and_told(settle, client, policy):
    mei, bo = await settle("mei"), await settle("bo")
    mine, app = await client(mei), await client(bo)

    made = await mine.post("/api/v1/statuses", status="x", quote_approval_policy=policy)
    seen = (await read(app, made["id"]))["quote_approval"]

    assert seen["automatic"] == ([] if policy == "nobody" else [policy])
    assert seen["manual"] == []
    assert seen["current_user"] == ("automatic" if policy == "public" else "denied")
    assert made["quote_approval"]["current_user"] == "automatic"


async def test_a_policy_that_is_none_is_refused(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    app = await client(mei)
    note = await publish(mei, Draft(text="x"))
    path = f"/api/v1/statuses/{note.id}/interaction_policy"

    wrong, _ = await app.ask("PUT", path, json={"quote_approval_policy": "friends"})
    empty, _ = await app.ask("PUT", path, json={})
    posted, _ = await app.ask(
        "POST", "/api/v1/statuses", json={"status": "x", "quote_approval_policy": "friends"}
    )
    other, _ = await (await client(bo)).ask("PUT", path, json={"quote_approval_policy": "nobody"})

    assert (wrong, empty, posted, other) == (422, 422, 422, 404)


async def test_the_policy_of_others_is_told_in_our_words(settle, client):
    mei = await settle("mei")
    ana = await stranger("ana", followers_uri="https://elsewhere.example/f")
    policies = {
        "unknown": None,
        "manual": {"canQuote": {"manualApproval": "as:Public"}},
        "denied": {"canQuote": {"automaticApproval": ["https://elsewhere.example/f"]}},
        "automatic": {"canQuote": {"automaticApproval": [mei.uri]}},
    }
    app = await client(mei)

    for standing, policy in policies.items():
        note = await noted(ana, interaction=policy)
        seen = (await read(app, note.id))["quote_approval"]
        assert seen["current_user"] == standing, (policy, seen)

    assert seen["automatic"] == ["unsupported_policy"]


async def test_quotes_are_listed_for_who_may_see_them(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="x"))
    app = await client(bo)
    shown = [await quoted(app, note, f"number {each}") for each in range(3)]
    await quoted(app, note, "few", visibility="private")
    path = f"/api/v1/statuses/{note.id}/quotes"

    page = await app.send("GET", path, params={"limit": "2"})
    rest = await (await client()).get(path, max_id=shown[1]["id"])
    everything = await app.get(path)

    assert [each["id"] for each in await page.json()][1:] == [shown[2]["id"]]
    assert "max_id=" in page.headers["Link"]
    assert [each["id"] for each in rest] == [shown[0]["id"]]
    assert len(everything) == 4


async def test_who_is_quoted_takes_it_back(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="x"))
    mine, app = await client(mei), await client(bo)
    made = await quoted(app, note)
    path = f"/api/v1/statuses/{note.id}/quotes/{made['id']}/revoke"

    foreign, _ = await app.ask("POST", path)
    nothing, _ = await mine.ask("POST", f"/api/v1/statuses/{note.id}/quotes/{note.id}/revoke")
    taken = await mine.post(path)
    listed = await mine.get(f"/api/v1/statuses/{note.id}/quotes")

    assert (foreign, nothing) == (404, 404)
    assert taken["id"] == made["id"]
    assert taken["quote"] == {"state": "revoked", "quoted_status": None}
    assert listed == []
    assert (await read(mine, note.id))["quotes_count"] == 0


async def test_the_usual_policy_is_a_preference(settle, client):
    mei = await settle("mei")
    app = await client(mei)

    saved, me = await app.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "nobody"}}
    )
    wrong, _ = await app.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "x"}}
    )
    made = await app.post("/api/v1/statuses", status="x")

    assert (saved, wrong) == (200, 422)
    assert me["source"]["quote_policy"] == "nobody"
    assert (await app.get("/api/v1/preferences"))["posting:default:quote_policy"] == "nobody"
    assert made["quote_approval"]["automatic"] == []
    assert (await Account.get(actor_id=mei.id)).preferences["quote_policy"] == "nobody"


async def test_a_scheduled_quote_keeps_what_it_quotes(settle, client):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="x"))
    app = await client(mei)

    made = await app.post(
        "/api/v1/statuses",
        status="later",
        quoted_status_id=str(note.id),
        quote_approval_policy="followers",
        scheduled_at=(now() + timedelta(hours=1)).isoformat(),
    )

    assert made["params"]["quoted_status_id"] == str(note.id)
    assert made["params"]["quote_approval_policy"] == "followers"


async def test_a_page_with_quotes_costs_the_same_whatever_it_shows(settle, client):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="x"))
    app = await client(bo)
    await quoted(app, note)
    path = f"/api/v1/accounts/{bo.id}/statuses"
    with counted() as one:
        await app.get(path)
    for each in range(5):
        other = await publish(mei, Draft(text=f"x {each}"))
        await quoted(app, other)
    with counted() as six:
        await app.get(path)

    assert len(six) <= len(one)
