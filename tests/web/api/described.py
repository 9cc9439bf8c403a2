"""Answers of the client API, held to what the OpenAPI document promises of their addresses."""

import re
from functools import cache
from typing import Any

from aiohttp import ClientResponse
from jsonschema import Draft202012Validator

from web.api.openapi import document
from web.api.table import CALLS

TWINS = {"PUT": "PATCH", "PATCH": "PUT"}


async def check(method: str, path: str, response: ClientResponse) -> None:
    """Fail where an answer is not what the document says; what it does not name may be so."""
    refused = response.status >= 400
    if not refused and response.status != 200:
        return
    found = validator_of(method, path, "4XX" if refused else "200")
    if found is None or response.content_type == "text/plain":
        return
    wrong = next(found.iter_errors(await response.json()), None)
    assert wrong is None, f"{method} {path}: {wrong.json_path}: {wrong.message[:300]}"


def validator_of(method: str, path: str, status: str) -> Draft202012Validator | None:
    """Find what an address promises; None for one that the table does not have."""
    known = promises()
    plain = path.partition("?")[0].rstrip("/")
    for name in (method, TWINS.get(method, "")):
        for (at, pattern), validators in known.items():
            if at == name and re.fullmatch(pattern, plain):
                return validators[status]
    return None


@cache
def promises() -> dict[tuple[str, str], dict[str, Draft202012Validator]]:
    """Everything that is promised, with the addresses that have no places first."""
    described = document(CALLS)
    return {
        (method.upper(), pattern_of(path)): {
            status: validator(said["content"]["application/json"]["schema"], described)
            for status, said in operation["responses"].items()
        }
        for path, operations in sorted(described["paths"].items(), key=lambda each: "{" in each[0])
        for method, operation in operations.items()
    }


def validator(schema: dict[str, Any], described: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema | {"components": described["components"]})


def pattern_of(path: str) -> str:
    return "".join(
        r"\d+" if each == "{id}" else "[^/]+" if each.startswith("{") else re.escape(each)
        for each in re.split(r"(\{\w+\})", path)
    )
