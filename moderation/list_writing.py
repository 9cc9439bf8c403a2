"""Our measures against servers as lists that others can follow, with reasons and retractions."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from itertools import pairwise
from typing import Any

from moderation.languages import said_in
from moderation.policy import Policy, that_counted
from moderation.sections import Entry
from moderation.vocabulary import Severity

_MASTODON = {Severity.REJECT: "suspend", Severity.DROP: "suspend", Severity.NO_MEDIA: "noop"}
_FIRES = {Severity.REJECT: "reject", Severity.DROP: "drop"}
COLUMNS = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment")


def in_force(policy: Policy, today: date) -> list[Entry]:
    """Return the measures that count today."""
    entries = policy.sections.federation.entries
    return [
        each
        for each in entries
        if each.severity is not Severity.ACCEPT and (each.until is None or each.until >= today)
    ]


def csv_of(policy: Policy, today: date) -> str:
    """Write them as Mastodon exports and imports them."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in in_force(policy, today):
        severity = _MASTODON.get(each.severity, "silence")
        no_media = str(each.severity is Severity.NO_MEDIA).lower()
        writer.writerow([each.domain, severity, no_media, "false", _reason(each, policy)])
    return out.getvalue()


def fires_of(versions: Sequence[Policy], today: date, *, base: str) -> dict[str, Any]:
    """Write them as a FIRES dataset: what counts, and what was taken back since it was published.

    `versions` are those that were in force, the newest first; `base` is the address of this.
    """
    policy = versions[0]
    named = {each.domain: each for each in in_force(policy, today)}
    items = [_recommendation(each, policy, base) for each in named.values()]
    items += [
        {
            "id": f"{base}#retraction-{domain}",
            "type": "Retraction",
            "entityKind": "domain",
            "entityKey": domain,
            "published": _moment(at),
        }
        for domain, at in _taken_back(versions).items()
        if domain not in named
    ]
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://fires.fedimod.org/ns#"],
        "id": base,
        "type": ["Dataset", "OrderedCollection"],
        "updated": _moment(policy.effective),
        "totalItems": len(items),
        "orderedItems": items,
    }


def _recommendation(entry: Entry, policy: Policy, base: str) -> dict[str, Any]:
    return {
        "id": f"{base}#{entry.domain}",
        "type": "Recommendation",
        "entityKind": "domain",
        "entityKey": entry.domain,
        "recommendedPolicy": _FIRES.get(entry.severity, "filter"),
        "comment": _reason(entry, policy),
        "commentMap": dict(entry.reason),
        "published": entry.since.isoformat() if entry.since else _moment(policy.effective),
    }


def _taken_back(versions: Sequence[Policy]) -> dict[str, datetime]:
    """Tell when servers that were named before were named no more."""
    found: dict[str, datetime] = {}
    for newer, older in pairwise(that_counted(versions)):
        for domain in _domains(older) - _domains(newer):
            found.setdefault(domain, newer.effective)
    return found


def _domains(policy: Policy) -> set[str]:
    entries: Iterable[Entry] = policy.sections.federation.entries
    return {each.domain for each in entries if each.severity is not Severity.ACCEPT}


def _reason(entry: Entry, policy: Policy) -> str:
    return said_in(entry.reason, policy.sections.language, policy.sections.language).text


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
