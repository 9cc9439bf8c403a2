"""What apps are told of this server, in the shapes that they can read."""

import pytest

from actors.accounts import Role
from moderation.adopting import adopt
from moderation.policy import current
from moderation.reading import Draft
from tests.moderation.drafts import sections_of
from web.api import instance


def numbers_in(value):
    """Every whole number anywhere inside."""
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [value]
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return [number for each in inside for number in numbers_in(each)]
    return []


async def test_apps_learn_what_this_server_can_do(settle, client):
    admin = await settle("boss", role=Role.ADMIN)
    app = await client()

    new, old = await app.get("/api/v2/instance"), await app.get("/api/v1/instance/")

    assert new["version"].startswith("4.5.0 (compatible; Rubric ")
    assert new["api_versions"] == {"mastodon": 7}
    assert new["configuration"]["urls"]["streaming"].startswith("ws://")
    assert new["configuration"]["statuses"]["max_media_attachments"] == 18
    assert new["configuration"]["media_attachments"]["video_matrix_limit"] == 3840 * 2160
    assert isinstance(new["contact"]["email"], str)
    assert new["contact"]["account"]["id"] == str(admin.id)
    assert isinstance(new["registrations"], dict)
    assert isinstance(old["registrations"], bool)
    assert old["uri"] == new["domain"]
    assert old["version"] == new["version"]
    assert max(numbers_in(new) + numbers_in(old)) < 1 << 31


async def test_the_rules_are_those_of_the_policy(served, client):
    app = await client()
    await adopt(Draft(sections_of(), current().version), summary={"en": "A rule."})

    rules = await app.get("/api/v1/instance/rules")
    chinese = await app.get("/api/v1/instance/rules", lang="zh")
    terms = await app.get("/api/v1/instance/terms_of_service")

    assert rules[0]["text"] == "No advertising"
    assert chinese[0]["text"] == "禁止广告"
    assert all(each["text"] and each["rubric"]["id"] for each in rules)
    assert [each["id"] for each in rules] == [each["id"] for each in chinese]
    assert rules[0]["text"] in terms["content"]
    assert terms["effective"] is True
    again = await app.get(f"/api/v1/instance/terms_of_service/{terms['effective_date']}")
    assert again == terms
    assert (await app.ask("GET", "/api/v1/instance/terms_of_service/1999-01-01"))[0] == 404


@pytest.mark.parametrize(
    "path",
    ["extended_description", "privacy_policy", "domain_blocks", "peers", "languages"],
)
async def test_what_else_is_told_of_this_server(served, client, path):
    found = await (await client()).get(f"/api/v1/instance/{path}")

    assert isinstance(found, dict if path in ("extended_description", "privacy_policy") else list)


async def test_the_last_weeks_are_counted(settle, client):
    mei = await settle("mei")
    instance._activity.clear()  # kept for an hour, also from one test to the next
    await (await client(mei)).post("/api/v1/statuses", status="x")

    weeks = await (await client()).get("/api/v1/instance/activity")

    assert len(weeks) == 12
    assert weeks[0]["statuses"] == "1"
    assert int(weeks[0]["registrations"]) >= 1


async def test_an_app_reads_how_one_posts(settle, client):
    found = await (await client(await settle("mei"))).get("/api/v1/preferences")

    assert found["posting:default:visibility"] == "public"
    assert found["reading:expand:media"] == "default"
