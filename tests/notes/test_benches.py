"""The processes that split off children: one for many files, sent home, and started again."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from notes import benches
from notes.benches import Benches, NoChild


@pytest.fixture
async def probing():
    """Benches for probes, closed at the end."""
    made = Benches("probe")
    yield made
    await made.close()


async def one(of: Benches) -> tuple[int, int]:
    """Have a child for a moment; return its number and that of its bench."""
    async with of.child() as child:
        return child.pid, int(status_of(child.pid)["PPid"])


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def sockets_of(pid: int) -> set[str]:
    held = {os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir()}
    return {each for each in held if each.startswith("socket:")}


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_children_come_from_one_bench_and_leave_nothing(probing):
    (first, bench), (second, same) = await one(probing), await one(probing)

    assert (first != second, bench == same) == (True, True)
    assert (is_there(first), is_there(second)) == (False, False)
    assert is_there(bench)


async def test_MED_01_a_child_has_no_way_to_the_bench_nor_to_another_child(probing):
    async with probing.child() as child, probing.child() as other:
        held, others = sockets_of(child.pid), sockets_of(other.pid)

    assert (len(held), len(others)) == (1, 1)  # the stream of its own
    assert held != others


async def test_a_child_knows_nothing_of_the_servers_environment(probing, monkeypatch):
    monkeypatch.setenv("RUBRIC_DATABASE_URL", "postgres://a:secret@b/c")

    async with probing.child() as child:
        environment = await asyncio.to_thread(Path(f"/proc/{child.pid}/environ").read_bytes)

    assert b"LANG" in environment
    assert b"secret" not in environment


async def test_pages_go_before_what_works_on_files_and_probes_do_not_wait(probing):
    drawing = Benches("picture")
    try:
        async with drawing.child() as child, probing.child() as probe:
            numbers = (child.pid, child.bench.process.pid, probe.pid)
            classes = [os.sched_getscheduler(each) for each in numbers]
            adjusted = Path(f"/proc/{child.pid}/oom_score_adj")
            first_to_go = await asyncio.to_thread(adjusted.read_text)
    finally:
        await drawing.close()

    assert classes == [os.SCHED_IDLE, os.SCHED_IDLE, os.SCHED_OTHER]
    assert first_to_go.strip() == "1000"


async def test_a_child_that_goes_on_is_killed_at_the_end(probing):
    async with probing.child() as child:
        assert await child.end() == "-9"
        assert await child.end() == "-9"  # as often as one asks


async def test_a_bench_that_dies_takes_its_children_along_and_another_stands_up(probing):
    async with probing.child() as child:
        bench = int(status_of(child.pid)["PPid"])
        os.kill(bench, signal.SIGKILL)

        assert await child.answers.read() == b""
        assert await child.end() == ""

    _, another = await one(probing)
    assert another != bench


async def test_a_bench_that_nobody_wants_any_more_goes_home(probing, monkeypatch):
    monkeypatch.setattr(benches, "IDLE_S", 0)

    _, bench = await one(probing)
    while is_there(bench):  # noqa: ASYNC110  nobody rings a bell for it
        await asyncio.sleep(0)

    _, another = await one(probing)
    assert another != bench


async def test_a_bench_that_cannot_start_is_a_named_error_with_its_reason():
    none = Benches("sculpture")

    with pytest.raises(NoChild):
        await one(none)
    while "KeyError: 'sculpture'" not in none.said:  # noqa: ASYNC110  its end comes on another way
        await asyncio.sleep(0)
    await none.close()

    assert none.said == ""
