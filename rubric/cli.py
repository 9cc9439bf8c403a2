"""The `rubric` command."""

import asyncio
import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click

from core.release import VERSION
from core.settings import MOST_WORKERS, why_not_many
from rubric import checks, cli_backup, cli_media, cli_people, cli_policy, cli_record
from rubric.many import serve_many
from rubric.migrating import migrate as bring_up_to_date
from rubric.migrating import write_migration
from rubric.running import plainly, run, settings_of
from rubric.serve import serve as run_server
from rubric.serve import work as run_worker
from web.api.openapi import document
from web.api.table import CALLS


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


for each in (
    cli_people.user,
    cli_people.token,
    cli_people.announce,
    cli_people.list_acts,
    cli_media.index_notes,
    cli_media.media,
    cli_media.emoji,
    cli_policy.policy,
    cli_record.record,
    cli_backup.make,
    cli_backup.restore,
):
    main.add_command(each)


@main.command()
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Instead of server.workers.")
@click.option("--beside", type=int, hidden=True)
@click.pass_context
def serve(context: click.Context, workers: int | None, beside: int | None) -> None:
    """Serve until stopped; an empty database is set up first."""
    chosen = settings_of(context)
    if beside is not None:
        plainly(run_server(chosen, beside=beside))
        return
    count = workers or chosen.server.workers
    if problem := why_not_many(chosen.database.url, count):
        raise click.ClickException(problem)
    _set_up_apart()
    if count > 1:
        sys.exit(asyncio.run(serve_many(context.find_root().obj, count)))
    plainly(run_server(chosen))


@main.command()
@click.pass_context
def work(context: click.Context) -> None:
    """Do what waits (letters, pictures, films), beside `serve` or on another machine."""
    chosen = settings_of(context)
    _set_up_apart()
    plainly(run_worker(chosen))


def _set_up_apart() -> None:
    """Bring the tables to this release in a process of its own, and end where it fails.

    Tortoise copies every model for every step; a server that did it itself would keep the 70 MiB.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            plainly(bring_up_to_date())
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
    settings_of(context)
    done = plainly(bring_up_to_date())
    click.echo("\n".join(f"applied {name}" for name in done) or "the tables are up to date")


@main.command(hidden=True)
@click.pass_context
def makemigrations(context: click.Context) -> None:
    """Write a migration for what changed in the models (for developers)."""
    settings_of(context)
    click.echo("\n".join(plainly(write_migration())) or "no changes")


@main.command("demo")
@click.pass_context
def fill(context: click.Context) -> None:
    """Fill the instance with believable people, notes and pictures."""
    # It paints, and a server that never does has no use for the brushes (3 MiB).
    click.echo(run(context, import_module("rubric.demo").fill))


@main.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look whether this instance is set up as it should be."""
    findings = run(context, checks.look)
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
    chosen = settings_of(context)
    problems = checks.config_problems(chosen)
    if problems:
        raise click.ClickException("\n".join(problems))
    click.echo(f"{context.find_root().obj}: good")
