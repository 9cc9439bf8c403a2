"""How often an app may ask."""

from datetime import datetime

import pytest

from core.settings import use
from tests.conftest import replaced

TIMELINE = "/api/v1/timelines/public"


@pytest.fixture
async def paced(here):
    """An instance that answers two questions of a token, and one of an address."""
    changed = replaced(here, "limits", api_per_token=2, api_per_address=1)
    # An instance for trying out does not refuse what its own machine asks.
    changed = replaced(changed, "federation", allow_private_addresses=False)
    use(changed)
    return changed


async def test_every_answer_says_how_much_is_left(settle, client):
    app = await client(await settle("mei"))

    first = await app.send("GET", TIMELINE)
    missing = await app.send("GET", "/api/v1/statuses/1")

    assert first.headers["X-RateLimit-Limit"] == "300"
    left = [int(each.headers["X-RateLimit-Remaining"]) for each in (first, missing)]
    assert left == [299, 298]
    assert datetime.fromisoformat(first.headers["X-RateLimit-Reset"]).tzinfo is not None


async def test_one_too_many_is_refused_until_the_end_of_the_window(paced, settle, client):
    mei = await settle("mei")
    app, other = await client(mei), await client(mei)

    statuses = [(await app.send("GET", TIMELINE)).status for _ in range(2)]
    refused = await app.send("GET", TIMELINE)

    assert statuses == [200, 200]
    assert refused.status == 429
    assert await refused.json() == {"error": "Too many requests"}
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert int(refused.headers["Retry-After"]) > 0
    assert (await other.send("GET", TIMELINE)).status == 200


async def test_without_a_token_the_address_counts(paced, client):
    app = await client()

    assert (await app.send("GET", TIMELINE)).status == 200
    assert (await app.send("GET", TIMELINE)).status == 429
