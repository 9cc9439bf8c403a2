"""/api/rubric/v1/groups/…: reports that those who run a group answer, and appeals they hear."""

from aiohttp import web

from actors.actor import Actor
from core.paging import Page, Slice, number
from moderation import group_appeals, group_reports
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.group_reports import MEASURES, Verdict
from moderation.reports import Outcome
from moderation.states import Inadmissible
from moderation.vocabulary import Measure
from web.api.access import account_of
from web.api.answers import answer, listed, nothing
from web.api.asked import Asked, asked
from web.api.entities.group_desk import group_appeals_of, group_reports_of, whole_report_of
from web.api.errors import Invalid
from web.api.groups import found_group, run_by
from web.errors import Missing

# What may have come of a report where nothing is done.
NOTHING = (Outcome.NOT_UPHELD, Outcome.DUPLICATE, Outcome.MISUSE)


async def reports(request: web.Request) -> web.Response:
    """Reports that wait, the one due first on top; with `settled` the others, the newest first."""
    moderator, group = await _running(request)
    wanted = await asked(request)
    page = wanted.page()
    found = await group_reports.cases_of(
        group,
        moderator,
        is_settled=wanted.is_on("settled"),
        after=page.max_id,
        most=page.limit + 1,
    )
    cases = _cut(found, page)
    return listed(request, cases, await group_reports_of(cases.rows), newer="")


async def report(request: web.Request) -> web.Response:
    """One of them, with what was reported; never with who reported it."""
    moderator, group = await _running(request)
    return answer(await whole_report_of(await _case(request, moderator, group), moderator))


async def decide(request: web.Request) -> web.Response:
    """Answer reports: with a measure of the group, or with `none` and why no rule was broken."""
    moderator, group = await _running(request)
    case, wanted = await _case(request, moderator, group), await asked(request)
    measure = _one_of(wanted, "measure", MEASURES)
    is_none = measure == Measure.NONE
    notes = {each.id: each for each in await group_reports.notes_of(case)}
    verdict = Verdict(
        measure=measure,
        reason=wanted.text("reason") or "",
        outcome=_outcome(wanted) if is_none else Outcome.UPHELD.value,
        words=wanted.text("to_reporters") or "",
        note=notes.get(wanted.id("status_id") or 0),
        rule=wanted.number("rule") or 0,
        until=wanted.moment("until"),
        with_notes=wanted.is_on("with_statuses"),
    )
    await group_reports.answer(case, group, moderator, verdict)
    return answer(await whole_report_of(await _case(request, moderator, group), moderator))


async def hand_on(request: web.Request) -> web.Response:
    """Give reports to the moderators of the server, and say why; they leave the desk."""
    moderator, group = await _running(request)
    case = await _case(request, moderator, group)
    reason = (await asked(request)).text("reason") or ""
    await group_reports.hand_on(case, group, moderator, reason)
    return nothing()


async def appeals(request: web.Request) -> web.Response:
    """The appeals that wait, the oldest first; one's own is for others to hear."""
    moderator, group = await _running(request)
    found = await group_appeals.waiting_in(group)
    others = [each for each in found if each.decision.actor_id != moderator.id]
    return answer(await group_appeals_of(others))


async def appeal(request: web.Request) -> web.Response:
    """One appeal, with the decision it is about."""
    moderator, group = await _running(request)
    return await _answered(request, moderator, group)


async def take(request: web.Request) -> web.Response:
    """Begin to hear an appeal."""
    moderator, group = await _running(request)
    await group_appeals.take_up(await _appeal(request, moderator, group), moderator)
    return await _answered(request, moderator, group)


async def settle(request: web.Request) -> web.Response:
    """Let the decision stand (`upheld`), or take it back (`overturned`), with the reasons."""
    moderator, group = await _running(request)
    found, wanted = await _appeal(request, moderator, group), await asked(request)
    outcome = _one_of(wanted, "outcome", group_appeals.OUTCOMES)
    await group_appeals.settle(found, moderator, outcome, wanted.text("reasons") or "")
    return await _answered(request, moderator, group)


async def refuse(request: web.Request) -> web.Response:
    """Do not hear an appeal: it is `late`, `repeated` or `abusive`; with the reasons."""
    moderator, group = await _running(request)
    found, wanted = await _appeal(request, moderator, group), await asked(request)
    ground = Inadmissible(_one_of(wanted, "ground", tuple(Inadmissible)))
    await group_appeals.refuse(found, moderator, ground, wanted.text("reasons") or "")
    return await _answered(request, moderator, group)


async def _running(request: web.Request) -> tuple[Actor, Actor]:
    """Return who asks and the group they run; raises NotAllowed for all others."""
    moderator = account_of(request).actor
    return moderator, await run_by(moderator, await found_group(request))


async def _case(request: web.Request, moderator: Actor, group: Actor) -> Case:
    wanted = number(request.match_info["report_id"]) or 0
    case = await group_reports.case_in(group, moderator, wanted)
    if case is None:
        raise Missing(request.path)
    return case


async def _appeal(request: web.Request, moderator: Actor, group: Actor) -> Appeal:
    wanted = number(request.match_info["appeal_id"]) or 0
    found = await group_appeals.appeal_in(group, moderator, wanted)
    if found is None:
        raise Missing(request.path)
    return found


async def _answered(request: web.Request, moderator: Actor, group: Actor) -> web.Response:
    return answer((await group_appeals_of([await _appeal(request, moderator, group)]))[0])


def _cut(found: list[Case], page: Page) -> Slice[Case]:
    """Make a page that goes on below its last row; there is no way back up."""
    rows = found[: page.limit]
    if not rows:
        return Slice()
    older = rows[-1].id if len(found) > page.limit else None
    return Slice(rows, older=older, first=rows[0].id, last=rows[-1].id)


def _outcome(wanted: Asked) -> str:
    has_said = bool(wanted.text("outcome"))
    return _one_of(wanted, "outcome", NOTHING) if has_said else Outcome.NOT_UPHELD.value


def _one_of(wanted: Asked, name: str, words: tuple[str, ...]) -> str:
    said = wanted.needed(name)
    if said not in words:
        raise Invalid({name: ("ERR_INCLUSION", "is not included in the list")})
    return said
