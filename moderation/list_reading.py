"""Lists of servers as others write them → hosts, measures, reasons; none of it is believed."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple

from federation.errors import Malformed
from federation.read import dicts
from federation.urls import canonical_host
from moderation.vocabulary import ListFormat, Severity

MOST_SERVERS = 20_000
LONGEST_REASON = 500
TYPES = {
    ListFormat.CSV: ("text/csv", "text/plain", "application/csv", "application/octet-stream"),
    ListFormat.JSON: ("application/json",),
    ListFormat.FIRES: ("application/json", "application/ld+json", "application/activity+json"),
}
_MASTODON = {"silence": Severity.LIMIT, "suspend": Severity.REJECT}
_FIRES = {"filter": Severity.LIMIT, "reject": Severity.REJECT, "drop": Severity.DROP}
_STRICTER = {each: place for place, each in enumerate(Severity)}


class Listed(NamedTuple):
    """A server on a list of somebody else."""

    host: str
    severity: Severity
    reason: str


def list_from(body: bytes, how: ListFormat, *, cap: Severity) -> dict[str, Listed]:
    """Read a list; what it asks for is softened to the cap, and what is no server left out.

    Raises Malformed for what is no list at all.
    """
    found: dict[str, Listed] = {}
    for host, severity, reason in _READERS[how](body):
        if len(found) >= MOST_SERVERS:
            raise Malformed(f"more than {MOST_SERVERS} servers")
        try:
            name = canonical_host(host.strip())
        except Malformed:
            continue  # a hash or stars in place of a name
        if "." in name:
            softened = min(severity, cap, key=lambda each: _STRICTER[each])
            found[name] = Listed(name, softened, reason.strip()[:LONGEST_REASON])
    return found


def _csv(body: bytes) -> Iterator[tuple[str, Severity, str]]:
    text = body.decode("utf-8-sig", "replace")
    try:
        for row in csv.DictReader(StringIO(text)):
            named = {str(key).lstrip("#").strip(): value for key, value in row.items()}
            if "domain" not in named:
                raise Malformed("a CSV without a column `domain`")
            severity = _MASTODON.get(str(named.get("severity") or "suspend"))
            if severity is None and _is_true(named.get("reject_media")):
                severity = Severity.NO_MEDIA
            if severity is not None and isinstance(named["domain"], str):
                yield named["domain"], severity, str(named.get("public_comment") or "")
    except csv.Error as error:
        raise Malformed("no CSV") from error


def _json(body: bytes) -> Iterator[tuple[str, Severity, str]]:
    for each in dicts(_loaded(body)):
        severity, host = _MASTODON.get(str(each.get("severity"))), each.get("domain")
        if severity is not None and isinstance(host, str):
            yield host, severity, str(each.get("comment") or "")


def _fires(body: bytes) -> Iterator[tuple[str, Severity, str]]:
    document = _loaded(body)
    if not isinstance(document, dict):
        raise Malformed("no FIRES snapshot")
    items = document.get("orderedItems", document.get("items"))
    for each in dicts(items):
        severity, host = _FIRES.get(str(each.get("recommendedPolicy"))), each.get("entityKey")
        is_about_server = each.get("entityKind") == "domain" and isinstance(host, str)
        if each.get("type") == "Recommendation" and severity is not None and is_about_server:
            yield str(host), severity, str(each.get("comment") or each.get("summary") or "")


_READERS = {ListFormat.CSV: _csv, ListFormat.JSON: _json, ListFormat.FIRES: _fires}


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON") from error


def _is_true(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1")
