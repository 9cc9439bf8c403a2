"""Times to come, in the clock of whoever chose them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime

from actors.accounts import Account
from web.texts import babel_locale

ZONE = "UTC"


class NoTime(ValueError):
    """This is no time, or its zone is unknown."""


def zone_of(account: Account) -> str:
    """Return the zone someone chose last."""
    return str(account.preferences.get("zone", ZONE))


def read_time(written: str, zone: str) -> datetime:
    """Read what a form says (`2026-12-24T18:00` in a zone). Raises NoTime."""
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        return at.replace(tzinfo=ZoneInfo(zone or ZONE)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError) as error:
        raise NoTime(written) from error


def local_time(at: datetime, zone: str) -> str:
    """Write a time as a form wants it, in a zone."""
    return at.astimezone(_known(zone)).strftime("%Y-%m-%dT%H:%M")


def told_time(at: datetime, zone: str) -> str:
    """Write a time for people, with its zone."""
    there = at.astimezone(_known(zone))
    said = format_datetime(there, "medium", tzinfo=_known(zone), locale=babel_locale())
    return f"{said} ({zone or ZONE})"


def _known(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone or ZONE)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo(ZONE)
