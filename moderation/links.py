"""The signed address under which the person concerned reads a decision, without an account."""

from core.secret import is_stamp, stamp
from core.settings import settings
from moderation.decisions import Decision

PURPOSE = "decision"
LENGTH = 32


def token_of(decision: Decision) -> str:
    """Return what opens the page of a decision; it stays the same, and only we can make it."""
    return token_for(decision.id)


def token_for(number: int) -> str:
    """Return the same for a decision known by its id."""
    return f"{number}.{stamp(PURPOSE, str(number))[:LENGTH]}"


def link_to(decision: Decision) -> str:
    """Return the whole address."""
    return settings().url(f"/d/{token_of(decision)}")


async def decision_by(token: str) -> Decision | None:
    """Find the decision that a token opens; None for one we did not make."""
    number, _, stamped = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    if not is_stamp(PURPOSE, number, stamped, length=LENGTH):
        return None
    found = Decision.filter(id=int(number), issued_at__not_isnull=True)
    return await found.select_related("actor").first()
