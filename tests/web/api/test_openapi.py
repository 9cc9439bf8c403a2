"""The OpenAPI document: whole, true, and the same wherever one gets it."""

import json
import re

from click.testing import CliRunner
from jsonschema import Draft202012Validator
from msgspec.structs import fields

from actors.scopes import SCOPES
from rubric.cli import main
from tests.web.api.described import validator_of
from web.api.access import Door
from web.api.closed import WORDS
from web.api.entities.statuses import Around
from web.api.entities.words import Words
from web.api.openapi import document
from web.api.parameters import ASKED
from web.api.promises import ANSWERS
from web.api.shapes import WITHIN, Status
from web.api.table import CALLS


def operations():
    described = document(CALLS)
    return {
        (method.upper(), path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def test_each_line_of_the_table_is_described():
    assert sorted(operations()) == sorted({(call[0], call[1]) for call in CALLS})


def test_nothing_is_described_that_the_table_does_not_have():
    told = {(each, path) for path, methods in ANSWERS.items() for each in methods}
    told |= {(each, path) for path, methods in ASKED.items() for each in methods}

    assert told - {(call[0], call[1]) for call in CALLS} == set()


def test_the_scopes_of_the_document_are_those_of_the_table():
    found = operations()

    for method, path, _, access in CALLS:
        said = found[method, path]["security"]
        assert [one for each in said for one in each.get("oauth", [])] == list(access.scopes)
        assert ({} in said) == (access.door is Door.ANYONE), path
        assert set(access.scopes) <= set(SCOPES)


def test_every_name_leads_to_an_entity_and_every_schema_is_one():
    described = document(CALLS)
    entities = described["components"]["schemas"]

    named = set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(described)))

    assert named <= set(entities)
    for schema in entities.values():
        Draft202012Validator.check_schema(schema)


def test_each_operation_has_a_name_of_its_own_and_says_what_it_does():
    found = operations().values()

    names = [each["operationId"] for each in found]

    assert len(set(names)) == len(names)
    assert all({"200", "201", "101"} & set(each["responses"]) for each in found)


def test_each_address_promises_what_it_answers():
    found = operations()

    bare = [
        at
        for at, operation in found.items()
        for kind, said in operation["responses"].get("200", {}).get("content", {}).items()
        if kind == "application/json" and not said["schema"]
    ]

    assert bare == []
    assert [at for at, each in found.items() if "101" in each["responses"]] == [
        ("GET", "/api/v1/streaming")
    ]


def test_what_is_sent_may_be_a_form_or_json():
    content = operations()["POST", "/api/v1/statuses"]["requestBody"]["content"]

    form = content["application/x-www-form-urlencoded"]["schema"]["properties"]
    whole = content["application/json"]["schema"]["properties"]
    assert form["poll[options][]"] == whole["poll"]["properties"]["options"]
    assert form["rubric[title]"] == whole["rubric"]["properties"]["title"]
    assert form["status"] == whole["status"] == {"type": "string"}
    upload = operations()["POST", "/api/v2/media"]["requestBody"]["content"]
    assert list(upload) == ["multipart/form-data"]


def test_what_is_said_of_single_fields_is_said_of_fields_that_are_there():
    entities = document(CALLS)["components"]["schemas"]

    lacking = [at for at in (*WORDS, *WITHIN) if at[1] not in entities[at[0]]["properties"]]

    assert lacking == []


def test_a_field_that_is_not_described_or_a_word_that_is_not_known_does_not_pass():
    promised = validator_of("GET", "/api/v1/lists/1", "200")
    good = {"id": "1", "title": "Friends", "replies_policy": "list", "exclusive": False}

    assert promised is not None
    assert promised.is_valid(good)
    assert not promised.is_valid(good | {"extra": True})
    assert not promised.is_valid(good | {"replies_policy": "all"})


def test_a_status_is_described_as_it_is_written():
    written = {one.name: one.type for part in (Words, Around) for one in fields(part)}
    described = {one.name: one.type for one in fields(Status)}

    assert {name: described[name] for name in written} == written
    assert set(described) - set(written) == {"account", "reblog", "quote", "text"}


def test_a_field_that_is_lacking_or_of_another_kind_does_not_pass():
    promised = validator_of("GET", "/api/v1/statuses/1/source", "200")

    assert promised is not None
    assert promised.is_valid({"id": "1", "text": "", "spoiler_text": ""})
    for wrong in ({"id": "1", "text": ""}, {"id": 1, "text": "", "spoiler_text": ""}, [], {}):
        assert not promised.is_valid(wrong)


def test_ids_are_digits_and_moments_have_milliseconds():
    promised = validator_of("GET", "/api/v1/scheduled_statuses/1", "200")
    params = {
        "text": "",
        "visibility": "public",
        "sensitive": False,
        "spoiler_text": "",
        "media_ids": [],
        "in_reply_to_id": None,
        "language": None,
        "poll": None,
        "scheduled_at": None,
        "quoted_status_id": None,
        "quote_approval_policy": None,
        "idempotency": None,
        "application_id": 0,
        "with_rate_limit": False,
        "rubric": {"title": "", "audience": "public", "circles": []},
    }
    good = {
        "id": "1",
        "scheduled_at": "2026-01-31T12:34:56.789Z",
        "params": params,
        "media_attachments": [],
    }

    assert promised is not None
    assert promised.is_valid(good)
    assert not promised.is_valid(good | {"id": "x1"})
    assert not promised.is_valid(good | {"scheduled_at": "2026-01-31T12:34:56Z"})


async def test_the_server_shows_what_the_command_prints(wire):
    async with wire.get("/api/openapi.json") as response:
        shown = await response.json()

    printed = CliRunner().invoke(main, ["api", "openapi"])

    assert printed.exit_code == 0
    assert json.loads(printed.output) == shown == json.loads(json.dumps(document(CALLS)))
    assert shown["openapi"] == "3.1.0"
