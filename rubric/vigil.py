"""Watching over this process: is the event loop late, is there room; and systemd is told."""

import asyncio
import os
import shutil
import socket
import time
from contextlib import suppress

import structlog
from tortoise.transactions import in_transaction

from actors.accounts import Role
from actors.sessions import Session
from core import metrics, sql
from core.settings import settings
from rubric.database import sqlite_file
from web.pages.health import health

STEP_S = 1.0
LEAST_FREE_BYTES = 50_000_000
LARGEST_WAL = 256 * 2**20

log = structlog.get_logger()


async def watch(stop: asyncio.Event) -> None:
    """Measure each second how late the event loop is, and tell systemd that it turns at all."""
    while not stop.is_set():
        began = time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(STEP_S):
                await stop.wait()
        if not stop.is_set():
            metrics.loop_lag.observe(max(time.monotonic() - began - STEP_S, 0))
        notify("WATCHDOG=1")


def notify(state: str) -> None:
    """Tell systemd how it goes, as sd_notify does; where nobody listens, nothing is said."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
        try:
            way.setblocking(False)
            way.sendto(state.encode(), address)
        except OSError as error:
            log.warning("systemd does not listen", problem=str(error))


async def look() -> None:
    """Look whether the database takes writes and the disk has room; runs by the clock."""
    async with in_transaction():
        await sql.rows("SELECT 1 AS one")
    health().beat("writer")
    disk = shutil.disk_usage(settings().data())
    metrics.disk_bytes.set(disk.total)
    metrics.disk_free.set(disk.free)
    if disk.free >= LEAST_FREE_BYTES:
        health().beat("room")
    else:
        health().expect("room")
        log.error("the disk is nearly full", free_bytes=disk.free)
    size = wal_bytes()
    metrics.wal_bytes.set(size)
    if size > LARGEST_WAL:
        log.warning("the write-ahead log grows: something reads without end", bytes=size)


def wal_bytes() -> int:
    """Return the size of SQLite's write-ahead log; 0 where there is none."""
    file = sqlite_file(settings())
    with suppress(FileNotFoundError):
        return file.with_name(f"{file.name}-wal").stat().st_size if file else 0
    return 0


async def look_for_staff() -> None:
    """Tell when somebody who moderates was last here; runs by the clock."""
    of_staff = Session.filter(account__role__in=[Role.MODERATOR, Role.ADMIN])
    if last := await of_staff.order_by("-seen_at").first():
        metrics.staff_seen.set(last.seen_at.timestamp())
