"""Models that know their columns, for tests whose rows are never in a database."""

import asyncio
from pathlib import Path

import pytest
from tortoise import Tortoise

from core.settings import Database, Paths, Settings
from rubric.database import config


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have Tortoise bind the models once; nothing connects."""
    folder = str(tmp_path_factory.mktemp("models"))
    chosen = Settings(
        database=Database(url=f"sqlite://{Path(folder, 'none.db')}"),
        paths=Paths(data=folder),
        folder=folder,
    )

    async def bind() -> None:
        context = await Tortoise.init(config=config(chosen))
        await context.close_connections()

    asyncio.run(bind())
