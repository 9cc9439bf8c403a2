"""Commands for the day when the disk is gone."""

from pathlib import Path

import click

from rubric import backing_up, restoring
from rubric.running import plainly, settings_of


@click.command("backup")
@click.argument("place", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def make(context: click.Context, place: Path) -> None:
    """Copy database, media, settings and secret below FOLDER, while the server runs.

    Each backup gets a folder of its own, named by the moment; it has that name once it is whole.
    """
    click.echo(plainly(backing_up.back_up(settings_of(context), place)))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--verify", is_flag=True, help="Only look whether it is good; change nothing.")
@click.pass_context
def restore(context: click.Context, folder: Path, verify: bool) -> None:
    """Put a backup into the empty places that the settings name; the server is stopped."""
    work = restoring.verify if verify else restoring.restore
    click.echo(plainly(work(settings_of(context), folder)))
