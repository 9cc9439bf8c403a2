"""Answers of the client API, held to what the OpenAPI document promises of their addresses."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from aiohttp import ClientResponse, ClientSession
from jsonschema import Draft202012Validator

from web.api.openapi import document
from web.api.schemas import closed
from web.api.table import CALLS

TWINS = {"PUT": "PATCH", "PATCH": "PUT"}
JSON = "application/json"


@dataclass
class Client:
    """An app with a token; answers are read whole, and held to what is promised."""

    session: ClientSession
    token: str

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        """Send a request; return the status and the JSON of the answer."""
        response = await self.send(method, path, **more)
        return response.status, await response.json()

    async def send(self, method: str, path: str, **more: Any) -> ClientResponse:
        """Send a request; return the answer, read whole."""
        headers = more.pop("headers", {})
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}"} | headers
        async with self.session.request(
            method, path, headers=headers, allow_redirects=False, **more
        ) as response:
            await response.read()
        await check(method, path, response)
        return response

    async def get(self, path: str, **params: Any) -> Any:
        """Read something that has to be there."""
        status, found = await self.ask("GET", path, params=params)
        assert status == 200, (path, status, found)
        return found

    async def post(self, path: str, **values: Any) -> Any:
        """Do something that has to work; values are sent as JSON."""
        status, found = await self.ask("POST", path, json=values)
        assert status == 200, (path, status, found)
        return found


async def check(method: str, path: str, response: ClientResponse) -> None:
    """Fail where an answer is not what the document says, or has a field more than it says."""
    operation = operation_of(method, path)
    if operation is None:
        return
    kinds = operation.get(str(response.status)) or operation.get(f"{response.status // 100}XX")
    assert kinds is not None, f"{method} {path} answers {response.status}, and promises no such"
    assert response.content_type in kinds or not kinds, f"{method} {path}: {response.content_type}"
    if response.content_type.endswith("json"):
        compare(kinds[response.content_type], await response.json(), f"{method} {path}")


def compare(promised: Draft202012Validator, value: Any, where: str) -> None:
    """Fail with the place of the first thing that is not as promised."""
    wrong = next(promised.iter_errors(value), None)
    assert wrong is None, f"{where}: {wrong.json_path}: {wrong.message[:300]}"


def validator_of(method: str, path: str, status: str) -> Draft202012Validator | None:
    """Find what JSON an address promises; None for one that the table does not have."""
    operation = operation_of(method, path)
    return operation[status][JSON] if operation else None


def operation_of(method: str, path: str) -> dict[str, dict[str, Draft202012Validator]] | None:
    """Find status → content type → what is promised; None for what the table does not have."""
    plain = path.partition("?")[0].rstrip("/")
    for name in (method, TWINS.get(method, "")):
        for (at, pattern), statuses in promises().items():
            if at == name and re.fullmatch(pattern, plain):
                return statuses
    return None


@cache
def promises() -> dict[tuple[str, str], dict[str, dict[str, Draft202012Validator]]]:
    """Everything that is promised, with the addresses that have no places first."""
    described = document(CALLS)
    return {
        (method.upper(), pattern_of(path)): {
            status: {
                kind: validator(content["schema"], described)
                for kind, content in said.get("content", {}).items()
            }
            for status, said in operation["responses"].items()
        }
        for path, operations in sorted(described["paths"].items(), key=lambda each: "{" in each[0])
        for method, operation in operations.items()
    }


def entity(name: str) -> Draft202012Validator:
    """Find what an entity is, for what comes by other roads than an answer."""
    return validator({"$ref": f"#/components/schemas/{name}"}, document(CALLS))


def validator(schema: dict[str, Any], described: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(closed(schema | {"components": described["components"]}))


def pattern_of(path: str) -> str:
    return "".join(
        r"\d+" if each == "{id}" else "[^/]+" if each.startswith("{") else re.escape(each)
        for each in re.split(r"(\{\w+\})", path)
    )
