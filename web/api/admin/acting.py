"""/api/v1/admin/accounts/…/action: a decision like any other, by the words that apps know.

What the guards of a decision ask for and no app of others sends comes in `rubric`; of what is said
in `text` alone as much is made as can honestly be made of it.
"""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from tortoise.transactions import in_transaction

from actors.actor import Actor
from moderation import deciding, drafting, handling
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.drafting import Written
from moderation.filing import attach
from moderation.policy import current
from moderation.reports import Outcome, Report
from moderation.rules import numbered, rule_of
from moderation.states import DecisionState
from moderation.vocabulary import Measure
from web.addresses import address_of
from web.api.access import account_of
from web.api.admin.accounts import named
from web.api.admin.entities import admin_account_of
from web.api.answers import answer
from web.api.asked import Asked, asked
from web.api.errors import Invalid
from web.errors import Missing
from web.keys import Handler

MEASURES = {
    "none": Measure.WARN,
    "disable": Measure.READ_ONLY,
    "silence": Measure.QUIET,
    "suspend": Measure.SUSPEND,
}
# Measures that are over once they are said, or never are: nobody has to be asked for their end.
ENDLESS = {
    Measure.WARN: "A warning is said once; nothing of it lasts.",
    Measure.CLOSE_ACCOUNT: "An account is closed for good.",
}
LIFTED = {
    "enable": (Measure.READ_ONLY,),
    "unsilence": (Measure.QUIET,),
    "unsuspend": (Measure.SUSPEND, Measure.CLOSE_ACCOUNT),
    "unsensitive": (),
}


@dataclass(frozen=True)
class Ground:
    """Why something is done, as it was sent: `rubric` beside the words of apps."""

    wanted: Asked
    ours: Asked
    report: Report | None = None

    def said(self, name: str) -> str:
        """Return what stands in `rubric` under a name; empty where nothing does."""
        return (self.ours.text(name) or "").strip()

    @property
    def text(self) -> str:
        """What the app lets its moderator write."""
        return (self.wanted.text("text") or "").strip()

    @property
    def rule_id(self) -> str:
        """The rule that is named, by id or number; else the one that the report is about."""
        known = {str(number): rule.id for number, rule in numbered(current().sections.rules)}
        if said := self.said("rule_id"):
            return known.get(said, said)
        rules = self.report.rules if self.report and not self.said("law") else []
        return str(rules[0]) if len(rules) == 1 else ""

    @property
    def summary(self) -> str:
        """What the public reads: what was written for it, or what the ground is called."""
        if said := self.said("summary"):
            return said
        found = rule_of(current().sections.rules, self.rule_id)
        if found is None:
            return " ".join(filter(None, (self.said("law"), self.said("law_reference"))))
        return found[1].title[current().sections.language]


async def act(request: web.Request) -> web.Response:
    """Warn, silence, limit or suspend somebody, by a decision."""
    wanted = await asked(request)
    kind = wanted.needed("type")
    if kind == "sensitive":
        said = "is no measure here: a decision marks single notes, under /mod"
        raise Invalid({"type": ("ERR_UNSUPPORTED", said)})
    if kind not in MEASURES:
        raise Invalid({"type": ("ERR_INCLUSION", "is not included in the list")})
    actor = await named(request)
    decision = await _decide(request, actor, wanted, MEASURES[kind])
    return answer(_told(decision))


async def close(request: web.Request) -> web.Response:
    """Close an account for good, by a decision."""
    actor, wanted = await named(request), await asked(request)
    await _decide(request, actor, wanted, Measure.CLOSE_ACCOUNT)
    return answer(await admin_account_of(await Actor.get(id=actor.id), account_of(request)))


def lift(name: str) -> Handler:
    """Make the handler of an address that ends measures; what is not in force stays ended."""

    async def lift_measure(request: web.Request) -> web.Response:
        """End a measure before its day; `text` says why."""
        moderator, actor, wanted = account_of(request), await named(request), await asked(request)
        ground = Ground(wanted, wanted.group("rubric") or Asked({}))
        found = await Decision.filter(
            actor_id=actor.id,
            note_id=None,
            group_id=None,
            measure__in=list(LIFTED[name]),
            state=DecisionState.IN_FORCE,
        ).order_by("id")
        async with in_transaction():
            for decision in found:
                reason = ground.said("reason") or ground.text
                await deciding.lift(decision, moderator.actor, reason, address=address_of(request))
        return answer(await admin_account_of(await Actor.get(id=actor.id), moderator))

    return lift_measure


async def _decide(request: web.Request, actor: Actor, wanted: Asked, measure: Measure) -> Decision:
    """Take the case of the report, or open one, and issue the decision: all of it or nothing."""
    moderator, address = account_of(request).actor, address_of(request)
    ours = wanted.group("rubric") or Asked({})
    report = await _report(wanted, actor)
    ground = Ground(wanted, ours, report)
    written = _written(ground, measure)
    async with in_transaction():
        if report is None:
            case = await handling.open_own(
                moderator, target=actor, because=written.facts, address=address
            )
        else:
            case = await case_of(report)
            await handling.claim(case, moderator, address=address)
        decision = await drafting.draft(case, moderator, written)
        await deciding.issue(decision, case, moderator, address=address)
    return decision


async def case_of(report: Report) -> Case:
    """Return the case of a report; one of long ago gets one."""
    number = report.case_id or (await attach(report)).id
    case = await handling.case_with(number)
    if case is None:
        raise Missing("this report has no case")
    return case


async def _report(wanted: Asked, actor: Actor) -> Report | None:
    if not (wanted.text("report_id") or "").strip():
        return None
    report = await Report.get_or_none(id=wanted.id("report_id") or 0)
    if report is None or report.target_id != actor.id:
        raise Invalid({"report_id": ("ERR_INVALID", "is no report about this account")})
    return report


def _written(ground: Ground, measure: Measure) -> Written:
    return Written(
        measure=measure.value,
        rule_id=ground.rule_id,
        law=ground.said("law"),
        law_reference=ground.said("law_reference"),
        facts=ground.said("facts") or ground.text,
        explanation=ground.said("explanation") or ground.text,
        summary=ground.summary,
        until=ground.ours.moment("until"),
        no_end_because=ground.said("no_end_because") or ENDLESS.get(measure, ""),
        outcome=ground.said("outcome") or Outcome.UPHELD.value,
        to_reporters=ground.said("to_reporters"),
    )


def _told(decision: Decision) -> dict[str, Any]:
    return {
        "rubric": {
            "decision": str(decision.id),
            "case": str(decision.case_id),
            "state": decision.state.value,
            "measure": decision.measure.value,
        }
    }
