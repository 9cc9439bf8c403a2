"""What a server says of itself (NodeInfo 2.0 and 2.1), ours and others'."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from federation.allowance import Budget
from federation.client import client
from federation.errors import Malformed, NotFound
from federation.read import dicts, link
from federation.vocabulary import AS

Version = Literal["2.0", "2.1"]

_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
_KNOWN = (f"{_SCHEMA}2.1", f"{_SCHEMA}2.0")
_NAME = re.compile(r"[a-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Usage:
    """How many people and how many public things there are here."""

    people: int = 0
    active_month: int = 0
    active_half_year: int = 0
    posts: int = 0
    comments: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """These numbers by the names that NodeInfo has for them."""
        people = {
            "total": self.people,
            "activeMonth": self.active_month,
            "activeHalfyear": self.active_half_year,
        }
        return {"users": people, "localPosts": self.posts, "localComments": self.comments}


@dataclass(frozen=True, slots=True)
class Software:
    """What another server says it runs; good for a label, never for deciding what it can."""

    name: str
    version: str


def links(base_url: str, *, application: str) -> dict[str, Any]:
    """List our NodeInfo documents and our application actor (FEP-2677)."""
    versions: tuple[Version, ...] = ("2.0", "2.1")
    found = [
        {"rel": f"{_SCHEMA}{each}", "href": f"{base_url}/nodeinfo/{each}"} for each in versions
    ]
    return {"links": [*found, {"rel": f"{AS}#Application", "href": application}]}


def content_type(version: Version) -> str:
    """Name the type that a NodeInfo document is served as."""
    return f'application/json; profile="{_SCHEMA}{version}#"'


def document(
    version: Version,
    *,
    base_url: str,
    release: str,
    name: str,
    usage: Usage,
    description: str = "",
    open_registrations: bool = False,
    federates: bool = True,
    staff: Sequence[str] = (),
    languages: Sequence[str] = ("en",),
    pages: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write our NodeInfo; `pages` are the software's own `repository` and `homepage` (2.1 only).

    `more` goes into its metadata.
    """
    software = {"name": "rubric", "version": release}
    if version == "2.1":
        software |= pages or {}
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": open_registrations,
        "usage": usage.document,
        "metadata": {
            "nodeName": name,
            "nodeDescription": description,
            "staffAccounts": list(staff),
            "federation": {"enabled": federates},
            "langs": list(languages),
            "policies": {"rules": f"{base_url}/policy", "domains": f"{base_url}/federation"},
            **(more or {}),
        },
    }


async def software_of(host: str, *, budget: Budget | None = None) -> Software:
    """Ask a host what it runs; raises NotFound, Malformed, and what Client.fetch_json raises."""
    base = client().base_of(host)
    found = await client().fetch_json(f"{base}/.well-known/nodeinfo", budget=budget)
    address = _newest(found.document)
    if address is None:
        raise NotFound(f"{host} lists no NodeInfo that we read")
    told = (await client().fetch_json(address, budget=budget)).document.get("software")
    if not isinstance(told, dict) or not isinstance(told.get("name"), str):
        raise Malformed(f"{host} does not name its software")
    name, release = told["name"].lower(), told.get("version")
    if not _NAME.fullmatch(name):
        raise Malformed(f"{host} names its software {name[:64]!r}")
    return Software(name, release[:100] if isinstance(release, str) else "")


def _newest(document: dict[str, Any]) -> str | None:
    listed = dicts(document.get("links"))
    for known in _KNOWN:
        for each in listed:
            if each.get("rel") == known:
                return link(each.get("href"))
    return None
