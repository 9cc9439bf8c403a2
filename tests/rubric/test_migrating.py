"""The tables: made by migrations as the models say, changed without loss, refused when newer."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.recorder import MigrationRecorder

from core import sql
from core.settings import Settings, SettingsError, use
from rubric import migrations
from rubric.alone import serving
from rubric.database import config, open_database, sqlite_file
from rubric.migrating import differences, migrate
from tests import postgres
from tests.conftest import database_name, settings_in
from tests.rubric.schema import counts, fill, schema

pytestmark = pytest.mark.postgres

NAMES = sorted(path.stem for path in Path(migrations.__path__[0]).glob("0*.py"))


only_sqlite = pytest.mark.skipif(postgres.is_wanted(), reason="it is about the file of SQLite")


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """Settings of an instance that has no tables yet."""
    return empty_place(tmp_path)


def empty_place(folder: Path) -> Settings:
    """Make room for the tables of an instance."""
    folder.mkdir(exist_ok=True)
    if postgres.is_wanted():
        postgres.create(database_name(folder))
    chosen = settings_in(folder, domain="localhost:8000")
    use(chosen)
    return chosen


def config_of(chosen: Settings) -> str:
    """Write a config.toml that names the database, for another process."""
    file = Path(chosen.folder, "config.toml")
    file.write_text(f'[database]\nurl = "{chosen.database.url}"\n')
    return str(file)


@asynccontextmanager
async def connected() -> AsyncIterator[None]:
    """Open the database as it is."""
    context = await open_database()
    try:
        yield
    finally:
        await context.close_connections()


async def test_the_migrations_say_what_the_models_say(fresh):
    assert await differences() == []


async def test_migrating_makes_the_tables_that_the_models_describe(tmp_path):
    empty_place(tmp_path / "migrated")
    await migrate()
    async with connected():
        migrated = await schema()

    generated_in = empty_place(tmp_path / "generated")
    context = await Tortoise.init(config=config(generated_in))
    await Tortoise.generate_schemas()
    generated = await schema()
    await context.close_connections()

    assert len(migrated) > 30
    for table, described in generated.items():
        assert migrated[table] == described, table
    assert set(migrated) == set(generated)


async def test_a_second_time_there_is_nothing_to_do(fresh):
    first, second = await migrate(), await migrate()

    assert first == NAMES
    assert second == []


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A place without rows that goes from migration to migration, so that each is run once."""
    return empty_place(tmp_path_factory.mktemp("chain"))


async def bring_to(before: str, chain: Settings, own: Settings) -> None:
    """Have a place stand where the chain does, once that stands there."""
    use(chain)
    await migrate(before)
    use(own)
    if postgres.is_wanted():
        names = [database_name(Path(each.folder)) for each in (own, chain)]
        postgres.create(names[0], template=names[1])
        return
    ours, theirs = sqlite_file(own), sqlite_file(chain)
    assert ours
    assert theirs
    ours.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(theirs, ours)


@pytest.mark.parametrize(("before", "after"), list(zip(["__first__", *NAMES], NAMES, strict=False)))
async def test_each_migration_keeps_every_row_there_and_back(chain, fresh, before, after):
    if before != "__first__":
        await bring_to(before, chain, fresh)
        async with connected():
            described = await schema()
            await fill()
            filled = await counts()
        await migrate(after)
        async with connected():
            assert {name: n for name, n in (await counts()).items() if name in filled} == filled
        await migrate(before)
        async with connected():
            assert await counts() == filled
            assert await schema() == described
    await migrate(after)


async def test_follows_of_before_get_the_letterboxes_of_their_followers(fresh):
    await migrate("0047_flair_of_drafts")
    async with connected():
        await fill()
        box, home = "https://a.example/inbox", "https://a.example/u/ana/inbox"
        rows = [(2, None, home, box), (3, None, home, ""), (4, "mei", home, box)]
        for number, local_name, inbox, shared in rows:
            await _copied("actor", number, {"uri": f"u{number}", "local_name": local_name})
            change = "UPDATE actor SET inbox = ?, shared_inbox = ?, host = ? WHERE id = ?"
            await sql.rows(change, [inbox, shared, "a.example", number])
            more = {"uri": f"f{number}", "follower_id": number}
            await _copied("follow", number, more)

    await migrate("0048_letterboxes")

    async with connected():
        found = await sql.rows("SELECT id, letterbox, host FROM follow WHERE id > 1 ORDER BY id")
    assert [tuple(row.values()) for row in found] == [
        (2, box, "a.example"),
        (3, home, "a.example"),
        (4, "", ""),
    ]


async def _copied(table: str, number: int, changed: dict[str, object]) -> None:
    """Put the only row of a table there once more, under another id."""
    row = (await sql.rows(f"SELECT * FROM {table} WHERE id = 1"))[0]  # noqa: S608  ours
    row = dict(row) | changed | {"id": number}
    names, marks = ", ".join(row), ", ".join("?" for _ in row)
    await sql.rows(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608


async def test_rows_in_every_table_outlive_a_start(fresh):
    await migrate()
    async with connected():
        await fill()

    await migrate()

    async with connected():
        assert set((await counts()).values()) == {1}


async def test_up_down_and_up_again_ends_where_it_was(fresh):
    await migrate()
    async with connected():
        first = await schema()

    await migrate("__first__")
    async with connected():
        nothing = await schema()
    await migrate()

    assert nothing == {}
    async with connected():
        assert await schema() == first


async def test_a_database_of_a_newer_release_is_refused_and_left_alone(fresh):
    await migrate()
    async with connected():
        recorder = MigrationRecorder(get_connection("default"))
        await recorder.record_applied("rubric", "0999_wonders")
        before = await schema()

    with pytest.raises(SettingsError, match=r"newer release \(it has 0999_wonders\)"):
        await migrate()

    async with connected():
        assert await schema() == before


async def test_a_migration_that_fails_leaves_the_tables_as_they_were(fresh):
    async with connected():
        # In the way of one of the last tables that are made.
        await sql.rows("CREATE TABLE vote (id INTEGER)")
        before = await schema()

    with pytest.raises(Exception, match="vote"):
        await migrate()

    async with connected():
        assert await schema() == before


MIGRATE = """
import asyncio, sys
from core.settings import load, use
from rubric.migrating import migrate
use(load(sys.argv[1]))
print(asyncio.run(migrate()))
"""


async def test_processes_that_start_at_once_migrate_once(fresh):
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, config_of(fresh), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]

    said = sorted([(await process.communicate())[0].decode().strip() for process in processes])

    assert said == [str(NAMES), "[]", "[]"]


@only_sqlite
async def test_an_upgrade_leaves_a_copy_of_the_file_beside_it(fresh):
    file = Path(fresh.folder, "rubric.db")
    copy = Path(fresh.folder, "rubric.db.before-upgrade")
    await migrate()
    exists_at_first = copy.exists()  # noqa: ASYNC240  a test may block
    async with connected():
        await fill()

    await migrate("__first__")
    copy.rename(file)  # noqa: ASYNC240

    assert not exists_at_first
    async with connected():
        assert set((await counts()).values()) == {1}


SERVE = """
import sys
from core.settings import load
from rubric.alone import serving
with serving(load(sys.argv[1])):
    print("serving", flush=True)
    sys.stdin.read()
"""


@only_sqlite
async def test_tables_are_not_changed_below_a_server_that_runs(fresh):
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVE, config_of(fresh)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout
    await server.stdout.readline()

    with pytest.raises(SettingsError, match=f"process {server.pid}"):
        await migrate()
    with pytest.raises(SettingsError, match="serves it already"), serving(fresh):
        pytest.fail("two serve")
    await server.communicate(b"")

    with serving(fresh):
        assert await migrate() == NAMES
