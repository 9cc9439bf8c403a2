"""Commands about the public record of decisions."""

import click

from moderation.record import SERVER
from rubric import record_command
from rubric.running import run


@click.group()
def record() -> None:
    """The public record of decisions."""


@record.command("verify")
@click.option("--at", "base", default="", help="Another server, https://other.example.")
@click.option("--chain", default=SERVER, show_default=True, help="Of the other server: its chain.")
@click.option("--root", default="", help="A seal you wrote down earlier: it has to be there still.")
@click.pass_context
def verify_record(context: click.Context, base: str, chain: str, root: str) -> None:
    """Recompute each seal, and name the entries that are not what was sealed."""
    if base:
        told = run(context, lambda: record_command.verify_there(base, chain, root))
    else:
        told = run(context, lambda: record_command.verify_here(root))
    click.echo(told)
