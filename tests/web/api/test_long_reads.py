"""However much is asked for, a page stays a page (DOS-13)."""

import pytest

from core.paging import MOST
from tests.factories import noted


async def test_DOS_13_no_answer_is_longer_than_a_page(client, settle):
    mei = await settle("mei")
    for _ in range(MOST + 3):
        await noted(mei)
    app = await client(mei)

    for limit in ("1000000000", "99999999999999999999999", "-1000000000"):
        for path in ("/api/v1/timelines/public", f"/api/v1/accounts/{mei.id}/statuses"):
            assert len(await app.get(path, limit=limit)) <= MOST, (path, limit)
    assert len(await app.get("/api/v1/timelines/public", limit="1000000000")) == MOST


@pytest.mark.parametrize("odd", ["9" * 40, "-1", "0", "x", "1e9", "²"])
async def test_DOS_13_odd_places_to_go_on_from_cost_nothing(client, browser, settle, odd):
    mei = await settle("mei")
    await noted(mei)
    app = await client(mei)

    for key in ("max_id", "min_id", "since_id"):
        assert isinstance(await app.get("/api/v1/timelines/public", **{key: odd}), list)
        assert (await browser.get(f"/local?{key}={odd}")).status == 200
    assert (await browser.get(f"/search?q={'w' * 6000}")).status == 200
