"""A table of the policy: every key is known, every value is checked when it is read."""

from typing import Annotated

from msgspec import Meta, Struct

from federation.errors import Malformed
from federation.urls import canonical_host

Slug = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Weight = Annotated[float, Meta(ge=0, le=100)]

LONGEST_TITLE = 200
LONGEST_REASON = 1_000
LONGEST_TEXT = 5_000


class Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the policy."""


def check_host(host: str) -> None:
    """Raise ValueError for what is no host name (SIG-17)."""
    if "*" in host or "/" in host:
        raise ValueError(f"{host!r}: write the bare host; what is below it is meant as well")
    try:
        canonical_host(host)
    except Malformed as error:
        raise ValueError(str(error)) from error


def check_once(names: list[str], what: str) -> None:
    """Raise ValueError for a name that stands there twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name!r} is there twice")
        seen.add(name)
