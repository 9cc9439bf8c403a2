"""`@name@host` → actor, asked of others and answered to them (RFC 7033)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Gone, Malformed, NotFound
from federation.read import dicts, link
from federation.urls import canonical_host
from federation.vocabulary import AS, AS2, LD_JSON

JRD = "application/jrd+json"
XRD = "application/xrd+xml"
LONGEST_HANDLE = 400

_HANDLE = re.compile(
    r"(?:acct:)?[@!]?"
    r"(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)"
    r"@(?P<host>[^\s@/?#\\]{1,260})",
    re.IGNORECASE,
)
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
_INTENT = "https://w3id.org/fep/3b86/"


@dataclass(frozen=True, slots=True)
class Handle:
    """A name at a host; the host is in its canonical spelling, the name as it was written."""

    name: str
    host: str

    def __str__(self) -> str:
        return f"{self.name}@{self.host}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a host says about a handle; `subject` is the name it prefers, and is only a claim."""

    uri: str
    subject: Handle | None
    subscribe: str | None


def parse_handle(text: str) -> Handle | None:
    """Read `@x@h`, `!x@h`, `x@h` or `acct:x@h`; None if it is none of these."""
    if len(text) > LONGEST_HANDLE or (matched := _HANDLE.fullmatch(text.strip())) is None:
        return None
    try:
        return Handle(matched["name"], canonical_host(matched["host"]))
    except Malformed:
        return None


async def find(handle: Handle, *, budget: Budget | None = None) -> str:
    """Ask the handle's host for the actor's uri; raises as look_up does."""
    return (await look_up(handle, budget=budget)).uri


async def look_up(handle: Handle, *, budget: Budget | None = None) -> Found:
    """Ask the handle's host who this is; nothing is believed before the actor points back (ORG-11).

    Raises NotFound, Gone (410), Malformed for a bad link, and what Client.fetch_json raises.
    """
    base = client().base_of(handle.host)
    resource = quote(f"acct:{handle}", safe=":@")
    asked = f"{base}/.well-known/webfinger?resource={resource}"
    try:
        fetched = await client().fetch_json(asked, budget=budget)
    except Gone:
        raise
    except NotFound as error:
        elsewhere = (await _template(base, error, budget)).replace(
            "{uri}", quote(resource, safe="")
        )
        if elsewhere == asked:
            raise
        fetched = await client().fetch_json(elsewhere, budget=budget)
    return found_in(fetched.document)


def found_in(document: dict[str, Any]) -> Found:
    """Read a JRD: the first `self` link of an ActivityPub type counts, as it does for Mastodon."""
    links = dicts(document.get("links"))
    named = (each for each in links if each.get("rel") == "self")
    chosen = next((each for each in named if each.get("type") in (AS2, LD_JSON)), None)
    if chosen is None:
        raise NotFound(f"{str(document.get('subject'))[:200]} is no actor")
    uri = link(chosen.get("href"))
    if uri is None:
        raise Malformed(f"{str(document.get('subject'))[:200]} links to no address")
    subject = document.get("subject")
    templates = (each.get("template") for each in links if each.get("rel") == _SUBSCRIBE)
    subscribe = next((each for each in templates if isinstance(each, str)), None)
    return Found(uri, parse_handle(subject) if isinstance(subject, str) else None, subscribe)


async def _template(base: str, missing: NotFound, budget: Budget | None) -> str:
    """Read where host-meta says WebFinger is; raises `missing` if it does not say."""
    types = (XRD, "application/xml", "text/xml")
    try:
        text = await client().fetch_text(
            f"{base}/.well-known/host-meta", types=types, budget=budget
        )
    except FederationError:
        raise missing from None
    for each in LexborHTMLParser(text).css('link[rel="lrdd"]'):
        template = each.attributes.get("template") or ""
        if "{uri}" in template:
            return template
    raise missing


def jrd(
    handle: Handle, *, uri: str, page: str, kind: str, base_url: str, rels: Collection[str] = ()
) -> dict[str, Any]:
    """Describe one of our actors; `kind` is its ActivityStreams type (federation.md 4).

    With `rels`, only links of these kinds are given (RFC 7033, 4.3).
    """
    to_self = {"rel": "self", "type": AS2, "href": uri, "properties": {f"{AS}#type": kind}}
    links: list[dict[str, Any]] = [
        to_self,
        {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
        {"rel": _SUBSCRIBE, "template": f"{base_url}/interact?uri={{uri}}"},
        {"rel": f"{_INTENT}Follow", "template": f"{base_url}/interact?uri={{object}}"},
    ]
    if kind == "Application":
        links.append({"rel": f"{AS}#Service", "type": AS2, "href": uri})
    if rels:
        links = [each for each in links if each["rel"] in rels]
    aliases = list(dict.fromkeys((uri, page)))
    return {"subject": f"acct:{handle}", "aliases": aliases, "links": links}


def host_meta(base_url: str) -> str:
    """Write the XRD that says where WebFinger is, for those who ask there first (RFC 6415)."""
    template = escape(_resource_of(base_url))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="{JRD}" template="{template}"/></XRD>\n'
    )


def host_meta_json(base_url: str) -> dict[str, Any]:
    """Say the same as a JRD (RFC 6415, appendix A)."""
    return {"links": [{"rel": "lrdd", "type": JRD, "template": _resource_of(base_url)}]}


def _resource_of(base_url: str) -> str:
    return f"{base_url}/.well-known/webfinger?resource={{uri}}"
