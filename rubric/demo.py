"""Filling an instance with believable people, notes and pictures drawn by a script."""


async def fill() -> str:
    """Placeholder until the people are written."""
    return ""
