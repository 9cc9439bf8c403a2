"""The table: what another server answered → what becomes of the letter (reliability.md 3.5)."""

import msgspec

from actors.circuit import DAY, GIVEN_UP_AFTER, HOUR, MINUTE, jittered
from federation.answers import Answer
from federation.errors import FederationError, Unreachable
from outbox.sent import State

SECOND = 1000
# Outlasts every anchor and every long weekend; after the last one, every day up to the eighth.
PAUSES = (
    *(15 * SECOND, MINUTE, 5 * MINUTE, 20 * MINUTE),
    *(HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR),
)
LONGEST_WAIT = DAY
LONGEST_ERROR = 500


class Outcome(msgspec.Struct, frozen=True):
    """What becomes of a letter: done, stopped, or waiting for `pause` milliseconds more.

    `is_down` says that its server failed, `host_waits` how long it wants to hear nothing at all,
    `is_lost` that the letterbox is not there, so that its owner must be asked for the new one.
    """

    state: State
    code: int = 0
    error: str = ""
    pause: int = 0
    host_waits: int = 0
    is_down: bool = False
    is_lost: bool = False


def outcome_of(answer: Answer | FederationError, *, attempts: int, age: int) -> Outcome:
    """Decide about a letter written `age` milliseconds ago and tried `attempts` times before."""
    outcome = _said(answer) if isinstance(answer, Answer) else _failed(answer)
    if outcome.state != State.WAITING:
        return outcome
    pause = max(pause_after(attempts), outcome.host_waits)
    if age + pause > GIVEN_UP_AFTER:
        return _stopped(outcome, f"given up after 8 days: {outcome.error}")
    # Their cache of our key may be stale for a day; longer than that they mean it.
    if outcome.code == 401 and attempts >= len(PAUSES):
        return _stopped(outcome, f"given up after a day: {outcome.error}")
    return msgspec.structs.replace(outcome, pause=pause)


def pause_after(attempts: int) -> int:
    """Say how long to wait after a try, when there were so many before it."""
    return jittered(PAUSES[attempts] if attempts < len(PAUSES) else DAY)


def _said(answer: Answer) -> Outcome:
    code, error = answer.status, _plain(answer.note)
    match code:
        case _ if answer.is_done:
            return Outcome(State.DONE, code)
        case 404 | 410:
            return Outcome(State.WAITING, code, error, is_lost=True)
        case _ if 300 <= code < 400:
            return Outcome(State.WAITING, code, "it wants the letter elsewhere", is_lost=True)
        case 401:
            return Outcome(State.WAITING, code, error)
        case 429:
            # Who says this means all letters, also when they do not say how long.
            return Outcome(State.WAITING, code, error, host_waits=_wait(answer) or PAUSES[0])
        case _ if answer.is_final:
            return Outcome(State.STOPPED, code, error)
        case _:
            is_down = code >= 500
            return Outcome(State.WAITING, code, error, host_waits=_wait(answer), is_down=is_down)


def _failed(error: FederationError) -> Outcome:
    if isinstance(error, Unreachable):
        return Outcome(State.WAITING, 0, _plain(str(error)), is_down=True)
    # The gate refuses the address, or it is none: asking again does not make it better.
    return Outcome(State.STOPPED, 0, _plain(str(error)))


def _wait(answer: Answer) -> int:
    return min(int((answer.retry_after or 0) * SECOND), LONGEST_WAIT)


def _plain(text: str) -> str:
    """Make one line of what they wrote; no control characters, which databases and logs dislike."""
    return "".join(each if each.isprintable() else " " for each in text[:LONGEST_ERROR])


def _stopped(outcome: Outcome, error: str) -> Outcome:
    return msgspec.structs.replace(outcome, state=State.STOPPED, error=error[:LONGEST_ERROR])
