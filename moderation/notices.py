"""Telling the people concerned: in the name of this server, here and elsewhere by one road.

Those here read of a decision among what they were told, and by e-mail; what becomes of it comes as
a private note, as everything does to those elsewhere, with the link to their page. Servers that are
kept out hear nothing, nor does who sends spam.
"""

from collections.abc import Mapping
from typing import Any

from actors.actor import Actor
from actors.memberships import moderators_of
from core.jobs import put
from core.settings import settings
from moderation.cases import ProvisionalHide
from moderation.decisions import Decision
from moderation.gate import measures_of
from moderation.links import link_to
from moderation.notice_words import WORDS, in_language
from moderation.policy import current
from moderation.reports import Report
from moderation.states import Scope, Thing
from moderation.vocabulary import Measure
from outbox.personal import write_to


async def tell_concerned(decision: Decision, what: str) -> None:
    """Queue the notice of what was decided, or of what became of it, in the transaction of it."""
    if decision.actor_id is None or decision.measure == Measure.NONE:
        return
    await put("moderation.tell_concerned", {"decision_id": decision.id, "what": what})
    if what == "issued":
        await put("inbox.tell_of_decision", {"decision_id": decision.id})
    await put("web.mail_decision", {"decision_id": decision.id, "what": what})


async def send_notice(payload: Mapping[str, Any]) -> None:
    """Write to the person a decision is about; job `moderation.tell_concerned`."""
    decision = await Decision.get_or_none(id=payload["decision_id"]).select_related("actor")
    if decision is None or decision.actor is None:
        return
    if not may_be_told(decision, decision.actor):
        return
    what = str(payload["what"])
    if what == "issued" and decision.actor.is_local:
        return  # They read it among what they were told (inbox/concerned.py).
    language = in_language(current().sections.language)
    text = WORDS[language][what].format(
        measure=WORDS[language][f"measure.{decision.measure.value}"],
        thing=WORDS[language][f"thing.{decision.thing.value}"],
        explanation=decision.explanation,
        link=link_to(decision),
        server=await _deciders(decision),
    )
    for person in await concerned_here(decision.actor):
        await write_to(person, text, key=f"decision {decision.id} {what} {person.id}")


async def concerned_here(actor: Actor) -> list[Actor]:
    """Return who is told what is decided about somebody: of a group of ours those who run it."""
    if not (actor.is_group and actor.is_local):
        return [actor]
    return [row.person for row in await moderators_of(actor) if row.person.is_local]


async def _deciders(decision: Decision) -> str:
    """Name the place whose moderators decided: a group, or this server."""
    if decision.scope == Scope.GROUP and decision.group_id is not None:
        return f"!{(await Actor.get(id=decision.group_id)).full_handle}"
    return settings().server.name or settings().server.domain


async def send_hidden(payload: Mapping[str, Any]) -> None:
    """Tell an author that a note of theirs is hidden for now, or shown again; job
    `moderation.tell_hidden`."""
    hidden = await ProvisionalHide.get_or_none(id=payload["hide_id"]).select_related("case__target")
    if hidden is None or hidden.case.target is None:
        return
    person = hidden.case.target
    if not person.is_local and not _may_write_to(person):
        return
    language = in_language(current().sections.language)
    what = "hidden.over" if payload.get("is_over") else "hidden"
    text = WORDS[language][what].format(
        until=f"{hidden.until:%Y-%m-%d %H:%M} UTC",
        link=settings().url(f"/n/{hidden.note_id}"),
        server=settings().server.name or settings().server.domain,
    )
    await write_to(person, text, key=f"{what} {hidden.id}")


async def send_answer(payload: Mapping[str, Any]) -> None:
    """Tell someone here what came of their report; job `moderation.tell_reporter`."""
    report = await Report.get_or_none(id=payload["report_id"])
    if report is None or report.reporter_id is None or report.outcome is None:
        return
    language = in_language(current().sections.language)
    text = WORDS[language][f"report.{report.outcome.value}"].format(
        words=report.answer, link=settings().url(f"/my/reports/{report.receipt}")
    )
    reporter = await Actor.get(id=report.reporter_id)
    await write_to(reporter, text, key=f"report {report.id} {report.revision}")


async def send_answer_of(payload: Mapping[str, Any]) -> None:
    """Tell someone here what another server found of their report: each of the two answers once
    an hour, however often that server says so. Job `moderation.tell_of_answer`."""
    report = await Report.get_or_none(id=payload["report_id"])
    if report is None or report.reporter_id is None:
        return
    host, is_right = str(payload["host"]), bool(payload["is_right"])
    words = WORDS[in_language(current().sections.language)]
    text = words["report.right_there" if is_right else "report.wrong_there"].format(
        host=host, link=settings().url(f"/my/reports/{report.receipt}")
    )
    reporter = await Actor.get(id=report.reporter_id)
    answer = "right" if is_right else "not"
    await write_to(reporter, text, key=f"report {report.id} {answer} {host}")


def may_be_told(decision: Decision, person: Actor) -> bool:
    """Tell whether somebody is written to: everyone here, and elsewhere as the policy says."""
    if person.is_local:
        return True
    is_quiet = decision.is_spam or decision.thing == Thing.SERVER
    return not is_quiet and _may_write_to(person)


def _may_write_to(person: Actor) -> bool:
    return current().sections.moderation.notify_remote and not measures_of(person).reject
