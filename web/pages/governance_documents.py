"""Proposals and ideas for programs: what everyone can read, and no ballot."""

from datetime import datetime
from typing import Any

from aiohttp import web

from core.paging import number
from core.settings import settings
from moderation.difference import difference
from moderation.ideas import Idea
from moderation.proposals import Proposal, ProposalText, Sponsor
from moderation.proposing import base_of
from web.errors import Missing
from web.render import query

LINES = 40
PROPOSALS = "/policy/proposals.json"
IDEAS = "/ideas.json"


async def proposals(request: web.Request) -> web.StreamResponse:
    """Answer with a page of the proposals that were published, the newest first."""
    found = Proposal.filter(opened_at__not_isnull=True).order_by("-id").limit(LINES + 1)
    if before := number(request.query.get("max_id", "")):
        found = found.filter(id__lt=before)
    rows = await found.select_related("proposer", "thread")
    body: dict[str, Any] = {"proposals": [_proposal(each) for each in rows[:LINES]]}
    if len(rows) > LINES:
        body["next"] = settings().url(query(PROPOSALS, max_id=rows[LINES - 1].id))
    return web.json_response(body)


async def proposal(request: web.Request) -> web.StreamResponse:
    """Answer with one proposal: its changes key by key, its texts and its receipts too."""
    wanted = Proposal.filter(id=number(request.match_info["id"]) or 0, opened_at__not_isnull=True)
    found = await wanted.select_related("proposer", "thread").first()
    if found is None:
        raise Missing(request.path)
    changes = difference((await base_of(found)).sections, found.sections)
    sponsors = await Sponsor.filter(proposal_id=found.id).order_by("id").select_related("actor")
    texts = await ProposalText.filter(proposal_id=found.id).order_by("number")
    body = _proposal(found) | {
        "reason": found.reason,
        "changes": [
            {"path": list(each.path), "kind": each.kind, "before": each.before, "after": each.after}
            for each in changes
        ],
        "simulation": found.simulation,
        "sponsors": [each.actor.uri for each in sponsors],
        "texts": [
            {"number": each.number, "published": _moment(each.created_at), "why": each.why}
            for each in texts
        ],
        "numbers": found.numbers,
        "receipts": found.receipts,
        "ballot_reasons": found.ballot_reasons,
    }
    return web.json_response(body)


async def ideas(request: web.Request) -> web.StreamResponse:
    """Answer with a page of the ideas, the newest first."""
    found = Idea.all().order_by("-id").limit(LINES + 1)
    if before := number(request.query.get("max_id", "")):
        found = found.filter(id__lt=before)
    rows = await found.select_related("author", "thread")
    body: dict[str, Any] = {"ideas": [_idea(each) for each in rows[:LINES]]}
    if len(rows) > LINES:
        body["next"] = settings().url(query(IDEAS, max_id=rows[LINES - 1].id))
    return web.json_response(body)


def _proposal(each: Proposal) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "url": settings().url(each.page),
        "state": each.state.value,
        "title": each.title,
        "summary": each.summary,
        "language": each.language,
        "proposer": each.proposer.uri,
        "based_on": each.based_on,
        "is_wording": each.is_wording,
        "thread": each.thread.uri if each.thread else None,
        "published": _moment(each.opened_at),
        "next_step": _moment(each.due_at),
        "vote": {
            "opened": _moment(each.vote_began_at),
            "closed": _moment(each.vote_ended_at),
            "electorate": each.electorate,
            "quorum": each.quorum,
            "tally": each.tally,
        },
        "answer": each.answer,
        "departing": each.departing,
        "ended_because": each.ended_because,
        "veto_ground": each.veto_ground.value if each.veto_ground else None,
        "decided": _moment(each.decided_at),
        "version": each.version,
        "is_emergency": each.is_emergency,
        "expires": _moment(each.expires_at),
    }


def _idea(each: Idea) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "url": settings().url(each.page),
        "kind": each.kind.value,
        "state": each.state.value,
        "title": each.title,
        "text": each.text,
        "language": each.language,
        "author": each.author.uri,
        "published": _moment(each.created_at),
        "supports": each.supports,
        "thread": each.thread.uri if each.thread else None,
        "answer": each.answer,
        "release": each.release,
        "proposal": settings().url(f"/policy/proposals/{each.proposal_id}")
        if each.proposal_id
        else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
