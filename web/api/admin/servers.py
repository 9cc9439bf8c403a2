"""/api/v1/admin/domain_blocks and domain_allows: entries of the policy, by its one door.

Each change is a version of the policy that says why. A server may have several entries; to apps
they are one block, known by a number that is made of its name.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from aiohttp import web
from msgspec.structs import replace
from tortoise.transactions import in_transaction

from core.clock import now
from core.paging import number
from federation.errors import Malformed
from federation.urls import canonical_host
from moderation.adopting import OutOfDate, Unchanged, adopt
from moderation.audit import write_down
from moderation.languages import Words
from moderation.on_servers import is_ourselves, summary_of
from moderation.policy import current, refresh
from moderation.reading import Draft, sections_from
from moderation.sections import Entry
from moderation.strict import LONGEST_REASON
from moderation.vocabulary import Severity
from web.addresses import address_of
from web.api.access import account_of
from web.api.answers import answer, nothing, ts
from web.api.asked import Asked, asked
from web.api.errors import Conflict, Invalid
from web.errors import Missing

REFUSING = (Severity.REJECT, Severity.DROP)
BLANK = Asked({})


async def blocks(request: web.Request) -> web.Response:
    """The servers that the policy limits or rejects, by name."""
    await refresh(at_once=True)
    hosts = sorted({each.domain for each in _entries() if each.severity is not Severity.ACCEPT})
    return answer([_block(each) for each in hosts])


async def show_block(request: web.Request) -> web.Response:
    """One server that the policy limits or rejects."""
    return answer(_block(await _named(request, is_accepted=False)))


async def create_block(request: web.Request) -> web.Response:
    """Limit or reject a server; `public_comment` is the reason that everyone reads."""
    wanted = await asked(request)
    await refresh(at_once=True)
    host = _host(wanted)
    if _has(host, is_accepted=False):
        raise Invalid({"domain": ("ERR_TAKEN", "is in the policy already")})
    made = _measures(wanted, host, ())
    kept = [each for each in _entries() if canonical_host(each.domain) != host]
    why = _reason(wanted)
    said = summary_of(host, why, begins=_severities_of(made))
    await _publish(request, [*kept, *made], host, why, said)
    return answer(_block(host))


async def save_block(request: web.Request) -> web.Response:
    """Change what is done about a server, or the reason."""
    host, wanted = await _named(request, is_accepted=False), await asked(request)
    before = [each for each in _entries() if each.domain == host]
    made = _measures(wanted, host, before)
    kept = [each for each in _entries() if each.domain != host]
    why = _reason(wanted) or _said(before)
    said = summary_of(host, why, begins=_severities_of(made))
    await _publish(request, [*kept, *made], host, why, said)
    return answer(_block(host))


async def delete_block(request: web.Request) -> web.Response:
    """Treat a server like any other again; `rubric[reason]` says why."""
    host, wanted = await _named(request, is_accepted=False), await asked(request)
    kept = [each for each in _entries() if each.domain != host or each.severity is Severity.ACCEPT]
    ended = [each for each in _entries() if each.domain == host and each not in kept]
    why = _needed_reason(wanted)
    said = summary_of(host, why, ends=_severities_of(ended))
    await _publish(request, kept, host, why, said)
    return nothing()


async def allows(request: web.Request) -> web.Response:
    """The servers that the policy lets in by name."""
    await refresh(at_once=True)
    hosts = sorted({each.domain for each in _entries() if each.severity is Severity.ACCEPT})
    return answer([_allow(each) for each in hosts])


async def show_allow(request: web.Request) -> web.Response:
    """One server that the policy lets in by name."""
    return answer(_allow(await _named(request, is_accepted=True)))


async def create_allow(request: web.Request) -> web.Response:
    """Let a server in by name; `rubric[reason]` says why. Asked again, it changes nothing."""
    wanted = await asked(request)
    await refresh(at_once=True)
    host = _host(wanted)
    if _has(host, is_accepted=False):
        raise Invalid({"domain": ("ERR_TAKEN", "is limited by the policy: end that first")})
    if not _has(host, is_accepted=True):
        reason = _needed_reason(wanted)
        made = Entry(host, Severity.ACCEPT, {_language(): reason}, since=now().date())
        said = summary_of(host, reason, begins=[Severity.ACCEPT])
        await _publish(request, [*_entries(), made], host, reason, said)
    return answer(_allow(host))


async def delete_allow(request: web.Request) -> web.Response:
    """Let a server in by name no more; `rubric[reason]` says why."""
    host, wanted = await _named(request, is_accepted=True), await asked(request)
    kept = [
        each for each in _entries() if each.domain != host or each.severity is not Severity.ACCEPT
    ]
    why = _needed_reason(wanted)
    await _publish(request, kept, host, why, summary_of(host, why, ends=[Severity.ACCEPT]))
    return nothing()


def _measures(wanted: Asked, host: str, before: Sequence[Entry]) -> list[Entry]:
    """Read what is to be done about a server; what is not said stays as it was."""
    _check_open(wanted)
    ours = wanted.group("rubric") or BLANK
    was = [each for each in before if each.severity is not Severity.ACCEPT]
    reason = _reason(wanted) or _said(was)
    if not reason:
        said = "has to say why: everyone reads it with the policy"
        raise Invalid({"public_comment": ("ERR_BLANK", said)})
    severities = _severities(wanted, ours, [each.severity for each in was])
    moment = ours.moment("until")
    until = moment.date() if moment else (was[0].until if was else None)
    since = was[0].since if was else now().date()
    return [Entry(host, each, {_language(): reason}, since, until) for each in severities]


def _severities(wanted: Asked, ours: Asked, was: list[Severity]) -> list[Severity]:
    """Read the measure in our word, or in Mastodon's, which are two and a half."""
    if said := ours.text("measure"):
        if said not in tuple(Severity) or said == Severity.ACCEPT:
            raise Invalid({"rubric.measure": ("ERR_INCLUSION", "is not included in the list")})
        return [Severity(said)]
    refuses_media = wanted.flag("reject_media")
    if refuses_media is None:
        refuses_media = Severity.NO_MEDIA in was
    kind = wanted.text("severity") or ("" if was else "silence")
    kept: list[Severity] = [each for each in was if each is not Severity.NO_MEDIA]
    known: dict[str, list[Severity]] = {
        "suspend": [Severity.REJECT],
        "silence": [Severity.LIMIT],
        "noop": [],
        "": kept,
    }
    main = known.get(kind)
    if main is None:
        raise Invalid({"severity": ("ERR_INCLUSION", "is not included in the list")})
    is_refused = any(each in REFUSING for each in main)
    if wanted.is_on("reject_reports") and not is_refused:
        said = "is no measure of its own here; reject the server, or read them"
        raise Invalid({"reject_reports": ("ERR_UNSUPPORTED", said)})
    if refuses_media and not is_refused:
        main = [*main, Severity.NO_MEDIA]
    if not main:
        raise Invalid({"severity": ("ERR_BLANK", "says nothing that is done")})
    return main


def _check_open(wanted: Asked) -> None:
    """Refuse what would hide something: nothing about servers is secret here."""
    if (wanted.text("private_comment") or "").strip():
        said = "is not kept: what is done about servers is told to everyone"
        raise Invalid({"private_comment": ("ERR_UNSUPPORTED", said)})
    if wanted.is_on("obfuscate"):
        said = "is not possible: the policy names servers in full"
        raise Invalid({"obfuscate": ("ERR_UNSUPPORTED", said)})


async def _publish(
    request: web.Request, entries: Sequence[Entry], host: str, why: str, said: Words
) -> None:
    """Publish a version of the policy with these entries, with its audit."""
    policy, moderator = current(), account_of(request)
    federation = replace(policy.sections.federation, entries=tuple(entries))
    changed = replace(policy.sections, federation=federation)
    checked = sections_from(msgspec.to_builtins(changed))
    before = [each.key for each in policy.sections.federation.entries if each.domain == host]
    try:
        async with in_transaction():
            await adopt(
                Draft(checked, based_on=policy.version),
                summary=said,
                by=moderator.role.value,
            )
            await write_down(
                moderator.actor_id,
                "policy.server",
                f"server:{host}",
                before={"entries": before},
                after={"entries": [each.key for each in entries if each.domain == host]},
                reason=why,
                address=address_of(request),
            )
    except Unchanged:
        return
    except OutOfDate as error:
        raise Conflict("Someone else changed the policy meanwhile. Look again.") from error


def _host(wanted: Asked) -> str:
    try:
        host = canonical_host(wanted.needed("domain"))
    except Malformed as error:
        raise Invalid({"domain": ("ERR_INVALID", "is no server")}) from error
    if is_ourselves(host):
        raise Invalid({"domain": ("ERR_INVALID", "is this server itself")})
    return host


async def _named(request: web.Request, *, is_accepted: bool) -> str:
    await refresh(at_once=True)
    wanted = number(request.match_info["id"])
    for each in _entries():
        is_meant = (each.severity is Severity.ACCEPT) == is_accepted
        if is_meant and _number_of(each.domain) == wanted:
            return each.domain
    raise Missing("the policy names no such server")


def _entries() -> tuple[Entry, ...]:
    return current().sections.federation.entries


def _has(host: str, *, is_accepted: bool) -> bool:
    return any(
        canonical_host(each.domain) == host and (each.severity is Severity.ACCEPT) == is_accepted
        for each in _entries()
    )


def _number_of(host: str) -> int:
    """Make the number by which apps know a server: half of the first 64 bits of a digest."""
    return int.from_bytes(sha256(host.encode()).digest()[:8]) >> 1


def _language() -> str:
    return current().sections.language


def _said(entries: Sequence[Entry]) -> str:
    found = (
        each.reason.get(_language()) or next(iter(each.reason.values()), "") for each in entries
    )
    return next(filter(None, found), "")


def _reason(wanted: Asked) -> str:
    return (wanted.text("public_comment") or "").strip()[:LONGEST_REASON]


def _needed_reason(wanted: Asked) -> str:
    ours = wanted.group("rubric") or BLANK
    if reason := (ours.text("reason") or "").strip()[:LONGEST_REASON]:
        return reason
    said = "has to say why: it is published with the new version of the policy"
    raise Invalid({"rubric.reason": ("ERR_BLANK", said)})


def _severities_of(entries: Sequence[Entry]) -> list[Severity]:
    return [each.severity for each in entries if each.severity is not Severity.ACCEPT]


def _block(host: str) -> dict[str, Any]:
    found = [
        each for each in _entries() if each.domain == host and each.severity is not Severity.ACCEPT
    ]
    severities = [each.severity for each in found]
    is_refused = any(each in REFUSING for each in severities)
    is_quiet = any(each in (Severity.LIMIT, Severity.HOLD) for each in severities)
    return _base(host, found) | {
        "digest": sha256(host.encode()).hexdigest(),
        "severity": "suspend" if is_refused else "silence" if is_quiet else "noop",
        "reject_media": is_refused or Severity.NO_MEDIA in severities,
        "reject_reports": is_refused,
        "private_comment": None,
        "public_comment": _said(found),
        "obfuscate": False,
        "rubric": {
            "measures": [each.value for each in severities],
            "until": found[0].until.isoformat() if found[0].until else None,
        },
    }


def _allow(host: str) -> dict[str, Any]:
    found = [
        each for each in _entries() if each.domain == host and each.severity is Severity.ACCEPT
    ]
    return _base(host, found) | {"rubric": {"reason": _said(found)}}


def _base(host: str, found: Sequence[Entry]) -> dict[str, Any]:
    since = found[0].since
    begun = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None
    return {
        "id": str(_number_of(host)),
        "domain": host,
        "created_at": ts(begun or current().effective),
    }
