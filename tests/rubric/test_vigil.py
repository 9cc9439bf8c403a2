"""What watches over the process: figures, signs of life, and what systemd and /readyz are told."""

import asyncio
import re
import shutil
import socket
from collections import namedtuple
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web

from actors.accounts import Role
from actors.domains import Domain
from actors.sessions import Session, start
from core import jobs, metrics
from core.clock import milliseconds, now
from core.ids import new_id
from core.jobs import Job, Lane, Wake
from core.settings import settings
from outbox import lines
from outbox.sent import Delivery, Sent, State
from rubric import vigil
from rubric.worker import Worker
from tests.conftest import account_of
from tests.test_docs import HOUSE
from web.app import build_metrics
from web.pages import health as signs
from web.pages.health import Health, use_health

Disk = namedtuple("Disk", "total used free")


def figure(name: str, **labels: str) -> float:
    value = metrics.REGISTRY.get_sample_value(name, labels)
    assert value is not None, name
    return value


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What systemd would hear."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.setblocking(False)
    ear.bind(str(tmp_path / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    yield ear
    ear.close()


async def test_how_work_waits_is_told_by_lane(here):
    at = milliseconds()
    for lane, ago in ((Lane.SOON, 7_000), (Lane.SOON, 90_000), (Lane.LATER, -60_000)):
        fields = {"name": "inbox.complete", "payload": b"{}", "lane": lane.value}
        await Job.create(id=new_id(), due=at - ago, **fields)
    await Job.create(id=new_id(), name="x", payload=b"{}", due=1, parked=True)

    await jobs.measure()

    assert figure("rubric_jobs_waiting", lane="soon") == 2
    assert 90 <= figure("rubric_jobs_late_seconds", lane="soon") < 100
    assert figure("rubric_jobs_waiting", lane="later") == 0
    assert figure("rubric_jobs_late_seconds", lane="later") == 0
    assert figure("rubric_jobs_parked") == 1


async def test_how_letters_wait_and_which_servers_fail_is_told(settle):
    mei, at = await settle("mei"), milliseconds()
    sent = await Sent.create(uri="https://x.example/a", actor_id=mei.id, kind="Create", body=b"{}")
    for number, state in enumerate((State.WAITING, State.WAITING, State.PARKED, State.DONE)):
        await Delivery.create(
            sent_id=sent.id, inbox=str(number), host="a.example", state=state, due=1
        )
    await Domain.create(host="a.example", next_at=at - 4_000_000, next_lane=2)
    failing = {"failing_since": 1, "failures": 3, "next_lane": 3, "next_at": at + 9_000}
    await Domain.create(host="b.example", **failing)
    await Domain.create(host="c.example", pause=5, **failing)
    await Domain.create(host="d.example", pause=5, is_unavailable=True, **failing)

    await lines.measure()

    assert (figure("rubric_letters_waiting"), figure("rubric_letters_parked")) == (2, 1)
    assert 4000 <= figure("rubric_letters_late_seconds", lane="bulk") < 4010
    assert figure("rubric_letters_late_seconds", lane="doubtful") == 0
    for state in ("failing", "open", "unavailable"):
        assert figure("rubric_servers", state=state) == 1


async def test_when_staff_were_last_here_is_told(settle):
    for role, ago in ((Role.MODERATOR, 3), (Role.ADMIN, 2), (Role.MEMBER, 0)):
        account = await account_of(await settle(f"a_{role}", role=role))
        await start(account, agent="", is_strong=True)
        seen = now() - timedelta(days=ago)
        await Session.filter(account_id=account.id).update(seen_at=seen)

    await vigil.look_for_staff()

    days = (now().timestamp() - figure("rubric_staff_seen_timestamp_seconds")) / 86_400
    assert 1.9 < days < 2.1


async def probed(health: Health) -> tuple[int, str]:
    """Ask the door for machines, with this health."""
    use_health(health)
    runner = web.AppRunner(build_metrics())
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        async with ClientSession() as session:
            async with session.get(f"http://{host}:{port}/livez") as alive:
                assert alive.status == 200
            async with session.get(f"http://{host}:{port}/readyz") as answer:
                return answer.status, (await answer.text()).strip()
    finally:
        await runner.cleanup()


async def test_readyz_misses_signs_of_life(here, monkeypatch):
    at = [1000.0]
    monkeypatch.setattr(signs, "monotonic", lambda: at[0])
    health = Health()
    assert await probed(health) == (503, "starting or stopping")
    health.is_ready = True
    assert await probed(health) == (200, "ready")

    for sign, said in signs.SIGNS.items():
        health.beat(sign)
        at[0] += signs.PATIENCE_S - 1
        assert await probed(health) == (200, "ready")
        at[0] += 2
        assert await probed(health) == (503, said)
        health.beat(sign)
        assert await probed(health) == (200, "ready")
        health._beats.clear()


async def test_the_database_and_the_disk_give_signs(here, monkeypatch):
    health = Health(is_ready=True)
    use_health(health)
    await vigil.look()
    assert set(health._beats) == {"writer", "room"}
    assert 0 < figure("rubric_disk_free_bytes") <= figure("rubric_disk_bytes")

    at = [signs.monotonic() + signs.PATIENCE_S + 1]
    monkeypatch.setattr(signs, "monotonic", lambda: at[0])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**9, 10**9 - 5, 5))
    await vigil.look()

    assert health.trouble() == "the disk is nearly full"
    assert figure("rubric_disk_free_bytes") == 5
    assert settings().data().exists()


async def test_a_worker_that_takes_up_work_gives_a_sign(here):
    health = Health(is_ready=True)
    use_health(health)
    worker = Worker(Wake())
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        while "worker" not in health._beats:  # noqa: ASYNC110  it rings no bell
            await asyncio.sleep(0.01)
    worker.stop()
    await running


async def test_systemd_hears_that_the_loop_turns_and_how_late_it_is_is_measured(
    here, told, monkeypatch
):
    monkeypatch.setattr(vigil, "STEP_S", 0.01)
    before = figure("rubric_loop_lag_seconds_count")
    stop = asyncio.Event()
    running = asyncio.create_task(vigil.watch(stop))
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(5):
        heard = [await loop.sock_recv(told, 100) for _ in range(3)]
    stop.set()
    await running

    assert set(heard) == {b"WATCHDOG=1"}
    assert figure("rubric_loop_lag_seconds_count") >= before + 2


def test_nobody_is_told_where_nobody_listens(tmp_path, monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    vigil.notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nowhere"))
    vigil.notify("READY=1")
    assert not (tmp_path / "nowhere").exists()


def test_alerts_ask_for_figures_that_there_are():
    rules = (HOUSE / "docs/alerts.yml").read_text("utf-8")
    named = set(re.findall(r"\brubric_\w+", rules))
    there = {
        sample.name for family in metrics.REGISTRY.collect() for sample in (*family.samples, family)
    }
    there |= {f"{each}_total" for each in there} | {
        f"{each}_{part}" for each in there for part in ("bucket", "count")
    }

    assert len(named) >= 9
    assert named - there == set()
