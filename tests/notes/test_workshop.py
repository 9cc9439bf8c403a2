"""The process that works on strangers' files: what it cannot do, and how it ends."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from core.landlock import landlock_version
from notes.orders import Done, MakePicture, MakeVideo, Order, Probe, Unfit
from notes.workshop import BOUNDS, MEGABYTE, PLACES, REMOTE, Bounds, Broken, Workshop

LANDLOCK = pytest.mark.skipif(
    not landlock_version(), reason="NO LANDLOCK in this kernel: other files stay readable"
)


async def until(condition) -> None:
    """Let the others go on until something is so; the test's own clock ends what never is."""
    while not condition():  # noqa: ASYNC110  nobody rings a bell for it
        await asyncio.sleep(0)


async def nothing(path: Path) -> None:
    """Bring a file that says nothing."""
    await asyncio.to_thread(path.write_bytes, b"x")


@LANDLOCK
async def test_MED_01_a_child_reads_its_file_and_writes_its_folder_and_can_do_nothing_else(
    tmp_path,
):
    paths = (str(tmp_path), __file__, "/etc/passwd", "/proc/self/maps", "/proc/self/environ")

    async with (
        Workshop(tmp_path / "shop") as shop,
        shop.work(Probe(paths), nothing) as work,
    ):
        done = work.done

    assert set(done.walls) == {"landlock", "seccomp"}
    assert set(done.possible) == {"read the source", "write what is made"}
    assert os.listdir(tmp_path / "shop") == []


async def endless(path: Path) -> None:
    """Bring what never comes to an end."""
    await asyncio.to_thread(os.mkfifo, path)


async def probed(shop: Workshop) -> Done:
    async with shop.work(Probe(), endless) as work:
        return work.done


async def test_a_child_that_is_killed_breaks_the_work_and_leaves_nothing(tmp_path):
    async with Workshop(tmp_path) as shop:
        work = asyncio.create_task(probed(shop))
        await until(lambda: shop.children)
        os.kill(next(iter(shop.children)), signal.SIGKILL)

        with pytest.raises(Broken, match="-9"):
            await work

    assert shop.children == set()
    assert os.listdir(tmp_path) == []


async def test_MED_03_a_child_that_takes_too_long_is_killed(tmp_path):
    bounds = BOUNDS | {"probe": Bounds(1200 * MEGABYTE, 10, MEGABYTE, 0.001, 9)}

    async with Workshop(tmp_path, bounds) as shop:
        with pytest.raises(Broken, match="Timeout"):
            async with shop.work(Probe(), endless):
                pass

    assert shop.children == set()


async def test_MED_03_a_child_that_says_nothing_is_killed(tmp_path):
    bounds = BOUNDS | {"probe": Bounds(1200 * MEGABYTE, 10, MEGABYTE, 30, 0.001)}

    async with Workshop(tmp_path, bounds) as shop:
        with pytest.raises(Broken, match="Timeout"):
            async with shop.work(Probe(), endless):
                pass

    assert shop.children == set()


async def test_a_name_that_is_no_made_file_is_not_believed(tmp_path):
    async with Workshop(tmp_path) as shop, shop.work(Probe(), nothing) as work:
        (work.folder / "link.jpg").symlink_to("/etc/passwd")
        (work.folder / "good.jpg").write_bytes(b"x")

        assert work.path_of("good.jpg").parent == work.folder
        for name in ("link.jpg", "../source", "missing.jpg", "good.exe", "/etc/passwd", ""):
            with pytest.raises(Broken):
                work.path_of(name)


@pytest.mark.parametrize("pictures", [1, 2])
async def test_few_pictures_are_worked_on_at_a_time_and_wait_for_nothing_else(
    tmp_path, monkeypatch, pictures
):
    monkeypatch.setitem(PLACES, "picture", pictures)  # it hangs on the cores of a machine
    shop, begun, go_on = Workshop(tmp_path), [], asyncio.Event()

    async def visit(name: str, order: Order, place: str = "") -> None:
        async def bring(path: Path) -> None:
            begun.append(name)
            await go_on.wait()
            raise Unfit("enough")

        with pytest.raises(Unfit):
            async with shop.work(order, bring, place=place):
                raise AssertionError("nothing was brought")

    film = MakeVideo(most_seconds=1, most_megabytes=1)
    async with asyncio.TaskGroup() as group:
        for name in ("film", "second film"):
            group.create_task(visit(name, film))
        for name in ("theirs", "theirs too"):
            group.create_task(visit(name, MakePicture(), REMOTE))
        for name in ("one", "two", "three"):
            group.create_task(visit(name, MakePicture()))
        await until(lambda: len(begun) == 2 + pictures)
        at_first = sorted(begun)
        go_on.set()

    first, rest = ["one", "two", "three"][:pictures], ["one", "two", "three"][pictures:]
    assert at_first == sorted(["film", "theirs", *first])
    assert sorted(begun[2 + pictures :]) == sorted(["second film", "theirs too", *rest])
