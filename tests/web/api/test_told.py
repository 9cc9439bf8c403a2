"""docs/api.md says what is so: doors, fields of our own, limits, streams and addresses."""

import re
from pathlib import Path

import pytest

from actors.apps import CODE_LIVES
from core.settings import Limits
from moderation.filing import REPORTS_A_DAY
from notes import uploads
from notes.note import Audience
from notes.once import LASTS
from tests.web.api.described import operation_of
from web.api import posting, relationships
from web.api.access import Door
from web.api.openapi import document
from web.api.streaming import AS_EVENTS, scope_of
from web.api.table import CALLS

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
GROUP = "/api/rubric/v1/groups/{id}"
HOURS = {posting.HALF_AN_HOUR: "30 minutes", posting.THREE_HOURS: "3 hours"}


@pytest.fixture(scope="module")
def told():
    """The part about apps made for Mastodon, by its headings."""
    part = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    [ours] = [each for each in part if each.startswith("Apps made for Mastodon")]
    sections = re.split(r"^### (.+)\n", ours, flags=re.MULTILINE)[1:]
    return dict(zip(sections[::2], sections[1::2], strict=True))


def rows(section):
    """The cells of a table, without its head."""
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines[2:]]
    return [[re.sub(r"^`([^`]+)`$", r"\1", cell) for cell in line] for line in cells]


def test_the_doors_are_those_of_the_table(told):
    found = [row[0] for row in rows(told["Doors and scopes"])]

    assert found == list(Door)


def test_the_additional_fields_are_those_of_the_document(told):
    entities = document(CALLS)["components"]["schemas"]
    described = {
        (name, field)
        for name, schema in entities.items()
        if "rubric" in schema.get("properties", {})
        for field in entities[ours(schema)]["properties"]
    }

    found = [(row[0], row[1]) for row in rows(told["Additional fields"])]

    assert sorted(found) == sorted(described)
    words = re.findall(
        r"`(\w+)`", next(r[2] for r in rows(told["Additional fields"]) if "words" in r[2])
    )
    assert words == list(Audience)


def ours(schema):
    """Name the entity that is the object of our own in another."""
    return schema["properties"]["rubric"]["$ref"].rpartition("/")[2]


def test_what_is_sent_of_ours_is_described(told):
    described = document(CALLS)["paths"]
    for method, path in (("post", "/api/v1/statuses"), ("put", "/api/v1/statuses/{id}")):
        sentence = re.search(
            rf"`{method.upper()} {re.escape(path)}` takes\s+([^;.]+)", told["Additional fields"]
        )
        form = described[path][method]["requestBody"]["content"][
            "application/x-www-form-urlencoded"
        ]
        fields = {each for each in form["schema"]["properties"] if each.startswith("rubric")}
        assert set(re.findall(r"`([^`]+)`", sentence[1])) == fields


def test_the_limits_are_those_that_are_kept(told):
    assert rows(told["Limits"]) == [
        ["posts", f"{posting.POSTS} in {HOURS[posting.THREE_HOURS]}"],
        ["deletions", f"{posting.DELETES} in {HOURS[posting.HALF_AN_HOUR]}"],
        ["uploads", f"{Limits().uploads_per_half_hour} in {HOURS[uploads.HALF_AN_HOUR]}"],
        ["follows", f"{relationships.FOLLOWS_A_DAY} a day"],
        ["reports", f"{REPORTS_A_DAY} a day"],
    ]
    assert LASTS.total_seconds() == 3600, "within an hour"
    assert CODE_LIVES.total_seconds() == 60, "for a minute"


def test_the_streams_are_those_that_are_served(told):
    assert rows(told["Streams"]) == [[name, scope_of(name)] for name in AS_EVENTS]


def test_every_address_is_one_of_the_table(told):
    """`…` is the address of one group."""
    whole = "".join(told.values()).replace(" …/", f" {GROUP}/")
    named = re.findall(r"`(GET|POST|PUT|DELETE|PATCH) (/[^`]+)`", whole)

    known = [
        (method, path)
        for method, path in named
        if path == "/oauth/authorize" or operation_of(method, path.replace("{id}", "1"))
    ]

    assert named
    assert known == named


def test_what_is_said_to_be_lacking_is_lacking(told):
    """So that whoever adds one of these finds the sentence."""
    for method, path in (
        ("POST", "/api/v1/collections"),
        ("GET", "/api/v1/admin/ip_blocks"),
        ("GET", "/api/v1/admin/email_domain_blocks"),
        ("POST", "/api/v1/admin/trends/tags/1/approve"),
    ):
        assert operation_of(method, path) is None, path
