"""Circles: making them, who is in them, and where these people live. For their owner alone."""

from collections.abc import Sequence

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from actors.aware import want_known
from actors.circles import (
    Circle,
    NotInCircles,
    circle_of,
    circles_of,
    delete_circle,
    in_circle,
    make_circle,
    put_in_circle,
    rename_circle,
    take_out_of_circle,
)
from core.paging import number, page_from
from inbox import finding, naming
from notes.reach import reach_by_circle
from web.asking import acting, signed_in
from web.building.circles import circle_card, circle_cards, server_lines
from web.building.people import people_cards, person_card
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.pages.profile import person_of
from web.paging import pager
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.circles import CirclePage
from web.views.frame import Form

PAGE = "/circles"
PEOPLE = 40
LONGEST = 200


async def show(request: web.Request) -> web.StreamResponse:
    """List one's circles, with a form for a new one."""
    account = await signed_in(request)
    return await _list(request, account.actor, Form())


async def make(request: web.Request) -> web.StreamResponse:
    """Make a circle, and go there."""
    account = await acting(request)
    form = await read_form(request)
    try:
        circle = await make_circle(account.actor, form.text("name"))
    except NotInCircles as error:
        return await _list(request, account.actor, form.shown({"name": why(error)}))
    return _to(circle.page, _("The circle is there. Add people to it."))


async def page(request: web.Request) -> web.StreamResponse:
    """Show who is in a circle, and find people to add."""
    account = await signed_in(request)
    circle = await _own(request, account)
    return await _page(request, account.actor, circle, Form(values={"name": circle.name}))


async def rename(request: web.Request) -> web.StreamResponse:
    """Give a circle another name."""
    account = await acting(request)
    form = await read_form(request)
    circle = await _own(request, account)
    try:
        await rename_circle(circle, form.text("name"))
    except NotInCircles as error:
        shown = form.shown({"name": why(error)})
        return await _page(request, account.actor, circle, shown)
    return _to(circle.page, _("The circle has its new name."))


async def show_delete(request: web.Request) -> web.StreamResponse:
    """Ask once more before a circle is deleted."""
    circle = await _own(request, await signed_in(request))
    return render(request, "circle_delete.html", circle=circle_card(circle, {}))


async def delete(request: web.Request) -> web.StreamResponse:
    """Delete a circle; notes that were for it stay with whom they were for."""
    account = await acting(request)
    await read_form(request)
    await delete_circle(await _own(request, account))
    return _to(PAGE, _("The circle is deleted."))


async def add(request: web.Request) -> web.StreamResponse:
    """Put somebody into a circle."""
    account = await acting(request)
    form = await read_form(request)
    circle = await _own(request, account)
    person = await _person(form.text("person"))
    try:
        await put_in_circle(circle, person)
    except NotInCircles as error:
        return _to(circle.page, why(error), kind="problem")
    await want_known([person])
    return _to(circle.page, _("%(name)s is in the circle.", name=person.display_name))


async def remove(request: web.Request) -> web.StreamResponse:
    """Take somebody out of a circle."""
    account = await acting(request)
    form = await read_form(request)
    circle = await _own(request, account)
    person = await _person(form.text("person"))
    await take_out_of_circle(circle, [person.id])
    return _to(circle.page, _("%(name)s is no longer in the circle.", name=person.display_name))


async def show_person(request: web.Request) -> web.StreamResponse:
    """Show in which of one's circles somebody is."""
    account = await signed_in(request)
    person = await _other(request, account)
    return await _of_person(request, account.actor, person, Form())


async def save_person(request: web.Request) -> web.StreamResponse:
    """Have somebody in just the circles that were chosen, and in a new one if it has a name."""
    account = await acting(request)
    person = await _other(request, account)
    form = await read_form(request)
    wanted = {number(each) for each in form.all("circle")}
    try:
        if form.text("name"):
            wanted.add((await make_circle(account.actor, form.text("name"))).id)
        for circle in await circles_of(account.actor):
            if circle.id in wanted:
                await put_in_circle(circle, person)
            else:
                await take_out_of_circle(circle, [person.id])
    except NotInCircles as error:
        return await _of_person(request, account.actor, person, form.shown({"name": why(error)}))
    await want_known([person])
    return _to(person.page, _("The circles are saved. Nobody but you knows of them."))


async def _list(request: web.Request, owner: Actor, form: Form) -> web.Response:
    return render(
        request,
        "circles.html",
        status=422 if form.errors else 200,
        form=form,
        circles=await circle_cards(owner),
    )


async def _page(request: web.Request, owner: Actor, circle: Circle, form: Form) -> web.Response:
    found = await in_circle(circle, page_from(request.query, limit=PEOPLE, most=PEOPLE))
    words = request.query.get("q", "").strip()[:LONGEST]
    return render(
        request,
        "circle.html",
        status=422 if form.errors else 200,
        form=form,
        circle=CirclePage(
            circle_card(circle, await reach_by_circle(owner)),
            await people_cards(found.rows, owner),
            await server_lines(circle),
        ),
        pager=pager(request, found),
        words=words,
        found=await people_cards(await _found(words, owner), owner) if words else (),
    )


async def _found(words: str, owner: Actor) -> Sequence[Actor]:
    named = await naming.asked(words, owner)
    people = await finding.people(words, owner, named.actor)
    return [each for each in people if not each.is_group and each.id != owner.id]


async def _of_person(request: web.Request, owner: Actor, person: Actor, form: Form) -> web.Response:
    holding = {each.id for each in await circles_of(owner, holding=person)}
    return render(
        request,
        "circle_person.html",
        status=422 if form.errors else 200,
        form=form,
        person=person_card(person),
        circles=await circle_cards(owner, holding=holding),
    )


async def _own(request: web.Request, account: Account) -> Circle:
    circle = await circle_of(account.actor, number(request.match_info["id"]))
    if circle is None:
        raise Missing(request.path)
    return circle


async def _other(request: web.Request, account: Account) -> Actor:
    person = await person_of(request)
    if person.id == account.actor_id or person.is_group:
        raise Missing(request.path)
    return person


async def _person(written: str) -> Actor:
    person = await Actor.get_or_none(id=number(written) or 0)
    if person is None or person.is_group:
        raise Missing("a person")
    return person


def _to(path: str, said: str, *, kind: str = "done") -> web.Response:
    response = web.Response(status=303, headers={"Location": path})
    say(response, said, kind)
    return response
