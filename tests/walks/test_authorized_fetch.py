"""Who may read by asking: signatures of GETs, strict servers, and settings that are less so."""

from actors.follows import is_following
from actors.registration import create_account
from actors.remote import look_up
from core import metrics
from core.ids import new_id
from notes.note import Audience, Note
from outbox.create import publish
from outbox.draft import Draft
from outbox.follow import follow
from tests.conftest import PASSWORD
from tests.walks.neighbours import neighbour, settled
from tests.walks.people import fan_of, known
from tests.walks.wire import set_to

PAGE = "?page=true"


async def test_SIG_02_a_get_must_say_where_and_when(settle, remote, wire):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))
    path = f"/n/{note.id}"

    good = await wire.get(path, ana)
    for names in ("host date", "(request-target) date", "(request-target) host"):
        assert (await wire.get(path, ana, names=names)).status == 401
    for other in (f"/n/{new_id()}", "/u/mei"):
        assert (await wire.get(path, ana, signed_path=other)).status == 401

    assert good.status == 200


async def test_SIG_04_a_query_added_on_the_way_opens_nothing_limited(
    settle, remote, settle_down, wire
):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    note = await publish(mei, Draft(text="for friends", audience=Audience.FOLLOWERS))
    path = f"/n/{note.id}"

    whole = await wire.get(f"{path}?x=1", ana)
    added = await wire.get(f"{path}?x=1", ana, signed_path=path)
    invented = await wire.get("/n/123?x=1", ana, signed_path="/n/123")
    changed = await wire.get(f"{path}?x=1", ana, signed_path=f"{path}?x=2")

    assert whole.status == 200
    assert [each.status for each in (added, invented, changed)] == [401, 401, 401]


async def test_SIG_04_open_things_are_shown_to_who_leaves_the_query_out(settle, remote, wire):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    await publish(mei, Draft(text="hello"))
    before = metrics.loose_signatures._value.get()

    whole = await wire.get(f"/u/mei/outbox{PAGE}", ana)
    loose = await wire.get(f"/u/mei/outbox{PAGE}", ana, signed_path="/u/mei/outbox")

    assert (whole.status, loose.status) == (200, 200)
    assert whole.body == loose.body
    assert metrics.loose_signatures._value.get() == before + 1


async def test_a_wrong_signature_is_worse_than_none(settle, remote, wire):
    await settle("mei")
    ana, _ = await known(remote, "ana")
    bob, _ = await known(remote, "bob")

    forged = await wire.get("/u/mei", ana, private=bob.private)
    unsigned = await wire.get("/u/mei")

    assert (forged.status, unsigned.status) == (401, 200)


async def test_SIG_13_while_a_key_cannot_be_had_an_asker_may_try_again(settle, remote, wire):
    await settle("mei")
    ana = remote.person("ana")
    remote.statuses["/users/ana"] = 500

    answer = await wire.get("/u/mei", ana)

    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_SIG_21_strangers_read_who_signs_here_and_nothing_more(settle, remote, wire):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="hello"))

    instance = await wire.get("/actor")
    stub = (await wire.get("/u/mei")).json
    others = ["/u/mei/outbox", "/u/mei/followers", "/u/mei/following", "/u/mei/featured"]
    others += [f"/n/{note.id}", f"/n/{note.id}/replies", f"/n/{note.id}/context"]

    assert instance.json["publicKey"]["id"] == f"{instance.json['id']}#main-key"
    assert stub["publicKey"]["publicKeyPem"] == mei.public_key
    assert "name" not in stub
    for path in others:
        assert (await wire.get(path)).status == 401


async def test_SIG_21_two_strict_servers_federate_from_empty(served, settle, tmp_path):
    mei = await settle("mei")

    async with neighbour(tmp_path / "there") as there:
        await there.do(create_account("ben", "ben@example.org", PASSWORD))
        ben = await look_up(f"@ben@{there.settings.server.domain}")
        await follow(mei, ben)
        await settled(there)
        note = await there.do(_post("ben", "hello from the other side"))
        await settled(there)

    assert served.federation.authorized_fetch
    assert there.settings.federation.authorized_fetch
    assert await is_following(mei, ben)
    assert "hello from the other side" in (await Note.get(uri=note)).content


async def _post(name, text):
    author = await look_up(f"@{name}")
    return (await publish(author, Draft(text=text))).uri


async def test_a_server_that_is_not_strict_shows_what_is_open(settle, remote, wire):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    open_note = await publish(mei, Draft(text="hello"))
    narrow = await publish(mei, Draft(text="friends", audience=Audience.FOLLOWERS))

    async with set_to(wire, "federation", authorized_fetch=False) as lax:
        statuses = [
            (await lax.get(path)).status
            for path in ("/u/mei/outbox", f"/n/{open_note.id}", f"/n/{narrow.id}")
        ]
        whole = (await lax.get("/u/mei")).json
        signed = await lax.get(f"/n/{narrow.id}", ana)

    assert statuses == [200, 200, 404]
    assert whole["name"]
    assert signed.status == 200
