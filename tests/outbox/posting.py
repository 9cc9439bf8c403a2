"""A process to kill: it posts and carries until then; `python -m tests.outbox.posting FOLDER MODE`.

It prints the id of each activity once its transaction is committed: that is the moment from which
nothing of it may be lost. In the mode `finish` it posts nothing and carries all that is left.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from actors.actor import Actor
from core.jobs import Job
from core.settings import Settings
from outbox.carry import Carrier
from outbox.deliver import Reach
from outbox.sent import Delivery, Sent, State
from rubric.instance import opened
from tests.outbox.conftest import Ahead, send, spread


async def post_for_ever() -> None:
    """Post note after note, as fast as the disk allows."""
    mei = await Actor.get(local_name="mei")
    asyncio.create_task(Carrier().run(asyncio.Event()))  # noqa: RUF006  it is killed with us
    while True:
        sent = await send("Create", mei, Reach(followers_of=mei), fans_out=False)
        print("acknowledged", sent.uri, flush=True)
        await spread()


async def finish() -> None:
    """Carry what is left, without waiting for leases and for the hours between tries."""
    await Job.all().update(due=0)
    await spread()
    clock = Ahead()
    while await Delivery.exists(state=State.WAITING):
        await Carrier(clock=clock).carry_due()
        clock.pass_(hours=1)
    assert not await Sent.exists(is_spread=False)


async def main(folder: Path, mode: str) -> None:
    """Open the instance whose settings lie in the folder."""
    chosen = msgspec.json.decode((folder / "settings.json").read_bytes(), type=Settings)
    async with opened(chosen):
        await (finish() if mode == "finish" else post_for_ever())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
