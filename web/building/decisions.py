"""Decisions and appeals → what the people concerned and the moderators read."""

from collections.abc import Sequence
from dataclasses import replace

from actors.actor import Actor
from core.clock import now
from core.html import shown
from core.rows import load_ids
from moderation.appeals import Appeal
from moderation.cases import ProvisionalHide
from moderation.decisions import TAKEN_AWAY, Decision
from moderation.entries import entry_of, policy_of
from moderation.indiscretions import Slip
from moderation.languages import said_in
from moderation.links import token_of
from moderation.record import shown_about
from moderation.rules import rule_of
from moderation.states import PENDING, AppealState, DecisionState, Scope, Thing
from moderation.vocabulary import Measure, PurgeNow
from notes.attachments import Attachment, State
from notes.note import Note
from web.building.media import signed_view
from web.building.people import person_card
from web.building.policy import rule_view
from web.texts import Lazy, lazy, locale
from web.views.frame import Choice
from web.views.moderation import AppealView, DecisionLine, DecisionView
from web.views.notes import Stub
from web.views.people import Notice

MEASURE_WORDS: dict[Measure, Lazy] = {
    Measure.NONE: lazy("No measure"),
    Measure.LABEL: lazy("Content note added"),
    Measure.QUIET: lazy("Left out of public lists"),
    Measure.CLOSE: lazy("Answers closed"),
    Measure.AGE: lazy("For adults only"),
    Measure.HIDE: lazy("Hidden"),
    Measure.REMOVE: lazy("Removed"),
    Measure.WARN: lazy("Warning"),
    Measure.SLOW: lazy("Slowed down"),
    Measure.READ_ONLY: lazy("May read, not post"),
    Measure.SUSPEND: lazy("Suspended"),
    Measure.CLOSE_ACCOUNT: lazy("Account closed"),
    Measure.LEAVE_GROUP: lazy("Put out of the group"),
    Measure.RESTRICT_GROUP: lazy("Group restricted"),
    Measure.CLOSE_GROUP: lazy("Group closed"),
    Measure.LIMIT: lazy("Server limited"),
    Measure.NO_MEDIA: lazy("No media from the server"),
    Measure.HOLD: lazy("Held for a moderator"),
    Measure.REJECT: lazy("Server refused"),
    Measure.DROP: lazy("Server refused silently"),
}
THING_WORDS: dict[Thing, Lazy] = {
    Thing.NOTE: lazy("a note"),
    Thing.ACCOUNT: lazy("an account"),
    Thing.GROUP: lazy("a group"),
    Thing.SERVER: lazy("a server"),
}
STATE_WORDS: dict[DecisionState, Lazy] = {
    DecisionState.DRAFT: lazy("draft"),
    DecisionState.NEEDS_SECOND: lazy("waits for a second person"),
    DecisionState.IN_FORCE: lazy("in force"),
    DecisionState.EXPIRED: lazy("has run out"),
    DecisionState.LIFTED: lazy("lifted"),
    DecisionState.AMENDED: lazy("replaced"),
    DecisionState.OVERTURNED: lazy("overturned"),
}
APPEAL_WORDS: dict[AppealState, Lazy] = {
    AppealState.OPEN_WINDOW: lazy("can be appealed"),
    AppealState.FILED: lazy("appeal filed"),
    AppealState.INADMISSIBLE: lazy("appeal not heard"),
    AppealState.IN_REVIEW: lazy("appeal being heard"),
    AppealState.WITH_PANEL: lazy("appeal before a panel drawn by lot"),
    AppealState.OVERDUE: lazy("appeal overdue"),
    AppealState.UPHELD: lazy("appeal heard, decision stands"),
    AppealState.AMENDED: lazy("appeal heard, decision changed"),
    AppealState.OVERTURNED: lazy("appeal right, decision taken back"),
}
PURGE_WORDS: dict[PurgeNow, Lazy] = {
    PurgeNow.CHILD_ABUSE: lazy("child abuse"),
    PurgeNow.INTIMATE_IMAGES: lazy("intimate images without consent"),
    PurgeNow.COURT_ORDER: lazy("court order"),
}
SLIP_WORDS: dict[Slip, Lazy] = {
    Slip.REPORTER: lazy("The words name who reported it, or say what they wrote."),
    Slip.QUOTE: lazy("The words quote what only some could read."),
    Slip.PERSON: lazy("What the public reads names the person concerned."),
}
BECAME: dict[str, Lazy] = {
    "issued": lazy("The moderators have made a decision."),
    "lifted": lazy("A decision was lifted early."),
    "expired": lazy("A decision has run out."),
    "amended": lazy("A decision was replaced by another one."),
    "inadmissible": lazy("Your appeal is not heard."),
    "upheld": lazy("Your appeal was heard; the decision stands."),
    "overturned": lazy("Your appeal was right; the decision is taken back."),
    "changed": lazy("Your appeal was heard; the decision was changed."),
}


def measure_words(measure: Measure) -> str:
    """Name a measure, in the reader's language."""
    return str(MEASURE_WORDS[measure])


def thing_words(thing: Thing) -> str:
    """Name what a decision is about, in the reader's language."""
    return str(THING_WORDS[thing])


def became(what: str) -> str:
    """Say what became of a decision, in the reader's language."""
    return str(BECAME[what])


def slip_words(slips: Sequence[Slip]) -> tuple[str, ...]:
    """Say what stands in a decision that should not, in the reader's language."""
    return tuple(str(SLIP_WORDS[each]) for each in slips)


def purge_choices(allowed: Sequence[PurgeNow]) -> tuple[Choice, ...]:
    """List what may be deleted at once."""
    return (Choice("", "–"), *(Choice(each.value, str(PURGE_WORDS[each])) for each in allowed))


def decision_lines(decisions: Sequence[Decision], *, own: bool = False) -> tuple[DecisionLine, ...]:
    """Show decisions in one line each; `own` leads to the page of the person concerned."""
    return tuple(decision_line(each, own=own) for each in decisions)


async def own_lines(decisions: Sequence[Decision]) -> tuple[DecisionLine, ...]:
    """Show decisions to the person concerned: those of groups name the group."""
    groups = await load_ids(Actor, [each.group_id for each in decisions if each.group_id])
    return tuple(
        replace(line, thing=f"{line.thing} · !{groups[each.group_id].handle}")
        if each.group_id in groups
        else line
        for each, line in zip(decisions, decision_lines(decisions, own=True), strict=True)
    )


async def group_named(decision: Decision) -> str:
    """Name the group whose own moderators decided; "" where those of the server did."""
    if decision.scope is not Scope.GROUP or decision.group_id is None:
        return ""
    return f"!{(await Actor.get(id=decision.group_id)).handle}"


def decision_line(decision: Decision, *, own: bool = False) -> DecisionLine:
    """Show one."""
    url = f"/d/{token_of(decision)}" if own else f"/mod/decisions/{decision.id}"
    rule = rule_view(decision.rule_id) if decision.rule_id else None
    return DecisionLine(
        id=decision.id,
        url=url,
        measure=measure_words(decision.measure),
        thing=decision.host or thing_words(decision.thing),
        state=decision.state.value,
        state_words=str(STATE_WORDS[decision.state]),
        issued=decision.issued_at,
        until=decision.until,
        rule=(f"{rule.number}. {rule.title}" if rule else decision.rule_id) or decision.law,
        summary=decision.summary,
        is_in_force=decision.is_in_force,
        needs_second=decision.state == DecisionState.NEEDS_SECOND,
    )


async def decision_view(decision: Decision, *, with_quote: bool = True) -> DecisionView:
    """Show a decision whole, with the rule as it stood then and what it was about."""
    charter = dict(decision.seen).get("charter") or {}
    policy = await policy_of(decision)
    found = rule_of(policy.sections.rules, decision.rule_id) if policy else None
    text = said_in(found[1].text or found[1].title, locale()).text if found else ""
    entry = (await shown_about([decision.id])).get(decision.id) if decision.issued_at else None
    (line,) = await own_lines([decision])
    note = None
    if with_quote and decision.note_id:
        note = await Note.get_or_none(id=decision.note_id, deleted_at=None)
    return DecisionView(
        line=line,
        charter=f"{charter['number']}. {charter['text']}" if charter else "",
        rule=rule_view(decision.rule_id) if decision.rule_id else None,
        rule_text=text,
        policy_version=decision.policy_version,
        law=f"{decision.law} {decision.law_reference}".strip(),
        facts=decision.facts,
        explanation=decision.explanation,
        no_end_because=decision.no_end_because,
        quote=shown(note.content) if note else None,
        record_url=f"/record/{entry.id}" if entry else "",
        lifted_because=decision.lifted_because,
        is_restored_as=f"/n/{decision.restored_as}" if decision.restored_as else "",
    )


def appeal_view(
    appeal: Appeal,
    *,
    decision: Decision | None = None,
    url: str = "",
    pictures: Sequence[Attachment] = (),
) -> AppealView:
    """Show an appeal; its decision's `actor` and `reviewer` are shown where they are loaded.

    `url` is where it is heard, if not at the desk of the server. `pictures` have their files.
    """
    left = (appeal.window_ends_at - now()).days
    is_open = appeal.window_ends_at >= now()
    person = decision.actor if decision and decision.actor_id else None
    return AppealView(
        id=appeal.id,
        url=url or f"/mod/appeals/{appeal.id}",
        state=appeal.state.value,
        state_words=str(APPEAL_WORDS[appeal.state]),
        words=appeal.words,
        new_facts=appeal.new_facts,
        reasons=appeal.reasons,
        filed=appeal.filed_at,
        due=appeal.decide_by if appeal.state in PENDING else None,
        window_ends=appeal.window_ends_at,
        days_left=max(0, left),
        may_file=is_open and appeal.state == AppealState.OPEN_WINDOW,
        may_file_again=is_open
        and appeal.number == 1
        and appeal.state in (AppealState.UPHELD, AppealState.INADMISSIBLE),
        is_same_person=appeal.is_same_person,
        is_overdue=appeal.state == AppealState.OVERDUE,
        person=person_card(person) if person else None,
        reviewer=person_card(appeal.reviewer) if decision and appeal.reviewer else None,
        measure=measure_words(decision.measure) if decision else "",
        pictures=tuple(signed_view(each) for each in pictures if each.state is State.READY),
        unready=sum(each.state is not State.READY for each in pictures),
    )


async def stub_of(note: Note) -> Stub:
    """Say what stands where a note was: by which rule it went, since when, and where it is told.

    What the public cannot read yet is not told; what its author deleted is nobody's business.
    """
    taken = Decision.filter(
        note_id=note.id, measure__in=list(TAKEN_AWAY), state=DecisionState.IN_FORCE
    )
    decision = await taken.order_by("-id").first()
    entry = (await shown_about([decision.id])).get(decision.id) if decision else None
    if decision is None or entry is None:
        return await _stub_without_entry(note, decision)
    rule = rule_view(decision.rule_id) if decision.rule_id else None
    appeal = await Appeal.filter(decision_id=decision.id).order_by("-number").first()
    return Stub(
        "removed",
        notice=Notice(
            decided_on=entry.issued_at.date(),
            rule=f"{rule.number}. {rule.title}" if rule else decision.law,
            rule_url=rule.url if rule else "",
            record_url=f"/record/{entry.id}",
            appeal=str(APPEAL_WORDS[appeal.state]) if appeal else "",
        ),
    )


async def _stub_without_entry(note: Note, decision: Decision | None) -> Stub:
    if note.deleted_at or not note.hidden_at:
        return Stub("deleted")
    waits = None
    if decision is None:
        waits = await ProvisionalHide.filter(note_id=note.id, ended_at=None).first()
    return Stub("waiting", until=waits.until) if waits else Stub("hidden")


async def record_url(decision: Decision) -> str:
    """Return where the entry about a decision is, shown yet or not."""
    found = await entry_of(decision.id)
    return f"/record/{found.id}" if found else ""
