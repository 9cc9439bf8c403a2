"""Two servers agree on who follows whom (FEP-8fcf): what was lost on its way is made good."""

import hashlib

import pytest

from actors.actor import by_uri
from actors.follows import Follow, is_following
from actors.remote import look_up
from notes.note import Audience
from outbox.create import publish
from outbox.draft import Draft
from outbox.follow import follow
from tests.remote import PUBLIC, Person, Remote

NOBODY = "0" * 64


def summed(*uris: str) -> str:
    total = 0
    for uri in uris:
        total ^= int(hashlib.sha256(uri.encode()).hexdigest(), 16)
    return f"{total:064x}"


@pytest.fixture
async def away(here):
    """A second server elsewhere."""
    async with Remote(here) as other:
        yield other


def header(ana: Person, digest: str, *, collection: str = "", url: str = "") -> str:
    return (
        f'collectionId="{collection or ana.followers}",'
        f' url="{url or f"{ana.uri}/followers_here"}", digest="{digest}"'
    )


def lists(remote: Remote, ana: Person, *uris: str) -> None:
    """Have Ana's server say so when it is asked who follows her from here."""
    path = f"/users/{ana.name}/followers_here"
    remote.things[path] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{remote.base}{path}",
        "type": "OrderedCollection",
        "orderedItems": list(uris),
    }


async def writes(remote: Remote, ana: Person, to: str, beside: str) -> None:
    """Have Ana write to her followers, with such a header."""
    note = remote.note(ana, to=[ana.followers], cc=[])
    await remote.send(
        f"{remote.here.server.base_url}/inbox",
        remote.activity("Create", ana, note),
        ana,
        Collection_Synchronization=beside,
    )


@pytest.fixture
async def followed(settle, remote, settle_down):
    """Mei follows Ana, who lives elsewhere and said yes."""
    mei, ana = await settle("mei"), remote.person("ana")
    actor = await look_up(f"@ana@{remote.host}")
    await follow(mei, actor)
    await settle_down()
    await remote.send(mei.inbox, remote.activity("Accept", ana, remote.last("Follow")), ana)
    await settle_down()
    assert await is_following(mei, actor)
    return mei, ana, actor


async def test_a_note_for_followers_says_whom_there_we_take_for_one(
    settle, remote, away, settle_down
):
    mei = await settle("mei")
    ana, bo, eve = remote.person("ana"), remote.person("bo"), away.person("eve")
    for server, person in ((remote, ana), (remote, bo), (away, eve)):
        await server.send(mei.inbox, server.activity("Follow", person, mei.uri), person)
    await settle_down()

    await publish(mei, Draft(text="for all", audience=Audience.PUBLIC))
    await publish(mei, Draft(text="for friends", audience=Audience.FOLLOWERS))
    await settle_down()

    said = {
        PUBLIC in got.document["to"]: got.headers.get("Collection-Synchronization")
        for got in remote.letters
        if got.type == "Create"
    }
    url = f"{mei.uri}/followers_synchronization"
    digest = summed(ana.uri, bo.uri)
    assert said == {
        True: None,
        False: f'collectionId="{mei.followers_uri}", url="{url}", digest="{digest}"',
    }


async def test_PRIV_08_a_server_is_told_of_its_own_people_alone(settle, remote, away, settle_down):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), away.person("eve")
    await remote.send(mei.inbox, remote.activity("Follow", ana, mei.uri), ana)
    await settle_down()
    url = f"{mei.uri}/followers_synchronization"

    status, told = await remote.get(url, ana)
    assert status == 200
    assert (told["id"], told["type"], told["orderedItems"]) == (
        url,
        "OrderedCollection",
        [ana.uri],
    )
    assert (await away.get(url, eve))[1]["orderedItems"] == []
    assert (await remote.get(url))[0] == 401


async def test_a_follow_they_know_nothing_of_is_ended(followed, remote, settle_down):
    mei, ana, actor = followed
    lists(remote, ana)

    await writes(remote, ana, mei.inbox, header(ana, NOBODY))
    await settle_down()

    assert not await is_following(mei, actor)
    assert remote.last("Undo")["object"]["actor"] == mei.uri


async def test_a_follow_that_only_they_know_of_is_taken_back(followed, settle, remote, settle_down):
    mei, ana, _ = followed
    bo = await settle("bo")
    lists(remote, ana, mei.uri, bo.uri)

    await writes(remote, ana, mei.inbox, header(ana, summed(mei.uri, bo.uri)))
    await settle_down()

    undo = remote.last("Undo")
    assert (undo["actor"], undo["object"]["object"]) == (bo.uri, ana.uri)
    assert [row.follower_id for row in await Follow.all()] == [mei.id]


async def test_a_yes_that_was_lost_counts(settle, remote, settle_down):
    mei, ana = await settle("mei"), remote.person("ana")
    actor = await look_up(f"@ana@{remote.host}")
    await follow(mei, actor)
    await settle_down()
    lists(remote, ana, mei.uri)

    await writes(remote, ana, mei.inbox, header(ana, summed(mei.uri)))
    await settle_down()

    assert await is_following(mei, actor)
    assert "Undo" not in remote.types()


async def test_where_both_agree_nothing_is_asked(followed, remote, settle_down):
    mei, ana, actor = followed

    await writes(remote, ana, mei.inbox, header(ana, summed(mei.uri)))
    await settle_down()

    assert await is_following(mei, actor)
    assert not [path for path in remote.fetches if path.endswith("followers_here")]


@pytest.mark.parametrize(
    "make",
    [
        lambda ana, away: header(ana, NOBODY, collection=f"{ana.uri}/friends"),
        lambda ana, away: header(ana, NOBODY, url=f"{away.base}/users/eve/followers_here"),
        lambda ana, away: header(ana, "0" * 63),
        lambda ana, away: header(ana, "none"),
        lambda ana, away: header(ana, NOBODY).replace("url=", "site="),
        lambda ana, away: header(ana, NOBODY).replace('"', ""),
        lambda ana, away: "x" * 5000,
        lambda ana, away: "",
    ],
)
async def test_a_header_that_is_not_theirs_to_write_is_let_be(
    followed, remote, away, settle_down, make
):
    mei, ana, actor = followed
    lists(remote, ana)
    away.person("eve")

    await writes(remote, ana, mei.inbox, make(ana, away))
    await settle_down()

    assert await is_following(mei, actor)
    assert not [path for path in remote.fetches + away.fetches if "followers_here" in path]


async def test_a_list_that_is_not_what_was_claimed_ends_nothing(followed, remote, settle_down):
    mei, ana, actor = followed
    lists(remote, ana, f"{remote.here.server.base_url}/u/somebody")

    await writes(remote, ana, mei.inbox, header(ana, NOBODY))
    await settle_down()

    assert await is_following(mei, actor)


async def test_a_list_that_cannot_be_had_ends_nothing(followed, remote, settle_down):
    mei, ana, actor = followed

    await writes(remote, ana, mei.inbox, header(ana, NOBODY))
    await settle_down()

    assert await is_following(mei, actor)


async def test_one_claim_is_looked_into_once(followed, remote, settle_down):
    mei, ana, _ = followed
    lists(remote, ana, mei.uri)

    for _ in range(3):
        await writes(remote, ana, mei.inbox, header(ana, NOBODY))
    await settle_down()

    assert remote.fetches.count("/users/ana/followers_here") == 1


async def test_a_list_in_pages_is_read_to_its_end(followed, settle, remote, settle_down):
    mei, ana, actor = followed
    bo = await settle("bo")
    await follow(bo, actor)
    await settle_down()
    whole = f"{ana.uri}/followers_here"
    path = "/users/ana/followers_here"
    for name, document in {
        path: {"id": whole, "type": "OrderedCollection", "first": f"{whole}/1"},
        f"{path}/1": {"type": "OrderedCollectionPage", "items": [mei.uri], "next": f"{whole}/2"},
        f"{path}/2": {"type": "OrderedCollectionPage", "items": [bo.uri]},
    }.items():
        remote.things[name] = document

    await writes(remote, ana, mei.inbox, header(ana, summed(mei.uri, bo.uri)))
    await settle_down()

    assert await is_following(bo, actor)
    assert await is_following(mei, await by_uri(ana.uri))
