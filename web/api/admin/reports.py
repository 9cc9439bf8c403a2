"""/api/v1/admin/reports: what was reported, who works on it, and what came of it."""

from collections.abc import Sequence

from aiohttp import web
from tortoise.transactions import in_transaction

from core.paging import cut, number
from core.rows import load_ids
from moderation import handling
from moderation.audit import write_down
from moderation.decisions import Decision
from moderation.policy import current
from moderation.reports import OPEN, Outcome, Report
from moderation.rows import keep
from moderation.rules import numbered
from notes.note import Note
from notes.visibility import OPEN as SEEN_BY_ALL
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.api.access import account_of
from web.api.admin.acting import case_of
from web.api.admin.entities import admin_reports_of
from web.api.answers import answer, listed
from web.api.asked import Asked, asked
from web.api.errors import Invalid
from web.errors import Missing

LIMIT, MOST = 40, 100
CLOSED = "This report is no longer open."


async def index(request: web.Request) -> web.Response:
    """Reports that wait, or with `resolved` those that do not, the newest first."""
    wanted = await asked(request)
    page = wanted.page(limit=LIMIT, most=MOST)
    rows = Report.filter(target_id__not=account_of(request).actor_id)
    is_resolved = wanted.is_on("resolved")
    rows = rows.exclude(state__in=list(OPEN)) if is_resolved else rows.filter(state__in=list(OPEN))
    for name, column in (("account_id", "reporter_id"), ("target_account_id", "target_id")):
        if wanted.text(name):
            rows = rows.filter(**{column: wanted.id(name) or 0})
    if page.max_id is not None:
        rows = rows.filter(id__lt=page.max_id)
    above = page.min_id if page.min_id is not None else page.since_id
    if above is not None:
        rows = rows.filter(id__gt=above)
    order = "id" if page.min_id is not None else "-id"
    ids = await rows.order_by(order).limit(page.limit + 1).values("id")
    found = cut([row["id"] for row in ids], page)
    reports = await load_ids(Report, found.rows)
    await _write_down_reading(request, list(reports.values()))
    shown = await admin_reports_of([reports[each] for each in found.rows], account_of(request))
    return listed(request, found, shown)


async def show(request: web.Request) -> web.Response:
    """One report, with the notes it names."""
    report = await _named(request)
    await _write_down_reading(request, [report])
    return await _answer(request, report)


async def save(request: web.Request) -> web.Response:
    """Say which rules a report is about, as `rule_ids` or by the category `other`."""
    report, wanted = await _named(request), await asked(request)
    rules = _rules(wanted, report)
    if not report.is_open:
        raise NotAllowed(CLOSED)
    if rules != report.rules:
        before, report.rules = report.rules, rules
        async with in_transaction():
            await keep(report)
            await write_down(
                account_of(request).actor_id,
                "report.rules",
                f"report:{report.id}",
                before={"rules": before},
                after={"rules": rules},
                address=address_of(request),
            )
    return await _answer(request, report)


async def assign(request: web.Request) -> web.Response:
    """Take the case of a report."""
    report = await _named(request)
    moderator, address = account_of(request).actor, address_of(request)
    await handling.claim(await case_of(report), moderator, address=address)
    return await _answer(request, report)


async def unassign(request: web.Request) -> web.Response:
    """Give the case of a report back that one has taken."""
    report = await _named(request)
    moderator, address = account_of(request).actor, address_of(request)
    await handling.release(await case_of(report), moderator, address=address)
    return await _answer(request, report)


async def resolve(request: web.Request) -> web.Response:
    """Settle the case of a report: by the decisions it has, or because no rule was broken."""
    report, wanted = await _named(request), await asked(request)
    ours = wanted.group("rubric") or Asked({})
    moderator, address = account_of(request).actor, address_of(request)
    case = await case_of(report)
    issued = await Decision.filter(case_id=case.id, issued_at__not_isnull=True).count()
    usual = Outcome.UPHELD if issued else Outcome.NOT_UPHELD
    outcome = ours.text("outcome") or usual.value
    if outcome not in tuple(Outcome):
        raise NotValid("outcome", "Choose what was found.")
    async with in_transaction():
        if case.claimed_by_id is None:
            await handling.claim(case, moderator, address=address)
        await handling.decide(
            case,
            moderator,
            outcome=outcome,
            to_reporters=ours.text("to_reporters") or "",
            decisions=issued,
            no_breach=ours.text("no_breach") or wanted.text("text") or "",
            address=address,
        )
    return await _answer(request, report)


async def reopen(request: web.Request) -> web.Response:
    """Open the case of a report again; `text` says what is new."""
    report, wanted = await _named(request), await asked(request)
    ours = wanted.group("rubric") or Asked({})
    reason = ours.text("reason") or wanted.text("text") or ""
    moderator, address = account_of(request).actor, address_of(request)
    await handling.reopen(await case_of(report), moderator, reason, address=address)
    return await _answer(request, report)


async def _write_down_reading(request: web.Request, reports: Sequence[Report]) -> None:
    """Write down where notes are read that only some may see (ADM-02)."""
    named = [number for each in reports for number in each.notes]
    private = Note.filter(id__in=named, deleted_at=None, audience__not_in=list(SEEN_BY_ALL))
    found = {row["id"] for row in await private.values("id")}
    for report in reports:
        if read := sorted(found & set(report.notes)):
            case = await case_of(report)
            moderator, address = account_of(request).actor, address_of(request)
            await handling.read_privately(case, moderator, read, address=address)


async def _named(request: web.Request) -> Report:
    """Return the report an address names; those about oneself are for others alone (MOD-01)."""
    report = await Report.get_or_none(id=number(request.match_info["id"]) or 0)
    if report is None or report.target_id == account_of(request).actor_id:
        raise Missing("there is no such report")
    return report


async def _answer(request: web.Request, report: Report) -> web.Response:
    fresh = await Report.get(id=report.id)
    return answer((await admin_reports_of([fresh], account_of(request)))[0])


def _rules(wanted: Asked, report: Report) -> list[str]:
    """Read which rules are meant, by number or id; nothing said leaves them as they are."""
    category = wanted.text("category") or ""
    if category == "other":
        return []
    if category not in ("", "violation"):
        raise Invalid({"category": ("ERR_UNSUPPORTED", "is told by rules here: name them")})
    if not wanted.has("rule_ids"):
        return list(report.rules)
    known = {str(number): rule.id for number, rule in numbered(current().sections.rules)}
    named = [known.get(each, each) for each in wanted.texts("rule_ids", 20)]
    if any(each not in known.values() for each in named):
        raise NotValid("rule", "There is no such rule.")
    return list(dict.fromkeys(named))
