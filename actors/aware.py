"""Servers that keep what is in a closed group to its members, by what they run (product.md 5.1)."""

from collections.abc import Sequence
from datetime import timedelta

from actors.actor import Actor
from actors.domains import Domain, standings
from core.clock import now
from core.jobs import Lane, put_many
from federation.errors import FederationError, Unreachable
from federation.nodeinfo import software_of

# These read `manuallyApprovesFollowers` or `accessType` of a group as a closed door, and show what
# is addressed to its followers to nobody else; Lemmy does so since its first whole number.
SOFTWARE = ("rubric", "smithereen", "hubzilla", "streams", "forte")
KNOWN_FOR = timedelta(days=7)

_LISTED = ", ".join(f"'{each}'" for each in SOFTWARE)
ON_AWARE = (
    " EXISTS (SELECT 1 FROM domain d WHERE d.host = a.host AND"  # noqa: S608  constants
    f" (d.software IN ({_LISTED}) OR (d.software = 'lemmy' AND d.software_version >= '1')))"
)
"""A condition: the server of the actor `a` is one of them."""


async def is_aware(host: str) -> bool | None:
    """Tell whether a server keeps closed groups closed; None where nobody has asked it lately."""
    known = await Domain.get_or_none(host=host)
    if known is None or known.asked_at is None or known.asked_at < now() - KNOWN_FOR:
        return None
    is_lemmy = known.software == "lemmy" and known.software_version >= "1"
    return is_lemmy or known.software in SOFTWARE


async def want_known(people: Sequence[Actor]) -> None:
    """Have the servers of these people asked what they run, where nobody has lately."""
    hosts = {each.host for each in people if not each.is_local}
    asked = Domain.filter(host__in=hosts, asked_at__gte=now() - KNOWN_FOR)
    unknown = sorted(hosts - {str(each) for each in await asked.values_list("host", flat=True)})
    await put_many("inbox.ask_server", [{"host": host} for host in unknown], lane=Lane.LATER)


async def ask(host: str) -> None:
    """Ask a server what it runs, and remember it; one that does not say runs nothing we know.

    Raises Unreachable.
    """
    try:
        told = await software_of(host)
        values = {"software": told.name, "software_version": told.version}
    except Unreachable:
        raise
    except FederationError:
        values = {"software": "", "software_version": ""}
    await standings([host])
    await Domain.filter(host=host).update(asked_at=now(), **values)
