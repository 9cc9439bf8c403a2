"""The public record → its pages, its feed and its documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from moderation.group_record import Act
from moderation.record import EntryKind, RecordEntry
from moderation.states import AppealState, Source, Thing
from moderation.vocabulary import Measure
from web.building.cases import SOURCES
from web.building.decisions import APPEAL_WORDS, measure_words, thing_words
from web.building.policy import rule_view
from web.building.policy_values import value_of
from web.building.record_words import object_words, origin_words, said_by, what_changed
from web.render import moment
from web.texts import Lazy, _, lazy
from web.views.moderation import RecordLine

ACT_WORDS: dict[Act, Lazy] = {
    Act.PIN: lazy("A thread pinned"),
    Act.UNPIN: lazy("A pin taken away"),
    Act.MODERATOR_IN: lazy("A moderator appointed"),
    Act.MODERATOR_OUT: lazy("A moderator's office ended"),
    Act.OWNER: lazy("Handed on to a new owner"),
    Act.CHARTER: lazy("The group changed"),
    Act.CLOSING: lazy("Closing announced"),
    Act.STAYS: lazy("Closing called off"),
    Act.CLOSED: lazy("The group closed"),
    Act.SUCCESSION: lazy("Succession"),
}


def record_lines(
    entries: Sequence[RecordEntry], stamps: Sequence[RecordEntry]
) -> tuple[RecordLine, ...]:
    """Show entries, each with what the stamps say became of it."""
    became: dict[int, list[RecordEntry]] = {}
    for each in stamps:
        became.setdefault(each.about_id or 0, []).append(each)
    return tuple(record_line(each, became.get(each.id, [])) for each in entries)


def record_line(entry: RecordEntry, stamps: Sequence[RecordEntry] = ()) -> RecordLine:
    """Show one entry."""
    document: dict[str, Any] = dict(entry.document)
    ground = document.get("ground") or {}
    rule = rule_view(str(ground.get("rule", ""))) if ground.get("rule") else None
    return RecordLine(
        id=entry.id,
        url=f"/record/{entry.id}",
        number=entry.number,
        kind=entry.kind.value,
        title=_title(entry),
        issued=entry.issued_at,
        rule=_rule(ground, rule.title if rule else ""),
        rule_url=rule.url if rule else "",
        policy_version=int(ground.get("policy_version") or 0),
        summary=str(document.get("facts_summary") or document.get("reason") or ""),
        facts=tuple(_facts(document)),
        explanation=str(document.get("explanation") or ""),
        appeal=" · ".join(filter(None, (_became(each) for each in stamps))),
        hash=entry.hash,
        prev_hash=entry.prev_hash,
        digest=entry.digest,
        redacted=tuple(document.get("redacted", ())),
        about_url=f"/record/{entry.about_id}" if entry.about_id else "",
    )


def _title(entry: RecordEntry) -> str:
    if entry.kind == EntryKind.REDACTION:
        return _("Words taken out of an entry")
    if entry.kind == EntryKind.ACT:
        return str(ACT_WORDS[Act(dict(entry.document)["act"])])
    if entry.kind in (EntryKind.EMERGENCY, EntryKind.EMERGENCY_ENDED):
        return _emergency(entry)
    measure, thing = measure_words(Measure(entry.measure)), thing_words(Thing(entry.thing))
    document = dict(entry.document)
    host = dict(document.get("object") or {}).get("host", "")
    if entry.kind == EntryKind.DECISION:
        return _("%(measure)s: %(about)s", measure=measure, about=host or thing)
    return _(
        "%(became)s: %(measure)s, %(about)s", became=_became(entry), measure=measure, about=thing
    )


def _emergency(entry: RecordEntry) -> str:
    title = str(dict(entry.document).get("title", ""))
    if entry.kind == EntryKind.EMERGENCY:
        return _("Emergency change of the rules: %(title)s", title=title)
    return _("End of an emergency change: %(title)s", title=title)


def _became(entry: RecordEntry) -> str:
    match entry.kind:
        case EntryKind.LIFTED:
            return _("lifted early")
        case EntryKind.EXPIRED:
            return _("has run out")
        case EntryKind.AMENDED:
            return _("replaced by another decision")
        case EntryKind.APPEAL:
            outcome = dict(dict(entry.document).get("appeal") or {}).get("outcome", "filed")
            return str(APPEAL_WORDS[AppealState(outcome)])
    return ""


def _rule(ground: dict[str, Any], title: str) -> str:
    if charter := ground.get("charter"):
        return f"{charter.get('number', '')}. {charter.get('text', '')}"
    if ground.get("rule"):
        return title or str(ground["rule"])
    return f"{ground.get('law', '')} {ground.get('reference', '')}".strip()


def _category(value: str) -> str:
    return "" if value in ("", "none") else value_of("category", value)


def _until(document: dict[str, Any]) -> str:
    until = document.get("until")
    return (
        moment(datetime.fromisoformat(until))
        if until
        else str(document.get("no_end_because") or "")
    )


def _panel(appeal: dict[str, Any]) -> str:
    panel = dict(appeal.get("panel") or {})
    if not panel:
        return ""
    tally = _(
        "%(size)s seats: %(uphold)s for the decision, %(overturn)s against it",
        **{name: panel.get(name, 0) for name in ("size", "uphold", "overturn")},
    )
    effect = value_of("panel_effect", str(panel.get("effect", "")))
    return _("%(tally)s; what they say %(effect)s", tally=tally, effect=effect)


def _source(document: dict[str, Any]) -> str:
    source = document.get("source")
    return str(SOURCES[Source(source)]) if source in tuple(Source) else ""


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    about = dict(document.get("object") or {})
    appeal = dict(document.get("appeal") or {})
    pairs = [
        (_("Kind"), object_words(about)),
        (_("From"), origin_words(str(about.get("origin", "")))),
        (_("Category"), _category(str(document.get("category") or ""))),
        (_("Person"), str(document.get("person") or "")),
        (_("Changed"), what_changed(document.get("changed") or ())),
        (_("Until"), _until(document)),
        (_("Began with"), _source(document)),
        (_("Decided by"), said_by(str(document.get("decided_by") or ""))),
        (_("Second person"), _("yes") if document.get("second") else ""),
        (_("Reports"), str(document.get("reports", ""))),
        (_("Hours until decided"), str(document.get("hours_to_decision", ""))),
        (_("Reasons"), str(appeal.get("reasons") or "")),
        (_("Panel drawn by lot"), _panel(appeal)),
        (
            _("Heard by whoever decided"),
            _("yes, there is only one moderator") if appeal.get("same_person") else "",
        ),
    ]
    return [(name, value) for name, value in pairs if value not in ("", "none")]
