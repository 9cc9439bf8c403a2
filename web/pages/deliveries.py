"""Letters to other servers: how it goes with each, for the admins; tried now, or dropped."""

from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import Account, Role
from core.ids import new_id
from core.paging import number
from moderation.audit import write_down
from outbox.by_hand import DROPPABLE, drop, try_again, try_now
from outbox.letters import TAKING_BACK
from outbox.lines import (
    MOST_COUNTED,
    MOST_SORTED,
    Line,
    Show,
    Waiting,
    count_failing,
    hosts_failing,
    hosts_with,
    kinds_in,
    letters_in,
    lines_of,
)
from outbox.refusals import NotAllowed
from outbox.sent import State
from web.addresses import address_of
from web.asking import staff
from web.building.deliveries import PAGE, drop_page, line_page, line_view, show_tabs
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.settings import saved
from web.refusals import why
from web.render import query, render
from web.texts import _, ngettext
from web.views.frame import Form, Pager

SERVERS, LETTERS = 20, 20


async def show(request: web.Request) -> web.StreamResponse:
    """List servers with letters in a state, or those that fail, or find one by its name."""
    await staff(request, Role.ADMIN)
    asked = request.query.get("host", "").strip().lower()
    if asked and await lines_of([asked]):
        raise web.HTTPSeeOther(f"{PAGE}/{asked}")
    chosen = _show(request.query.get("show", ""))
    hosts = await _hosts(chosen, request.query.get("after", ""))
    lines = await lines_of(hosts[:SERVERS])
    more = query(PAGE, show=chosen, after=_place(chosen, lines[-1])) if len(hosts) > SERVERS else ""
    problem = {"host": _("No letters were ever written to a server of this name.")} if asked else {}
    return render(
        request,
        "admin/deliveries.html",
        status=404 if asked else 200,
        tabs=show_tabs(chosen, {Show.FAILING: await count_failing()}),
        show=chosen.value,
        lines=[line_view(each) for each in lines],
        pager=Pager(older_url=more),
        form=Form(values={"host": asked}, errors=problem),
    )


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show a server, with its letters in one state."""
    await staff(request, Role.ADMIN)
    line, state = await _line(request), _state(request.query.get("show", ""))
    letters = await letters_in(
        line.host, state, after=_after(request.query.get("after", "")), most=LETTERS + 1
    )
    page = line_page(line, state, letters[:LETTERS])
    rest = ""
    if len(letters) > LETTERS:
        rest = query(page.line.url, show=state, after=_mark(letters[LETTERS - 1]))
    return render(request, "admin/line.html", page=page, pager=Pager(older_url=rest))


async def retry(request: web.Request) -> web.StreamResponse:
    """Have a server tried now, with all that waits for it."""
    account = await staff(request, Role.ADMIN)
    await read_form(request)
    line = await _line(request)
    to = f"{PAGE}/{line.host}"
    try:
        async with in_transaction():
            await try_now(line.host)
            await _note(request, account, "delivery.retry", line.host, count=_count(line.waiting))
    except NotAllowed as error:
        return _refused(to, why(error))
    return saved(to, _("It is tried now. Look again in a moment."))


async def take_up(request: web.Request) -> web.StreamResponse:
    """Have letters tried again that were stopped or parked."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    line, numbers = await _line(request), [number(each) or 0 for each in form.all("letter")]
    to = f"{PAGE}/{line.host}?show={_state(form.text('show'))}"
    async with in_transaction():
        taken = await try_again(numbers[:LETTERS])
        if taken:
            await _note(request, account, "delivery.again", line.host, count=str(len(taken)))
    if not taken:
        return _refused(
            to,
            _("These may not go any more. Something later took their place, or a rule keeps them."),
        )
    many = len(taken)
    return saved(
        to, ngettext("One letter is tried again.", "%(num)s letters are tried again.", many)
    )


async def show_drop(request: web.Request) -> web.StreamResponse:
    """Say what would be dropped, and ask whether that is wanted."""
    await staff(request, Role.ADMIN)
    line, state = await _line(request), _droppable(request.query.get("show", ""))
    up_to = new_id()
    kinds = await kinds_in(line.host, state, up_to=up_to)
    if not kinds:
        return _refused(f"{PAGE}/{line.host}", _("There is nothing to drop."))
    page = drop_page(line, state, kinds, up_to=up_to)
    return render(request, "admin/drop_letters.html", page=page, form=Form(values={"spare": "1"}))


async def drop_line(request: web.Request) -> web.StreamResponse:
    """Drop what was shown; what came into the line since then stays."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    line, state, up_to = await _line(request), _droppable(form.text("show")), _up_to(form)
    kinds, spares = await kinds_in(line.host, state, up_to=up_to), form.is_on("spare")
    async with in_transaction():
        await drop(line.host, state, up_to=up_to, spares=spares)
        dropped = [
            f"{kind}: {many}"
            for kind, many in kinds.most_common()
            if not (spares and kind in TAKING_BACK)
        ]
        if kinds.total() > MOST_SORTED:
            dropped.append(f"{MOST_SORTED}+")
        await _note(
            request, account, "delivery.drop", line.host,
            dropped=dropped, letters=state.value, spared="yes" if spares else "no",
        )  # fmt: skip
    to = f"{PAGE}/{line.host}?show={State.STOPPED}"
    return saved(to, _("They are being dropped. Each stands here as stopped, with the reason."))


async def _hosts(chosen: Show, after: str) -> list[str]:
    if chosen != Show.FAILING:
        return await hosts_with(State(chosen.value), after=after, most=SERVERS + 1)
    since, _dot, host = after.partition(".")
    return await hosts_failing(after=(number(since) or 0, host), most=SERVERS + 1)


def _place(chosen: Show, line: Line) -> str:
    return f"{line.failing_since}.{line.host}" if chosen == Show.FAILING else line.host


async def _line(request: web.Request) -> Line:
    found = await lines_of([request.match_info["host"].lower()])
    if not found:
        raise Missing(request.path)
    return found[0]


def _show(written: str) -> Show:
    return Show(written) if written in set(Show) else Show.WAITING


def _state(written: str) -> State:
    is_known = written in {State.PARKED, State.STOPPED}
    return State(written) if is_known else State.WAITING


def _droppable(written: str) -> State:
    return State(written) if written in set(DROPPABLE) else State.WAITING


def _mark(letter: Waiting) -> str:
    return f"{letter.lane}.{letter.due}.{letter.id}"


def _after(written: str) -> tuple[int, int, int]:
    """Read where a page of letters begins; from the beginning where that is not said."""
    lane, due, last = [number(each) for each in (*written.split("."), "", "", "")[:3]]
    if lane is None or due is None or last is None or lane > 9:
        return (-1, 0, 0)
    return (lane, due, last)


def _up_to(form: Posted) -> int:
    return number(form.text("up_to")) or 0


async def _note(
    request: web.Request, account: Account, act: str, host: str, **after: object
) -> None:
    about, address = f"delivery:{host}", address_of(request)
    await write_down(account.actor_id, act, about, after=after, address=address)


def _count(many: int) -> str:
    return f"{MOST_COUNTED}+" if many > MOST_COUNTED else str(many)


def _refused(to: str, said: str) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": to})
    say(response, said, "problem")
    return response
