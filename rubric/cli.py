"""The `rubric` command."""

import asyncio
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import click

from actors.accounts import Role
from core.log import set_up_log
from core.release import VERSION
from core.settings import MOST_WORKERS, Settings, SettingsError, load, use, why_not_many
from rubric import (
    audit_command,
    checks,
    emoji_command,
    media_command,
    people,
    policy_command,
    search_command,
)
from rubric.instance import opened
from rubric.many import serve_many
from rubric.migrating import migrate as bring_up_to_date
from rubric.migrating import write_migration
from rubric.serve import serve as run_server
from rubric.serve import work as run_worker
from web.api.openapi import document
from web.api.table import CALLS

Result = TypeVar("Result")


@click.group()
@click.version_option(VERSION, prog_name="rubric")
@click.option(
    "--config",
    "path",
    default="config.toml",
    type=click.Path(path_type=Path),
    show_default=True,
    help="The settings of this machine.",
)
@click.pass_context
def main(context: click.Context, path: Path) -> None:
    """Run and look after a Rubric instance."""
    context.obj = path


def _settings(context: click.Context) -> Settings:
    try:
        chosen = load(context.find_root().obj)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    use(chosen)
    set_up_log(chosen.log)
    return chosen


def _run(context: click.Context, work: Callable[[], Awaitable[Result]]) -> Result:
    """Do something with an opened instance, and say plainly what cannot be done."""
    chosen = _settings(context)

    async def inside() -> Result:
        async with opened(chosen):
            return await work()

    return _plainly(inside())


def _plainly(work: Awaitable[Result]) -> Result:
    async def awaited() -> Result:
        return await work

    try:
        return asyncio.run(awaited())
    except (SettingsError, people.Impossible, policy_command.Impossible) as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Instead of server.workers.")
@click.option("--beside", type=int, hidden=True)
@click.pass_context
def serve(context: click.Context, workers: int | None, beside: int | None) -> None:
    """Serve until stopped; an empty database is set up first."""
    chosen = _settings(context)
    if beside is not None:
        _plainly(run_server(chosen, beside=beside))
        return
    count = workers or chosen.server.workers
    if problem := why_not_many(chosen.database.url, count):
        raise click.ClickException(problem)
    _set_up_apart()
    if count > 1:
        sys.exit(asyncio.run(serve_many(context.find_root().obj, count)))
    _plainly(run_server(chosen))


@main.command()
@click.pass_context
def work(context: click.Context) -> None:
    """Do what waits (letters, pictures, films), beside `serve` or on another machine."""
    chosen = _settings(context)
    _set_up_apart()
    _plainly(run_worker(chosen))


def _set_up_apart() -> None:
    """Bring the tables to this release in a process of its own, and end where it fails.

    Tortoise copies every model for every step; a server that did it itself would keep the 70 MiB.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _plainly(bring_up_to_date())
            code = 0
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        finally:
            # Never back into what the parent is about to do, whatever happened.
            if sys.exception():
                traceback.print_exc()
            os._exit(code)
    if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(code if code > 0 else 1)


@main.command()
@click.pass_context
def migrate(context: click.Context) -> None:
    """Bring the tables to this release."""
    _settings(context)
    done = _plainly(bring_up_to_date())
    click.echo("\n".join(f"applied {name}" for name in done) or "the tables are up to date")


@main.command(hidden=True)
@click.pass_context
def makemigrations(context: click.Context) -> None:
    """Write a migration for what changed in the models (for developers)."""
    _settings(context)
    click.echo("\n".join(_plainly(write_migration())) or "no changes")


@main.command("demo")
@click.pass_context
def fill(context: click.Context) -> None:
    """Fill the instance with believable people, notes and pictures."""
    # It paints, and a server that never does has no use for the brushes (3 MiB).
    click.echo(_run(context, import_module("rubric.demo").fill))


@main.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look whether this instance is set up as it should be."""
    findings = _run(context, checks.look)
    for each in findings:
        click.echo(str(each))
    if any(each.is_problem for each in findings):
        sys.exit(1)


@main.group()
def api() -> None:
    """What apps can ask of a server."""


@api.command("openapi")
def print_openapi() -> None:
    """Print the client API as an OpenAPI document."""
    click.echo(json.dumps(document(CALLS), indent=2, ensure_ascii=False))


@main.group()
def config() -> None:
    """The settings of this machine."""


@config.command("check")
@click.pass_context
def check_config(context: click.Context) -> None:
    """Name every unknown key, wrong type and missing file of config.toml."""
    chosen = _settings(context)
    problems = checks.config_problems(chosen)
    if problems:
        raise click.ClickException("\n".join(problems))
    click.echo(f"{context.find_root().obj}: good")


@main.group()
def user() -> None:
    """People who live here."""


@user.command("create")
@click.argument("name")
@click.option("--email", required=True)
@click.option("--password", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default="member")
@click.pass_context
def create_user(context: click.Context, name: str, email: str, password: str, role: str) -> None:
    """Make an account, confirmed at once."""
    click.echo(_run(context, lambda: people.create(name, email, password, Role(role))))


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.pass_context
def change_role(context: click.Context, name: str, role: str) -> None:
    """Give someone another role; they have to sign in again."""
    click.echo(_run(context, lambda: people.change_role(name, Role(role))))


@user.command("password")
@click.argument("name")
@click.option("--password", required=True)
@click.pass_context
def change_password(context: click.Context, name: str, password: str) -> None:
    """Set a new password, and end every session and token."""
    click.echo(_run(context, lambda: people.change_password(name, password)))


@user.command("reset-second-factor")
@click.argument("name")
@click.pass_context
def drop_second_factor(context: click.Context, name: str) -> None:
    """Take app and passkeys off an account whose owner lost them; sessions end."""
    click.echo(_run(context, lambda: people.drop_second_factor(name)))


@main.command("announce")
@click.argument("text")
@click.option("--language", default="en", show_default=True, help="Which language it is in.")
@click.option("--from", "starts", type=click.DateTime(), help="In UTC; else at once.")
@click.option("--until", "ends", type=click.DateTime(), help="In UTC; else until it is deleted.")
@click.pass_context
def announce(
    context: click.Context,
    text: str,
    language: str,
    starts: datetime | None,
    ends: datetime | None,
) -> None:
    """Show something to every member above their home, until they put it away."""
    click.echo(_run(context, lambda: people.announce(text, language, starts, ends)))


@main.command("audit")
@click.option("--who", default="", help="Only of one person: name, or name@host.")
@click.option("--kind", default="", help="Only of one kind: case, decision, policy, account, ...")
@click.option("--since", type=click.DateTime(), help="In UTC.")
@click.option("--until", type=click.DateTime(), help="In UTC; what was done then is left out.")
@click.option("--most", default=100, show_default=True, type=click.IntRange(1, 100_000))
@click.pass_context
def list_acts(
    context: click.Context,
    who: str,
    kind: str,
    since: datetime | None,
    until: datetime | None,
    most: int,
) -> None:
    """Show what staff, the clock and this command did, the newest first."""
    click.echo(
        _run(
            context,
            lambda: audit_command.listed(who=who, kind=kind, since=since, until=until, most=most),
        )
    )


@main.group()
def token() -> None:
    """Tokens for apps and scripts."""


@token.command("create")
@click.argument("name")
@click.option("--scopes", default="read write follow push", show_default=True)
@click.pass_context
def create_token(context: click.Context, name: str, scopes: str) -> None:
    """Print a token that acts for someone, as the last line."""
    click.echo(_run(context, lambda: people.create_token(name, scopes.split())))


@main.command("index")
@click.pass_context
def index_notes(context: click.Context) -> None:
    """Make the notes findable by their words that are not yet; needed once after an upgrade."""
    click.echo(_run(context, search_command.index_all))


@main.group()
def media() -> None:
    """Pictures and videos that are kept here."""


@media.command("report")
@click.pass_context
def report_media(context: click.Context) -> None:
    """Show what is kept of other servers, and which files are missing."""
    click.echo(_run(context, media_command.report))


@media.command("purge")
@click.option("--domain", default="", help="All of a server, and of those below it.")
@click.option("--account", default="", help="All of somebody: name, or name@host.")
@click.option("--hash", "digest", default="", help="One file by its SHA-256; it cannot come back.")
@click.option("--reason", default="", help="Why, for those who keep the list.")
@click.pass_context
def purge_media(
    context: click.Context, domain: str, account: str, digest: str, reason: str
) -> None:
    """Take pictures and videos off all notes, at once."""
    whose = {"domain": domain, "account": account, "digest": digest}
    click.echo(_run(context, lambda: media_command.purge(**whose, reason=reason)))


@main.group()
def emoji() -> None:
    """Pictures that stand for :words: here."""


@emoji.command("add")
@click.argument("code")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def add_emoji(context: click.Context, code: str, path: Path) -> None:
    """Let a picture be written as :CODE:; what moves stands still."""
    click.echo(_run(context, lambda: emoji_command.add(code, path)))


@emoji.command("remove")
@click.argument("code")
@click.pass_context
def remove_emoji(context: click.Context, code: str) -> None:
    """Take one away, also where it was written."""
    click.echo(_run(context, lambda: emoji_command.remove(code)))


@emoji.command("list")
@click.pass_context
def list_emojis(context: click.Context) -> None:
    """Show which there are."""
    click.echo(_run(context, emoji_command.show))


@main.group()
def policy() -> None:
    """What the community decided."""


@policy.command("plan")
@click.pass_context
def plan_policy(context: click.Context) -> None:
    """Show how config.toml differs from the version in force, and what that would do."""
    chosen = _settings(context)
    click.echo(_run(context, lambda: policy_command.plan(chosen)))


@policy.command("simulate")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 365))
@click.pass_context
def simulate_policy(context: click.Context, days: int) -> None:
    """Show what the filters of config.toml would have met, and what servers would notice."""
    chosen = _settings(context)
    click.echo(_run(context, lambda: policy_command.simulate_draft(chosen, days)))


@policy.command("apply")
@click.option("--summary", required=True, help="What changes, for the members.")
@click.option(
    "--effective",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="The day (UTC) from which it counts; without it, at once.",
)
@click.pass_context
def apply_policy(context: click.Context, summary: str, effective: datetime | None) -> None:
    """Publish the [policy] of config.toml as the next version."""
    chosen = _settings(context)
    begins = effective.replace(tzinfo=UTC) if effective else None
    click.echo(_run(context, lambda: policy_command.apply(chosen, summary, begins)))


@policy.command("export")
@click.pass_context
def export_policy(context: click.Context) -> None:
    """Print the version in force as TOML."""
    click.echo(_run(context, policy_command.export))
