"""How much of this machine a delivery takes: `python -m tests.bench.deliveries [hosts] [letters]`.

One author, many followers on as many servers (sinks in another process); everything is real, from
`deliver` to the row that says it was taken. Reports the CPU time of this process for each letter.
"""

import asyncio
import cProfile
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tortoise.transactions import in_transaction

from actors.actor import Actor, local_uri
from actors.follows import Follow, address
from actors.keys import keep_keys, make_keys
from core.jobs import take
from core.settings import Database, Federation, Paths, Server, Settings
from federation.write import write
from outbox.carry import Carrier
from outbox.deliver import Reach, deliver
from outbox.fan_out import fan_out
from outbox.sent import Delivery, State
from rubric.instance import opened
from tests.sinks import address_of

NOTE = "<p>" + "A walk along the river before the rain came. " * 12 + "</p>"


@contextmanager
def sinks(hosts: int) -> Iterator[int]:
    """Run sinks as a process; yields their port."""
    command = [sys.executable, "-m", "tests.sinks", str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def settings_in(folder: Path) -> Settings:
    """An instance that may call loopback, with the defaults of config.toml otherwise."""
    return Settings(
        server=Server(
            domain="localhost:9",
            base_url="http://localhost:9",
            account_domain="localhost:9",
            name="Bench",
        ),
        database=Database(url=f"sqlite://{folder}/rubric.db"),
        paths=Paths(data=str(folder)),
        federation=Federation(allow_private_addresses=True),
        folder=str(folder),
    )


async def author_with_followers(hosts: int, port: int) -> Actor:
    """Make someone here, and a follower on each of the sinks."""
    rsa, public, ed25519, multikey = await make_keys()
    uri = local_uri("mei")
    mei = await Actor.create(
        uri=uri,
        local_name="mei",
        name="mei",
        host="localhost:9",
        inbox=f"{uri}/inbox",
        followers_uri=f"{uri}/followers",
        key_id=f"{uri}#main-key",
        public_key=public,
        multikey=multikey,
    )
    await keep_keys(mei, rsa, ed25519)
    for number in range(hosts):
        base = f"http://{address_of(number)}:{port}"
        follower = await Actor.create(
            uri=f"{base}/u/f",
            name="f",
            host=base[7:],
            inbox=f"{base}/u/f/inbox",
            shared_inbox=f"{base}/inbox",
        )
        await Follow.create(uri=f"{base}/follow", follower=follower, followed=mei, is_accepted=True)
        await address(follower.id)
    return mei


async def post(mei: Actor, number: int) -> None:
    """Send a note to all followers."""
    uri = f"http://localhost:9/n/{number}"
    note = {"id": uri, "type": "Note", "attributedTo": mei.uri, "content": NOTE}
    to = ["https://www.w3.org/ns/activitystreams#Public"]
    create = write("Create", id=f"{uri}#create", actor=mei.uri, object=note, to=to)
    async with in_transaction():
        await deliver(create, mei, Reach(followers_of=mei), key=uri)


def cpu() -> float:
    """Seconds that all threads of this process have worked."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def measure(hosts: int, letters: int, folder: Path, profile: cProfile.Profile | None) -> None:
    """Report the three parts: queueing, fan-out, carrying."""
    with sinks(hosts) as port:
        async with opened(settings_in(folder)):
            mei = await author_with_followers(hosts, port)
            print(f"{letters} notes to followers on {hosts} servers:")
            begun, used = time.perf_counter(), cpu()
            for number in range(letters):
                await post(mei, number)
            _report("queueing", begun, used, letters, "activity")
            begun, used = time.perf_counter(), cpu()
            while jobs := await take(100, only="outbox.fanout"):
                for job in jobs:
                    await fan_out(job.read())
            _report("fan-out", begun, used, hosts * letters, "letter")
            carrier, stop = Carrier(), asyncio.Event()
            begun, used = time.perf_counter(), cpu()
            if profile:
                profile.enable()
            running = asyncio.create_task(carrier.run(stop))
            while await Delivery.exists(state=State.WAITING):  # noqa: ASYNC110  rows ring no bell
                await asyncio.sleep(0.05)
            if profile:
                profile.disable()
            stop.set()
            await running
            _report("carrying", begun, used, carrier.counts["done"], "letter")
            assert carrier.counts.total() == carrier.counts["done"] == hosts * letters


def _report(what: str, begun: float, used: float, many: int, of: str) -> None:
    wall, took = time.perf_counter() - begun, cpu() - used
    print(
        f"{what}: {took / many * 1e6:.0f} µs of CPU for each {of},"
        f" {many / wall:.0f} in a second, {many} in all"
    )


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    profile = cProfile.Profile() if "--profile" in sys.argv else None
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(*(numbers + [400, 20][len(numbers) :]), Path(folder), profile))
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
