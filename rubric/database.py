"""The table: every module with rows; opening, migrating and closing the database."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext

from core.settings import Settings, SettingsError, settings

MODELS = (
    "core.jobs",
    "core.limits",
    "actors.actor",
    "actors.keys",
    "actors.accounts",
    "actors.sessions",
    "actors.tokens",
    "actors.mailed",
    "actors.invites",
    "actors.follows",
    "actors.blocks",
    "actors.domains",
    "notes.note",
    "notes.mentions",
    "notes.tags",
    "notes.attachments",
    "notes.polls",
    "notes.reactions",
    "outbox.sent",
    "moderation.policy",
    "moderation.reports",
    "inbox.received",
    "inbox.notifications",
    "inbox.timelines",
)


def config(chosen: Settings, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Write what Tortoise needs to know; relative SQLite paths start at config.toml's folder."""
    return {
        "connections": {"default": _connection(chosen, foreign_keys=foreign_keys)},
        "apps": {
            "rubric": {
                "models": list(MODELS),
                "default_connection": "default",
                "migrations": "rubric.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(chosen: Settings, *, foreign_keys: bool) -> dict[str, Any]:
    url = chosen.database.url
    match urlsplit(url).scheme:
        case "sqlite":
            return _sqlite(chosen, url, foreign_keys=foreign_keys)
        case "postgres" | "postgresql" | "asyncpg":
            return dict(expand_db_url("asyncpg" + url[url.index(":") :]))
    raise SettingsError(f"database.url: {url!r} is neither sqlite:// nor postgres://")


def _sqlite(chosen: Settings, url: str, *, foreign_keys: bool) -> dict[str, Any]:
    return {
        "engine": "core.sqlite",
        "credentials": {
            "file_path": str(sqlite_file(chosen)),
            "synchronous": chosen.database.synchronous,
            "busy_timeout": 5000,
            "foreign_keys": "ON" if foreign_keys else "OFF",
            "journal_size_limit": 67_108_864,
        },
    }


def sqlite_file(chosen: Settings) -> Path | None:
    """Return the SQLite file these settings name, or None when the rows are in PostgreSQL."""
    scheme, _, path = chosen.database.url.partition("://")
    return Path(chosen.folder, path.split("?")[0]) if scheme == "sqlite" else None


async def open_database() -> TortoiseContext:
    """Connect; close what it returns with `close_connections()`."""
    if file := sqlite_file(settings()):
        file.parent.mkdir(parents=True, exist_ok=True)
    return await Tortoise.init(config=config(settings()))
