"""Writing proposals and amendments: one rule in a form, or the whole policy as TOML."""

import tomllib
from dataclasses import replace
from datetime import date

import msgspec
from aiohttp import web

from actors.accounts import Account
from core.paging import number
from moderation import proposing
from moderation.ideas import Idea
from moderation.policy import Policy, current, latest
from moderation.proposals import Proposal
from moderation.proposing import Written
from moderation.reading import BadPolicy, Draft, draft_from, sections_from
from moderation.rules import Rule, rule_of
from moderation.sections import Sections
from moderation.states import ProposalState
from moderation.writing import toml_of
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.proposals import PAGE, named
from web.refusals import why
from web.render import render
from web.texts import _, locale
from web.views.frame import Form


async def show_new(request: web.Request) -> web.StreamResponse:
    """Ask what is to change: a rule (`?rule=`), or anything (`?whole=1`)."""
    account = await acting(request)
    try:
        proposing.check_part(account)
    except NotAllowed as error:
        response = web.Response(status=303, headers={"Location": PAGE})
        say(response, why(error), "problem")
        return response
    rule = request.query.get("rule", "")
    base = await _emergency_of(request)
    sections = base.sections if base else (await latest()).sections
    values = await _first_values(request, sections, rule, base)
    return _page(request, account, Form(values=values), rule=rule, sections=sections)


async def make(request: web.Request) -> web.StreamResponse:
    """Keep a draft."""
    account = await acting(request)
    form = await read_form(request)
    try:
        written = _written(form, (await latest()))
        base = await _emergency(form.text("emergency"))
        if base is not None:
            written = replace(written, draft=replace_base(written.draft, base))
        idea = number(form.text("idea"))
        proposal = await proposing.begin(account, written, idea_id=idea, emergency=base)
    except (NotValid, NotAllowed) as error:
        return await _again(request, account, form, error)
    raise web.HTTPSeeOther(proposal.page)


async def show_edit(request: web.Request) -> web.StreamResponse:
    """Show a draft, or a text that is being discussed, for changing it."""
    account, proposal = await _own(request)
    policy = _policy_of(proposal)
    values = {
        "title": proposal.title,
        "summary": proposal.summary,
        "reason": proposal.reason,
        "toml": toml_of(policy),
        "is_wording": "1" if proposal.is_wording else "",
        "review_by": proposal.review_by.isoformat() if proposal.review_by else "",
    }
    return _page(request, account, Form(values=values), proposal=proposal)


async def edit(request: web.Request) -> web.StreamResponse:
    """Change a draft, or amend what is being discussed."""
    account, proposal = await _own(request)
    form = await read_form(request)
    try:
        written = _written(form, _policy_of(proposal))
        if proposal.state == ProposalState.DRAFT:
            await proposing.rewrite(proposal, account, written)
        else:
            await proposing.amend(proposal, account, written.draft, form.text("why"))
    except (NotValid, NotAllowed) as error:
        return await _again(request, account, form, error, await named(request))
    response = web.Response(status=303, headers={"Location": proposal.page})
    say(response, _("The text is changed."))
    return response


def replace_base(draft: Draft, emergency: Proposal) -> Draft:
    """Base what is to make an emergency last on the version that was in force before it."""
    return Draft(draft.sections, emergency.based_on)


async def _own(request: web.Request) -> tuple[Account, Proposal]:
    account = await acting(request)
    proposal = await named(request)
    is_written = proposal.state in (ProposalState.DRAFT, ProposalState.DISCUSSION)
    if proposal.proposer_id != account.actor_id or not is_written:
        raise Missing(request.path)
    return account, proposal


async def _first_values(
    request: web.Request, sections: Sections, rule_id: str, base: Proposal | None
) -> dict[str, str]:
    values = {"language": sections.language, "idea": "", "rule": rule_id}
    if idea := await Idea.get_or_none(id=number(request.query.get("idea", "")) or 0):
        values |= {"idea": str(idea.id), "title": idea.title, "reason": idea.text}
    if base is not None:
        values |= {"emergency": str(base.id), "title": base.title}
        values |= {"summary": base.summary, "reason": base.reason}
    if found := rule_of(sections.rules, rule_id):
        rule = found[1]
        values |= {"rule_title": rule.title.get(sections.language, "")}
        values |= {"rule_text": rule.text.get(sections.language, "")}
    policy = msgspec.structs.replace(await latest(), sections=sections)
    return values | {"toml": toml_of(policy)}


def _written(form: Posted, base: Policy) -> Written:
    return Written(
        title=form.text("title"),
        summary=form.text("summary"),
        reason=form.text("reason"),
        draft=_draft(form, base),
        language=locale(),
        is_wording=form.is_on("is_wording"),
        review_by=_day(form.text("review_by")),
    )


def _draft(form: Posted, base: Policy) -> Draft:
    """Read what is to change; raise NotValid with the sentence that the policy's reader has."""
    try:
        if rule_id := form.text("rule"):
            return Draft(_with_rule(form, base.sections, rule_id), base.version)
        read = tomllib.loads(form.raw("toml"))
        table = read.get("policy", read)
        return draft_from({"based_on": base.version} | table)
    except (tomllib.TOMLDecodeError, BadPolicy, AttributeError, TypeError) as error:
        raise NotValid("toml", str(error)) from error


def _with_rule(form: Posted, sections: Sections, rule_id: str) -> Sections:
    """Change the words of a rule in the language that counts; other languages stay as they are."""
    tag = sections.language
    rules = []
    for each in sections.rules:
        rules.append(_reworded(each, tag, form) if each.id == rule_id else each)
    changed = msgspec.structs.replace(sections, rules=tuple(rules))
    return sections_from(msgspec.to_builtins(changed))


def _reworded(rule: Rule, tag: str, form: Posted) -> Rule:
    title, text = form.text("rule_title"), form.text("rule_text")
    return msgspec.structs.replace(
        rule, title={**rule.title, tag: title}, text={**rule.text, tag: text}
    )


def _policy_of(proposal: Proposal) -> Policy:
    return msgspec.structs.replace(current(), sections=proposal.sections, version=proposal.based_on)


async def _emergency_of(request: web.Request) -> Proposal | None:
    return await _emergency(request.query.get("emergency", ""))


async def _emergency(text: str) -> Proposal | None:
    found = Proposal.filter(id=number(text) or 0, is_emergency=True)
    return await found.filter(state=ProposalState.IN_FORCE).first()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotValid("review_by", "This is no day.") from error


async def _again(
    request: web.Request,
    account: Account,
    form: Posted,
    error: NotValid | NotAllowed,
    proposal: Proposal | None = None,
) -> web.StreamResponse:
    field = error.field if isinstance(error, NotValid) else ""
    if field == "draft":
        field = "rule_text" if form.text("rule") else "toml"
    shown = form.shown({field: why(error)})
    sections = (await latest()).sections
    return _page(
        request, account, shown, proposal=proposal, rule=form.text("rule"), sections=sections
    )


def _page(
    request: web.Request,
    account: Account,
    form: Form,
    *,
    proposal: Proposal | None = None,
    rule: str = "",
    sections: Sections | None = None,
) -> web.StreamResponse:
    known = rule_of((sections or current().sections).rules, rule) if rule else None
    return render(
        request,
        "proposal_form.html",
        status=422 if form.errors else 200,
        form=form,
        is_rule=known is not None,
        rule_number=known[0] if known else 0,
        is_amendment=proposal is not None and proposal.state == ProposalState.DISCUSSION,
        action=f"{proposal.page}/edit" if proposal else f"{PAGE}/new",
        back=proposal.page if proposal else PAGE,
    )
