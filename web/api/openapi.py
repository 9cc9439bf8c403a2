"""The client API as an OpenAPI 3.1 document, made from the table and the entities."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from aiohttp import web

from actors.scopes import SCOPES
from core.release import VERSION
from web.api.access import CALLED, Access, Call, Door
from web.api.answers import answer
from web.api.parameters import ASKED, PAGE
from web.api.promises import ANSWERS
from web.api.shapes import WITHIN, Error

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"
ID = {"type": "string", "pattern": "^-?[0-9]+$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
DAY = {"type": "string", "format": "date"}
KINDS: dict[str, Schema] = {
    "": {"type": "string"},
    "id": {"type": "string", "pattern": "^[0-9]+$"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "file": {"type": "string", "format": "binary"},
}
# Names that end as ids and moments do, and are none.
OTHERS = ("client_id", "last_status_at", "client_secret_expires_at", "effective_date")
OURS = ("OurRule",)  # whose ids are words
PLACE = re.compile(r"\{(\w+)(?::[^}]*)?\}")


async def show(request: web.Request) -> web.Response:
    """The document of this server."""
    calls = request.app[CALLED]
    return answer(document(calls))


def document(calls: Iterable[Call]) -> Schema:
    """Describe these addresses: what can be asked there, by whom, and what is answered."""
    lines = list(calls)
    answers, components = _schemas()
    paths: dict[str, Schema] = {}
    for call in lines:
        method, path = call[0], call[1]
        paths.setdefault(path, {})[method.lower()] = _operation(call, answers.get((method, path)))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rubric",
            "version": VERSION,
            "description": "The API for apps made for Mastodon, and what is Rubric's own in it.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"oauth": _oauth()}},
    }


def _schemas() -> tuple[dict[tuple[str, str], Schema], dict[str, Schema]]:
    """Return what is answered at each address, and the entities it is made of."""
    kinds = [
        (method, path, kind)
        for path, methods in ANSWERS.items()
        for method, said in methods.items()
        for kind in (said if isinstance(said, tuple) else (said,))
    ]
    schemas, components = msgspec.json.schema_components(
        [*(kind for _, _, kind in kinds), Error], ref_template=REF
    )
    _tighten(components)
    found: dict[tuple[str, str], list[Schema]] = {}
    for (method, path, _), schema in zip(kinds, schemas[:-1], strict=True):
        found.setdefault((method, path), []).append(schema)
    return {
        key: one[0] if len(one) == 1 else {"anyOf": one} for key, one in found.items()
    }, components


def _operation(call: Call, schema: Schema | None) -> Schema:
    method, path, handler, access = call
    said = (handler.__doc__ or "").strip().partition("\n")[0]
    asked = ASKED.get(path, {}).get(method, "")
    if not asked and method == "GET" and schema and schema.get("type") == "array":
        asked = PAGE
    operation: Schema = {
        "summary": said,
        "operationId": f"{method.lower()}{re.sub(r'[^a-z0-9]+', '_', path.lower())}",
        "parameters": [_place(each) for each in PLACE.findall(path)],
        "responses": {
            "200": {"description": "Done.", "content": _json(schema or {})},
            "4XX": {
                "description": "Refused.",
                "content": _json({"$ref": REF.format(name="Error")}),
            },
        },
        "security": _security(access),
    }
    if method in ("GET", "DELETE"):
        operation["parameters"] += [_query(each) for each in asked.split()]
    elif asked:
        operation["requestBody"] = _body(asked.split())
    return operation


def _place(name: str) -> Schema:
    kind = "id" if name == "id" or name.endswith("_id") else ""
    return {"name": name, "in": "path", "required": True, "schema": KINDS[kind]}


def _parted(written: str) -> tuple[str, bool, Schema]:
    """Read `name=:kind`, `name[]`: its name, whether it has to be there, and its schema."""
    name, _, kind = written.partition(":")
    is_needed, name = name.endswith("="), name.removesuffix("=")
    schema = KINDS[kind]
    return name, is_needed, {"type": "array", "items": schema} if name.endswith("[]") else schema


def _query(written: str) -> Schema:
    name, is_needed, schema = _parted(written)
    return {"name": name, "in": "query", "required": is_needed, "schema": schema}


def _body(written: list[str]) -> Schema:
    parts = [_parted(each) for each in written]
    schema: Schema = {
        "type": "object",
        "properties": {name: schema for name, _, schema in parts},
        "required": [name for name, is_needed, _ in parts if is_needed],
    }
    has_file = any(each.endswith(":file") for each in written)
    form = "multipart/form-data" if has_file else "application/x-www-form-urlencoded"
    return {"content": {form: {"schema": schema}}}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _security(access: Access) -> list[Schema]:
    scopes: list[Schema] = [{"oauth": [each]} for each in access.scopes]
    match access.door:
        case Door.ALL:
            return []
        case Door.ANYONE:
            return [{}, *scopes]
        case Door.APP | Door.PERSON:
            return scopes or [{"oauth": []}]


def _oauth() -> Schema:
    scopes = dict.fromkeys(SCOPES, "")
    return {
        "type": "oauth2",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/oauth/authorize",
                "tokenUrl": "/oauth/token",
                "scopes": scopes,
            },
            "clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes},
        },
    }


def _tighten(components: dict[str, Schema]) -> None:
    """Say what types alone do not: all fields are there, ids are digits, moments have one form."""
    for name, schema in components.items():
        fields = schema.get("properties", {})
        schema["required"] = sorted(
            {*schema.get("required", []), *(one for one in fields if "default" in fields[one])}
        )
        for field, kind in fields.items():
            kind.pop("default", None)
            if name not in OURS:
                schema["properties"][field] = _formed(field, kind)
    for (name, field), held in WITHIN.items():
        is_optional = field not in components[name]["required"]
        ref = {"$ref": REF.format(name=held)}
        components[name]["properties"][field] = (
            ref if is_optional else {"anyOf": [ref, {"type": "null"}]}
        )


def _formed(field: str, kind: Schema) -> Schema:
    if field in OTHERS:
        return kind
    if "anyOf" in kind:
        return kind | {"anyOf": [_formed(field, each) for each in kind["anyOf"]]}
    if kind.get("type") != "string":
        return kind
    if field == "id" or field.endswith("_id"):
        return kind | ID
    return kind | MOMENT if field.endswith("_at") else kind
