"""The admin API for servers: each change is a version of the policy that says why."""

import pytest

from actors.accounts import Role
from moderation.audit import StaffAct
from moderation.policy import current
from moderation.vocabulary import Severity

BLOCKS, ALLOWS = "/api/v1/admin/domain_blocks", "/api/v1/admin/domain_allows"


@pytest.fixture
async def admin(settle, client):
    return await client(await settle("chief", role=Role.ADMIN), "admin:read", "admin:write")


@pytest.fixture
async def moderator(settle, client):
    mod = await settle("mod", role=Role.MODERATOR)
    return await client(mod, "admin:read", "admin:write")


def measures():
    return [(each.domain, each.severity.value) for each in current().sections.federation.entries]


async def test_a_block_is_a_version_of_the_policy_with_its_reason(admin):
    made = await admin.post(
        BLOCKS, domain="Loud.example", severity="suspend", public_comment="Spam without end"
    )
    [listed] = await admin.get(BLOCKS)
    public = await admin.get("/api/v1/instance/domain_blocks")

    assert made == listed == await admin.get(f"{BLOCKS}/{made['id']}")
    assert (made["domain"], made["severity"]) == ("loud.example", "suspend")
    assert made["public_comment"] == public[0]["comment"] == "Spam without end"
    assert made["reject_media"]
    assert current().version == 2
    assert current().by == "admin"
    assert current().summary == {
        "en": "loud.example is refused. Spam without end",
        "zh": "拒绝 loud.example。Spam without end",
    }
    assert (await StaffAct.get(act="policy.server")).after == {"entries": ["loud.example reject"]}


async def test_a_block_is_changed_and_what_is_not_said_stays(admin):
    made = await admin.post(BLOCKS, domain="loud.example", public_comment="Loud")
    at = f"{BLOCKS}/{made['id']}"

    media = await admin.ask("PUT", at, json={"reject_media": True})
    words = await admin.ask("PUT", at, json={"public_comment": "Very loud"})
    same = await admin.ask("PUT", at, json={})
    ours = await admin.ask("PUT", at, json={"rubric": {"measure": "hold", "until": "2099-01-02"}})

    assert measures() == [("loud.example", "hold")]
    assert (media[1]["severity"], media[1]["reject_media"]) == ("silence", True)
    assert media[1]["rubric"]["measures"] == ["limit", "no_media"]
    assert words[1]["rubric"]["measures"] == ["limit", "no_media"]
    assert same[1] == words[1]
    assert ours[1]["rubric"] == {"measures": ["hold"], "until": "2099-01-02"}
    assert ours[1]["public_comment"] == "Very loud"
    assert current().version == 5


async def test_a_block_ends_with_a_reason_alone(admin):
    made = await admin.post(BLOCKS, domain="loud.example", public_comment="Loud")
    at = f"{BLOCKS}/{made['id']}"

    refused = await admin.ask("DELETE", at)
    done = await admin.ask("DELETE", f"{at}?rubric[reason]=They+changed")
    again = await admin.ask("DELETE", f"{at}?rubric[reason]=They+changed")

    assert (refused[0], done[0], again[0]) == (422, 200, 404)
    assert "rubric.reason" in refused[1]["details"]
    assert measures() == []
    assert current().summary["en"] == "loud.example is no longer limited. They changed"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"domain": "loud.example"}, "public_comment"),
        ({"domain": "no host", "public_comment": "x"}, "domain"),
        ({"domain": "a.example", "public_comment": "x", "severity": "noop"}, "severity"),
        ({"domain": "a.example", "public_comment": "x", "severity": "ban"}, "severity"),
        ({"domain": "a.example", "public_comment": "x", "obfuscate": True}, "obfuscate"),
        ({"domain": "a.example", "public_comment": "x", "reject_reports": 1}, "reject_reports"),
        ({"domain": "a.example", "public_comment": "x", "private_comment": "y"}, "private_comment"),
        (
            {"domain": "a.example", "public_comment": "x", "rubric": {"measure": "accept"}},
            "rubric.measure",
        ),
    ],
    ids=str,
)
async def test_what_would_be_secret_or_says_nothing_is_refused(admin, sent, field):
    status, body = await admin.ask("POST", BLOCKS, json=sent)

    assert status == 422
    assert field in body["details"]
    assert current().version == 1


async def test_we_do_not_block_ourselves(admin, here):
    sent = {"domain": here.server.domain, "public_comment": "x"}

    status, body = await admin.ask("POST", BLOCKS, json=sent)

    assert (status, "domain" in body["details"]) == (422, True)


async def test_a_server_is_blocked_once(admin):
    await admin.post(BLOCKS, domain="loud.example", public_comment="Loud")

    status, body = await admin.ask(
        "POST", BLOCKS, json={"domain": "loud.example", "public_comment": "Loud"}
    )

    assert (status, "domain" in body["details"]) == (422, True)
    assert current().version == 2


async def test_moderators_read_what_only_admins_change(admin, moderator):
    made = await admin.post(BLOCKS, domain="loud.example", public_comment="Loud")
    at = f"{BLOCKS}/{made['id']}"

    told = [
        await moderator.ask("POST", BLOCKS, json={"domain": "a.example", "public_comment": "x"}),
        await moderator.ask("PUT", at, json={"public_comment": "x"}),
        await moderator.ask("DELETE", f"{at}?rubric[reason]=x"),
        await moderator.ask("POST", ALLOWS, json={"domain": "a.example"}),
        await moderator.ask("DELETE", f"{ALLOWS}/1"),
    ]

    assert [status for status, _ in told] == [403] * 5
    assert [each["id"] for each in await moderator.get(BLOCKS)] == [made["id"]]
    assert await moderator.get(ALLOWS) == []


async def test_a_server_is_let_in_by_name_with_a_reason_and_once(admin):
    why = {"reason": "Friends of ours"}

    refused = await admin.ask("POST", ALLOWS, json={"domain": "kind.example"})
    made = await admin.post(ALLOWS, domain="kind.example", rubric=why)
    again = await admin.post(ALLOWS, domain="kind.example")
    shown = await admin.get(f"{ALLOWS}/{made['id']}")
    blocks = await admin.get(BLOCKS)
    ended = await admin.ask("DELETE", f"{ALLOWS}/{made['id']}?rubric[reason]=Closed")

    assert refused[0] == 422
    assert made == again == shown
    assert made["rubric"] == why
    assert blocks == []
    assert ended[0] == 200
    assert measures() == []


async def test_who_is_limited_is_not_let_in_by_name_beside_it(admin):
    await admin.post(BLOCKS, domain="loud.example", public_comment="Loud")

    status, _ = await admin.ask(
        "POST", ALLOWS, json={"domain": "loud.example", "rubric": {"reason": "x"}}
    )

    assert status == 422
    assert measures() == [("loud.example", Severity.LIMIT.value)]
