"""What a server says of itself."""

import pytest

from federation.client import Client, use_client
from federation.errors import ForbiddenAddress, Malformed, NotFound
from federation.nodeinfo import Software, Usage, content_type, document, links, software_of
from tests.federation import traps
from tests.federation.traps import Trap, redirect

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
PAGES = {"repository": "https://code.example/rubric", "homepage": "https://rubric.example"}


@pytest.fixture
async def trap():
    async with Trap() as opened:
        yield opened


@pytest.fixture(autouse=True)
async def away():
    async with Client(private_ok=True) as opened:
        use_client(opened)
        yield opened


def ours(version):
    return document(
        version,
        base_url="https://h.example",
        release="0.1.0",
        name="Tea house",
        description="We drink tea.",
        usage=Usage(people=3, active_month=2, active_half_year=3, posts=9, comments=4),
        open_registrations=True,
        staff=["https://h.example/u/mei"],
        languages=["zh", "en"],
        pages=PAGES,
    )


def listed(*pairs):
    return traps.document(
        {"links": [{"rel": rel, "href": href} for rel, href in pairs]}, "application/json"
    )


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_our_document_has_all_that_the_schema_requires(version):
    told = ours(version)

    assert set(told) == {
        *("version", "software", "protocols", "services"),
        *("openRegistrations", "usage", "metadata"),
    }
    assert told["version"] == version
    assert told["protocols"] == ["activitypub"]
    assert told["services"] == {"inbound": [], "outbound": []}
    assert told["openRegistrations"] is True
    assert told["usage"] == {
        "users": {"total": 3, "activeMonth": 2, "activeHalfyear": 3},
        "localPosts": 9,
        "localComments": 4,
    }
    assert told["metadata"] == {
        "nodeName": "Tea house",
        "nodeDescription": "We drink tea.",
        "staffAccounts": ["https://h.example/u/mei"],
        "federation": {"enabled": True},
        "langs": ["zh", "en"],
        "policies": {
            "rules": "https://h.example/policy",
            "domains": "https://h.example/federation",
        },
    }


def test_only_the_newer_version_says_where_the_software_is_from():
    assert ours("2.0")["software"] == {"name": "rubric", "version": "0.1.0"}
    assert ours("2.1")["software"] == {"name": "rubric", "version": "0.1.0", **PAGES}


def test_each_version_has_its_content_type():
    assert content_type("2.1") == f'application/json; profile="{SCHEMA}2.1#"'
    assert content_type("2.0") == f'application/json; profile="{SCHEMA}2.0#"'


def test_our_links_name_both_versions_and_the_application():
    assert links("https://h.example", application="https://h.example/actor") == {
        "links": [
            {"rel": f"{SCHEMA}2.0", "href": "https://h.example/nodeinfo/2.0"},
            {"rel": f"{SCHEMA}2.1", "href": "https://h.example/nodeinfo/2.1"},
            {
                "rel": "https://www.w3.org/ns/activitystreams#Application",
                "href": "https://h.example/actor",
            },
        ]
    }


async def test_a_host_tells_what_it_runs(trap):
    trap.on(
        "/.well-known/nodeinfo",
        listed((f"{SCHEMA}2.0", trap.at("/old")), (f"{SCHEMA}2.1", trap.at("/new"))),
    )
    told = {"software": {"name": "Mastodon", "version": "4.7.0"}}
    trap.on("/new", traps.document(told, content_type("2.1")))

    assert await software_of(trap.host) == Software("mastodon", "4.7.0")


@pytest.mark.parametrize(
    "software",
    [None, "mastodon", {}, {"name": None}, {"name": ["a"]}, {"name": "a b"}, {"name": "a" * 65}],
)
async def test_software_without_a_proper_name_is_malformed(trap, software):
    trap.on("/.well-known/nodeinfo", listed((f"{SCHEMA}2.0", trap.at("/old"))))
    trap.on("/old", traps.document({"software": software}, "application/json"))

    with pytest.raises(Malformed):
        await software_of(trap.host)


async def test_a_version_is_optional_and_short(trap):
    trap.on("/.well-known/nodeinfo", listed((f"{SCHEMA}2.0", trap.at("/old"))))
    trap.on(
        "/old",
        traps.document({"software": {"name": "a"}}, "application/json"),
        traps.document({"software": {"name": "a", "version": "v" * 999}}, "application/json"),
    )

    assert await software_of(trap.host) == Software("a", "")
    assert await software_of(trap.host) == Software("a", "v" * 100)


@pytest.mark.parametrize("told", [{}, {"links": None}, {"links": [{"rel": f"{SCHEMA}1.0"}]}])
async def test_a_host_that_lists_nothing_we_read_is_not_found(trap, told):
    trap.on("/.well-known/nodeinfo", traps.document(told, "application/json"))

    with pytest.raises(NotFound):
        await software_of(trap.host)


async def test_SSRF_05_nodeinfo_leads_to_no_inner_address(trap):
    inner = "http://169.254.169.254/nodeinfo"
    trap.on("/.well-known/nodeinfo", listed((f"{SCHEMA}2.0", inner)), redirect(inner))

    for _ in range(2):
        with pytest.raises(ForbiddenAddress):
            await software_of(trap.host)
