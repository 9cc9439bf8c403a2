"""The board of ideas, for the program and for the rules."""

from aiohttp import web

from actors.accounts import Account, Role
from core.paging import number
from moderation import wishing
from moderation.ideas import Idea
from moderation.states import IdeaKind, IdeaState
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import acting, asking, staff
from web.building.ideas import KINDS, STATES, idea_view, idea_views
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.refusals import why
from web.render import query, render
from web.texts import _, locale
from web.views.frame import Choice, Form, Pager

PAGE = "/ideas"
LINES = 20


async def show(request: web.Request) -> web.StreamResponse:
    """List the ideas, the newest first, narrowed by state or kind."""
    return await _board(request, await asking(request), Form(values={"kind": "feature"}))


async def wish(request: web.Request) -> web.StreamResponse:
    """Put an idea on the board."""
    account = await acting(request)
    form = await read_form(request)
    try:
        idea = await wishing.wish(
            account, form.text("kind"), form.text("title"), form.text("text"), locale()
        )
    except (NotValid, NotAllowed) as error:
        field = error.field if isinstance(error, NotValid) else ""
        return await _board(request, account, form.shown({field: why(error)}))
    raise web.HTTPSeeOther(idea.page)


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show an idea."""
    return await _page(request, await asking(request))


async def support(request: web.Request) -> web.StreamResponse:
    """Want it too, or no longer."""
    account = await acting(request)
    form = await read_form(request)
    idea = await _named(request)
    response = web.Response(status=303, headers={"Location": form.next(idea.page)})
    try:
        if form.is_on("support"):
            await wishing.support(idea, account.actor)
        else:
            await wishing.take_support_back(idea, account.actor)
    except NotAllowed as error:
        say(response, why(error), "problem")
    return response


async def answer(request: web.Request) -> web.StreamResponse:
    """Say what the team makes of it."""
    account = await staff(request)
    form = await read_form(request)
    idea = await _named(request)
    response = web.Response(status=303, headers={"Location": idea.page})
    try:
        await wishing.answer(
            idea,
            account,
            form.text("state"),
            form.text("answer"),
            form.text("release"),
            address=address_of(request),
        )
    except NotValid as error:
        return await _page(request, account, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, _("The idea is answered."))
    return response


async def _board(request: web.Request, account: Account | None, form: Form) -> web.StreamResponse:
    found = Idea.all().order_by("-id").limit(LINES + 1)
    kept = {}
    for name, allowed in (("state", tuple(IdeaState)), ("kind", tuple(IdeaKind))):
        if request.query.get(name) in allowed:
            kept[name] = request.query[name]
    found = found.filter(**kept)
    if before := number(request.query.get("max_id", "")):
        found = found.filter(id__lt=before)
    rows = await found.select_related("author", "answered_by")
    more = query(PAGE, **kept, max_id=rows[LINES - 1].id) if len(rows) > LINES else ""
    return render(
        request,
        "ideas.html",
        status=422 if form.errors else 200,
        ideas=await idea_views(rows[:LINES], account.actor if account else None),
        pager=Pager(older_url=more),
        kinds=tuple(Choice(each.value, str(label)) for each, label in KINDS.items()),
        states=tuple((each.value, str(label)) for each, label in STATES.items()),
        chosen=kept.get("state", ""),
        form=form,
    )


async def _page(
    request: web.Request, account: Account | None, form: Form | None = None
) -> web.StreamResponse:
    idea = await _named(request)
    view = await idea_view(idea, account.actor if account else None)
    values = {"state": idea.state.value, "answer": idea.answer, "release": idea.release}
    return render(
        request,
        "idea.html",
        status=422 if form else 200,
        idea=view,
        is_staff=account is not None and account.role != Role.MEMBER,
        states=tuple(Choice(each.value, str(label)) for each, label in STATES.items()),
        form=form or Form(values=values),
    )


async def _named(request: web.Request) -> Idea:
    found = Idea.filter(id=number(request.match_info["id"]) or 0)
    idea = await found.select_related("author", "answered_by").first()
    if idea is None:
        raise Missing(request.path)
    return idea
