"""What becomes of servers and people when the policy says something else of them."""

import asyncio

import pytest
import time_machine

from actors.actor import Actor
from actors.domains import Domain, meet
from actors.follows import Follow, readers_of
from core.clock import milliseconds
from core.paging import Page
from core.settings import Settings
from inbox import reading
from inbox.timelines import put_in_homes
from moderation.adopting import adopt
from moderation.consequences import consequences
from moderation.enforce import AT_ONCE, enforce, settle, settle_daily
from moderation.policy import current
from moderation.reading import Draft
from notes.visibility import may_see
from outbox.deliver import Reach
from outbox.sent import State
from rubric import policy_command
from rubric.work import JOBS
from tests.moderation.drafts import entry, sections_of, servers
from tests.moderation.rows import follows, note_by, stranger
from tests.outbox.conftest import letter, send

WHY = {"en": "Because."}
SPAM = servers(entry("spam.example"))


async def publish(**tables: object) -> None:
    policy = await adopt(Draft(sections_of(**tables), current().version), summary=WHY)
    await enforce({"version": policy.version})


async def is_present(actor: Actor) -> bool:
    return (await Actor.get(id=actor.id)).is_present


async def rejected() -> set[str]:
    found = await Domain.filter(is_rejected=True).values_list("host", flat=True)
    return {str(host) for host in found}


def test_the_job_is_in_the_table():
    assert JOBS["moderation.enforce"] is enforce


async def test_people_of_a_rejected_server_are_neither_seen_nor_heard(here: Settings):
    bot, ana = await stranger("bot", "spam.example"), await stranger("ana", "fine.example")
    below = await stranger("bot", "sub.spam.example")

    await publish(**SPAM)

    assert [await is_present(each) for each in (bot, below, ana)] == [False, False, True]


async def test_ORG_21_their_notes_are_seen_by_nobody_and_again_once_it_is_lifted(here, settle):
    mei, bot = await settle("mei"), await stranger("bot", "spam.example")
    note = await note_by(bot)
    await follows(mei, bot)

    await publish(**SPAM)
    note.author = await Actor.get(id=bot.id)
    hidden = await may_see(mei, note)
    await publish()
    note.author = await Actor.get(id=bot.id)

    assert (hidden, await may_see(mei, note)) == (False, True)


async def test_ORG_21_no_list_holds_their_notes(here, settle):
    mei, bot = await settle("mei"), await stranger("bot", "spam.example", is_discoverable=True)
    note = await note_by(bot)
    await put_in_homes([mei.id], note.id)
    lists = (reading.federated, reading.explore, reading.home)
    before = [(await each(mei, Page())).rows for each in lists]

    await publish(**SPAM)
    after = [(await each(mei, Page())).rows for each in lists]

    assert [len(rows) for rows in before] == [1, 1, 1]
    assert after == [[], [], []]


async def test_what_is_limited_is_in_no_public_list_but_at_home(here, settle):
    mei, ana = await settle("mei"), await stranger("ana", "loud.example", is_discoverable=True)
    note = await note_by(ana)
    await put_in_homes([mei.id], note.id)

    await publish(**servers(entry("loud.example", "limit")))

    assert (await reading.federated(mei, Page())).rows == []
    assert (await reading.explore(mei, Page())).rows == []
    assert [each.id for each in (await reading.home(mei, Page())).rows] == [note.id]


async def test_follows_sleep_and_wake(here, settle):
    mei, bot = await settle("mei"), await stranger("bot", "spam.example")
    await follows(mei, bot)
    await follows(bot, mei)

    await publish(**SPAM)
    assert await Follow.all().count() == 2
    await publish()

    assert await readers_of(bot.id) == [mei.id]


async def test_no_letter_goes_to_a_rejected_server_or_below_it(here: Settings):
    await meet(["spam.example", "fine.example"])

    await publish(**SPAM)
    standing = await meet(["new.spam.example"])

    assert await rejected() == {"spam.example", "new.spam.example"}
    assert standing["new.spam.example"].is_rejected


async def test_lifting_a_rejection_lets_letters_go_again(here: Settings):
    await meet(["a.spam.example"])
    await publish(**SPAM)

    await publish()

    assert await rejected() == set()


async def test_R3_what_was_kept_for_a_rejected_server_goes_out_when_it_is_free(here, settle):
    mei, bot = await settle("mei"), await stranger("bot", "spam.example")
    await publish(**SPAM)
    undone = await send("Undo", mei, Reach(actors=[bot]))
    assert (await letter(undone)).state == State.STOPPED

    await publish()

    assert (await letter(undone)).state == State.WAITING
    assert (await Domain.get(host="spam.example")).next_at <= milliseconds()


async def test_an_allow_list_rejects_every_other_server(here: Settings):
    friend, other = await stranger("a", "friend.example"), await stranger("b", "other.example")
    await meet(["friend.example", "other.example"])

    await publish(**servers(entry("friend.example", "accept"), mode="allowlist"))

    assert await rejected() == {"other.example"}
    assert [await is_present(each) for each in (friend, other)] == [True, False]


async def test_a_server_is_rejected_by_its_address_as_well_as_by_its_handles(here: Settings):
    hidden = await stranger("bot", "nice.example", uri="https://ap.spam.example/u/bot")

    await publish(**SPAM)

    assert not await is_present(hidden)


async def test_people_who_live_here_are_never_kept_out(here, settle):
    mei = await settle("mei")

    await publish(federation={"mode": "allowlist"})

    assert await is_present(mei)


async def test_a_measure_ends_on_its_day_by_the_clock(here: Settings):
    bot = await stranger("bot", "spam.example")
    with time_machine.travel("2026-11-30T12:00:00Z", tick=False):
        await publish(**servers(entry("spam.example", until="2026-11-30")))
        await settle_daily()
        assert not await is_present(bot)

    with time_machine.travel("2026-12-01T00:10:00Z", tick=False):
        await settle_daily()

    assert await is_present(bot)
    assert await rejected() == set()


async def test_enforcing_twice_changes_nothing_more(here: Settings):
    bot = await stranger("bot", "spam.example")
    await publish(**SPAM)

    await enforce({"version": 2})

    assert not await is_present(bot)
    assert await rejected() == {"spam.example"}


async def test_consequences_count_who_would_notice(here, settle):
    mei, bot = await settle("mei"), await stranger("bot", "a.spam.example")
    await stranger("ana", "fine.example")
    await note_by(bot)
    await follows(mei, bot)
    await follows(bot, mei)

    (found,) = (await consequences(current().sections, sections_of(**SPAM))).servers

    assert (found.host, found.before, found.after) == ("a.spam.example", "", "reject")
    assert (found.people, found.follows, found.followers, found.notes) == (1, 1, 1, 1)


@pytest.mark.parametrize("mode", ["approval", "allowlist"])
async def test_a_change_of_mode_concerns_every_server(here: Settings, mode: str):
    await stranger("a", "a.example")
    await stranger("b", "b.example")

    found = await consequences(current().sections, sections_of(federation={"mode": mode}))

    after = "hold" if mode == "approval" else "reject"
    assert [(each.host, each.after) for each in found.servers] == [
        ("a.example", after),
        ("b.example", after),
    ]


async def test_the_command_tells_the_consequences(here, settle):
    await stranger("bot", "spam.example")
    chosen = _with(here, {"federation": {"entries": [entry("spam.example")]}})

    told = await policy_command.plan(chosen)

    assert "spam.example: as any other → reject; people known there: 1, follows" in told


def _with(here: Settings, policy: dict[str, object]) -> Settings:
    return type(here)(server=here.server, policy=policy)


async def test_others_have_their_turn_while_a_crowd_is_gone_through(here):
    people = [
        Actor(uri=f"https://far.example/{n}", name=f"p{n}", host="far.example", inbox="https://x/")
        for n in range(AT_ONCE * 3)
    ]
    await Actor.bulk_create(people, batch_size=100)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await settle()
    counting.cancel()

    assert turns >= 3
