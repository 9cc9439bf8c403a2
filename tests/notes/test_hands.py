"""The hands of the worker: pictures do not wait behind videos."""

import asyncio

from core.jobs import Job, Wake
from notes.attachments import Attachment, State
from notes.orders import MakeVideo, Unfit
from notes.uploads import take_in
from notes.workshop import workshop
from rubric.worker import Worker
from tests.notes.films import film
from tests.notes.test_images import gradient, saved


async def test_a_picture_is_ready_while_videos_wait(settle, tmp_path):
    mei, go_on, held = await settle("mei"), asyncio.Event(), asyncio.Event()
    reel = film(tmp_path / "film.mp4").read_bytes()

    async def bring(_) -> None:
        held.set()
        await go_on.wait()
        raise Unfit("it was only to take the place")

    async def take_the_place() -> None:
        order = MakeVideo(most_seconds=1, most_megabytes=1)
        try:
            async with workshop().work(order, bring):
                raise AssertionError("nothing was brought")
        except Unfit:
            return

    taken = asyncio.create_task(take_the_place())
    await held.wait()
    films = [await take_in(mei, reel) for _ in range(5)]
    picture = await take_in(mei, saved(gradient(300, 200), "JPEG"))
    worker = Worker(Wake())
    work = asyncio.create_task(worker.run())
    while await Job.filter(name="notes.process").exists():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    states = {each.id: each.state for each in await Attachment.all()}
    go_on.set()
    await taken
    worker.stop()
    await work

    assert states[picture.id] is State.READY
    assert State.READY not in [states[each.id] for each in films]
    assert await Job.filter(name="notes.process_video").exists()
