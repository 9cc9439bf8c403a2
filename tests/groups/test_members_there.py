"""Closed groups across three servers: what was said here in a group elsewhere, and who reads it."""

import pytest
from aiohttp import web

from actors.actor import Actor
from inbox import members_there
from notes.group_posts import GroupPost, Standing
from notes.note import Audience, Note
from outbox.create import publish
from outbox.draft import Draft
from tests.groups.played import Played, joined


class Asked(Played):
    """A server that answers who belongs to its group, with a status and nothing else, as Lemmy."""

    def __init__(self, here) -> None:
        super().__init__(here)
        self.members: set[str] = set()
        self.questions: list[str] = []

    async def _thing(self, request: web.Request) -> web.Response:
        if asked := request.query.get("is_follower"):
            assert "Signature" in request.headers
            self.questions.append(asked)
            return web.Response(status=200 if asked in self.members else 404)
        return await super()._thing(request)


@pytest.fixture
async def home(served):
    """Where the group lives."""
    async with Asked(served) as other:
        yield other


@pytest.fixture
async def said(settle, home, settle_down):
    """A note of Mei's in a closed group there."""
    mei = await settle("mei")
    there = home.person("den", "Group", manuallyApprovesFollowers=True)
    group = await joined(mei, home, there, settle_down)
    note = await publish(mei, Draft(text="Between us", group_id=group.id))
    await settle_down()
    members_there._asked.clear()
    return await Note.get(id=note.id)


async def status_of(note, server, person) -> int:
    return (await server.get(note.uri, person))[0]


async def test_the_group_tells_who_may_read_what_was_said_in_it_here(said, home, third, elsewhere):
    assert said.audience is Audience.MEMBERS
    keeper, stranger = third.person("keeper", "Application"), elsewhere.person("eve")
    home.members.add(keeper.uri)

    statuses = [
        await status_of(said, server, person)
        for server, person in ((third, keeper), (third, keeper), (elsewhere, stranger))
    ]

    assert statuses == [200, 200, 404]
    # What it said holds for some minutes.
    assert home.questions == [keeper.uri, stranger.uri]


async def test_the_server_of_the_group_reads_it_and_is_not_asked(said, home):
    assert await status_of(said, home, home.person("keeper", "Application")) == 200
    assert home.questions == []


async def test_PRIV_14_who_lives_beside_the_group_reads_it_as_a_member_alone(said, home):
    member, stranger = home.person("ana"), home.person("eve")
    home.members.add(member.uri)

    assert [await status_of(said, home, each) for each in (member, stranger)] == [200, 404]


async def test_it_is_read_no_more_once_the_group_removed_it(said, home, third):
    keeper = third.person("keeper", "Application")
    home.members.add(keeper.uri)
    await GroupPost.filter(note_id=said.id).update(standing=Standing.REMOVED)

    assert await status_of(said, third, keeper) == 404
    assert home.questions == []


async def test_who_is_blocked_or_asks_unsigned_gets_nothing(said, home, third):
    keeper = third.person("keeper", "Application")
    home.members.add(keeper.uri)
    await Actor.filter(id=said.author_id).update(suspended_at=said.created_at)
    suspended = await status_of(said, third, keeper)
    await Actor.filter(id=said.author_id).update(suspended_at=None)

    assert (suspended, (await third.get(said.uri))[0]) == (404, 401)


async def test_DOS_09_a_group_is_asked_so_often_an_hour(said, home, third, monkeypatch):
    monkeypatch.setattr(members_there, "ASKED_AN_HOUR", 3)

    for number in range(5):
        await status_of(said, third, third.person(f"p{number}"))

    assert len(home.questions) == 3


async def test_a_group_that_cannot_be_asked_lets_nobody_read(said, home, third):
    keeper = third.person("keeper", "Application")
    await Actor.filter(id=said.group_id).update(followers_uri="http://127.0.0.1:1/followers")

    assert await status_of(said, third, keeper) == 404
