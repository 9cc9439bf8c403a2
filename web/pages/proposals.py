"""Proposals: the list, their pages, and what members and admins do there."""

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime

from aiohttp import web

from actors.accounts import Account, Role
from core.paging import number
from moderation import emergency, proposing, voting
from moderation.governance import eligible_now, numbers_of
from moderation.policy import current
from moderation.proposals import Proposal, Sponsor
from moderation.proposing import participant
from moderation.states import Choice as Vote
from moderation.states import ProposalState
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import acting, asking, staff
from web.building.policy_values import value_of
from web.building.proposals import GROUNDS, may_do, proposal_line, proposal_view, steward
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.refusals import why
from web.render import query, render
from web.texts import Lazy, _, lazy
from web.views.frame import Choice, Form, Pager

PAGE = "/policy/proposals"
LINES = 20
VOTES = {Vote.YES: lazy("Yes"), Vote.NO: lazy("No"), Vote.ABSTAIN: lazy("Abstain")}
OUTCOMES = {
    ProposalState.ADOPTED: lazy("Adopt it"),
    ProposalState.REJECTED: lazy("Reject it"),
    ProposalState.RETURNED: lazy("Give it back to be written anew"),
}


async def show(request: web.Request) -> web.StreamResponse:
    """List the proposals that were published, the newest first, and one's own drafts."""
    account = await asking(request)
    before = number(request.query.get("max_id", ""))
    found = Proposal.filter(opened_at__not_isnull=True).order_by("-id").limit(LINES + 1)
    rows = await (found.filter(id__lt=before) if before else found).select_related("proposer")
    more = query(PAGE, max_id=rows[LINES - 1].id) if len(rows) > LINES else ""
    governance = current().sections.governance
    return render(
        request,
        "proposals.html",
        proposals=tuple(map(proposal_line, rows[:LINES])),
        drafts=tuple(map(proposal_line, await _drafts(account))),
        pager=Pager(older_url=more),
        numbers=numbers_of(governance),
        governance=governance,
        preset=value_of("preset", governance.preset),
        eligible=await eligible_now(),
        may_propose=_may_propose(account),
    )


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show a proposal."""
    return await _page(request, await named(request), await asking(request))


async def publish(request: web.Request) -> web.StreamResponse:
    """Show a draft to everyone."""
    account, proposal, _form = await (_begin_as_admin if steward() else _begin)(request)
    act = proposing.publish(proposal, account, address=address_of(request))
    return await _done(request, account, proposal, act, _("It is published."))


async def suggest(request: web.Request) -> web.StreamResponse:
    """Hand a draft to the admins."""
    account, proposal, _form = await _begin(request)
    act = proposing.suggest(proposal, account)
    return await _done(request, account, proposal, act, _("The admins can open it now."))


async def sponsor(request: web.Request) -> web.StreamResponse:
    """Want it to be talked about."""
    account, proposal, _form = await _begin(request)
    act = proposing.sponsor(proposal, account)
    return await _done(request, account, proposal, act, _("You are a sponsor."))


async def unsponsor(request: web.Request) -> web.StreamResponse:
    """Take that back."""
    account, proposal, _form = await _begin(request)
    act = proposing.unsponsor(proposal, account)
    return await _done(request, account, proposal, act, _("You are no longer a sponsor."))


async def vote(request: web.Request) -> web.StreamResponse:
    """Cast or change one's ballot."""
    account, proposal, form = await _begin(request)
    act = voting.cast(proposal, account, form.text("choice"), form.text("ballot_reason"))
    said = _("Your ballot is cast. You can change it until the vote closes.")
    return await _done(request, account, proposal, act, said, form)


async def withdraw(request: web.Request) -> web.StreamResponse:
    """Take one's own proposal back."""
    account, proposal, form = await _begin(request)
    act = proposing.withdraw(proposal, account, form.text("because"))
    return await _done(request, account, proposal, act, _("It is withdrawn."), form)


async def veto(request: web.Request) -> web.StreamResponse:
    """Stop it on a reserved ground."""
    account, proposal, form = await _begin_as_admin(request)
    ground, because = form.text("ground"), form.text("because")
    act = proposing.veto(proposal, account, ground, because, address=address_of(request))
    return await _done(request, account, proposal, act, _("It is stopped."), form)


async def decide(request: web.Request) -> web.StreamResponse:
    """Answer it in writing."""
    account, proposal, form = await _begin_as_admin(request)
    act = proposing.decide(
        proposal,
        account,
        form.text("outcome"),
        form.text("answer"),
        form.text("departing"),
        address=address_of(request),
    )
    return await _done(request, account, proposal, act, _("It is answered."), form)


async def declare(request: web.Request) -> web.StreamResponse:
    """Put a draft in force at once."""
    account, proposal, form = await _begin_as_admin(request)
    until = _moment(form.text("until"))
    act = emergency.declare(proposal, account, until, address=address_of(request))
    return await _done(request, account, proposal, act, _("It is in force."), form)


ACTS = {
    "publish": publish,
    "suggest": suggest,
    "sponsor": sponsor,
    "unsponsor": unsponsor,
    "vote": vote,
    "withdraw": withdraw,
    "veto": veto,
    "decide": decide,
    "emergency": declare,
}


async def named(request: web.Request) -> Proposal:
    """Return the proposal an address names; a draft is there for its maker, and the admins."""
    found = Proposal.filter(id=number(request.match_info["id"]) or 0)
    proposal = await found.select_related("proposer", "answered_by").first()
    account = await asking(request)
    if proposal is None or not _may_read(proposal, account):
        raise Missing(request.path)
    return proposal


def _may_read(proposal: Proposal, account: Account | None) -> bool:
    if proposal.is_public:
        return True
    if account is None:
        return False
    is_handed_in = proposal.is_suggested and participant(account).is_admin
    return proposal.proposer_id == account.actor_id or is_handed_in


async def _drafts(account: Account | None) -> list[Proposal]:
    if account is None:
        return []
    drafts = Proposal.filter(state=ProposalState.DRAFT).order_by("-id").limit(LINES)
    mine = await drafts.filter(proposer_id=account.actor_id).select_related("proposer")
    if not participant(account).is_admin or not steward():
        return mine
    others = drafts.filter(is_suggested=True).exclude(proposer_id=account.actor_id)
    return [*await others.select_related("proposer"), *mine]


def _may_propose(account: Account | None) -> bool:
    who = participant(account) if account else None
    return who is not None and (who.is_eligible or who.is_admin)


async def _begin(request: web.Request) -> tuple[Account, Proposal, Posted]:
    account = await acting(request)
    form = await read_form(request)
    return account, await named(request), form


async def _begin_as_admin(request: web.Request) -> tuple[Account, Proposal, Posted]:
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    return account, await named(request), form


async def _done(
    request: web.Request,
    account: Account,
    proposal: Proposal,
    act: Awaitable[object],
    said: str,
    form: Posted | None = None,
) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": proposal.page})
    try:
        await act
    except NotValid as error:
        shown = (form or Posted()).shown({error.field: why(error)})
        return await _page(request, await named(request), account, shown)
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, said)
    return response


async def _page(
    request: web.Request, proposal: Proposal, account: Account | None, form: Form | None = None
) -> web.StreamResponse:
    sponsors = await Sponsor.filter(proposal_id=proposal.id).values("actor_id")
    view = await proposal_view(proposal, account)
    own = {"choice": view.ballot.choice, "ballot_reason": view.ballot.reason} if view.ballot else {}
    reserved = current().sections.governance.reserved
    return render(
        request,
        "proposal.html",
        status=422 if form else 200,
        proposal=view,
        may=await may_do(proposal, account, [row["actor_id"] for row in sponsors]),
        votes=_choices(VOTES),
        outcomes=_choices(OUTCOMES),
        grounds=tuple(Choice(each.value, str(GROUNDS[each])) for each in reserved),
        form=form or Form(values=own),
        emergency_days=current().sections.governance.emergency_days,
    )


def _choices(words: Mapping[Vote, Lazy] | Mapping[ProposalState, Lazy]) -> tuple[Choice, ...]:
    return tuple(Choice(each.value, str(label)) for each, label in words.items())


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise web.HTTPBadRequest from error
