"""What is trending, by the numbers the policy sets; runs by the clock."""

from moderation.policy import current
from notes import trending
from notes.trending import Formula


async def count_anew() -> None:
    """Put the trending notes into their order as it is now."""
    said = current().sections.ranking
    await trending.count_anew(
        Formula(
            said.save,
            said.comment,
            said.boost,
            said.like,
            said.half_life_hours,
            said.window_hours,
            said.least_people,
            said.least_account_days,
        )
    )


async def trending_links() -> list[int]:
    """Return the ids of the cards of trending notes, by the sum of what these notes have; none
    while there are too few."""
    return await trending.trending_links(current().sections.ranking.least_notes)


async def trending_notes() -> list[int]:
    """Return the ids of the trending notes, the first one first; none while there are too few."""
    return await trending.trending(current().sections.ranking.least_notes)
