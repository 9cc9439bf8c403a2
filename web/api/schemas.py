"""What is answered at each address, as JSON schemas: made from the shapes, and made stricter."""

from typing import Any

import msgspec

from web.api.closed import PICTURES, WORDS
from web.api.promises import ANSWERS, Other
from web.api.shapes import WITHIN, Error

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"
ID = {"pattern": "^-?[0-9]+$"}
MOMENT = {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
ADDRESS = {"pattern": "^https?://"}
# Names that end as ids and moments do, and are none.
OTHERS = ("client_id", "last_status_at", "client_secret_expires_at", "effective_date")
OURS = ("OurRule", "Inbox", "InboxPage")  # whose ids are words or addresses

# Method and address → what is answered there that is no JSON.
OTHER = {
    (method, path): said
    for path, methods in ANSWERS.items()
    for method, said in methods.items()
    if isinstance(said, Other)
}


def schemas() -> tuple[dict[tuple[str, str], Schema], dict[str, Schema]]:
    """Return what is answered at each address, and the entities it is made of, by their names."""
    kinds = [
        (method, path, kind)
        for path, methods in ANSWERS.items()
        for method, said in methods.items()
        if (method, path) not in OTHER
        for kind in (said if isinstance(said, tuple) else (said,))
    ]
    written, components = msgspec.json.schema_components(
        [*(kind for _, _, kind in kinds), Error, *WITHIN.values()], ref_template=REF
    )
    _tighten(components)
    found: dict[tuple[str, str], list[Schema]] = {}
    for (method, path, _), schema in zip(kinds, written, strict=False):
        found.setdefault((method, path), []).append(schema)
    return {
        key: one[0] if len(one) == 1 else {"anyOf": one} for key, one in found.items()
    }, components


def _tighten(components: dict[str, Schema]) -> None:
    """Say what types alone do not: all fields are there, ids are digits, moments have one form."""
    for name, schema in components.items():
        fields = schema.get("properties", {})
        schema["required"] = sorted(
            {*schema.get("required", []), *(one for one in fields if "default" in fields[one])}
        )
        for field, kind in fields.items():
            kind.pop("default", None)
            schema["properties"][field] = _formed(name, field, kind)
    for (name, field), held in WITHIN.items():
        fields = components[name]["properties"]
        fields[field] = _holding(fields[field], {"$ref": REF.format(name=held.__name__)})


def _holding(kind: Schema, ref: Schema) -> Schema:
    """Put the entity in the place of the object of any kind; null and lists stay what they are."""
    if "anyOf" in kind:
        return kind | {"anyOf": [_holding(each, ref) for each in kind["anyOf"]]}
    match kind.get("type"):
        case "null":
            return kind
        case "array":
            return {"type": "array", "items": ref}
    return ref


def _formed(name: str, field: str, kind: Schema) -> Schema:
    if "anyOf" in kind:
        return kind | {"anyOf": [_formed(name, field, each) for each in kind["anyOf"]]}
    if kind.get("type") == "array":
        return kind | {"items": _formed(name, field, kind["items"])}
    if kind.get("type") != "string":
        return kind
    return kind | _form(name, field)


def _form(name: str, field: str) -> Schema:
    if words := WORDS.get((name, field)):
        return {"enum": list(words)}
    if field in PICTURES:
        return ADDRESS
    if field in OTHERS or name in OURS:
        return {}
    if field == "id" or field.endswith(("_id", "_ids")):
        return ID
    return MOMENT if field.endswith("_at") else {}


def closed(schema: Any) -> Any:
    """Return a schema that lets nothing pass that it does not name, however deep it lies."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(each) for name, each in schema.items()}
    is_entity = schema.get("type") == "object" and isinstance(schema.get("properties"), dict)
    return inner | {"additionalProperties": False} if is_entity else inner
