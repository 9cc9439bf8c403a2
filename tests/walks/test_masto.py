"""masto, the library under most web clients, walking against a real server."""

import asyncio
import base64
import io
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.walks.consent import code_for
from tests.walks.processes import Server, servers

WALK = Path(__file__).with_name("masto")
HAS_NODE = shutil.which("node") is not None and shutil.which("npm") is not None

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not HAS_NODE, reason="masto was NOT tried: there is no node with npm here"),
]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with servers(tmp_path, "here") as (here,):
        await here.settle("mei")
        await here.settle("bo")
        yield here


@pytest.fixture
async def masto(tmp_path: Path) -> Path:
    """The walk beside what it needs, from the lock; npm keeps what it fetched for next time."""
    folder = Path(shutil.copytree(WALK, tmp_path / "masto"))
    cache = Path(tempfile.gettempdir(), "rubric-npm")
    process = await asyncio.create_subprocess_exec(
        *("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"),
        *("--cache", str(cache)),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(200):
        output, _ = await process.communicate()
    if process.returncode and not os.environ.get("CI"):
        pytest.skip(f"masto was NOT tried: npm brought nothing: {output.decode()[-300:]}")
    assert process.returncode == 0, output.decode()
    return folder


def picture() -> str:
    made = io.BytesIO()
    Image.new("RGB", (320, 200), (80, 120, 160)).save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


async def test_masto_does_what_it_is_made_for(server: Server, masto: Path):
    process = await asyncio.create_subprocess_exec(
        *("node", "walk.mjs", server.base, picture()),
        cwd=masto,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        async with asyncio.timeout(200):
            for name in ("mei", "bo"):
                address = (await process.stdout.readline()).decode().strip()
                if address:
                    code = await code_for(server, name, address)
                    process.stdin.write(f"{code}\n".encode())
            output, error = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()

    assert process.returncode == 0, error.decode()
    assert output.decode().strip() == "walked"
