"""How one may join, and what newcomers may do before their address is confirmed."""

from dataclasses import replace

from actors.accounts import Account, is_functional, may_sign_in
from actors.registration import Mode
from actors.roles import is_watched
from moderation.policy import current
from moderation.vocabulary import Unconfirmed
from notes.note import Audience
from notes.visibility import narrower
from outbox.draft import Draft, narrowed
from outbox.refusals import NotAllowed

FOR_ALL = "Until you have confirmed your address, you can write to everyone here, not to some."
FOR_NEWCOMERS = (Audience.PUBLIC, Audience.QUIET, Audience.SERVER)


async def way_in() -> Mode:
    """Return how one may join: as the policy says, but nobody unseen while nobody watches."""
    mode = Mode(current().sections.accounts.registration.value)
    return Mode.APPROVAL if mode is Mode.OPEN and not await is_watched() else mode


def may_post(account: Account) -> bool:
    """Tell whether they may post now, be it on this server alone (security.md OAU-08)."""
    return is_functional(account) or posts_here(account)


def posts_here(account: Account) -> bool:
    """Tell whether what they post stays here until they have confirmed their address."""
    return (
        current().sections.accounts.unconfirmed is Unconfirmed.LOCAL
        and may_sign_in(account)
        and account.confirmed_at is None
        and account.actor.suspended_at is None
    )


def as_posted_by(account: Account, draft: Draft) -> Draft:
    """Keep a newcomer's note on this server, and remember what it is to become.

    Raises NotAllowed for what is for some people: on this server more would see it meanwhile.
    """
    if is_functional(account):
        return draft
    meant = narrowed(draft.audience, draft.in_reply_to, account.actor)
    if narrower(meant, Audience.SERVER) != Audience.SERVER:
        raise NotAllowed(FOR_ALL)
    later = None if meant == Audience.SERVER else meant
    return replace(draft, audience=Audience.SERVER, later=later)
