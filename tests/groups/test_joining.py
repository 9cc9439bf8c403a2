"""Each of ten kinds of groups is found by handle and address, joined as it demands, and left."""

import pytest

from actors.follows import Follow
from actors.memberships import State, membership_of
from actors.remote import look_up
from outbox.follow import follow
from outbox.undo import unfollow
from tests.groups.played import recorded
from tests.groups.test_posting_out import KINDS, group_of

RECORDED = ("lemmy", "mbin", "nodebb", "discourse", "guppe", "mobilizon", "friendica")
JOINED = ("mobilizon", "smithereen")


def played(server, kind):
    """A group of this kind: recorded where there is one, else what that kind's groups say."""
    if kind in KINDS:
        return group_of(server, kind)
    if kind == "peertube":
        hosts = server.hosts("tilvids.com")
        return server.actor(recorded("peertube/lemmy--objects-group.json", hosts))
    more = {"capabilities": {"acceptsJoins": True}} if kind == "smithereen" else {}
    return server.person("club", "Group", **more)


@pytest.fixture(params=[*RECORDED, "peertube", "piefed", "smithereen"])
async def kind(request):
    """The name of a kind."""
    return request.param


@pytest.fixture
async def met(settle, server, kind):
    """Mei, the group at home, and as it is known here."""
    mei, there = await settle("mei"), played(server, kind)
    return mei, there, await look_up(f"!{there.name}@{server.host}")


async def test_its_address_and_its_handle_lead_to_one_group(met, server):
    _, there, found = met

    assert (await look_up(there.uri)).id == found.id
    assert (found.is_group, found.uri) == (True, there.uri)
    assert found.handle.lower() == f"{there.name}@{server.host}".lower()


async def test_it_is_asked_and_left_in_its_own_words(met, server, kind, settle_down):
    mei, there, found = met
    await follow(mei, found)
    await settle_down()
    asked = server.letters[-1]
    assert (await membership_of(mei, found)).state is State.ASKED
    accept = server.activity("Accept", there, asked.document, to=[mei.uri])
    await server.send(mei.inbox, accept, there)
    await settle_down()
    assert (await membership_of(mei, found)).state is State.MEMBER

    await unfollow(mei, found)
    await settle_down()

    verbs = ["Join", "Leave"] if kind in JOINED else ["Follow", "Undo"]
    assert server.types() == verbs
    assert asked.document["object"] == there.uri
    assert asked.document["to"] == [there.uri]
    assert f"{server.base}{asked.path}" == there.inbox
    assert (await membership_of(mei, found)).state is State.LEFT


async def test_its_refusal_ends_the_asking_and_keeps_the_reason(met, server, settle_down):
    mei, there, found = met
    await follow(mei, found)
    await settle_down()
    reject = server.activity("Reject", there, server.letters[-1].document, summary="full")

    await server.send(mei.inbox, reject, there)
    await settle_down()

    row = await membership_of(mei, found)
    assert (row.state, row.reason, row.by_id) == (State.LEFT, "full", found.id)
    assert not await Follow.exists(follower_id=mei.id)


async def test_an_acceptance_that_nobody_asked_for_makes_no_member(met, server, settle_down):
    mei, there, found = met
    accept = server.activity(
        "Accept",
        there,
        {"type": "Follow", "id": f"{mei.uri}/f", "actor": mei.uri, "object": there.uri},
    )

    await server.send(mei.inbox, accept, there)
    await settle_down()

    assert await membership_of(mei, found) is None
    assert not await Follow.exists()
