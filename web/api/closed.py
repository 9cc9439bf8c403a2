"""The fields of answers that hold one of a few words, as apps know them (mastodon-api.md 6)."""

from actors.groups import Join, Posting, RemoteMembers, See
from actors.memberships import Role, State
from inbox.notifications import Event
from moderation.reports import Kind
from moderation.states import AppealState, CaseState, DecisionState
from notes.boards import Sharing

QUOTERS = ("public", "followers", "following", "unsupported_policy")
VISIBILITIES = ("public", "unlisted", "private", "direct")
CONTEXTS = ("home", "notifications", "public", "thread", "account")
VERDICTS = ("accept", "filter", "drop")
FEEDS = ("public", "authenticated", "disabled")

# Entity, field → the words it may hold; of a list, each of its items.
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Status", "visibility"): VISIBILITIES,
    ("ScheduledParams", "visibility"): VISIBILITIES,
    ("Source", "privacy"): VISIBILITIES,
    ("Source", "quote_policy"): ("public", "followers", "nobody"),
    ("Quote", "state"): (
        *("pending", "accepted", "rejected", "revoked", "deleted", "unauthorized"),
        *("blocked_account", "blocked_domain", "muted_account"),
    ),
    ("QuoteApproval", "automatic"): QUOTERS,
    ("QuoteApproval", "manual"): QUOTERS,
    ("QuoteApproval", "current_user"): ("automatic", "manual", "denied", "unknown"),
    ("MediaAttachment", "type"): ("image", "gifv", "video", "audio", "unknown"),
    ("PreviewCard", "type"): ("link", "photo", "video", "rich"),
    ("Filter", "context"): CONTEXTS,
    ("Filter", "filter_action"): ("warn", "hide", "blur"),
    ("V1Filter", "context"): CONTEXTS,
    ("ListEntity", "replies_policy"): ("followed", "list", "none"),
    ("Notification", "type"): tuple(each.value for each in Event),
    ("NotificationGroup", "type"): tuple(each.value for each in Event),
    **{
        ("NotificationPolicy", f"for_{kind}"): VERDICTS
        for kind in (
            *("not_following", "not_followers", "new_accounts"),
            *("private_mentions", "limited_accounts", "bots"),
        )
    },
    ("GroupStanding", "state"): tuple(State),
    ("GroupStanding", "role"): tuple(Role),
    ("GroupMember", "state"): tuple(State),
    ("GroupMember", "role"): tuple(Role),
    ("OurGroup", "join"): tuple(Join),
    ("OurGroup", "see"): tuple(See),
    ("OurGroup", "post"): tuple(Posting),
    ("OurGroup", "remote_members"): tuple(RemoteMembers),
    ("GroupReport", "state"): tuple(CaseState),
    ("WholeGroupReport", "state"): tuple(CaseState),
    ("GroupDecision", "state"): tuple(DecisionState),
    ("GroupAppeal", "state"): tuple(AppealState),
    ("Reported", "category"): tuple(Kind),
    ("BoardEntity", "sharing"): tuple(Sharing),
    ("BoardOfStatus", "sharing"): tuple(Sharing),
    ("Suggestion", "source"): ("staff", "past_interactions", "global"),
    ("Suggestion", "sources"): (
        *("featured", "most_followed", "most_interactions"),
        *("similar_to_recently_followed", "friends_of_friends"),
    ),
    ("Report", "category"): ("spam", "legal", "violation", "other"),
    ("WebPushSubscription", "policy"): ("all", "followed", "follower", "none"),
    ("DomainBlock", "severity"): ("silence", "suspend"),
    ("Feed", "local"): FEEDS,
    ("Feed", "remote"): FEEDS,
    ("Preferences", "posting:default:visibility"): VISIBILITIES,
    ("Preferences", "reading:expand:media"): ("default", "show_all", "hide_all"),
}

# Pictures that are never lacking: one empty address, and an app shows no line at all.
PICTURES = (
    *("avatar", "avatar_static", "header", "header_static", "thumbnail"),
    *("static_url", "src"),
)
