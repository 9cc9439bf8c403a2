"""Who makes groups here, and which, as the policy says."""

from actors.accounts import Account
from actors.groups import See
from moderation.duty import STAFF
from moderation.policy import current
from moderation.vocabulary import GroupMaking
from outbox.refusals import NotAllowed, NotValid


def check_making(account: Account, see: See) -> None:
    """Raise NotAllowed or NotValid for a group that the policy does not let somebody make."""
    groups = current().sections.groups
    if groups.create is GroupMaking.NOBODY:
        raise NotAllowed("By the rules of this server nobody makes groups now.")
    if groups.create is GroupMaking.MODERATORS and account.role not in STAFF:
        raise NotAllowed("By the rules of this server only its moderators make groups.")
    if see.value not in groups.see:
        raise NotValid("see", "The rules of this server do not have groups of this kind.")
