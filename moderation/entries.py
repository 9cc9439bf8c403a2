"""What the public record says of decisions, and what it leaves out (product.md 6.4).

Never who reported, nor a word of what was posted; of what only some may read no
explanation either (MOD-01, MOD-02).
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from actors.accounts import account_of
from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.settings import settings
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.panels import panel_about
from moderation.policy import Policy, current, version_of
from moderation.record import SERVER, EntryKind, RecordEntry, append, digest_of
from moderation.reports import Report
from moderation.rules import rule_of
from moderation.saying_decisions import queue_decision
from moderation.states import DecisionState, Scope, Source, Thing
from moderation.vocabulary import Naming
from notes.attachments import Attachment
from notes.note import Note
from notes.visibility import OPEN

Document = dict[str, Any]


async def look_at(decision: Decision) -> Document:
    """Describe what a decision is about, without its words, as it is now."""
    if decision.thing == Thing.SERVER:
        return {"kind": Thing.SERVER.value, "host": decision.host, "is_open": True}
    if decision.thing != Thing.NOTE:
        actor = await Actor.get(id=decision.actor_id)
        return {
            "kind": decision.thing.value,
            "content_type": "profile",
            "created": _day(actor.created_at),
            "origin": "local" if actor.is_local else "remote",
            "language": "",
            "is_open": True,
        }
    note = await Note.get(id=decision.note_id)
    media = await Attachment.filter(note_id=note.id).order_by("position").values("media")
    return {
        "kind": "comment" if note.in_reply_to_uri else "note",
        "content_type": str(media[0]["media"].value) if media else "text",
        "created": _day(note.created_at),
        "origin": "local" if note.is_local else "remote",
        "language": note.language,
        "is_open": note.audience in OPEN,
        "sha256": sha256(note.content.encode()).hexdigest(),
    }


async def publish(decision: Decision, case: Case) -> RecordEntry:
    """Put a decision into the record; call in the transaction that puts it in force."""
    number = new_id()
    document = await document_of(decision, case, number)
    return await _append(decision, EntryKind.DECISION, document, number)


async def stamp(
    decision: Decision, kind: EntryKind, *, appeal: Appeal | None = None
) -> RecordEntry | None:
    """Say in the record what became of a decision; the entry about it stays as it was."""
    about = await entry_of(decision.id)
    if about is None:
        return None
    number = new_id()
    document: Document = {
        "id": _url(number),
        "kind": kind.value,
        "about": _url(about.id),
        "issued": _moment(now()),
        "state": decision.state.value,
    }
    if decision.replaced_by_id:
        replacing = await entry_of(decision.replaced_by_id)
        document["replaced_by"] = _url(replacing.id) if replacing else None
    if kind == EntryKind.LIFTED and is_told(decision):
        document["reason"] = decision.lifted_because
    if appeal is not None:
        document["appeal"] = _appeal(appeal, decision)
        if panel := await panel_about(appeal.id):
            document["appeal"]["panel"] = {
                "size": panel.size,
                "effect": panel.effect.value,
                "uphold": panel.upheld,
                "overturn": panel.overturned,
                "majority": panel.is_carried,
            }
        await RecordEntry.filter(id=about.id).update(appeal=appeal.state.value)
    return await _append(decision, kind, document, number, about=about)


async def document_of(decision: Decision, case: Case, number: int) -> Document:
    """Write what everyone may read of a decision, as the preview shows it too."""
    seen = dict(decision.seen)
    issued = decision.issued_at or now()
    about: Document = {
        name: seen[name]
        for name in ("kind", "content_type", "created", "origin", "language", "host")
        if name in seen
    }
    if decision.purge_now:
        about["sha256"] = seen.get("sha256", "")
    supersedes = await entry_of(decision.supersedes_id) if decision.supersedes_id else None
    return {
        "id": _url(number),
        "kind": EntryKind.DECISION.value,
        "issued": _moment(issued),
        "scope": decision.scope.value,
        "group": str(decision.group_id) if decision.group_id else None,
        "object": about,
        "measure": decision.measure.value,
        "from": _moment(issued),
        "until": _moment(decision.until) if decision.until else None,
        "no_end_because": decision.no_end_because if is_told(decision) else "",
        "ground": _ground(decision),
        "category": decision.category.value,
        "facts_summary": "" if decision.purge_now else decision.summary,
        "explanation": decision.explanation if is_told(decision) else "",
        "source": case.source.value,
        "automated": {"detection": case.source == Source.FILTER, "decision": "no"},
        "decided_by": await _by(decision),
        "second": decision.second_by_id is not None,
        "reports": await _count(case),
        "hours_to_decision": round((issued - case.created_at) / timedelta(hours=1)),
        "appeal": {"state": "open" if decision.appealable_until else "none"},
        "supersedes": _url(supersedes.id) if supersedes else None,
        "territory": "all",
    }


def is_told(decision: Decision) -> bool:
    """Tell whether the words to the author may be read by all: not where few could read it."""
    return bool(dict(decision.seen).get("is_open")) and decision.purge_now is None


async def entry_of(decision_id: int) -> RecordEntry | None:
    """Find the entry about a decision, shown yet or not."""
    return await RecordEntry.get_or_none(decision_id=decision_id, kind=EntryKind.DECISION)


async def rule_hash(rule_id: str, policy_version: int | None) -> str:
    """Return the SHA-256 of a rule as it stood in a version; empty when it did not."""
    policy = await version_of(policy_version) if policy_version else None
    found = rule_of(policy.sections.rules, rule_id) if policy else None
    return digest_of(msgspec.to_builtins(found[1])) if found else ""


async def policy_of(decision: Decision) -> Policy | None:
    """Return the version of the policy a decision was made under."""
    return await version_of(decision.policy_version) if decision.policy_version else None


async def _append(
    decision: Decision,
    kind: EntryKind,
    document: Document,
    number: int,
    *,
    about: RecordEntry | None = None,
) -> RecordEntry:
    delay = timedelta(hours=current().sections.transparency.delay_hours)
    is_whole = decision.thing is Thing.GROUP
    entry = RecordEntry(
        id=number,
        chain=f"group:{decision.group_id}" if decision.scope is Scope.GROUP else SERVER,
        kind=kind,
        decision_id=decision.id,
        about_id=about.id if about else None,
        document=document,
        rule_id=decision.rule_id,
        measure=decision.measure.value,
        thing=decision.thing.value,
        group_id=decision.group_id or (decision.actor_id if is_whole else None),
        note_id=decision.note_id,
        actor_id=decision.actor_id,
    )
    await append(entry, shown_at=now() + delay)
    if kind == EntryKind.DECISION:
        await queue_decision(entry)
    return entry


def _ground(decision: Decision) -> Document:
    if decision.scope == Scope.GROUP:
        return {"charter": dict(decision.seen).get("charter")}
    if decision.rule_id:
        return {
            "rule": decision.rule_id,
            "policy_version": decision.policy_version,
            "rule_sha256": decision.rule_sha256,
        }
    return {"law": decision.law, "reference": decision.law_reference}


def _appeal(appeal: Appeal, decision: Decision) -> Document:
    return {
        "outcome": appeal.state.value,
        "reasons": appeal.reasons if is_told(decision) else "",
        "same_person": appeal.is_same_person,
        "restored": decision.state == DecisionState.OVERTURNED,
        "under_new_id": decision.restored_as is not None,
    }


async def _by(decision: Decision) -> str:
    actor = await Actor.get(id=decision.drafted_by_id)
    if current().sections.transparency.moderator_names == Naming.NAME:
        return actor.name
    if decision.scope == Scope.GROUP:
        return "group_moderator"
    account = await account_of(actor)
    return account.role.value if account else "moderator"


async def _count(case: Case) -> int | str:
    """Count the reports; few of them could point to who made them (MOD-01)."""
    count = await Report.filter(case_id=case.id).count()
    least = current().sections.transparency.mask_below
    return f"<{least}" if 0 < count < least else count


def _url(number: int) -> str:
    return settings().url(f"/record/{number}")


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
