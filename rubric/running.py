"""What every command stands on: settings, an opened instance, and plain words for what fails."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from core.log import set_up_log
from core.settings import Settings, SettingsError, load, use
from rubric import people, policy_command
from rubric.instance import opened

Result = TypeVar("Result")


def settings_of(context: click.Context) -> Settings:
    """Load the settings the command was given, and use them; raises ClickException."""
    try:
        chosen = load(context.find_root().obj)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    use(chosen)
    set_up_log(chosen.log)
    return chosen


def run(context: click.Context, work: Callable[[], Awaitable[Result]]) -> Result:
    """Do something with an opened instance, and say plainly what cannot be done."""
    chosen = settings_of(context)

    async def inside() -> Result:
        async with opened(chosen):
            return await work()

    return plainly(inside())


def plainly(work: Awaitable[Result]) -> Result:
    """Wait for some work, and say plainly what cannot be done; raises ClickException."""

    async def awaited() -> Result:
        return await work

    try:
        return asyncio.run(awaited())
    except (SettingsError, people.Impossible, policy_command.Impossible) as error:
        raise click.ClickException(str(error)) from error
