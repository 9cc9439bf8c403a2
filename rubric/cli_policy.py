"""Commands about the policy: config.toml holds a draft of its next version."""

import time
from datetime import UTC, datetime

import click

from moderation.policy import LOOK_EVERY_S
from rubric import policy_command
from rubric.running import run, settings_of


@click.group()
def policy() -> None:
    """What the community decided."""


@policy.command("plan")
@click.pass_context
def plan_policy(context: click.Context) -> None:
    """Show how config.toml differs from the version in force, and what that would do."""
    chosen = settings_of(context)
    click.echo(run(context, lambda: policy_command.plan(chosen)))


@policy.command("simulate")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 365))
@click.pass_context
def simulate_policy(context: click.Context, days: int) -> None:
    """Show what the filters of config.toml would have met, and what servers would notice."""
    chosen = settings_of(context)
    click.echo(run(context, lambda: policy_command.simulate_draft(chosen, days)))


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
    chosen = settings_of(context)
    begins = effective.replace(tzinfo=UTC) if effective else None
    said = run(context, lambda: policy_command.apply(chosen, summary, begins))
    # A server that runs looks every so often: what is said here is true of it, too, then.
    time.sleep(LOOK_EVERY_S)
    click.echo(said)


@policy.command("export")
@click.pass_context
def export_policy(context: click.Context) -> None:
    """Print the version in force as TOML."""
    click.echo(run(context, policy_command.export))
