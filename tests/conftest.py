"""What every test may ask for: an open instance, people who live there, and another server."""

import hashlib
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import pytest
from aiohttp import web

from actors import passwords
from actors.accounts import Account, Role
from actors.actor import Actor
from actors.keys import make_keys
from actors.registration import Newcomer, move_in
from core.settings import Database, Federation, Media, Paths, Server, Settings, settings
from outbox.carry import Carrier
from rubric.instance import opened
from rubric.worker import work_letters, work_others
from tests import postgres, tables
from tests.bucket import BucketServer
from tests.remote import Remote
from web.app import build_app
from web.deadlines import PunctualRunner

Settle = Callable[..., Awaitable[Actor]]
PASSWORD = "a long enough secret"
# How long inputs take to draw says how busy the machine is, and nothing about what is tested.
hypothesis.settings.register_profile(
    "rubric", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("rubric")


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL, if it is asked for: once, however many workers there are."""
    if not hasattr(config, "workerinput"):
        postgres.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no tables behind, and stop the PostgreSQL we started."""
    tables.forget()
    if not hasattr(config, "workerinput"):
        postgres.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens an instance, here or in a process: `-m postgres` leaves out what no
    database can change."""
    for item in items:
        opens = "here" in getattr(item, "fixturenames", ())
        if opens or item.get_closest_marker("processes"):
            item.add_marker(pytest.mark.postgres)


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
    """SQLite in the test's folder, or the database in PostgreSQL that belongs to the folder."""
    if postgres.is_wanted():
        return postgres.url_of(database_name(folder))
    return f"sqlite://{folder}/rubric.db"


def database_name(folder: Path) -> str:
    """A name that no other folder's database has."""
    return f"rubric_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


@pytest.fixture(scope="session")
def domain() -> str:
    """A name of this machine with a free port; the same for all tests of one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"localhost:{probe.getsockname()[1]}"


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where each worker sets an instance up once; tests start from copies."""
    folder = tmp_path_factory.mktemp("empty")
    yield folder
    if postgres.is_wanted():
        postgres.drop(database_name(folder))


async def copy_instance(empty: Path, folder: Path, domain: str) -> None:
    """Put a copy of an empty instance, with all its tables, into a folder."""
    if not (empty / "secret").exists():
        if postgres.is_wanted():
            postgres.create(database_name(empty))
        async with opened(settings_in(empty, domain=domain)):
            pass
    shutil.copytree(empty, folder, dirs_exist_ok=True)
    if postgres.is_wanted():
        postgres.create(database_name(folder), template=database_name(empty))


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    """An S3 server on loopback, the same for all tests of one worker."""
    with BucketServer() as server:
        yield server


@pytest.fixture
def media_table(request: pytest.FixtureRequest) -> Media:
    """What `[media]` says in `here`; a test names "s3" to have its files in a bucket.

    `@pytest.mark.parametrize("media_table", ["local", "s3"], indirect=True)`
    """
    if getattr(request, "param", "local") == "local":
        return Media()
    server: BucketServer = request.getfixturevalue("bucket_server")
    return Media(storage="s3", s3=server.table(prefix=secrets.token_hex(4)))


@pytest.fixture
async def here(
    tmp_path: Path, empty_folder: Path, domain: str, media_table: Media
) -> AsyncIterator[Settings]:
    """An open instance; its rows are gone afterwards."""
    await copy_instance(empty_folder, tmp_path, domain)
    async with opened(settings_in(tmp_path, domain=domain, media=media_table)):
        yield settings()
    if postgres.is_wanted():
        postgres.drop(database_name(tmp_path))


SLOW = passwords._hasher
# Hashing slowly is what a few tests are about, and a tenth of the time of all others.
passwords._hasher = passwords.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
_secrets: dict[tuple[int, object], tuple[str, tuple[str, str, str, str]]] = {}


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed as slowly as they are for people; ask for it before `settle`."""
    monkeypatch.setattr(passwords, "_hasher", SLOW)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


async def newcomer(name: str, role: Role) -> Newcomer:
    """Somebody with secrets that were made once: hashing and key making are slow on purpose.

    All names share eight sets of them.
    """
    kind = (sum(name.encode()) % 8, passwords._hasher)
    if kind not in _secrets:
        _secrets[kind] = (await passwords.hash_of(PASSWORD), await make_keys())
    password_hash, keys = _secrets[kind]
    return Newcomer(name, f"{name}@example.org", password_hash, keys, role)


@pytest.fixture
def settle(here: Settings) -> Settle:
    """Make someone who lives here: `await settle("mei", locked=True, role=Role.ADMIN)`."""

    async def make(name: str, *, role: Role = Role.MEMBER, **columns: Any) -> Actor:
        account = await move_in(await newcomer(name, role))
        if columns:
            await Actor.filter(id=account.actor.id).update(**columns)
        return await Actor.get(id=account.actor.id)

    return make


@pytest.fixture
async def served(here: Settings) -> AsyncIterator[Settings]:
    """The open instance, listening at its own address."""
    runner = PunctualRunner(build_app())
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
