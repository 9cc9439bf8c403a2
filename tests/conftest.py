"""What every test may ask for: an open instance, people who live there, and another server."""

import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from tortoise.connection import get_connection

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.registration import create_account
from core.settings import Database, Federation, Paths, Server, Settings
from outbox.carry import Carrier
from rubric.instance import opened
from rubric.worker import work_letters, work_others
from tests.remote import Remote
from web.app import build_app

Settle = Callable[..., Awaitable[Actor]]
PASSWORD = "a long enough secret"


def settings_in(folder: Path, *, domain: str, **tables: Any) -> Settings:
    """Settings of an instance in a folder of its own, that may call loopback."""
    return Settings(
        server=Server(
            domain=domain,
            base_url=f"http://{domain}",
            account_domain=domain,
            name="Here",
            bind=domain,
        ),
        database=Database(url=database_url(folder), synchronous="NORMAL"),
        paths=Paths(data=str(folder)),
        federation=Federation(allow_private_addresses=True, timeout_s=3),
        folder=str(folder),
        **tables,
    )


def database_url(folder: Path) -> str:
    """SQLite in the test's folder; RUBRIC_TEST_DATABASE names a PostgreSQL server instead."""
    return os.environ.get("RUBRIC_TEST_DATABASE") or f"sqlite://{folder}/rubric.db"


@pytest.fixture(scope="session")
def domain() -> str:
    """A name of this machine with a free port; the same for all tests of one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"localhost:{probe.getsockname()[1]}"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance set up once for each worker; tests start from a copy of its folder."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture
async def here(tmp_path: Path, empty_database: Path, domain: str) -> AsyncIterator[Settings]:
    """An open instance; its rows are gone afterwards."""
    chosen = settings_in(tmp_path, domain=domain)
    if not os.environ.get("RUBRIC_TEST_DATABASE"):
        if not (empty_database / "rubric.db").exists():
            async with opened(settings_in(empty_database, domain=domain)):
                pass
        shutil.copytree(empty_database, tmp_path, dirs_exist_ok=True)
    async with opened(chosen):
        yield chosen
        if os.environ.get("RUBRIC_TEST_DATABASE"):
            await _empty()


async def _empty() -> None:
    connection = get_connection("default")
    await connection.execute_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")


@pytest.fixture
def settle(here: Settings) -> Settle:
    """Make someone who lives here: `await settle("mei", locked=True, role=Role.ADMIN)`."""

    async def make(name: str, *, role: Role = Role.MEMBER, **columns: Any) -> Actor:
        account = await create_account(name, f"{name}@example.org", PASSWORD, role=role)
        if columns:
            await Actor.filter(id=account.actor.id).update(**columns)
        return await Actor.get(id=account.actor.id)

    return make


@pytest.fixture
async def served(here: Settings) -> AsyncIterator[Settings]:
    """The open instance, listening at its own address."""
    runner = web.AppRunner(build_app(), access_log=None)
    await runner.setup()
    host, _, port = here.server.bind.rpartition(":")
    await web.TCPSite(runner, host, int(port), reuse_address=True).start()
    yield here
    await runner.cleanup()


@pytest.fixture
async def remote(served: Settings) -> AsyncIterator[Remote]:
    """Another server on loopback: it has people, signs, verifies, and keeps what it got."""
    async with Remote(served) as other:
        yield other


@pytest.fixture
async def elsewhere(served: Settings) -> AsyncIterator[Remote]:
    """A third server."""
    async with Remote(served) as other:
        yield other


@pytest.fixture
def settle_down() -> Callable[[], Awaitable[None]]:
    """Do all work that is due, here and on its way out, until nothing is left."""

    async def work() -> None:
        carrier = Carrier()
        for _ in range(50):
            did = await work_letters() + await work_others() + await carrier.carry_due()
            if not did:
                return
        raise AssertionError("the work never ended")

    return work


def account_of(actor: Actor) -> Awaitable[Account]:
    """The private side of someone who lives here."""
    return Account.get(actor_id=actor.id).select_related("actor")


def replaced(chosen: Settings, table: str, **values: Any) -> Settings:
    """The same settings with some values of one table changed."""
    changed = msgspec.structs.replace(getattr(chosen, table), **values)
    return msgspec.structs.replace(chosen, **{table: changed})
