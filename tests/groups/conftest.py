"""What the stories about groups elsewhere share."""

from collections.abc import AsyncIterator

import pytest

from core.settings import Settings
from tests.groups.played import CORPUS, Played


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, loudly, what needs recorded documents where there are none."""
    if not any(CORPUS.glob("*/*.json")):
        why = f"NO WIRE CORPUS at {CORPUS}: set RUBRIC_CORPUS to a folder of recorded documents."
        for item in items:
            if "groups" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
async def server(served: Settings) -> AsyncIterator[Played]:
    """A server that plays one of another kind."""
    async with Played(served) as other:
        yield other


@pytest.fixture
async def third(served: Settings) -> AsyncIterator[Played]:
    """Another one, where the members of the group live."""
    async with Played(served) as other:
        yield other


@pytest.fixture
async def elsewhere(served: Settings) -> AsyncIterator[Played]:
    """A fourth one."""
    async with Played(served) as other:
        yield other
