"""The rules of the house: as they are, as they were, and what changed."""

from typing import Any

import msgspec
from aiohttp import web

from core.paging import number
from moderation.policy import Policy, current, document_of, refresh, version_of, versions
from moderation.writing import toml_of
from web.building.policy import entry_views, history_views, policy_view
from web.building.policy_diff import policy_diff
from web.building.policy_values import value_of
from web.errors import Missing
from web.render import render


async def show(request: web.Request) -> web.StreamResponse:
    """Show the policy in force."""
    return render(request, "policy.html", policy=await policy_view(current()))


async def show_version(request: web.Request) -> web.StreamResponse:
    """Show a version, in force or not."""
    return render(request, "policy.html", policy=await policy_view(await _named(request)))


async def history(request: web.Request) -> web.StreamResponse:
    """List every version there was."""
    return render(request, "policy_history.html", versions=await history_views())


async def compare(request: web.Request) -> web.StreamResponse:
    """Go to the comparison that a form asks for."""
    one, other = (number(request.query.get(name, "")) for name in ("a", "b"))
    if one is None or other is None:
        raise Missing(request.path_qs)
    raise web.HTTPSeeOther(f"/policy/{one}..{other}")


async def difference(request: web.Request) -> web.StreamResponse:
    """Show two versions side by side, or what changed in one text."""
    before, after = await _named(request, "before"), await _named(request, "after")
    is_inline = request.query.get("view") == "inline"
    return render(request, "policy_diff.html", diff=policy_diff(before, after), is_inline=is_inline)


async def federation(request: web.Request) -> web.StreamResponse:
    """List the servers we treat differently, since when and why."""
    policy = current()
    return render(
        request,
        "federation.html",
        version=policy.version,
        others=value_of("mode", policy.sections.federation.mode),
        entries=entry_views(policy, await versions()),
    )


async def document(request: web.Request) -> web.StreamResponse:
    """Answer with the policy in force, or with `?version=`, for programs (product.md 7)."""
    await refresh()
    wanted = request.query.get("version")
    if wanted is None:
        return await _document(current())
    found = await version_of(number(wanted) or 0)
    if found is None:
        raise Missing(f"there is no version {wanted[:20]}")
    return await _document(found)


async def version_document(request: web.Request) -> web.StreamResponse:
    """Answer with one version for programs."""
    await refresh()
    return await _document(await _named(request))


async def version_toml(request: web.Request) -> web.StreamResponse:
    """Answer with one version as config.toml holds it."""
    await refresh()
    policy = await _named(request)
    name = f"policy-{policy.version}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=toml_of(policy), content_type="application/toml", headers=headers)


async def _document(policy: Policy) -> web.Response:
    body: Any = await document_of(policy)
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")


async def _named(request: web.Request, name: str = "number") -> Policy:
    found = await version_of(number(request.match_info[name]) or 0)
    if found is None:
        raise Missing(request.path)
    return found
