"""Lines of letters → what admins see of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from core.clock import milliseconds
from core.ids import moment_of
from outbox.letters import TAKING_BACK
from outbox.lines import MOST_COUNTED, MOST_SORTED, Line, Show, Waiting
from outbox.sent import FORWARDED, State
from web.render import number
from web.texts import Lazy, _, lazy
from web.views.frame import Tab
from web.views.operating import DropPage, LetterView, LinePage, LineView

PAGE = "/admin/deliveries"
SHOWS: dict[Show, Lazy] = {
    Show.WAITING: lazy("Waiting letters"),
    Show.FAILING: lazy("Failing"),
    Show.PARKED: lazy("Parked"),
    Show.STOPPED: lazy("Stopped"),
}
ACTS: dict[str, Lazy] = {
    "Create": lazy("Something new"),
    "Update": lazy("Something changed"),
    "Delete": lazy("Something deleted"),
    "Announce": lazy("Boost"),
    "Like": lazy("Like"),
    "Follow": lazy("Follow"),
    "Accept": lazy("Yes to a request"),
    "Reject": lazy("No to a request"),
    "Undo": lazy("Something undone"),
    "Block": lazy("Block"),
    "Flag": lazy("Report"),
    "Move": lazy("Move to another account"),
    "Add": lazy("Something pinned or added"),
    "Remove": lazy("Something taken away"),
    "Join": lazy("Asking to join a group"),
    "Leave": lazy("Leaving a group"),
    "Invite": lazy("Invitation"),
    FORWARDED: lazy("Passed on for someone else"),
}
"""What an act is called that a letter carries."""


def line_view(line: Line) -> LineView:
    """Show how letters to a server go."""
    state, mood = _state(line)
    is_off = line.is_rejected or line.is_unavailable
    at = max(line.next_at, line.wait_until) if line.is_planned and not is_off else 0
    now = milliseconds()
    return LineView(
        host=line.host,
        url=f"{PAGE}/{line.host}",
        state=state,
        mood=mood,
        waiting=_bounded(line.waiting, MOST_COUNTED),
        parked=_bounded(line.parked, MOST_COUNTED),
        stopped=_bounded(line.stopped, MOST_COUNTED),
        has_waiting=line.waiting > 0,
        has_parked=line.parked > 0,
        reached=_moment(line.reached_at),
        failing_since=_moment(line.failing_since),
        next=_moment(at) if at > now else None,
        otherwise=_otherwise(line),
        is_now=0 < at <= now,
        error=_said(line.code, line.error) if line.erred_at else "",
        erred=_moment(line.erred_at),
        may_hurry=not line.is_rejected and (line.waiting > 0 or line.is_unavailable),
    )


def line_page(line: Line, state: State, letters: Sequence[Waiting]) -> LinePage:
    """Show a server and its letters in one state."""
    view = line_view(line)
    tabs = (
        (State.WAITING, view.waiting),
        (State.PARKED, view.parked),
        (State.STOPPED, view.stopped),
    )
    return LinePage(
        line=view,
        tabs=tuple(
            Tab(f"{SHOWS[Show(each)]} ({many})", f"{view.url}?show={each}", each == state)
            for each, many in tabs
        ),
        state=state.value,
        letters=tuple(_letter(each, state) for each in letters),
    )


def drop_page(line: Line, state: State, kinds: Counter[str], *, up_to: int) -> DropPage:
    """Show what would be dropped: at most MOST_SORTED letters are told apart."""
    back = sum(many for kind, many in kinds.items() if kind in TAKING_BACK)
    return DropPage(
        line=line_view(line),
        state=state.value,
        kinds=tuple((act_name(kind), number(many)) for kind, many in kinds.most_common()),
        many=_bounded(kinds.total(), MOST_SORTED),
        taking_back=number(back) if back else "",
        up_to=up_to,
    )


def show_tabs(current: Show, counts: Mapping[Show, int]) -> tuple[Tab, ...]:
    """Link the four lists of servers."""
    return tuple(
        Tab(str(label), f"{PAGE}?show={show}", show == current, counts.get(show, 0))
        for show, label in SHOWS.items()
    )


def act_name(kind: str) -> str:
    """Say what kind of act a letter carries; one without a name goes by that of the protocol."""
    return str(ACTS[kind]) if kind in ACTS else kind


def _state(line: Line) -> tuple[str, str]:
    """Say how a server is treated now, and how its badge looks."""
    if line.is_rejected:
        return _("Rejected by the policy"), ""
    if line.is_unavailable:
        return _("Unavailable"), "late"
    if line.pause:
        return _("Circuit open"), "late"
    if line.failures:
        return _("Failing"), "late"
    if line.wait_until > milliseconds():
        return _("Asked us to wait"), ""
    if line.lease_until > milliseconds() and line.crashes:
        return _("A process died here"), "late"
    return (_("Circuit closed"), "good") if line.reached_at else (_("Not reached yet"), "")


def _otherwise(line: Line) -> str:
    """Say what has to happen before a server is tried for which nothing is planned."""
    if line.is_rejected:
        return _("not while the policy rejects it")
    if line.is_unavailable:
        return _("when it speaks to us, or by your hand")
    return _("when there is a letter")


def _letter(letter: Waiting, state: State) -> LetterView:
    return LetterView(
        id=letter.id,
        kind=act_name(letter.kind),
        inbox=letter.inbox,
        attempts=letter.attempts,
        written=moment_of(letter.id),
        due=_moment(letter.due) if state == State.WAITING and letter.attempts else None,
        error=_said(letter.code, letter.error) if letter.code or letter.error else "",
    )


def _said(code: int, error: str) -> str:
    """Write what went wrong as it was answered; their words stay theirs."""
    if not code:
        return error
    return f"{code} {error}" if error else _("answered %(code)s", code=code)


def _bounded(many: int, most: int) -> str:
    return _("more than %(number)s", number=number(most)) if many > most else number(many)


def _moment(at: int) -> datetime | None:
    return datetime.fromtimestamp(at / 1000, UTC) if 0 < at < 1 << 48 else None
