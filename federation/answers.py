"""What another server's answer means."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from federation.errors import FederationError, Gone, NotFound, Refused, Unreachable

LONGEST_WAIT = 7 * 24 * 3600.0

# These will not change their mind because we ask again (federation.md 2).
_TRY_LATER = frozenset({401, 408, 425, 429})

Form = Literal["cavage", "rfc9421"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A JSON document, and the URL that it finally came from."""

    url: str
    document: dict[str, Any]
    content_type: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Download:
    """Bytes of a kind that was asked for."""

    url: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an inbox said to a letter; `note` is the start of its text when it was not pleased."""

    status: int
    form: Form
    retry_after: float | None = None
    note: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the letter was taken."""
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether sending it again is pointless."""
        return self.status == 501 or (400 <= self.status < 500 and self.status not in _TRY_LATER)


def error_of(url: str, status: int, retry_after: str | None) -> FederationError:
    """Name what a GET's status other than 200 means for us."""
    what = f"{url} answered {status}"
    match status:
        case 404:
            return NotFound(what)
        case 410:
            return Gone(what)
        case 408 | 425 | 429:
            return Unreachable(what, retry_after=seconds_to_wait(retry_after))
        case _ if status >= 500:
            return Unreachable(what, retry_after=seconds_to_wait(retry_after))
        case _:
            return Refused(what)


def seconds_to_wait(value: str | None, *, now: datetime | None = None) -> float | None:
    """Read Retry-After in either form (RFC 9110); at most a week, None if it says nothing."""
    text = (value or "").strip()[:64]
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)
