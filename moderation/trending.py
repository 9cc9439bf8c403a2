"""What is trending, by the numbers the policy sets; runs by the clock."""

from dataclasses import replace

from moderation.policy import current
from notes import trending
from notes.trending import Formula


async def count_anew() -> None:
    """Put the trending notes into their order as it is now."""
    await trending.count_anew(_formula())


async def top_threads(group_id: int, *, hours: int) -> list[int]:
    """Return the ids of the threads of a group that most was made of in so many hours: a group is
    small, so one person's act is enough, and the score fades as the policy says."""
    narrowed = replace(_formula(), window_hours=hours, least_people=1)
    return await trending.top_in(group_id, narrowed)


def _formula() -> Formula:
    said = current().sections.ranking
    return Formula(
        said.save,
        said.comment,
        said.boost,
        said.like,
        said.half_life_hours,
        said.window_hours,
        said.least_people,
        said.least_account_days,
    )


async def trending_links() -> list[int]:
    """Return the ids of the cards of trending notes, by the sum of what these notes have; none
    while there are too few."""
    return await trending.trending_links(current().sections.ranking.least_notes)


async def trending_notes() -> list[int]:
    """Return the ids of the trending notes, the first one first; none while there are too few."""
    return await trending.trending(current().sections.ranking.least_notes)
