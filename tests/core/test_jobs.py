"""Jobs: put down with a change, taken by one, done at least once, parked when nothing helps."""

import asyncio
import time

import pytest
from tortoise.transactions import in_transaction

from core import jobs, sql
from core.jobs import PAUSES, Job, Lane, Wake, is_waiting, put, put_many, take
from tests.counting import counted


@pytest.fixture(autouse=True)
async def no_jobs(here):
    """Everything here begins with nothing to do."""
    await Job.all().delete()


async def names(most: int = 10, **which: str) -> list[str]:
    return [job.name for job in await take(most, **which)]


async def come_due() -> None:
    """Let the time pass until every job is due."""
    await sql.rows("UPDATE job SET due = 0")


async def test_what_is_put_down_is_taken_as_it_was():
    await put("sow", {"seeds": ["谷", "🌾"], "rows": 3})

    (job,) = await take(10)

    assert job.name == "sow"
    assert job.read() == {"seeds": ["谷", "🌾"], "rows": 3}
    assert job.attempts == 1


async def test_a_payload_may_be_json_already():
    await put("sow", b'{"rows":3}')

    assert (await take(1))[0].read() == {"rows": 3}


async def test_a_job_goes_with_the_change_it_belongs_to():
    with pytest.raises(ValueError, match="no rain"):
        await _sow_in_vain()

    assert await take(10) == []


async def _sow_in_vain() -> None:
    async with in_transaction():
        await put("sow", {})
        raise ValueError("no rain")


async def test_nobody_takes_what_another_has():
    await put_many("sow", [{"row": row} for row in range(20)])

    taken = await asyncio.gather(*(take(7) for _ in range(4)))

    ids = [job.id for group in taken for job in group]
    assert len(ids) == 20
    assert len(set(ids)) == 20


async def test_a_lease_that_ends_gives_the_job_to_another():
    await put("sow", {})
    (first,) = await take(1)
    before = await take(1)
    await come_due()

    (second,) = await take(1)

    assert before == []
    assert second.id == first.id
    assert second.attempts == 2


async def test_what_is_urgent_goes_first_and_then_what_is_old():
    await put("weed", {}, lane=Lane.LATER)
    await put("sow", {})
    await put("water", {}, lane=Lane.SOON)
    await put("reap", {})

    assert [await names(1) for _ in range(4)] == [["water"], ["sow"], ["reap"], ["weed"]]


async def test_one_kind_can_be_taken_or_left():
    await put("sow", {})
    await put("reap", {})

    assert await names(only="reap") == ["reap"]
    await put("reap", {})
    assert await names(but="reap") == ["sow"]


async def test_what_is_for_later_is_not_taken_now():
    await put("reap", {}, after_seconds=60)
    now = await names()
    await come_due()

    assert now == []
    assert await names() == ["reap"]


async def test_what_is_done_is_gone():
    await put("sow", {})
    (job,) = await take(1)

    await jobs.done([job.id])

    assert not await Job.exists()


async def test_a_failure_waits_longer_each_time_and_is_parked_in_the_end():
    await put("sow", {})
    pauses = []
    for _ in PAUSES:
        (job,) = await take(1)
        await jobs.again(job, "hail")
        row = await Job.get(id=job.id)
        pauses.append(row.due / 1000 - time.time())
        await come_due()
    (last,) = await take(1)
    await jobs.again(last, "hail")

    assert all(
        0.75 * pause < seen < 1.25 * pause for pause, seen in zip(PAUSES, pauses, strict=True)
    )
    row = await Job.get(id=last.id)
    assert (row.parked, row.error) == (True, "hail")
    await come_due()
    assert await take(10) == []


async def test_who_says_when_to_come_back_is_obeyed():
    await put("sow", {})
    (job,) = await take(1)

    await jobs.again(job, "busy", after_seconds=1000)

    assert 990 < (await Job.get(id=job.id)).due / 1000 - time.time() < 1010


async def test_an_operator_can_let_a_parked_job_go_on():
    await put("sow", {})
    (job,) = await take(1)
    await jobs.park(job, "stones")
    parked = await names()

    await Job.filter(id=job.id).update(parked=False, due=0)

    assert parked == []
    assert await names() == ["sow"]


async def test_what_is_handed_back_is_taken_up_at_once():
    await put("sow", {})
    (job,) = await take(1)

    await jobs.hand_back([job.id])

    assert await names() == ["sow"]


async def test_a_call_wakes_every_sleeper_once():
    wake = Wake()
    bells = [wake, wake.beside(), wake.beside()]
    sleepers = [asyncio.create_task(bell.wait(60)) for bell in bells]
    await asyncio.sleep(0)

    wake.call()
    await asyncio.wait_for(asyncio.gather(*sleepers), 1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wake.wait(60), 0.02)


async def test_a_bell_for_one_kind_of_work_is_silent_for_another():
    wake = Wake()
    of_sowing, of_others = wake.beside(only=["sow"]), wake.beside(but=["sow"])

    wake.call("sow")
    await asyncio.wait_for(of_sowing.wait(60), 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(of_others.wait(60), 0.02)

    wake.call("reap")
    await asyncio.wait_for(of_others.wait(60), 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(of_sowing.wait(60), 0.02)


async def test_to_take_what_is_not_there_writes_nothing():
    await put("sow", {})

    with counted() as asked:
        assert await take(5, only="reap") == []

    assert [each[:6] for each in asked] == ["SELECT"]


async def test_one_kind_of_work_is_found_past_any_amount_of_another():
    await put("sow", {})

    with counted() as asked:
        await take(5, only="sow")

    plans = [
        row["detail"]
        for statement in asked
        for row in await sql.rows(f"EXPLAIN QUERY PLAN {statement}")
        if "parked=?" in row["detail"]
    ]
    assert len(plans) == 2
    assert all("parked=? AND name=?" in each for each in plans)


async def test_however_much_is_due_what_is_taken_is_found_without_putting_all_in_order():
    await put_many("water", [{"bed": number} for number in range(50)], lane=Lane.LATER)

    with counted() as asked:
        await take(5, but=["sow"])

    plans = [
        row["detail"]
        for statement in asked
        if statement.startswith("UPDATE job")
        for row in await sql.rows(f"EXPLAIN QUERY PLAN {statement}")
    ]
    found = [each for each in plans if "SEARCH job" in each and "parked=?" in each]
    assert len(found) == len(Lane)
    assert all("parked=? AND lane=? AND due<?" in each for each in found)


async def test_what_is_urgent_is_taken_first_and_of_one_lane_what_was_due_first():
    await put("water", {}, lane=Lane.LATER)
    await put("weed", {}, lane=Lane.USUAL)
    await put("sow", {}, lane=Lane.SOON)
    await put("reap", {}, lane=Lane.USUAL)

    first = await take(3, but=["rest"])
    second = await take(3, but=["rest"])

    assert {each.name for each in first} == {"sow", "weed", "reap"}
    assert [each.name for each in second] == ["water"]


async def test_a_call_before_the_sleep_is_not_lost():
    wake = Wake()

    wake.call()

    await asyncio.wait_for(wake.wait(60), 1)


async def test_putting_down_work_rings_even_when_the_commit_comes_later():
    wake = Wake()
    jobs.use_wake(wake)
    sleeper = wake.beside()

    async with in_transaction():
        await put("sow", {})
        await asyncio.wait_for(sleeper.wait(60), 1)
        again = asyncio.create_task(_taken_when_rung(sleeper))
        await asyncio.sleep(0.01)

    assert await asyncio.wait_for(again, 2) == ["sow"]


async def _taken_when_rung(bell: Wake) -> list[str]:
    while not (found := await names()):
        await bell.wait(60)
    return found


async def test_work_that_is_parked_does_not_keep_the_same_from_being_put_down_again():
    await put("sow", b'{"rows":3}')
    waits = await is_waiting("sow", b'{"rows":3}')
    other = await is_waiting("sow", b'{"rows":4}')
    await Job.all().update(parked=True)

    assert (waits, other) == (True, False)
    assert not await is_waiting("sow", b'{"rows":3}')
    await Job.all().update(parked=False, leased=True)
    assert not await is_waiting("sow", b'{"rows":3}')
