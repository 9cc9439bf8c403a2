"""`rubric backup` and `rubric restore`: what is copied, and what is refused.

One backup is made for all; who damages it does so to a copy.
"""

import fcntl
import json
import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from actors.accounts import Role
from core import ids
from core.clock import now
from core.settings import Media, load
from core.storage import storage
from rubric import restoring
from rubric.alone import serving
from rubric.backing_up import back_up
from rubric.dumps import trouble
from rubric.instance import opened, place_for_files
from rubric.people import Impossible, create
from rubric.restoring import restore, verify
from tests import postgres, tables
from tests.rubric.places import DOMAIN, Place, files_in, remeasure, restate

pytestmark = pytest.mark.postgres

only_sqlite = pytest.mark.skipif(postgres.is_wanted(), reason="it is about the file of SQLite")
PASSWORD = "a long enough secret"


@pytest.fixture(scope="module", autouse=True)
def programs() -> Iterator[None]:
    """Have the programs of the PostgreSQL at hand."""
    with pytest.MonkeyPatch.context() as patch:
        postgres.offer_programs(patch)
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """An instance with somebody, and two files; nobody changes it."""
    place = Place(tmp_path_factory.mktemp("backup") / "here")
    if postgres.is_wanted():
        tables.in_postgres(place.name)
    else:
        tables.in_sqlite(place.rows)
    async with opened(place.chosen()):
        await create("ana", "ana@example.org", PASSWORD, Role.MEMBER)
        for data in (b"one", b"two"):
            await storage().save(data, "png")
    yield place
    if postgres.is_wanted():
        postgres.drop(place.name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(here: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of it, as it was made."""
    return await here.backed_up(tmp_path_factory.mktemp("made"))


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged."""
    return Path(shutil.copytree(made, tmp_path / "backups" / made.name))


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Place]:
    """An empty place."""
    place = Place(tmp_path / "there")
    if postgres.is_wanted():
        postgres.create(place.name)
    yield place
    if postgres.is_wanted():
        postgres.drop(place.name)


@pytest.mark.processes
async def test_an_operator_makes_one_looks_at_it_and_restores_it_only_once(here, there, tmp_path):
    backup = (await here.done("backup", str(tmp_path / "backups"))).splitlines()[0]
    looked = await there.done("restore", backup, "--verify")
    before = there.left()
    restored = await there.done("restore", backup)
    again = await there.denied("restore", backup)

    person = ("ana", "--email", "ana@example.org", "--password", PASSWORD)
    assert "taken" in await there.denied("user", "create", *person)
    assert before == []
    assert looked.startswith(f"good: {DOMAIN}")
    assert restored.startswith(f"restored: {DOMAIN}")
    assert "already" in again
    assert there.secret.read_bytes() == here.secret.read_bytes()
    assert stat.S_IMODE(there.secret.stat().st_mode) == 0o600
    assert [each.read_bytes() for each in files_in(there.media)] == [
        each.read_bytes() for each in files_in(here.media)
    ]


async def test_a_backup_holds_all_but_the_passwords_and_only_its_owner_reads_it(here, made):
    manifest = json.loads((made / "manifest.json").read_text())
    listed = [json.loads(line) for line in (made / "media.jsonl").read_text().splitlines()]
    config = (made / "config.toml").read_text()

    assert (manifest["domain"], manifest["files"], manifest["bytes"]) == (DOMAIN, 2, 6)
    assert sorted(each["key"] for each in listed) == sorted(
        str(each.relative_to(made / "media")) for each in files_in(made / "media")
    )
    assert (made / "secret").read_bytes() == here.secret.read_bytes()
    assert stat.S_IMODE((made / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert "hunter2" not in config
    assert "smtp://post@mail.example:587" in config
    assert "# where the rows are" in config


async def test_files_are_not_written_again_and_what_broke_off_is_cleared_away(here, tmp_path):
    place = tmp_path / "backups"
    broken = place / "2026-01-01T000000Z.part"
    broken.mkdir(parents=True)
    (broken / "rubric.db").write_bytes(b"half")

    backup = await here.backed_up(place)

    stored = files_in(here.media)
    assert [each.stat().st_ino for each in files_in(backup / "media")] == [
        each.stat().st_ino for each in stored
    ]
    assert [each.name for each in place.glob("2*")] == [backup.name]


async def test_settings_whose_secrets_cannot_be_told_apart_are_left_out(here, tmp_path):
    before = here.config.read_text()
    try:
        here.write(more='[translate]\nkey = "hush" # once hush\n')
        said = await back_up(here.chosen(), tmp_path / "backups")
    finally:
        here.config.write_text(before)

    assert f"not in it: {here.config}" in said
    assert not (Path(said.splitlines()[0]) / "config.toml").exists()


async def test_two_backups_are_not_made_in_one_place_at_once(here, tmp_path):
    with (tmp_path / ".backing-up").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert "another backup" in await here.refused(back_up, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [".backing-up"]


async def test_a_place_that_cannot_be_written_is_named(here, tmp_path):
    (tmp_path / "file").write_text("in the way")

    assert "cannot be written" in await here.refused(back_up, tmp_path / "file" / "backups")


@only_sqlite
async def test_no_database_is_taken_for_an_empty_backup(there, tmp_path):
    assert "no database yet" in await there.refused(back_up, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


@pytest.mark.skipif(not postgres.is_wanted(), reason="it is about programs of PostgreSQL")
async def test_a_missing_pg_dump_is_named(here, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "pg_dump is not installed" in await here.refused(back_up, tmp_path / "backups")
    assert not list((tmp_path / "backups").glob("*/manifest.json"))


async def test_what_was_begun_is_gone_on_with(backup, there):
    key = files_in(backup / "media")[0].relative_to(backup / "media")
    begun = there.media / key
    begun.parent.mkdir(parents=True)
    shutil.copy(backup / "media" / key, begun)
    shutil.copy(backup / "secret", there.secret)

    await restore(there.chosen(), backup)

    assert len(files_in(there.media)) == 2


async def test_files_in_a_bucket_are_listed_and_looked_for_there(here, tmp_path, bucket_server):
    media = Media(storage="s3", s3=bucket_server.table(prefix="backup"))
    chosen = msgspec.structs.replace(here.chosen(), media=media)
    bucket = place_for_files(chosen)
    key = await bucket.save(b"three", "png")

    said = await back_up(chosen, tmp_path / "backups")
    backup = Path(said.splitlines()[0])
    good = await verify(chosen, backup)
    await bucket.delete(key)
    with pytest.raises(Impossible) as gone:
        await verify(chosen, backup)
    await bucket.save(b"three", "png")

    assert "stay in the bucket" in said
    assert "1 files" in good
    assert not (backup / "media").exists()
    assert f"{key} is not in the storage" in str(gone.value)


async def test_another_domain_is_refused(backup, there):
    there.write("localhost:9000")

    for work in (restore, verify):
        said = await there.refused(work, backup)
        ours = f"this backup is of {DOMAIN}, and these settings are of localhost:9000"
        assert f"server.domain: {ours}" in said
    assert there.left() == []


@pytest.mark.parametrize("name", ["account_domain", "base_url"])
async def test_what_else_ids_and_names_are_made_of_has_to_be_the_same(backup, there, name):
    restate(backup, **{name: "elsewhere"})

    assert f"server.{name}: this backup is of elsewhere" in await there.refused(verify, backup)


def damage_database(backup: Path) -> None:
    """Turn one bit."""
    file = next(backup.glob("rubric.d*"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def replace_database(backup: Path) -> None:
    """Have something else for a database, as the manifest says."""
    next(backup.glob("rubric.d*")).write_bytes(b"no rows" * 100)
    remeasure(backup, "database")


def damage_file(backup: Path) -> None:
    """Write another file of the same length."""
    files_in(backup / "media")[0].write_bytes(b"odd")


def lose_file(backup: Path) -> None:
    files_in(backup / "media")[0].unlink()


def shorten_list(backup: Path) -> None:
    file = backup / "media.jsonl"
    file.write_text(file.read_text().splitlines()[0] + "\n")


def garble_list(backup: Path) -> None:
    (backup / "media.jsonl").write_text("{}\n")
    remeasure(backup, "list")


def climb(backup: Path) -> None:
    """List a file outside of the backup."""
    (backup / "media.jsonl").write_text('{"key": "../secret", "size": 64}\n')
    remeasure(backup, "list")


def break_off(backup: Path) -> None:
    (backup / "manifest.json").unlink()


def garble(backup: Path) -> None:
    (backup / "manifest.json").write_text("{}")


def name_another_file(backup: Path) -> None:
    shutil.copy(backup / "media.jsonl", backup / "other.jsonl")
    manifest = json.loads((backup / "manifest.json").read_text())
    restate(backup, list=manifest["list"] | {"file": "other.jsonl"})


def be_of_another_form(backup: Path) -> None:
    restate(backup, form=2)


def be_newer(backup: Path) -> None:
    restate(backup, migration="9999_later")


def be_of_another_database(backup: Path) -> None:
    """Turn an SQLite into a PostgreSQL, or the other way."""
    manifest = json.loads((backup / "manifest.json").read_text())
    kind, file = ("sqlite", "rubric.db") if postgres.is_wanted() else ("postgres", "rubric.dump")
    restate(backup, kind=kind, database=manifest["database"] | {"file": file})


async def test_a_file_that_goes_while_it_is_restored_is_trouble_that_is_told(backup, there):
    lose_file(backup)

    with pytest.raises(trouble()):
        await restoring._put_media(place_for_files(there.chosen()), backup)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (damage_database, "is damaged"),
        (
            replace_database,
            "pg_restore failed" if postgres.is_wanted() else "rubric.db: file is not a database",
        ),
        (damage_file, "is damaged"),
        (lose_file, "is missing"),
        (shorten_list, "media.jsonl is damaged"),
        (garble_list, "media.jsonl is damaged: "),
        (climb, "names '../secret', which is no file of ours"),
        (break_off, "no whole backup"),
        (garble, "manifest.json is damaged"),
        (name_another_file, "names other files"),
        (be_of_another_form, "form 2"),
        (be_newer, "newer"),
        (be_of_another_database, "goes into no other"),
    ],
)
async def test_what_is_not_whole_is_refused(
    backup: Path, there: Place, harm: Callable[[Path], None], why: str
) -> None:
    harm(backup)

    assert why in await there.refused(verify, backup)
    assert why in await there.refused(restore, backup)
    assert there.left() == []


async def test_the_folder_of_all_backups_names_the_newest(backup, there):
    assert str(backup) in await there.refused(verify, backup.parent)


async def test_a_secret_that_opens_no_key_is_refused(backup, there):
    (backup / "secret").write_text("0" * 64)

    said = await there.refused(restore, backup)

    assert "keys of ana: the secret is not the one" in said
    assert f"keys of {DOMAIN}: " in said


async def test_a_secret_that_was_kept_apart_is_put_in_its_place_before(backup, there):
    there.secret.parent.mkdir()
    (backup / "secret").rename(there.secret)

    await restore(there.chosen(), backup)


async def test_without_any_secret_it_says_where_to_put_it(backup, there):
    (backup / "secret").unlink()

    assert str(there.secret) in await there.refused(restore, backup)


async def test_another_secret_is_not_written_over(backup, there):
    there.secret.parent.mkdir()
    there.secret.write_text("mine")

    assert "another secret" in await there.refused(restore, backup)
    assert there.secret.read_text() == "mine"


@only_sqlite
@pytest.mark.parametrize("name", ["rubric.db", "rubric.db-wal", "rubric.db-shm"])
async def test_a_database_is_not_written_over(backup, there, name):
    (there.folder / "data").mkdir()
    (there.folder / "data" / name).write_bytes(b"mine")

    assert f"{name}: there is a database already" in await there.refused(restore, backup)
    assert (there.folder / "data" / name).read_bytes() == b"mine"


@only_sqlite
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "UPDATE actor SET multikey = (SELECT multikey FROM actor WHERE local_name <> 'ana')"
            " WHERE local_name = 'ana'",
            "keys of ana: private and public key are no pair",
        ),
        ("DELETE FROM actor_key", "keys of ana: there are none"),
        ("UPDATE account SET actor_id = 5", "a row of account points nowhere"),
    ],
)
async def test_rows_that_are_not_good_are_named(backup, there, change, why):
    with sqlite3.connect(backup / "rubric.db") as connection:
        connection.execute(change)
    connection.close()
    remeasure(backup, "database")

    assert why in await there.refused(verify, backup)


@only_sqlite
async def test_a_place_that_is_served_is_refused(backup, there):
    with serving(load(there.config)):
        assert "serves it already" in await there.refused(restore, backup)


async def test_a_clock_before_the_backup_would_give_ids_twice(backup, there):
    restate(backup, at=(now() + timedelta(days=1)).isoformat())

    assert "set the clock" in await there.refused(restore, backup)


def test_ids_after_a_restore_are_larger_than_all_that_were_lost():
    lost = [ids.new_id() for _ in range(1000)]
    later = ids.new_id(now() + timedelta(milliseconds=2))

    assert later > max(lost)
