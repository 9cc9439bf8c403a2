"""The rules as documents that other servers and programs read (federation.md 14)."""

from datetime import datetime
from typing import Any

from aiohttp import web
from markupsafe import escape

from core.settings import settings
from federation.vocabulary import PUBLIC
from moderation.history import changed_rules
from moderation.policy import Policy, current, refresh, versions
from moderation.rules import Rule, numbered
from web.activitypub.answers import as2, wants_as2
from web.errors import Missing


async def rules(request: web.Request) -> web.Response:
    """List the rules in force, in their order, each as an article of its own."""
    await refresh()
    policy = current()
    found = [_article(policy, number, rule) for number, rule in numbered(policy.sections.rules)]
    return as2(
        {
            "id": settings().url("/policy/rules"),
            "type": "OrderedCollection",
            "attributedTo": settings().url("/actor"),
            "url": settings().url("/policy"),
            "updated": _moment(policy.effective),
            "totalItems": len(found),
            "orderedItems": found,
        },
        is_public=True,
    )


async def rule(request: web.Request) -> web.Response:
    """Answer with a rule in force; browsers go to its place on the page."""
    await refresh()
    policy, wanted = current(), request.match_info["id"]
    for number, each in numbered(policy.sections.rules):
        if each.id == wanted:
            if not wants_as2(request):
                raise web.HTTPFound(settings().url(f"/policy#{each.id}"))
            known = [one for one in await versions() if one.version <= policy.version]
            changed = changed_rules(known, since=known[-1].effective).get(each.id)
            more = {"updated": f"{changed.isoformat()}T00:00:00Z"} if changed else {}
            return as2(_article(policy, number, each) | more, is_public=True)
    raise Missing(request.path)


def _article(policy: Policy, number: int, said: Rule) -> dict[str, Any]:
    counts = policy.sections.language
    article = {
        "id": settings().url(f"/policy/rules/{said.id}"),
        "type": "Article",
        "attributedTo": settings().url("/actor"),
        "to": [PUBLIC],
        "context": settings().url("/policy/rules"),
        "url": settings().url(f"/policy#{said.id}"),
        "name": f"{number}. {said.title[counts]}",
        "nameMap": {tag: f"{number}. {title}" for tag, title in said.title.items()},
    }
    if said.text:
        words = {tag: f"<p>{escape(text)}</p>" for tag, text in said.text.items()}
        article["content"] = words.get(counts) or next(iter(words.values()))
        article["contentMap"] = words
    return article


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
