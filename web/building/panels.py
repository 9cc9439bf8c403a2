"""Panels → what whoever sits on one reads, and what others read of one afterwards."""

from dataclasses import replace

from core.names import shortened
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.entries import policy_of
from moderation.languages import said_in
from moderation.panel_hearing import SILENT_AFTER
from moderation.panels import Panel, Said, Seat, panel_about
from moderation.redacted import Mask, redacted, words_of
from moderation.rules import rule_of
from moderation.states import Verdict
from moderation.vocabulary import Panel as Effect
from notes.attachments import Attachment
from notes.documents import parts_of
from notes.note import Note
from web.building.decisions import measure_words, thing_words
from web.building.media import FILES, looked_into, media_view
from web.building.policy import rule_view
from web.texts import Lazy, lazy, locale
from web.views.frame import Choice
from web.views.moderation import AppealView
from web.views.notes import MediaView
from web.views.panels import PanelLine, RedactedCase, RedactedNote, SeatView

LONGEST_ALT = 1_500
VERDICTS: dict[Verdict, Lazy] = {
    Verdict.UPHOLD: lazy("The decision stands."),
    Verdict.OVERTURN: lazy("The decision is taken back."),
}

EFFECTS: dict[Effect, Lazy] = {
    Effect.ADVICE: lazy("is advice"),
    Effect.BINDING: lazy("counts"),
}


def verdict_choices() -> tuple[Choice, ...]:
    """List what somebody on a panel can say."""
    return tuple(Choice(each.value, str(label)) for each, label in VERDICTS.items())


def panel_line(panel: Panel) -> PanelLine:
    """Show what is told of a panel; how it stands before it is over is told nobody."""
    return PanelLine(
        size=panel.size,
        is_binding=panel.effect == Effect.BINDING,
        closes=panel.closes_at,
        is_over=panel.closed_at is not None,
        upheld=panel.upheld,
        overturned=panel.overturned,
        is_carried=panel.is_carried,
        reasons=tuple((str(VERDICTS[Verdict(verdict)]), text) for verdict, text in panel.reasons),
    )


async def with_panel(view: AppealView, appeal: Appeal) -> AppealView:
    """Add to what is shown of an appeal what is told of its panel, if one was drawn."""
    panel = await panel_about(appeal.id) if appeal.panel_drawn_at else None
    return replace(view, panel=panel_line(panel)) if panel else view


async def seat_view(panel: Panel, seat: Seat, said: Said | None) -> SeatView:
    """Show a panel that is not over to somebody who sits on it."""
    appeal = await Appeal.get(id=panel.appeal_id)
    return SeatView(
        url=f"/panels/{panel.id}",
        case=await case_view(appeal, await Decision.get(id=appeal.decision_id)),
        size=panel.size,
        is_binding=panel.effect == Effect.BINDING,
        closes=panel.closes_at,
        has_spoken=said is not None,
        passes_on=seat.asked_at + SILENT_AFTER,
    )


async def case_view(appeal: Appeal, decision: Decision) -> RedactedCase:
    """Show a case without names: what everyone could read, with nobody to recognise in it."""
    found = await redacted(decision)
    policy, over = await policy_of(decision), found.mask.over
    rule = rule_of(policy.sections.rules, decision.rule_id) if policy else None
    charter = dict(decision.seen).get("charter") or {}
    parts = await parts_of(found.notes)
    return RedactedCase(
        measure=measure_words(decision.measure),
        thing=thing_words(decision.thing),
        issued=decision.issued_at,
        until=decision.until,
        no_end_because=over(decision.no_end_because),
        rule=rule_view(decision.rule_id) if decision.rule_id else None,
        rule_text=said_in(rule[1].text or rule[1].title, locale()).text if rule else "",
        policy_version=decision.policy_version,
        law=f"{decision.law} {decision.law_reference}".strip(),
        charter=over(f"{charter['number']}. {charter['text']}") if charter else "",
        facts=over(decision.facts),
        explanation=over(decision.explanation),
        words=over(appeal.words),
        new_facts=over(appeal.new_facts),
        notes=tuple(_note(each, found.mask, parts[each.id].attachments) for each in found.notes),
    )


def _note(note: Note, mask: Mask, attachments: list[Attachment]) -> RedactedNote:
    views = [media_view(each, is_open=False) for each in attachments]
    return RedactedNote(
        words=tuple(words_of(note, mask)),
        media=tuple(_signed(each, mask) for each in views if each.url.startswith(FILES)),
        written=note.created_at,
    )


def _signed(view: MediaView, mask: Mask) -> MediaView:
    """Let a file be loaded for an hour though its note is out of sight, from here alone.

    Captions are left out: who speaks may be named in them.
    """
    small = view.small_url if view.small_url.startswith(FILES) else ""
    return replace(
        looked_into(replace(view, small_url=small)),
        alt=shortened(mask.over(view.alt), LONGEST_ALT),
        sources=(),
        captions=(),
        remote_url="",
    )
