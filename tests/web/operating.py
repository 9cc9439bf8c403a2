"""Letters and failed work for the gallery: a server in each state, letters that were refused."""
# ruff: noqa: E501 - these are tables of content, one thing on a line

from collections import Counter

from core.clock import milliseconds
from core.ids import new_id
from core.parked import Parked
from outbox.lines import Line, Waiting
from outbox.sent import State
from web.building import deliveries, work
from web.views.operating import DropPage, JobLine, LinePage, LineView

HOUR = 3_600_000
LONG = "a-server-with-quite-a-long-name.of-some-community.example:8443"
REFUSED = "<html><head><title>403 Forbidden</title></head> nginx <b>says</b> no"


def _line(host: str, **more: object) -> Line:
    fields = {name: 0 for name in Line.__struct_fields__}
    flags = {"is_rejected": False, "is_unavailable": False, "error": ""}
    return Line(**(fields | flags | {"host": host, "next_at": 1 << 62} | more))  # type: ignore[arg-type]


def _all() -> tuple[Line, ...]:
    now = milliseconds()
    ago, later = now - 50 * HOUR, now + 3 * HOUR
    open_ = {"failing_since": ago, "failures": 8, "pause": HOUR, "next_at": later}
    return (
        _line("birch.example", waiting=2, reached_at=now - 60_000, next_at=now),
        _line(LONG, waiting=1001, parked=2, stopped=31, reached_at=ago, error="no answer within 10 seconds", erred_at=now - HOUR, **open_),
        _line("gone.example", is_unavailable=True, stopped=1001, failing_since=now - 300 * HOUR, pause=HOUR, failures=40, error="gone.example is not known", erred_at=ago),
        _line("slow.example", waiting=40, reached_at=now, wait_until=later, next_at=later, code=429, erred_at=now),
        _line("spam.example", is_rejected=True, stopped=4, reached_at=ago),
        _line("new.example", waiting=1, next_at=now + 15_000, failing_since=now, failures=1, code=502, error="Bad Gateway", erred_at=now),
    )  # fmt: skip


def lines() -> tuple[LineView, ...]:
    """One server in each state."""
    return tuple(map(deliveries.line_view, _all()))


def line_page(show: str) -> LinePage:
    """A server whose circuit is open, with letters."""
    at, box = milliseconds() + HOUR, f"https://{LONG}/users/somebody-with-a-long-name/inbox"
    letters = [
        Waiting(new_id(), "Create", f"https://{LONG}/inbox", 2, 3, at, 0, "no answer"),
        Waiting(new_id(), "Delete", f"https://{LONG}/inbox", 2, 0, at, 0, ""),
        Waiting(new_id(), "EmojiReact", box, 2, 1, at, 403, REFUSED),
    ]
    return deliveries.line_page(_all()[1], State(show), letters)


def dropping() -> DropPage:
    """More letters than are told apart."""
    kinds = Counter({"Create": 9000, "Update": 800, "Delete": 201})
    return deliveries.drop_page(_all()[1], State.WAITING, kinds, up_to=new_id())


def jobs() -> tuple[JobLine, ...]:
    """Two that failed, and one of another release."""
    at, error = milliseconds() - HOUR, "OSError(28, 'No space left on device')"
    return work.job_lines(
        [
            Parked(new_id(), "notes.process_video", 8, at, error),
            Parked(new_id(), "inbox.handle", 8, at, f"KeyError('{'x' * 90}')"),
            Parked(new_id(), "older.job", 1, at, "nobody knows the job older.job"),
        ]
    )
