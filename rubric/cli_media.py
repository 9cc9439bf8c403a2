"""Commands about what is kept: pictures and videos, emojis, the words of notes."""

from pathlib import Path

import click

from rubric import emoji_command, media_command, search_command
from rubric.running import run


@click.command("index")
@click.pass_context
def index_notes(context: click.Context) -> None:
    """Make the notes findable by their words that are not yet; needed once after an upgrade."""
    click.echo(run(context, search_command.index_all))


@click.group()
def media() -> None:
    """Pictures and videos that are kept here."""


@media.command("report")
@click.pass_context
def report_media(context: click.Context) -> None:
    """Show what is kept of other servers, and which files are missing."""
    click.echo(run(context, media_command.report))


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
    click.echo(run(context, lambda: media_command.purge(**whose, reason=reason)))


@click.group()
def emoji() -> None:
    """Pictures that stand for :words: here."""


@emoji.command("add")
@click.argument("code")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def add_emoji(context: click.Context, code: str, path: Path) -> None:
    """Let a picture be written as :CODE:; what moves stands still."""
    click.echo(run(context, lambda: emoji_command.add(code, path)))


@emoji.command("remove")
@click.argument("code")
@click.pass_context
def remove_emoji(context: click.Context, code: str) -> None:
    """Take one away, also where it was written."""
    click.echo(run(context, lambda: emoji_command.remove(code)))


@emoji.command("list")
@click.pass_context
def list_emojis(context: click.Context) -> None:
    """Show which there are."""
    click.echo(run(context, emoji_command.show))
