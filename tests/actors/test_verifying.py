"""Links of a profile that link back, and all those that only seem to (XSS-05)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from actors.actor import Actor
from actors.profiles import change_profile, facts_from
from actors.verifying import MOST_BYTES, links_to, queue_due
from core.clock import now
from core.jobs import Job
from core.settings import settings, use
from federation.client import use_client
from rubric.instance import way_out
from tests.conftest import replaced
from web.api.entities.accounts import accounts_of
from web.building.people import person_page


class Site:
    """A web site with pages of one's own, reached by two names."""

    def __init__(self) -> None:
        self.pages: dict[str, web.Response | str] = {}
        self.asked: list[str] = []
        self.url = self.other = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Show a page, or send elsewhere."""
        self.asked.append(request.path)
        page = self.pages.get(request.path)
        if isinstance(page, web.Response):
            return page
        if page is None:
            return web.Response(status=404)
        if page.startswith("http") or page.startswith("/"):
            return web.Response(status=302, headers={"Location": page})
        return web.Response(text=page, content_type="text/html")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    made.url, made.other = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
    yield made
    await runner.cleanup()


async def says(actor: Actor, *links: str) -> None:
    """Save a profile with these lines."""
    fresh = await Actor.get(id=actor.id)
    await change_profile(fresh, facts=facts_from(("Site", link) for link in links))


async def marks(actor: Actor) -> list[bool]:
    return [bool(fact.get("verified_at")) for fact in (await Actor.get(id=actor.id)).facts]


def me(url: str) -> str:
    return f'<p><a class="x" rel="noopener ME" href=" {url} ">me</a></p>'


async def test_XSS_05_a_page_that_links_back_is_marked(settle, site, settle_down):
    mei = await settle("mei")
    site.pages["/a"] = me(settings().url("/@mei"))
    site.pages["/b"] = f'<link rel="me" href="{mei.uri}">'
    site.pages["/c"] = "/a"

    await says(mei, f"{site.url}/a", f"{site.url}/b", f"{site.url}/c", "plain words")
    await settle_down()

    shown = await person_page(await Actor.get(id=mei.id), None)
    account = (await accounts_of([await Actor.get(id=mei.id)]))[mei.id]
    assert await marks(mei) == [True, True, True, False]
    assert [each.is_verified for each in shown.fields] == [True, True, True, False]
    assert bytes(account).count(b'"verified_at":"2') == 3


async def test_XSS_05_what_only_looks_like_it_is_not_marked(settle, site, settle_down):
    mei = await settle("mei")
    ours = settings().url("/@mei")
    site.pages |= {
        "/no-rel": f'<a href="{ours}">me</a>',
        "/other-rel": f'<a rel="meow" href="{ours}">me</a>',
        "/near": me(f"{ours}2"),
        "/query": me(f"{ours}?x"),
        "/host": me(ours.replace("localhost", "localhost.example")),
        "/elsewhere": f"{site.other}/real",
        "/real": me(ours),
        "/large": f"<!-- {'x' * MOST_BYTES} -->" + me(ours),
        "/text": web.Response(text=me(ours), content_type="text/plain"),
        "/words": f'<p>rel="me" href="{ours}"</p><!-- {me(ours)} -->',
    }
    for path in [*site.pages, "/missing"]:
        if path == "/real":
            continue
        await says(mei, site.url + path)
        await settle_down()
        assert path in site.asked
        assert await marks(mei) == [False], path


async def test_XSS_05_nothing_inside_is_asked(settle, site, settle_down):
    mei = await settle("mei")
    site.pages["/a"] = me(settings().url("/@mei"))
    changed = replaced(settings(), "federation", allow_private_addresses=False)
    use(changed)
    async with way_out(changed) as strict:
        use_client(strict)
        await says(mei, f"{site.url}/a", f"{site.other}/a", "https://localhost/a")
        await settle_down()

    assert site.asked == []
    assert await marks(mei) == [False] * 3


async def test_a_mark_is_looked_at_again_and_goes_with_the_link(settle, site, settle_down):
    mei = await settle("mei")
    site.pages["/a"] = me(settings().url("/@mei"))
    await says(mei, f"{site.url}/a")
    await settle_down()
    await queue_due()
    early = await Job.filter(name="actors.verify_facts").count()
    fresh = await Actor.get(id=mei.id)
    old = [fact | {"checked_at": (now() - timedelta(days=8)).isoformat()} for fact in fresh.facts]
    await Actor.filter(id=mei.id).update(facts=old)
    site.pages["/a"] = "<p>no more</p>"

    kept = await marks(mei)
    await queue_due()
    await settle_down()

    assert (early, kept) == (0, [True])
    assert await marks(mei) == [False]


async def test_who_saves_the_same_line_again_keeps_its_mark_until_it_is_looked_at(settle, site):
    mei = await settle("mei")
    await Actor.filter(id=mei.id).update(
        facts=[{"name": "Site", "value": "x", "source": f"{site.url}/a", "verified_at": "then"}]
    )

    await says(mei, f"{site.url}/a", f"{site.url}/b")

    assert await marks(mei) == [True, False]
    assert await Job.filter(name="actors.verify_facts").count() == 1


def test_links_are_found_in_any_html():
    assert links_to(b'<LINK REL="Me" HREF="https://a.example/@m">', {"https://a.example/@m"})
    assert not links_to(b"\xff\xfe<a rel=me", {"https://a.example/@m"})
    assert not links_to(b"", {"https://a.example/@m"})
