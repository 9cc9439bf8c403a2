"""The servers of an audience: what the follows say, and no dearer for crowds."""

import random
from contextlib import contextmanager
from typing import Any

import pytest
from tortoise.connection import get_connection

from actors import follows
from actors.actor import Actor, Kind
from actors.domains import Domain, standings
from actors.follows import Follow, address, end, readers_of
from actors.keeping import keep, mark_gone
from actors.reading import actor_document_from
from core import sql
from core.clock import now
from outbox import fan_out as fan_out_module
from outbox.deliver import Reach
from outbox.fan_out import servers_following
from tests import postgres
from tests.counting import counted, scans
from tests.outbox.conftest import Someone, letters, send


@pytest.fixture
def resident(settle: Someone) -> Someone:
    """Make someone who lives here; `settle` is what puts a follow in force."""
    return settle


SHARED = "CASE WHEN a.shared_inbox = '' THEN a.inbox ELSE a.shared_inbox END"


async def recounted(followed: Actor, condition: str = "TRUE") -> set[str]:
    """The letterboxes of an audience, read from every follow and whoever it is."""
    found = await sql.rows(
        f"SELECT DISTINCT {SHARED} AS inbox FROM follow f"  # noqa: S608  constants
        " JOIN actor a ON a.id = f.follower_id"
        " WHERE f.followed_id = ? AND f.is_accepted = ? AND a.local_name IS NULL"
        f" AND a.suspended_at IS NULL AND a.gone_at IS NULL AND {condition}",
        [followed.id, True],
    )
    return {row["inbox"] for row in found if row["inbox"]}


async def reached(author: Actor, reach: Reach) -> set[str]:
    """The letterboxes that letters to an audience went to."""
    return {each.inbox for each in await letters(await send("Create", author, reach))}


async def says_anew(person: Actor, **more: Any) -> None:
    """Their server tells of them once more, with something changed."""
    document = {
        "id": person.uri,
        "type": "Person",
        "preferredUsername": person.name,
        "inbox": f"{person.uri}/inbox",
    }
    await keep(actor_document_from(document | more))


class Chance:
    """Things that happen to people and to their follows, in some order."""

    def __init__(self, seed: int, followed: list[Actor], people: list[Actor]) -> None:
        self.some = random.Random(seed)
        self.followed, self.people = followed, people

    async def strike(self) -> None:
        """Let one of them happen to somebody."""
        often = [self._asks, self._accepted, self._moves_house]
        seldom = [self._ends, self._is_suspended, self._is_gone]
        happens = self.some.choice([*often, *often, *seldom])
        await happens(self.some.choice(self.people))

    async def _asks(self, person: Actor) -> None:
        followed = self.some.choice(self.followed)
        uri = f"{person.uri}/follows/{followed.id}"
        await Follow.get_or_create(
            follower_id=person.id, followed_id=followed.id, defaults={"uri": uri}
        )

    async def _accepted(self, person: Actor) -> None:
        if follow := await Follow.filter(follower_id=person.id, is_accepted=False).first():
            await follows.settle(follow)

    async def _ends(self, person: Actor) -> None:
        if follow := await Follow.filter(follower_id=person.id).first():
            await end(follow)

    async def _moves_house(self, person: Actor) -> None:
        if person.is_local:
            return
        base = person.uri.split("/u/")[0]
        shared = self.some.choice([f"{base}/inbox", f"{base}/shared", None])
        await says_anew(person, endpoints={"sharedInbox": shared} if shared else {})

    async def _is_suspended(self, person: Actor) -> None:
        await Actor.filter(id=person.id).update(suspended_at=self.some.choice([now(), None]))

    async def _is_gone(self, person: Actor) -> None:
        if self.some.random() < 0.3:
            await mark_gone(person.uri)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_letters_go_where_the_follows_say(
    resident, someone, monkeypatch, seed
):
    monkeypatch.setattr(fan_out_module, "BATCH", 2)
    mei, tea = await resident("mei"), await resident("tea")
    people = [await someone(number % 4, f"p{number}") for number in range(10)]
    chance = Chance(seed, [mei, tea], [*people, await resident("ben")])

    for _ in range(12):
        for _ in range(10):
            await chance.strike()

        for author in (mei, tea):
            boxes = await recounted(author)
            assert await reached(author, Reach(followers_of=author)) == boxes
            assert await servers_following(author.id) == len(boxes)


@pytest.mark.postgres
async def test_servers_that_are_left_out_are_those_the_members_live_on(
    resident, someone, monkeypatch
):
    monkeypatch.setattr(fan_out_module, "BATCH", 2)
    tea = await resident("tea", kind=Kind.GROUP)
    for number in range(12):
        await someone(number % 6, f"p{number}", follows=tea)
    await someone(1, "club", kind=Kind.GROUP)
    await someone(4, "guild", kind=Kind.GROUP)
    # Two account domains behind one letterbox; that of the second is the one that has groups.
    box = {"shared_inbox": "http://127.0.9.9:9/inbox", "follows": tea}
    await someone(7, "one", host="one.example", **box)
    await someone(7, "two", host="two.example", **box)
    await someone(8, "three", host="two.example", kind=Kind.GROUP)
    hosts = [(await Actor.get(name="p2")).host, "one.example"]
    await standings(hosts)
    await Domain.filter(host__in=hosts).update(software="rubric")

    with_groups = await reached(tea, Reach(followers_of=tea, among_groups=True))
    aware = await reached(tea, Reach(followers_of=tea, among_aware=True))

    has_group = "EXISTS (SELECT 1 FROM actor g WHERE g.host = a.host AND g.kind = 'Group')"
    assert with_groups == await recounted(tea, has_group)
    assert len(with_groups) == 3
    is_aware = "EXISTS (SELECT 1 FROM domain d WHERE d.host = a.host AND d.software = 'rubric')"
    assert aware == await recounted(tea, is_aware)
    assert len(aware) == 2


async def test_an_audience_costs_the_same_however_many_live_on_one_server(resident, someone):
    mei, ben = await resident("mei"), await resident("ben")
    await _joins(ben, mei)
    for number in range(6):
        await someone(number % 3, f"p{number}", follows=mei)
    few = await _steps_of(mei)

    for number in range(240):
        await someone(number % 3, f"q{number}", follows=mei)
    many = await _steps_of(mei)

    assert many == pytest.approx(few, rel=0.05)


async def test_no_statement_of_a_fan_out_walks_over_a_table(resident, someone):
    mei = await resident("mei")
    for number in range(6):
        await someone(number % 3, f"p{number}", follows=mei)

    with counted() as said:
        assert await servers_following(mei.id) == 3
        assert await readers_of(mei.id) == []

    assert len(said) == 2
    assert scans(said) == []


async def test_who_lives_here_has_no_letterbox_beside_their_follow(resident):
    mei, ben = await resident("mei"), await resident("ben")

    follow = await _joins(ben, mei)

    await follow.refresh_from_db()
    assert (follow.letterbox, follow.host) == ("", "")
    assert await readers_of(mei.id) == [ben.id]


async def test_a_letterbox_is_written_only_where_it_changed(resident, someone):
    mei = await resident("mei")
    ana = await someone(0, "ana", follows=mei)
    follow = await Follow.get(follower_id=ana.id)

    await says_anew(ana)
    await address(ana.id)

    before, follow = follow, await Follow.get(follower_id=ana.id)
    assert (before.letterbox, follow.letterbox) == (ana.shared_inbox, ana.inbox)
    assert follow.host == ana.host


async def _joins(person: Actor, followed: Actor) -> Follow:
    uri = f"{person.uri}/follows/{followed.id}"
    follow = await Follow.create(uri=uri, follower_id=person.id, followed_id=followed.id)
    await follows.settle(follow)
    return follow


@contextmanager
def _steps() -> Any:
    """Count the steps of SQLite's machine."""
    if postgres.is_wanted():
        pytest.skip("steps are counted in SQLite")
    taken, client = [0], get_connection("default")

    def step() -> None:
        taken[0] += 1

    opened = [each._connection._conn for each in (client, client.writer) if each._connection]
    for each in opened:
        each.set_progress_handler(step, 1)
    try:
        yield taken
    finally:
        for each in opened:
            each.set_progress_handler(None, 1)


async def _steps_of(author: Actor) -> int:
    with _steps() as taken:
        await servers_following(author.id)
        await readers_of(author.id)
    return int(taken[0])
