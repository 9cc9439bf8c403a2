"""What the policy asks of members in their first days: few links, few strangers named."""

from datetime import timedelta

from actors.actor import Actor, by_handle
from core.clock import now
from core.rows import exists
from moderation.matching import Facts, Seen
from moderation.policy import current
from notes.text import named_in, render
from outbox.draft import Draft
from outbox.refusals import NotValid


async def check_first_days(author: Actor, draft: Draft) -> None:
    """Raise NotValid where somebody new has more links, or names more strangers, than they may.

    A stranger is who does not follow them; numbers are `accounts.first_days` of the policy.
    """
    said = current().sections.accounts.first_days
    if author.is_group or now() - author.created_at >= timedelta(days=said.days):
        return
    if Seen(Facts(text=render(draft.source, tag_url=lambda _: ""))).links > said.links:
        raise NotValid("text", f"In your first days, at most {said.links} links in a note.")
    named = named_in(draft.source)
    if len(named) <= said.mentions:
        return
    if sum([await _is_stranger(author, each.name, each.host) for each in named]) > said.mentions:
        raise NotValid(
            "text",
            f"In your first days, at most {said.mentions} people who do not follow you in a note.",
        )


async def _is_stranger(author: Actor, name: str, host: str | None) -> bool:
    found = await by_handle(name, host)
    if found is None:
        return True
    who = [found.id, author.id, True]
    return not await exists(
        "follow", "follower_id = ? AND followed_id = ? AND is_accepted = ?", who
    )
