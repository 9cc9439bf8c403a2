"""What a comment in a large group costs: `python -m tests.bench.groups [followers] [servers]`.

Somebody here comments in a group that lives here. Everything is real, from `publish` to the row
that says that a letter was taken; then once more with five times as many followers on the same
servers. Reports letters, and the CPU time of this process for each.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from actors.accounts import Account
from actors.actor import Actor
from actors.follows import Follow
from actors.groups import make_group
from actors.keys import make_keys
from actors.memberships import Membership
from actors.registration import Newcomer, move_in
from core.ids import new_id
from core.jobs import take
from notes.note import Note
from outbox.carry import Carrier
from outbox.create import publish
from outbox.draft import Draft
from outbox.fan_out import fan_out
from outbox.sent import Delivery, Sent, State
from rubric.instance import opened
from rubric.worker import work_letters
from tests.bench.deliveries import cpu, settings_in, sinks
from tests.sinks import address_of

FOLLOWERS, SERVERS, MORE = 2000, 300, 5
COMMENTS = 5


async def people_of(group: Actor, many: int, servers: int, port: int, *, start: int = 0) -> None:
    """Let so many people on so many servers follow, one after the other everywhere."""
    actors, follows, members = [], [], []
    for number in range(start, start + many):
        base = f"http://{address_of(number % servers)}:{port}"
        uri = f"{base}/u/f{number}"
        person = Actor(
            id=new_id(),
            uri=uri,
            name=f"f{number}",
            host=base[7:],
            inbox=f"{uri}/inbox",
            shared_inbox=f"{base}/inbox",
        )
        actors.append(person)
        follows.append(
            Follow(
                id=new_id(),
                uri=f"{uri}/follow",
                follower_id=person.id,
                followed_id=group.id,
                is_accepted=True,
                letterbox=person.letterbox,
                host=person.host,
            )
        )
        members.append(Membership(id=new_id(), group_id=group.id, person_id=person.id))
    await Actor.bulk_create(actors, batch_size=500)
    await Follow.bulk_create(follows, batch_size=500)
    await Membership.bulk_create(members, batch_size=500)


async def passed_on() -> None:
    """Have what was posted take effect, and its letters written."""
    while await work_letters():
        pass
    while jobs := await take(100, only="outbox.fanout"):
        for job in jobs:
            await fan_out(job.read())


async def comment(author: Actor, thread: Note) -> tuple[int, float, float]:
    """Comment once; return how many letters went out, and what passing on and carrying took."""
    used = cpu()
    await publish(author, Draft(text="I have had that one for years.", in_reply_to=thread))
    await passed_on()
    spread = cpu() - used
    carrier, stop, used = Carrier(), asyncio.Event(), cpu()
    running = asyncio.create_task(carrier.run(stop))
    while await Delivery.exists(state=State.WAITING):  # noqa: ASYNC110  rows ring no bell
        await asyncio.sleep(0.05)
    stop.set()
    await running
    return carrier.counts["done"], spread, cpu() - used


async def measure(followers: int, servers: int, folder: Path) -> None:
    """Report a comment in a group, and then in one with more people on the same servers."""
    with sinks(servers) as port:
        async with opened(settings_in(folder)):
            account: Account = await move_in(
                Newcomer("mei", "mei@example.org", "-", await make_keys())
            )
            mei = account.actor
            group = await make_group(mei, "tea", title="Tea")
            thread = await publish(mei, Draft(text="Which tea first?", group_id=group.id))
            await passed_on()
            await people_of(group, followers, servers, port)
            await _report(mei, thread, followers, servers)
            await people_of(group, followers * (MORE - 1), servers, port, start=followers)
            await _report(mei, thread, followers * MORE, servers)
            assert not await Sent.filter(is_spread=False).exists()


async def _report(mei: Actor, thread: Note, followers: int, servers: int) -> None:
    rows = [await comment(mei, thread) for _ in range(COMMENTS)]
    letters = {row[0] for row in rows}
    assert letters == {servers}, letters
    spread = sorted(row[1] for row in rows)[COMMENTS // 2]
    carried = sorted(row[2] for row in rows)[COMMENTS // 2]
    print(
        f"a comment in a group of {followers} on {servers} servers: {servers} letters,"
        f" {(spread + carried) / servers * 1e3:.2f} ms of CPU for each"
        f" (passing on {spread / servers * 1e3:.2f}, carrying {carried / servers * 1e3:.2f})"
    )


async def main() -> None:
    """Measure in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        await measure(FOLLOWERS, SERVERS, Path(folder))


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(*(numbers + [FOLLOWERS, SERVERS][len(numbers) :]), Path(folder)))
