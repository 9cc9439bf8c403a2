"""What becomes of letters to a server that the policy rejects, and frees again."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import time_machine
from tortoise.transactions import in_transaction

from actors.blocks import ServerBlock
from actors.domains import set_rejected
from core.clock import milliseconds, now
from core.ids import new_id
from core.settings import settings
from outbox import freed
from outbox.block import block
from outbox.deliver import Reach
from outbox.freed import send_on
from outbox.letters import REJECTED
from outbox.sent import Delivery, State
from outbox.sweeping import KEPT, KEPT_BACK, sweep
from tests.outbox.conftest import letter, letters, send

DAY = 86_400_000


async def free(host: str) -> int:
    await set_rejected(host, is_rejected=False)
    async with in_transaction():
        return await send_on([host])


def kinds(sinks) -> Sequence[str]:
    return [msgspec.json.decode(each.body)["type"] for each in sinks.receipts]


def in_days(days: float):
    return time_machine.travel(now() + timedelta(days=days), tick=True)


async def test_R3_what_waited_before_goes_out_once_the_server_is_free(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    await someone(0, follows=mei)
    sent = await send("Create", mei, Reach(followers_of=mei))
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()
    assert ((await letter(sent)).state, (await letter(sent)).error) == (State.STOPPED, REJECTED)

    count = await free(sinks.host(0))
    await carrier.carry_due()

    assert (count, kinds(sinks)) == (1, ["Create"])
    assert (await letter(sent)).state == State.DONE
    assert await free(sinks.host(0)) == 0


async def test_what_was_told_meanwhile_is_not_sent_but_what_was_taken_back_is(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    ana = await someone(0, follows=mei)
    note = settings().url(f"/n/{new_id()}")
    await send("Create", mei, Reach(followers_of=mei), about=note)
    await carrier.carry_due()
    await set_rejected(sinks.host(0), is_rejected=True)

    told = await send("Create", mei, Reach(followers_of=mei))
    deleted = await send("Delete", mei, Reach(hosts_that_had=note), about=note)
    undone = await send("Undo", mei, Reach(actors=[ana]))
    await carrier.carry_due()
    assert kinds(sinks) == ["Create"]
    await free(sinks.host(0))
    await carrier.carry_due()

    assert await letters(told) == []
    assert sorted(kinds(sinks)) == ["Create", "Delete", "Undo"]
    assert {(await letter(each)).state for each in (deleted, undone)} == {State.DONE}


async def test_what_is_deleted_meanwhile_is_not_told_of_afterwards(settle, someone, sinks, carrier):
    mei = await settle("mei")
    await someone(0, follows=mei)
    note = settings().url(f"/n/{new_id()}")
    create = await send("Create", mei, Reach(followers_of=mei), about=note)
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()
    await send("Delete", mei, Reach(hosts_that_had=note), about=note)

    await free(sinks.host(0))
    await carrier.carry_due()

    assert (await letter(create)).state == State.STOPPED
    assert "Create" not in kinds(sinks)


async def test_PRIV_05_old_words_are_not_told_of_what_was_changed_meanwhile(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    await someone(0, follows=mei)
    changed, whole = [settings().url(f"/n/{new_id()}") for _ in range(2)]
    old = await send("Create", mei, Reach(followers_of=mei), about=changed)
    await send("Create", mei, Reach(followers_of=mei), about=whole)
    await send("Update", mei, Reach(followers_of=mei), about=whole)
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()
    await send("Update", mei, Reach(followers_of=mei), about=changed)

    await free(sinks.host(0))
    await carrier.carry_due()
    await carrier.carry_due()

    assert (await letter(old)).state == State.STOPPED
    assert kinds(sinks) == ["Create", "Update"]


async def test_PRIV_07_nothing_waits_for_somebody_whom_its_author_blocks_now(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    ana, bob = await someone(0, "ana"), await someone(0, "bob")
    sent = await send("Create", mei, Reach(actors=[ana, bob], personal=True))
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()

    await block(mei, ana)
    await free(sinks.host(0))
    await carrier.carry_due()

    states = {each.for_actor_id: each.state for each in await letters(sent)}
    assert states == {ana.id: State.STOPPED, bob.id: State.DONE}
    assert sorted(kinds(sinks)) == ["Block", "Create"]


async def test_what_is_too_old_stays_and_what_takes_back_goes_however_late(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    ana = await someone(0, follows=mei)
    await send("Create", mei, Reach(followers_of=mei))
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()
    undone = await send("Undo", mei, Reach(actors=[ana]))

    with in_days(40):
        await sweep()
        count = await free(sinks.host(0))
        assert (await letter(undone)).id >> 16 > milliseconds() - DAY  # its time begins anew
        await carrier.carry_due()

    assert (count, kinds(sinks)) == (1, ["Undo"])


async def test_what_is_kept_for_a_server_is_kept_for_a_year(settle, someone, sinks, carrier):
    mei = await settle("mei")
    ana = await someone(0)
    await set_rejected(sinks.host(0), is_rejected=True)
    await send("Undo", mei, Reach(actors=[ana]))

    with in_days(KEPT / DAY + 1):
        await sweep()
        assert await Delivery.all().count() == 1
    with in_days(KEPT_BACK / DAY + 1):
        await sweep()

    assert not await Delivery.exists()


async def test_PRIV_07_nothing_waits_for_a_server_that_its_author_blocks_now(
    settle, someone, sinks, carrier
):
    mei = await settle("mei")
    await someone(0, follows=mei)
    await send("Create", mei, Reach(followers_of=mei))
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()
    await ServerBlock.create(blocker_id=mei.id, host=sinks.host(0))

    assert await free(sinks.host(0)) == 0


async def test_many_letters_are_freed_in_parts(settle, someone, sinks, carrier, monkeypatch):
    monkeypatch.setattr(freed, "AT_ONCE", 2)
    mei = await settle("mei")
    await someone(0, follows=mei)
    for _ in range(5):
        await send("Create", mei, Reach(followers_of=mei))
    await set_rejected(sinks.host(0), is_rejected=True)
    await carrier.carry_due()

    assert await free(sinks.host(0)) == 5
    await carrier.carry_due()

    assert kinds(sinks) == ["Create"] * 5
