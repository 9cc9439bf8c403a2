"""People, groups and servers → what a moderator reads of them before anything is decided."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from tortoise.queryset import QuerySet

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.domains import Domain
from actors.memberships import RUNNING, Membership, State
from core.clock import now
from federation.urls import is_under
from moderation.breaking import MOST as MOST_LOOKED_AT
from moderation.breaking import Breakage
from moderation.cases import Case, kind_of
from moderation.decisions import Decision
from moderation.languages import said_in
from moderation.lists import ListedServer
from moderation.policy import current
from moderation.reports import Outcome, Report
from moderation.sections import Entry
from moderation.states import ISSUED, LIVE, MEASURES, DecisionState, Scope, Thing
from moderation.vocabulary import Measure
from web.building.cases import case_lines
from web.building.decisions import decision_lines, measure_words
from web.building.measure_words import measure_of
from web.building.people import person_card
from web.render import day, number, query
from web.texts import Lazy, _, lazy, locale
from web.views.desk import Breaks, Dossier, EntryLine, Told
from web.views.frame import Pager

COUNTS: dict[str, Lazy] = {
    "members": lazy("people here who would notice"),
    "follows": lazy("follows by people here"),
    "followed": lazy("follows of people here"),
    "followers": lazy("followers elsewhere"),
    "notes": lazy("notes everyone can read"),
    "narrow": lazy("notes for some alone"),
    "groups": lazy("memberships of people here"),
    "guests": lazy("memberships in groups"),
    "run": lazy("groups they run"),
}
ROLES: dict[Role, Lazy] = {
    Role.MEMBER: lazy("Member"),
    Role.MODERATOR: lazy("Moderator"),
    Role.ADMIN: lazy("Admin"),
}
LINES = 20
MOST = 50


async def person_dossier(
    actor: Actor, hidden: Collection[int], before: int | None, breakage: Breakage
) -> Dossier:
    """Show a person or a group; `hidden` are the cases that are not the reader's to see."""
    shown = await _dossier({"actor_id": actor.id}, {"target_id": actor.id}, hidden, before)
    return replace(
        shown,
        title=actor.title or actor.handle,
        new_case_url=query("/mod/cases/new", account=actor.handle),
        person=person_card(actor, about=True),
        host="" if actor.is_local else actor.host,
        host_url="" if actor.is_local else f"/mod/servers/{actor.host}",
        facts=await _facts_of(actor),
        breaks=breaks_of(kind_of(actor), breakage),
        **_paged(person_url(actor), shown),
    )


async def server_dossier(
    host: str, hidden: Collection[int], before: int | None, breakage: Breakage
) -> Dossier:
    """Show a server with what the policy and the lists say of it."""
    listed = await ListedServer.filter(host=host).order_by("list_id")
    shown = await _dossier({"host": host}, {"host": host}, hidden, before)
    entries = current().sections.federation.entries
    return replace(
        shown,
        title=host,
        new_case_url=query("/mod/cases/new", server=host),
        host=host,
        facts=await _facts_at(host, breakage),
        entries=tuple(entry_line(each) for each in entries if is_under(host, each.domain)),
        told=tuple(map(_told, listed)),
        breaks=breaks_of(Thing.SERVER, breakage),
        **_paged(server_url(host), shown),
    )


def person_url(actor: Actor) -> str:
    """Return where moderators read of a person or a group."""
    return f"/mod/people/{actor.handle}"


def server_url(host: str) -> str:
    """Return where moderators read of a server."""
    return f"/mod/servers/{host}"


def breaks_of(
    thing: Thing, breakage: Breakage, measures: Collection[Measure] | None = None
) -> tuple[Breaks, ...]:
    """Say of each measure there is for something, or of these alone, what it would break."""
    return tuple(
        Breaks(
            measure_words(each),
            tuple(
                (str(COUNTS[name]), count)
                for name, count in breakage.touched_by(thing, each).items()
            ),
            0 if breakage.is_whole else MOST_LOOKED_AT,
        )
        for each in (MEASURES[thing] if measures is None else measures)
        if each is not Measure.NONE
    )


def entry_line(entry: Entry) -> EntryLine:
    """Show a measure of the policy against a server."""
    return EntryLine(
        domain=entry.domain,
        measure=measure_of(entry.severity),
        reason=said_in(entry.reason, locale(), current().sections.language).text,
        since=entry.since,
        until=entry.until,
        source=entry.source,
        key=entry.key,
        is_over=entry.until is not None and entry.until < now().date(),
    )


def _told(listed: ListedServer) -> Told:
    return Told(
        list_id=listed.list_id,
        measure=measure_of(listed.severity),
        reason=listed.reason,
        since=listed.since,
        is_gone=listed.gone_at is not None,
        is_ignored=listed.ignored_at is not None,
    )


async def _dossier(
    about: dict[str, object],
    cases_about: dict[str, object],
    hidden: Collection[int],
    before: int | None,
) -> Dossier:
    """Gather decisions and cases; one line more than a page says that there are more."""
    issued = Decision.filter(**about, scope=Scope.SERVER).exclude(case_id__in=sorted(hidden))
    force = await issued.filter(state=DecisionState.IN_FORCE).order_by("-id").limit(MOST)
    past = issued.filter(state__in=list(ISSUED))
    past = past.filter(id__lt=before) if before else past
    cases = Case.filter(**cases_about, scope=Scope.SERVER, state__in=list(LIVE))
    live = cases.exclude(id__in=sorted(hidden)).select_related("target", "claimed_by")
    return Dossier(
        title="",
        new_case_url="",
        measures=decision_lines(force),
        history=decision_lines(await past.order_by("-id").limit(LINES + 1)),
        cases=await case_lines(await live.order_by("decide_by", "id").limit(MOST)),
    )


def _paged(path: str, shown: Dossier) -> dict[str, Any]:
    lines = shown.history
    more = query(path, before=lines[LINES - 1].id) if len(lines) > LINES else ""
    return {"history": lines[:LINES], "pager": Pager(older_url=more)}


async def _facts_of(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Tell what there is to know of somebody, beside what they say of themselves."""
    facts = [(_("Known since"), day(actor.created_at))]
    if actor.is_local and (account := await Account.get_or_none(actor_id=actor.id)):
        facts += _facts_of_account(account)
    facts += [
        (_("Notes"), number(actor.notes_count)),
        (_("Followers"), number(actor.followers_count)),
        (_("Last note"), day(actor.last_note_at) if actor.last_note_at else "–"),
    ]
    reports = await _reports(Report.filter(target_id=actor.id, group_id=None))
    facts.append((_("Reports about them"), reports))
    runs = Membership.filter(person_id=actor.id, state=State.MEMBER, role__in=list(RUNNING))
    if names := await runs.order_by("id").limit(MOST).values_list("group__name", flat=True):
        facts.append((_("Runs the groups"), ", ".join(f"!{name}" for name in names)))
    if actor.moved_to:
        facts.append((_("Moved to"), actor.moved_to))
    return tuple(facts)


def _facts_of_account(account: Account) -> list[tuple[str, str]]:
    return [
        (_("Role"), str(ROLES[account.role])),
        (_("Address"), _("confirmed") if account.confirmed_at else _("not confirmed")),
        (_("Last here"), day(account.seen_at) if account.seen_at else "–"),
    ]


async def _reports(found: QuerySet[Report]) -> str:
    """Count reports, and those of them that were right."""
    right = found.filter(outcome__in=[Outcome.UPHELD, Outcome.PARTLY])
    return _("%(reports)s, of them right: %(right)s") % {
        "reports": number(await found.count()),
        "right": number(await right.count()),
    }


async def _facts_at(host: str, breakage: Breakage) -> tuple[tuple[str, str], ...]:
    """Tell what there is to know of a server."""
    facts = []
    if known := await Domain.get_or_none(host=host):
        heard = day(known.heard_at) if known.heard_at else "–"
        facts += [(_("Known since"), day(known.first_seen_at)), (_("Last heard of"), heard)]
        if known.software:
            facts.append((_("Program"), f"{known.software} {known.software_version}".strip()))
        if known.is_unavailable:
            facts.append((_("State"), _("cannot be reached")))
    people = number(breakage.people) + "+" * (breakage.people >= MOST_LOOKED_AT)
    reports = await _reports(Report.filter(target__host=host))
    sent = await Report.filter(reporter_host=host).count()
    return (
        *facts,
        (_("People known there"), people),
        (_("Reports about people there"), reports),
        (_("Reports it sent"), number(sent)),
    )
