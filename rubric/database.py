"""The table: every module with rows; opening, migrating and closing the database."""

from collections.abc import Sequence
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
    "actors.emojis",
    "actors.accounts",
    "actors.sessions",
    "actors.passkeys",
    "actors.second_factor",
    "actors.apps",
    "actors.tokens",
    "actors.mailed",
    "actors.invites",
    "actors.follows",
    "actors.memberships",
    "actors.groups",
    "actors.remote_groups",
    "actors.blocks",
    "actors.candidacies",
    "actors.ties",
    "actors.lists",
    "actors.circles",
    "actors.domains",
    "notes.note",
    "notes.group_posts",
    "notes.group_marks",
    "notes.mentions",
    "notes.tags",
    "notes.followed_tags",
    "notes.attachments",
    "notes.search",
    "notes.media_files",
    "notes.hashes",
    "notes.drafts",
    "notes.arriving",
    "notes.doorstep",
    "notes.polls",
    "notes.quotes",
    "notes.cards",
    "notes.reactions",
    "notes.boards",
    "notes.once",
    "notes.conversations",
    "notes.trending",
    "notes.filters",
    "notes.waiting",
    "outbox.sent",
    "moderation.policy",
    "moderation.hits",
    "moderation.lists",
    "moderation.policy_drafts",
    "moderation.cases",
    "moderation.reports",
    "moderation.decisions",
    "moderation.appeals",
    "moderation.panels",
    "moderation.audit",
    "moderation.announcements",
    "moderation.record",
    "moderation.closed_figures",
    "moderation.proposals",
    "moderation.ballots",
    "moderation.ideas",
    "inbox.received",
    "inbox.notifications",
    "inbox.sieve",
    "inbox.markers",
    "inbox.subscriptions",
    "inbox.timelines",
    "inbox.suggesting",
)


# Nothing of ours takes longer (reliability.md 5); our statements are too small for a compiler.
POSTGRES = {
    "application_name": "rubric",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
}
POSTGRES_MIGRATING = {"application_name": "rubric migrate", "lock_timeout": "5s"}
POOL = 10


def config(
    chosen: Settings, models: Sequence[str] = MODELS, *, is_migrating: bool = False
) -> dict[str, Any]:
    """Write what Tortoise needs to know; relative SQLite paths start at config.toml's folder."""
    return {
        "connections": {"default": _connection(chosen, is_migrating=is_migrating)},
        "apps": {
            "rubric": {
                "models": list(models),
                "default_connection": "default",
                "migrations": "rubric.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(chosen: Settings, *, is_migrating: bool) -> dict[str, Any]:
    url = chosen.database.url
    match urlsplit(url).scheme:
        case "sqlite":
            return _sqlite(chosen, is_migrating=is_migrating)
        case "postgres" | "postgresql" | "asyncpg":
            return _postgres(url, is_migrating=is_migrating)
    raise SettingsError(f"database.url: {url!r} is neither sqlite:// nor postgres://")


def _sqlite(chosen: Settings, *, is_migrating: bool) -> dict[str, Any]:
    if not chosen.database.url.removeprefix("sqlite://"):
        raise SettingsError("database.url: sqlite:// names no file")
    return {
        "engine": "core.sqlite",
        "credentials": {
            "file_path": str(sqlite_file(chosen)),
            "synchronous": chosen.database.synchronous,
            "busy_timeout": 5000,
            "foreign_keys": "OFF" if is_migrating else "ON",
            "journal_size_limit": 67_108_864,
        },
    }


def _postgres(url: str, *, is_migrating: bool) -> dict[str, Any]:
    connection = dict(expand_db_url("asyncpg" + url[url.index(":") :]))
    credentials = {"maxsize": POOL} | connection["credentials"]
    credentials["server_settings"] = POSTGRES_MIGRATING if is_migrating else POSTGRES
    return {"engine": "core.postgres", "credentials": credentials}


def sqlite_file(chosen: Settings) -> Path | None:
    """Return the SQLite file these settings name, or None when the rows are in PostgreSQL."""
    scheme, _, path = chosen.database.url.partition("://")
    return Path(chosen.folder, path.split("?")[0]) if scheme == "sqlite" else None


async def open_database() -> TortoiseContext:
    """Connect; close what it returns with `close_connections()`."""
    if file := sqlite_file(settings()):
        file.parent.mkdir(parents=True, exist_ok=True)
    return await Tortoise.init(config=config(settings()))
