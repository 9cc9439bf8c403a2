"""Commands about people: accounts, tokens, announcements, and what staff did."""

from datetime import datetime

import click

from actors.accounts import Role
from rubric import audit_command, people
from rubric.running import run


@click.group()
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
    click.echo(run(context, lambda: people.create(name, email, password, Role(role))))


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.pass_context
def change_role(context: click.Context, name: str, role: str) -> None:
    """Give someone another role; they have to sign in again."""
    click.echo(run(context, lambda: people.change_role(name, Role(role))))


@user.command("password")
@click.argument("name")
@click.option("--password", required=True)
@click.pass_context
def change_password(context: click.Context, name: str, password: str) -> None:
    """Set a new password, and end every session and token."""
    click.echo(run(context, lambda: people.change_password(name, password)))


@user.command("reset-second-factor")
@click.argument("name")
@click.pass_context
def drop_second_factor(context: click.Context, name: str) -> None:
    """Take app and passkeys off an account whose owner lost them; sessions end."""
    click.echo(run(context, lambda: people.drop_second_factor(name)))


@click.command("announce")
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
    click.echo(run(context, lambda: people.announce(text, language, starts, ends)))


@click.command("audit")
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
        run(
            context,
            lambda: audit_command.listed(who=who, kind=kind, since=since, until=until, most=most),
        )
    )


@click.group()
def token() -> None:
    """Tokens for apps and scripts."""


@token.command("create")
@click.argument("name")
@click.option("--scopes", default="read write follow push", show_default=True)
@click.pass_context
def create_token(context: click.Context, name: str, scopes: str) -> None:
    """Print a token that acts for someone, as the last line."""
    click.echo(run(context, lambda: people.create_token(name, scopes.split())))
