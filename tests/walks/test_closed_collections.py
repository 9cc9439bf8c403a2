"""What other servers hear of the collections of somebody who left."""

import pytest

from core.clock import now
from tests.walks.people import known


@pytest.mark.parametrize("name", ["outbox", "followers", "following", "featured"])
async def test_collections_of_who_left_are_gone_and_those_of_nobody_missing(
    name, settle, remote, wire
):
    await settle("mei", gone_at=now())
    await settle("ben")
    ana, _ = await known(remote, "ana")

    found = [(await wire.get(f"/u/{who}/{name}", ana)).status for who in ("mei", "ben", "nobody")]

    assert found == [410, 200, 404]
