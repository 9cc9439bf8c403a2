"""/api/v1/admin/measures, dimensions and retention: what can be counted from what is kept."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from core import sql
from core.release import VERSION
from federation.errors import Malformed
from federation.urls import canonical_host
from web.api.answers import answer, ts
from web.api.asked import Asked, asked
from web.api.errors import Invalid

DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
MOST_LINES = 20
MOST_COHORTS = 60

# Measure → table, its moment, what else is asked of its rows; `?` is the server that is named.
COUNTED = {
    "new_users": ("account", "created_at", ""),
    "opened_reports": ("report", "created_at", ""),
    "resolved_reports": ("report", "answered_at", ""),
    "instance_accounts": ("actor", "created_at", " AND host = ?"),
    "instance_reports": (
        "report",
        "created_at",
        " AND target_id IN (SELECT id FROM actor WHERE host = ?)",
    ),
}
OF_SERVERS = ("instance_accounts", "instance_reports")


async def measures(request: web.Request) -> web.Response:
    """What was counted day by day; keys that nothing is kept for are left out."""
    wanted = await asked(request)
    begin, end = _period(wanted)
    keys = [each for each in dict.fromkeys(wanted.texts("keys")) if each in COUNTED]
    return answer([await _measure(each, begin, end, _server(each, wanted)) for each in keys])


async def dimensions(request: web.Request) -> web.Response:
    """What there is most of; keys that nothing is kept for are left out."""
    wanted = await asked(request)
    begin, end = _period(wanted)
    most = min(max(wanted.number("limit") or MOST_LINES, 1), MOST_LINES)
    keys = [each for each in dict.fromkeys(wanted.texts("keys")) if each in DIMENSIONS]
    return answer(
        [{"key": each, "data": await DIMENSIONS[each](begin, end, most)} for each in keys]
    )


async def retention(request: web.Request) -> web.Response:
    """Of those who joined in a period, how many were here in it or later, by when last seen."""
    wanted = await asked(request)
    begin, end = _period(wanted)
    frequency = wanted.text("frequency") or "day"
    if frequency not in ("day", "month"):
        raise Invalid({"frequency": ("ERR_INCLUSION", "is not included in the list")})
    starts = _starts(begin, end, frequency)
    if len(starts) > MOST_COHORTS:
        raise Invalid({"end_at": ("ERR_INVALID", f"makes more than {MOST_COHORTS} periods")})
    edges = [*starts, _next(starts[-1], frequency)]
    rows = await sql.rows(
        "SELECT created_at, seen_at FROM account WHERE created_at >= ? AND created_at < ?",
        [edges[0], edges[-1]],
    )
    people = [(_moment(row["created_at"]), _moment(row["seen_at"])) for row in rows]
    return answer([_cohort(edges, place, people, frequency) for place in range(len(starts))])


async def _measure(key: str, begin: datetime, end: datetime, server: list[str]) -> dict[str, Any]:
    days = await _by_day(key, begin, end, server)
    before = await _by_day(key, begin - (end - begin), begin, server)
    data = []
    day = begin
    while day < end:
        data.append({"date": ts(day), "value": str(days.get(day.date().isoformat(), 0))})
        day += DAY
    return {
        "key": key,
        "unit": None,
        "total": str(sum(days.values())),
        "previous_total": str(sum(before.values())),
        "data": data,
    }


async def _by_day(key: str, begin: datetime, end: datetime, server: list[str]) -> dict[str, int]:
    table, column, more = COUNTED[key]
    day = f"SUBSTR(CAST({column} AS TEXT), 1, 10)"
    if sql.is_postgres():
        day = f"TO_CHAR({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    rows = await sql.rows(
        f"SELECT {day} AS day, COUNT(*) AS count FROM {table}"  # noqa: S608  names of ours
        f" WHERE {column} >= ? AND {column} < ?{more} GROUP BY 1",
        [begin, end, *server],
    )
    return {row["day"]: row["count"] for row in rows}


async def _languages(begin: datetime, end: datetime, most: int) -> list[dict[str, str]]:
    """Count the languages that people here read in, of those who were seen in the period."""
    rows = await sql.rows(
        "SELECT locale AS key, COUNT(*) AS count FROM account WHERE seen_at >= ? AND seen_at < ?"
        " AND closed_at IS NULL GROUP BY locale ORDER BY count DESC, locale LIMIT ?",
        [begin, end, most],
    )
    return _lines(rows)


async def _servers(begin: datetime, end: datetime, most: int) -> list[dict[str, str]]:
    """Count the accounts of each server that became known in the period."""
    rows = await sql.rows(
        "SELECT a.host AS key, COUNT(*) AS count FROM actor a LEFT JOIN account c"
        " ON c.actor_id = a.id WHERE a.created_at >= ? AND a.created_at < ? AND a.gone_at IS NULL"
        " AND (a.local_name IS NULL OR c.id IS NOT NULL)"
        " GROUP BY a.host ORDER BY count DESC, a.host LIMIT ?",
        [begin, end, most],
    )
    return _lines(rows)


async def _versions(begin: datetime, end: datetime, most: int) -> list[dict[str, str]]:
    """Name the programs that run here."""
    name, statement = "SQLite", "SELECT sqlite_version() AS version"
    if sql.is_postgres():
        name, statement = "PostgreSQL", "SELECT current_setting('server_version') AS version"
    rows = await sql.rows(statement, [])
    found = (("Rubric", VERSION), (name, str(rows[0]["version"])))
    return [
        {"key": each.lower(), "human_key": each, "value": value, "human_value": value}
        for each, value in found[:most]
    ]


async def _space(begin: datetime, end: datetime, most: int) -> list[dict[str, str]]:
    """Add up the bytes of the database, and of the files that were counted when they were made."""
    statement = "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
    if sql.is_postgres():
        statement = "SELECT pg_database_size(current_database()) AS bytes"
    rows = await sql.rows(statement, [])
    files = await sql.rows("SELECT COALESCE(SUM(size), 0) AS bytes FROM media_file", [])
    found = (("database", "Database", rows), ("media", "Media", files))
    return [
        {
            "key": key,
            "human_key": name,
            "value": str(counted[0]["bytes"]),
            "unit": "bytes",
            "human_value": f"{int(counted[0]['bytes']) / 1048576:.1f} MiB",
        }
        for key, name, counted in found[:most]
    ]


Dimension = Callable[[datetime, datetime, int], Awaitable[list[dict[str, str]]]]
DIMENSIONS: dict[str, Dimension] = {
    "languages": _languages,
    "servers": _servers,
    "software_versions": _versions,
    "space_usage": _space,
}


def _lines(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {"key": row["key"], "human_key": row["key"], "value": str(row["count"])} for row in rows
    ]


def _server(key: str, wanted: Asked) -> list[str]:
    """Read the server that a measure is about, as `instance_accounts[domain]`."""
    if key not in OF_SERVERS:
        return []
    about = wanted.group(key) or Asked({})
    try:
        return [canonical_host(about.needed("domain"))]
    except Malformed as error:
        raise Invalid({f"{key}.domain": ("ERR_INVALID", "is no server")}) from error


def _period(wanted: Asked) -> tuple[datetime, datetime]:
    """Read whole days: from the first to the last, both counted."""
    wanted.needed("start_at")
    wanted.needed("end_at")
    first, last = wanted.moment("start_at"), wanted.moment("end_at")
    if first is None or last is None or not first <= last:
        raise Invalid({"end_at": ("ERR_INVALID", "is before the start")})
    if not 1971 <= first.year <= last.year <= 9000:
        raise Invalid({"start_at": ("ERR_INVALID", "is no day that could be counted")})
    begin, end = _midnight(first), _midnight(last) + DAY
    if end - begin > LONGEST:
        raise Invalid({"end_at": ("ERR_INVALID", "is more than a year after the start")})
    return begin, end


def _midnight(moment: datetime) -> datetime:
    at = moment.astimezone(UTC)
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def _starts(begin: datetime, end: datetime, frequency: str) -> list[datetime]:
    first = begin if frequency == "day" else begin.replace(day=1)
    found = [first]
    while (following := _next(found[-1], frequency)) < end:
        found.append(following)
    return found


def _next(start: datetime, frequency: str) -> datetime:
    if frequency == "day":
        return start + DAY
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def _moment(value: Any) -> datetime | None:
    """Read a moment as the database gives it."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(found, datetime):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _cohort(
    edges: list[datetime],
    place: int,
    people: list[tuple[datetime | None, datetime | None]],
    frequency: str,
) -> dict[str, Any]:
    begin, end = edges[place], edges[place + 1]
    joined = [seen for at, seen in people if at is not None and begin <= at < end]
    data = []
    for start in edges[place:-1]:
        # Who joined in a period was here in it; of later ones the last visit tells.
        here = (
            len(joined)
            if start == begin
            else sum(seen is not None and seen >= start for seen in joined)
        )
        rate = here / len(joined) if joined else 0.0
        data.append({"date": ts(start), "rate": rate, "value": str(here)})
    return {"period": ts(begin), "frequency": frequency, "data": data}
