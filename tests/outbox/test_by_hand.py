"""What an operator does with letters: tried now, taken up again, dropped; and what they see."""

import pytest
from tortoise.transactions import in_transaction

from actors.blocks import Block, ServerBlock
from actors.circuit import HOUR
from actors.domains import Domain, set_rejected
from core.clock import milliseconds
from core.ids import new_id
from core.jobs import done, take
from core.settings import settings
from outbox import by_hand, lines
from outbox.by_hand import DROPPED, drop, drop_letters, hurry, try_again, try_now
from outbox.deliver import Reach
from outbox.letters import BLOCKED, OVERTAKEN
from outbox.lines import hosts_failing, hosts_with, kinds_in, letters_in, lines_of
from outbox.refusals import NotAllowed
from outbox.sent import Delivery, State
from tests.outbox.conftest import letter, letters, send
from tests.sinks import Reply

DO = {"outbox.hurry": hurry, "outbox.drop": drop_letters}


async def work() -> None:
    """Do what an operator set going."""
    for name, function in DO.items():
        while jobs := await take(10, only=name):
            for job in jobs:
                await function(job.read())
                await done([job.id])


async def again(*sent) -> list[int]:
    async with in_transaction():
        return await try_again([(await letter(each)).id for each in sent])


async def dropped(host, state=State.WAITING, *, up_to=None, spares=True) -> None:
    async with in_transaction():
        await drop(host, state, up_to=up_to or new_id(), spares=spares)
    await work()


async def hurried(host) -> None:
    async with in_transaction():
        await try_now(host)
    await work()


async def test_a_server_is_tried_now_whatever_its_circuit_says(
    settle, someone, sinks, carrier, clock
):
    mei, ana = await settle("mei"), await someone()
    sinks.on(0, *[Reply(hangs_up=True)] * 5, Reply(202))
    sent = [await send("Create", mei, Reach(actors=[ana])) for _ in range(6)]
    for _ in range(5):
        await carrier.carry_due()
        clock.pass_(minutes=1)
    [line] = await lines_of([sinks.host()])
    assert line.pause
    assert line.error
    clock.by = 0

    await carrier.carry_due()
    assert await Delivery.filter(state=State.DONE).count() == 0
    await hurried(sinks.host())
    while await carrier.carry_due():
        pass

    assert {(await letter(each)).state for each in sent} == {State.DONE}
    [line] = await lines_of([sinks.host()])
    assert (line.pause, line.failures, line.waiting) == (0, 0, 0)
    assert line.reached_at >= line.erred_at > 0


async def test_letters_that_wait_for_a_later_try_are_due_in_the_order_they_were(
    settle, someone, monkeypatch
):
    monkeypatch.setattr(by_hand, "AT_ONCE", 2)
    mei, ana = await settle("mei"), await someone()
    sent = [await send("Create", mei, Reach(actors=[ana])) for _ in range(5)]
    later = milliseconds() + 12 * HOUR
    for number, each in enumerate(sent):
        await Delivery.filter(sent_id=each.id).update(due=later + number)

    await hurried(ana.host)

    rows = await Delivery.all().order_by("due", "id")
    assert [row.sent_id for row in rows] == [each.id for each in sent]
    assert rows[-1].due <= milliseconds() + 10
    assert (await Domain.get(host=ana.host)).next_at <= milliseconds() + 10


async def test_a_retry_after_is_kept_whoever_is_in_a_hurry(settle, someone, sinks, carrier):
    mei, ana = await settle("mei"), await someone()
    sinks.on(0, Reply(429, headers={"Retry-After": "3600"}))
    await send("Create", mei, Reach(actors=[ana]))
    await carrier.carry_due()

    with pytest.raises(NotAllowed, match="asked not to be called"):
        await hurried(ana.host)
    await carrier.carry_due()

    assert len(sinks.receipts) == 1


async def test_nothing_is_tried_where_policy_sends_nothing(settle, someone):
    mei, ana = await settle("mei"), await someone()
    await send("Create", mei, Reach(actors=[ana]))
    await set_rejected(ana.host, is_rejected=True)

    for host in (ana.host, "never.example"):
        with pytest.raises(NotAllowed, match="policy lets no letters"):
            await hurried(host)


async def test_an_unavailable_server_is_given_one_try_and_new_letters_wait_for_it(
    settle, someone, sinks, carrier
):
    mei, ana = await settle("mei"), await someone()
    gone = {"failing_since": 1, "failures": 9, "pause": 6 * HOUR, "is_unavailable": True}
    await Domain.create(host=ana.host, **gone)
    stopped = await send("Create", mei, Reach(actors=[ana]))
    assert (await letter(stopped)).state == State.STOPPED

    async with in_transaction():
        await try_again([(await letter(stopped)).id])
        await try_now(ana.host)
    await work()
    await carrier.carry_due()

    assert (await letter(stopped)).state == State.DONE
    assert not (await Domain.get(host=ana.host)).is_unavailable


@pytest.mark.parametrize("state", [State.STOPPED, State.PARKED])
async def test_an_operator_can_have_letters_tried_again(settle, someone, sinks, carrier, state):
    mei, ana = await settle("mei"), await someone()
    sinks.on(0, Reply(403), Reply(202))
    sent = await send("Create", mei, Reach(actors=[ana]))
    await carrier.carry_due()
    await Delivery.all().update(state=state)

    assert await again(sent) == [(await letter(sent)).id]
    await carrier.carry_due()

    assert (await letter(sent)).state == State.DONE
    assert await again(sent) == []


async def test_R5_what_something_later_made_old_is_not_taken_up_again(
    settle, someone, sinks, carrier
):
    mei, ana = await settle("mei"), await someone()
    note = settings().url("/n/1")
    sinks.on(0, Reply(403), Reply(202))
    first = await send("Create", mei, Reach(actors=[ana]), about=note)
    await carrier.carry_due()
    alone = await letter(first)
    await send("Update", mei, Reach(actors=[ana]), about=note)

    assert await again(first) == []
    await carrier.carry_due()
    assert await again(first) == []
    assert (await letter(first)).state == alone.state == State.STOPPED


async def test_R5_what_was_deleted_is_not_taken_up_again(settle, someone):
    mei, ana = await settle("mei"), await someone()
    note = settings().url("/n/1")
    sent = await send("Create", mei, Reach(actors=[ana]), about=note)
    await send("Delete", mei, Reach(hosts_that_had=note), about=note)
    assert (await letter(sent)).error == OVERTAKEN
    assert await again(sent) == []

    await Delivery.filter(sent_id=sent.id).update(error="403", code=403)
    assert await again(sent) == []


async def test_PRIV_07_what_a_block_or_the_policy_keeps_is_not_taken_up_again(settle, someone):
    mei, ana = await settle("mei"), await someone()
    sent = await send("Create", mei, Reach(actors=[ana], personal=True))

    async def stop(error: str) -> None:
        await Delivery.all().update(state=State.STOPPED, error=error)

    await stop(BLOCKED)
    assert await again(sent) == []
    await stop("403")
    block = await ServerBlock.create(blocker_id=mei.id, host=ana.host)
    assert await again(sent) == []
    await block.delete()
    person = await Block.create(uri="http://x.example/b", blocker_id=mei.id, blocked_id=ana.id)
    assert await again(sent) == []
    await person.delete()
    await set_rejected(ana.host, is_rejected=True)
    assert await again(sent) == []
    await set_rejected(ana.host, is_rejected=False)

    assert len(await again(sent)) == 1


async def test_what_is_dropped_is_stopped_with_the_reason_and_can_be_taken_up_again(
    settle, someone, sinks, carrier
):
    mei, ana, bob = await settle("mei"), await someone(), await someone(1, "bob")
    sent = await send("Create", mei, Reach(actors=[ana, bob]))

    await dropped(ana.host)
    await carrier.carry_due()

    by_host = {each.host: each for each in await letters(sent)}
    assert by_host[bob.host].state == State.DONE
    assert (by_host[ana.host].state, by_host[ana.host].error) == (State.STOPPED, DROPPED)
    async with in_transaction():
        assert await try_again([by_host[ana.host].id]) == [by_host[ana.host].id]
    await carrier.carry_due()
    assert {each.state for each in await letters(sent)} == {State.DONE}


async def test_what_takes_something_back_is_kept_unless_that_is_wanted_too(settle, someone):
    mei, ana = await settle("mei"), await someone()
    news = await send("Create", mei, Reach(actors=[ana]))
    undone = await send("Undo", mei, Reach(actors=[ana]))

    await dropped(ana.host)
    assert (await letter(news)).state == State.STOPPED
    assert (await letter(undone)).state == State.WAITING
    await dropped(ana.host, spares=False)
    assert (await letter(undone)).state == State.STOPPED


async def test_what_was_written_after_one_looked_is_not_dropped(settle, someone):
    mei, ana = await settle("mei"), await someone()
    old = await send("Create", mei, Reach(actors=[ana]))
    looked = new_id()
    new = await send("Create", mei, Reach(actors=[ana]))

    await dropped(ana.host, up_to=looked)

    assert (await letter(old)).state == State.STOPPED
    assert (await letter(new)).state == State.WAITING


async def test_parked_letters_are_dropped_apart_from_those_that_wait(settle, someone):
    mei, ana = await settle("mei"), await someone()
    poison = await send("Create", mei, Reach(actors=[ana]))
    await Delivery.filter(sent_id=poison.id).update(state=State.PARKED)
    good = await send("Create", mei, Reach(actors=[ana]))

    await dropped(ana.host, State.PARKED)

    assert (await letter(poison)).state == State.STOPPED
    assert (await letter(good)).state == State.WAITING


async def test_R5_letters_about_one_thing_are_dropped_together(settle, someone, monkeypatch):
    monkeypatch.setattr(by_hand, "AT_ONCE", 1)
    mei, ana = await settle("mei"), await someone()
    note = settings().url("/n/1")
    create = await send("Create", mei, Reach(actors=[ana]), about=note)
    update = await send("Update", mei, Reach(actors=[ana]), about=note)
    await send("Create", mei, Reach(actors=[ana]))

    line = by_hand._line(ana.host, State.WAITING)
    first = await anext(line)
    together = await by_hand._about_the_same(first)
    await line.aclose()

    assert together == {(await letter(create)).id, (await letter(update)).id}
    await dropped(ana.host)
    assert {each.state for each in await Delivery.all()} == {State.STOPPED}


async def test_servers_are_listed_by_what_their_letters_are_in(settle, someone):
    mei = await settle("mei")
    people = [await someone(number, f"p{number}") for number in range(4)]
    hosts = [each.host for each in people]
    sent = await send("Create", mei, Reach(actors=people))
    await send("Create", mei, Reach(actors=people))
    for host, state in zip(hosts[1:], (State.PARKED, State.STOPPED, State.DONE), strict=True):
        await Delivery.filter(sent_id=sent.id, host=host).update(state=state)
    await Domain.filter(host=hosts[2]).update(failing_since=5, failures=1)
    await Domain.filter(host=hosts[0]).update(failing_since=9, failures=1)

    everyone = await hosts_with(State.WAITING, most=10)
    assert everyone == sorted(hosts)
    assert await hosts_with(State.WAITING, after=everyone[1], most=1) == everyone[2:3]
    assert await hosts_with(State.PARKED, most=10) == [hosts[1]]
    assert await hosts_with(State.STOPPED, most=10) == [hosts[2]]
    assert await hosts_failing(most=10) == [hosts[2], hosts[0]]
    assert await hosts_failing(after=(5, hosts[2]), most=10) == [hosts[0]]
    [line] = await lines_of([hosts[1]])
    assert (line.waiting, line.parked, line.stopped) == (1, 1, 0)


async def test_a_line_is_read_page_by_page_and_counted_up_to_a_bound(settle, someone, monkeypatch):
    monkeypatch.setattr(lines, "MOST_COUNTED", 3)
    mei, ana = await settle("mei"), await someone()
    for _ in range(7):
        await send("Create", mei, Reach(actors=[ana]))
    await send("Undo", mei, Reach(actors=[ana]))

    [line] = await lines_of([ana.host])
    assert line.waiting == 4
    seen, place = [], (-1, 0, 0)
    while page := await letters_in(ana.host, State.WAITING, after=place, most=3):
        seen += [each.id for each in page]
        place = (page[-1].lane, page[-1].due, page[-1].id)
    assert seen == [row.id for row in await Delivery.all().order_by("lane", "due", "id")]
    assert await kinds_in(ana.host, State.WAITING, up_to=new_id()) == {"Create": 7, "Undo": 1}
