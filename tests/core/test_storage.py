"""Files are kept under the hash of what they hold, and under nothing else."""

import asyncio
import hashlib
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from obstore.store import LocalStore, MemoryStore

from core.clock import now
from core.settings import S3
from core.storage import (
    PIECE,
    BadKey,
    NotStored,
    Storage,
    StorageTrouble,
    checked_key,
    open_storage,
    storage,
    storage_in,
    storage_in_memory,
    suffix_of,
    type_of,
    use_storage,
)
from core.stores import s3_store
from tests.bucket import BucketServer

HASH = hashlib.sha256(b"tea").hexdigest()
KEY = f"{HASH[:2]}/{HASH[2:4]}/{HASH}.webp"


@pytest.fixture(params=["folder", "memory", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    match request.param:
        case "folder":
            return open_storage(tmp_path / "media")
        case "memory":
            return storage_in_memory()
    table = request.getfixturevalue("bucket_server").table(prefix=tmp_path.name)
    return storage_in(s3_store(table, str(tmp_path)), tmp_path / "incoming")


async def test_what_is_saved_can_be_read(kept: Storage) -> None:
    key = await kept.save(b"tea", "webp")

    assert key == KEY
    assert await kept.read(key) == b"tea"
    assert await kept.size(key) == 3


async def test_a_big_file_comes_back_whole(kept: Storage) -> None:
    data = bytes(range(256)) * 20_000

    assert await kept.read(await kept.save(data, "mp4")) == data


async def test_equal_files_are_one_file(kept: Storage) -> None:
    assert await kept.save(b"tea", "webp") == await kept.save(b"tea", "webp")

    assert [key async for key, _ in kept.files()] == [KEY]


async def test_a_deleted_file_is_gone_and_may_be_deleted_again(kept: Storage) -> None:
    await kept.save(b"tea", "webp")

    await kept.delete(KEY)
    await kept.delete(KEY)

    with pytest.raises(NotStored):
        await kept.read(KEY)
    with pytest.raises(NotStored):
        await kept.size(KEY)


async def test_a_file_is_read_by_parts(kept: Storage) -> None:
    data = bytes(range(256)) * 10_000
    key = await kept.save(data, "mp4")

    parts = [piece async for piece in kept.pieces(key, 7, 2_500_000)]

    assert b"".join(parts) == data[7:2_500_000]
    assert max(len(each) for each in parts) <= PIECE


async def test_a_file_comes_in_by_pieces_and_is_named_when_it_is_whole(kept: Storage) -> None:
    async with kept.arriving() as arrival:
        for piece in (b"t", b"e", b"a"):
            await arrival.write(piece)
        assert (arrival.size, arrival.digest) == (3, HASH)
        assert [key async for key, _ in kept.files()] == []
        key = await arrival.keep("webp")

    assert (key, await kept.read(key)) == (KEY, b"tea")
    assert not arrival.path.exists()


async def test_what_was_not_kept_leaves_nothing(kept: Storage) -> None:
    async with kept.arriving() as arrival:
        await arrival.write(b"tea")

    assert not arrival.path.exists()
    assert [key async for key, _ in kept.files()] == []


async def test_a_file_of_this_machine_is_copied_in(kept: Storage, tmp_path: Path) -> None:
    file = tmp_path / "film"
    file.write_bytes(b"film" * 2_000_000)

    key = await kept.save_file(file, "mp4")

    assert await kept.size(key) == 8_000_000
    assert file.exists()


async def test_a_large_video_never_lies_in_memory_whole(
    bucket_server: BucketServer, tmp_path: Path
) -> None:
    """Taking in and giving out 100 MB, in a process that may not grow by half of that."""
    script = Path(__file__).with_name("carrying.py")
    for place in ("local", bucket_server.url):
        done = await asyncio.create_subprocess_exec(
            sys.executable, str(script), place, str(tmp_path), stdout=asyncio.subprocess.PIPE
        )
        grown, _ = await done.communicate()

        assert done.returncode == 0
        assert int(grown) < 50_000_000, place


async def test_a_store_that_does_not_answer_is_named_as_what_it_is(tmp_path: Path) -> None:
    table = S3(endpoint="http://127.0.0.1:9", bucket="b", access_key="a", secret="s")
    kept = storage_in(s3_store(table, "."), tmp_path)

    with pytest.raises(StorageTrouble):
        await kept.check()


async def test_a_bucket_that_is_not_there_is_trouble(
    bucket_server: BucketServer, tmp_path: Path
) -> None:
    table = bucket_server.table(bucket="nowhere")

    with pytest.raises(StorageTrouble):
        await storage_in(s3_store(table, "."), tmp_path).check()


async def test_a_full_or_forbidden_disk_is_trouble(tmp_path: Path) -> None:
    kept = open_storage(tmp_path / "media")
    (tmp_path / "media" / "incoming").write_text("no folder")

    with pytest.raises(StorageTrouble):
        await kept.save(b"tea", "webp")


async def test_only_a_store_elsewhere_signs_addresses(kept: Storage) -> None:
    key = await kept.save(b"tea", "webp")

    address = await kept.address_of(key, seconds=60)

    if not address:
        assert isinstance(kept._store, MemoryStore | LocalStore)
        return
    async with ClientSession() as session, session.get(address) as answer:
        assert (await answer.read(), answer.content_type) == (b"tea", "image/webp")


async def test_it_can_check_itself(kept: Storage) -> None:
    await kept.check()

    assert [key async for key, _ in kept.files()] == []


async def test_a_file_lies_where_it_is_said_to_lie(tmp_path: Path) -> None:
    kept = open_storage(tmp_path)

    path = kept.path_of(await kept.save(b"tea", "webp"))

    assert path == tmp_path / KEY
    assert path.read_bytes() == b"tea"
    assert storage_in_memory().path_of(KEY) is None


async def test_nothing_is_seen_under_its_key_before_it_is_whole(tmp_path: Path) -> None:
    kept = open_storage(tmp_path)
    await kept.save(b"tea", "webp")
    (tmp_path / "incoming" / "half").write_bytes(b"te")

    assert [key async for key, _ in kept.files()] == [KEY]
    await kept.drop_arrivals(now() - timedelta(hours=1))
    assert (tmp_path / "incoming" / "half").exists()
    await kept.drop_arrivals(now() + timedelta(hours=1))
    assert list((tmp_path / "incoming").iterdir()) == []
    assert await kept.read(KEY) == b"tea"


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "x", "../../etc/passwd", "/etc/passwd", f"../{KEY}", f"/{KEY}", f"{KEY}/"),
        *(f"{KEY}\n", f"{KEY}\0", KEY.upper(), KEY.replace("webp", "svg"), KEY.replace("/", "//")),
        *(KEY.replace(".webp", ""), KEY.replace(".webp", ".html"), KEY.replace("/", "%2F")),
        *(f"00/{KEY[3:]}", f"{KEY[:3]}00/{KEY[6:]}", KEY[:-6] + "..webp", "incoming/half"),
    ],
)
async def test_MED_07_only_our_own_keys_reach_the_disk(key: str, kept: Storage) -> None:
    for use in (kept.read, kept.size, kept.delete):
        with pytest.raises(BadKey):
            await use(key)
    for ask in (checked_key, kept.path_of, type_of):
        with pytest.raises(BadKey):
            ask(key)


@pytest.mark.parametrize("suffix", ["html", "svg", ".webp", "", "../x", "webp\0", "js", "WEBP"])
async def test_MED_04_only_listed_types_are_kept(suffix: str, kept: Storage) -> None:
    with pytest.raises(BadKey):
        await kept.save(b"<script>", suffix)


def test_MED_04_types_are_ours_to_say() -> None:
    assert type_of(KEY) == "image/webp"
    assert suffix_of("image/jpeg") == "jpg"
    with pytest.raises(BadKey):
        suffix_of("image/svg+xml")


def test_the_storage_in_use_is_reached_by_a_function() -> None:
    chosen = storage_in_memory()

    use_storage(chosen)

    assert storage() is chosen
