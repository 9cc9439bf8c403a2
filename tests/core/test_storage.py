"""Files are kept under the hash of what they hold, and under nothing else."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import now
from core.storage import (
    BadKey,
    NotStored,
    Storage,
    checked_key,
    open_storage,
    storage,
    storage_in_memory,
    suffix_of,
    type_of,
    use_storage,
)

HASH = hashlib.sha256(b"tea").hexdigest()
KEY = f"{HASH[:2]}/{HASH[2:4]}/{HASH}.webp"


@pytest.fixture(params=["folder", "memory"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return open_storage(tmp_path / "media") if request.param == "folder" else storage_in_memory()


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
