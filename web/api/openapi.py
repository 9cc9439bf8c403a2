"""The client API as an OpenAPI 3.1 document, made from the table and the entities."""

import re
from collections.abc import Iterable
from itertools import pairwise

from aiohttp import web

from actors.scopes import SCOPES
from core.release import VERSION
from federation.vocabulary import AS2
from web.api.access import CALLED, Access, Call, Door
from web.api.answers import answer
from web.api.parameters import ASKED, PAGE
from web.api.promises import Other
from web.api.schemas import OTHER, REF, Schema, schemas

KINDS: dict[str, Schema] = {
    "": {"type": "string"},
    "id": {"type": "string", "pattern": "^[0-9]+$"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "file": {"type": "string", "format": "binary"},
    "mark": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "color": {"type": "string"}},
    },
}
# Where an upload, or one's own, is answered before it is finished.
UNFINISHED = {("POST", "/api/v2/media"): "202", ("GET", "/api/v1/media/{id}"): "206"}
# What is answered as ActivityPub, and by which status.
AS_ACTIVITIES = {
    ("POST", "/u/{name}/outbox"): ("201",),
    ("GET", "/u/{name}/inbox"): ("200",),
    ("POST", "/api/activitypub/proxy"): ("200",),
    ("POST", "/api/activitypub/media"): ("201", "202"),
    ("GET", "/api/activitypub/media/{id}"): ("200", "202"),
}
PLACE = re.compile(r"\{(\w+)(?::[^}]*)?\}")


async def show(request: web.Request) -> web.Response:
    """The document of this server."""
    calls = request.app[CALLED]
    return answer(document(calls))


def document(calls: Iterable[Call]) -> Schema:
    """Describe these addresses: what can be asked there, by whom, and what is answered."""
    lines = list(calls)
    answers, components = schemas()
    paths: dict[str, Schema] = {}
    for call in lines:
        method, path = call[0], call[1]
        paths.setdefault(path, {})[method.lower()] = _operation(
            call, answers.get((method, path), {})
        )
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


def _operation(call: Call, schema: Schema) -> Schema:
    method, path, handler, access = call
    said = (handler.__doc__ or "").strip().partition("\n")[0]
    is_list = method == "GET" and schema.get("type") == "array"
    asked = ASKED.get(path, {}).get(method, PAGE if is_list else "")
    operation: Schema = {
        "summary": said,
        "operationId": f"{method.lower()}{re.sub(r'[^a-z0-9]+', '_', path.lower())}",
        "parameters": [_place(each) for each in PLACE.findall(path)],
        "responses": {
            **_done(call, schema),
            "4XX": {
                "description": "Refused.",
                "content": _json({"$ref": REF.format(name="Error")}),
            },
            "503": {
                "description": "Another server, or this one, could not answer in time.",
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


def _done(call: Call, schema: Schema) -> Schema:
    if other := OTHER.get(call[:2]):
        if other is Other.SOCKET:
            return {"101": {"description": "A WebSocket is open."}}
        return {"200": {"description": "Done.", "content": {other.value: {"schema": {}}}}}
    if statuses := AS_ACTIVITIES.get(call[:2]):
        content = {AS2: {"schema": schema}}
        return {each: {"description": "Done.", "content": content} for each in statuses}
    done = {"200": {"description": "Done.", "content": _json(schema)}}
    if status := UNFINISHED.get(call[:2]):
        done[status] = {"description": "It is being worked on.", "content": _json(schema)}
    return done


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
    """Describe a body: files come as a form of parts, all else as a form or as JSON too."""
    parts = [_parted(each) for each in written]
    needed = [name for name, is_needed, _ in parts if is_needed]
    fields = {name: schema for name, _, schema in parts}
    form: Schema = {"schema": {"type": "object", "properties": fields, "required": needed}}
    files = [name for name, _, schema in parts if schema is KINDS["file"]]
    if files:
        parted = {"multipart/form-data": form}
        others = [] if set(files) & set(needed) else _without(written, files)
        return {"content": parted | (_body(others)["content"] if others else {})}
    whole: Schema = {"schema": _nested(fields) | {"required": needed}}
    return {"content": {"application/x-www-form-urlencoded": form, "application/json": whole}}


def _without(written: list[str], names: list[str]) -> list[str]:
    return [each for each in written if _parted(each)[0] not in names]


def _nested(fields: dict[str, Schema]) -> Schema:
    """Write `poll[options][]` as JSON has it, an object that holds a list, and `a[][b]` as a list
    of objects."""
    whole: Schema = {"type": "object", "properties": {}}
    for name, schema in fields.items():
        path = name.removesuffix("[]").replace("[][", "[*").removesuffix("]")
        *above, last = re.split(r"[\[\]]+", path)
        held = whole
        for each, after in pairwise([*above, last]):
            inner: Schema = {"type": "object", "properties": {}}
            outer = {"type": "array", "items": inner} if after.startswith("*") else inner
            kept = held["properties"].setdefault(each.removeprefix("*"), outer)
            held = kept.get("items", kept)
        last = last.removeprefix("*")
        held["properties"][last] = schema
    return whole


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _security(access: Access) -> list[Schema]:
    scopes: list[Schema] = [{"oauth": [each]} for each in access.scopes]
    match access.door:
        case Door.ALL:
            return []
        case Door.ANYONE:
            return [{}, *scopes]
        case Door.APP | Door.PERSON | Door.NEWCOMER:
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
