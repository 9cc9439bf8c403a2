"""kill -9 at any moment: what was acknowledged arrives everywhere, and always the same."""

import asyncio
import json
import random
import re
import sys
from collections import defaultdict

import msgspec
import pytest

from tests.sinks import Reply

SERVERS = 6
KILLS = 6
# Most are taken; some fail once in a while, in every way that is tried again.
MOODS = [Reply()] * 30 + [Reply(500), Reply(hangs_up=True), Reply(429, {"Retry-After": "1"})]


async def run(folder, mode):
    """Start the process that posts, or finishes."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.outbox.posting", str(folder), mode),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def acknowledged_before_its_death(folder, seconds):
    """Let it post for so long, kill it, and return the ids it had printed."""
    process = await run(folder, "post")
    first = await process.stdout.readline()
    await asyncio.sleep(seconds)
    process.kill()
    rest, complaints = await process.communicate()
    assert first, complaints.decode()
    return re.findall(r"^acknowledged (\S+)$", (first + rest).decode(), re.MULTILINE)


@pytest.mark.processes
@pytest.mark.timeout(240)
async def test_R1_R2_R3_nothing_acknowledged_is_lost_at_kill_9(settle, someone, sinks, here):
    mei = await settle("mei")
    for number in range(SERVERS):
        await someone(number, "ana", follows=mei)
        sinks.on(number, *random.choices(MOODS, k=500), Reply())
    folder = here.data(".")
    (folder / "settings.json").write_bytes(msgspec.json.encode(here))

    acknowledged = []
    for _ in range(KILLS):
        acknowledged += await acknowledged_before_its_death(folder, random.uniform(0.05, 0.6))
    finished = await run(folder, "finish")
    _, complaints = await finished.communicate()
    assert finished.returncode == 0, complaints.decode()

    taken, bodies = defaultdict(set), defaultdict(set)
    for receipt in sinks.receipts:
        uri = json.loads(receipt.body)["id"]
        bodies[uri].add(receipt.sha256)
        if receipt.status == 202:
            taken[uri].add(receipt.host)
    assert len(acknowledged) > KILLS
    missing = [uri for uri in acknowledged if len(taken[uri]) < SERVERS]
    assert missing == []
    assert {len(hashes) for hashes in bodies.values()} == {1}
