"""The table: every address of the client API → what it answers.

The OpenAPI document says so, and tests hold answers to it.
"""

from enum import StrEnum
from typing import Any

from web.api.admin.shapes import ADMIN_ANSWERS
from web.api.entities.accounts import Account
from web.api.entities.boards import BoardEntity
from web.api.entities.circles import CircleEntity, CircleReach
from web.api.entities.filters import Filter, FilterKeyword, FilterStatus, V1Filter
from web.api.entities.groups import Flair, GroupAccount, GroupMember
from web.api.entities.media import MediaAttachment
from web.api.entities.notifications import NotificationPolicy, V1NotificationPolicy
from web.api.entities.polls import Poll
from web.api.entities.relationships import Relationship
from web.api.entities.scheduled import ScheduledStatus
from web.api.entities.tags import FeaturedTagEntity, TagEntity
from web.api.lists import ListEntity
from web.api.markers import MarkerEntity
from web.api.oembed import OEmbed
from web.api.push import WebPushSubscription
from web.api.shapes import (
    AuthorizationServer,
    Context,
    CredentialAccount,
    FamiliarFollowers,
    FollowsThere,
    Nothing,
    Preferences,
    Profile,
    Report,
    Status,
    StatusEdit,
)
from web.api.shapes_of_activitypub import Inbox, InboxPage, Thing
from web.api.shapes_of_desk import GroupAppeal, GroupReport, WholeGroupReport
from web.api.shapes_of_instance import (
    DomainBlock,
    Instance,
    Language,
    Rule,
    Terms,
    Text,
    V1Instance,
    Week,
)
from web.api.shapes_of_news import (
    AccountWarning,
    Announcement,
    Conversation,
    Count,
    Found,
    GroupedNotificationsResults,
    Merged,
    Notification,
    NotificationRequest,
    Suggestion,
    TrendingLink,
    V1Found,
)
from web.api.shapes_of_notes import CustomEmoji, PreviewCard
from web.api.statuses import StatusSource
from web.api.streaming import AS_EVENTS
from web.api.translating import Translation
from web.oauth.applications import Application, CredentialApplication
from web.oauth.discovery import UserInfo
from web.oauth.tokens import TokenAnswer


class Other(StrEnum):
    """What is answered that is no JSON, by its content type."""

    TEXT = "text/plain"
    EVENTS = "text/event-stream"
    SOCKET = "websocket"


STATUS_ACTS = (
    *("reblog", "unreblog", "favourite", "unfavourite", "bookmark", "unbookmark"),
    *("pin", "unpin", "mute", "unmute"),
)
ACCOUNT_ACTS = (
    *("follow", "unfollow", "block", "unblock", "mute", "unmute", "remove_from_followers"),
    *("note", "endorse", "unendorse", "pin", "unpin"),
)

# Address → what it answers with 200, by the method; several where it is one of them.
ANSWERS: dict[str, dict[str, Any]] = {
    **ADMIN_ANSWERS,
    "/u/{name}/outbox": {"POST": Thing},
    "/u/{name}/inbox": {"GET": (Inbox, InboxPage)},
    "/api/activitypub/proxy": {"POST": Thing},
    "/api/activitypub/media": {"POST": Thing},
    "/api/activitypub/media/{id}": {"GET": Thing},
    "/api/v1/apps": {"POST": CredentialApplication},
    "/api/v1/apps/verify_credentials": {"GET": Application},
    "/oauth/token": {"POST": TokenAnswer},
    "/oauth/revoke": {"POST": Nothing},
    "/oauth/userinfo": {"GET": UserInfo, "POST": UserInfo},
    "/.well-known/oauth-authorization-server": {"GET": AuthorizationServer},
    "/api/openapi.json": {"GET": dict[str, Any]},
    "/api/v1/instance": {"GET": V1Instance},
    "/api/v2/instance": {"GET": Instance},
    "/api/v1/instance/rules": {"GET": list[Rule]},
    "/api/v1/instance/extended_description": {"GET": Text},
    "/api/v1/instance/privacy_policy": {"GET": Text},
    "/api/v1/instance/terms_of_service": {"GET": Terms},
    "/api/v1/instance/terms_of_service/{date}": {"GET": Terms},
    "/api/v1/instance/domain_blocks": {"GET": list[DomainBlock]},
    "/api/v1/instance/peers": {"GET": list[str]},
    "/api/v1/instance/activity": {"GET": list[Week]},
    "/api/v1/instance/languages": {"GET": list[Language]},
    "/api/v1/instance/translation_languages": {"GET": dict[str, list[str]]},
    "/api/v1/peers/search": {"GET": list[str]},
    "/api/v1/custom_emojis": {"GET": list[CustomEmoji]},
    "/api/v1/preferences": {"GET": Preferences},
    "/api/v1/announcements": {"GET": list[Announcement]},
    "/api/v1/announcements/{id}/dismiss": {"POST": Nothing},
    "/api/v1/announcements/{id}/reactions/{name}": {"PUT": Nothing, "DELETE": Nothing},
    "/api/v1/accounts/verify_credentials": {"GET": CredentialAccount},
    "/api/v1/accounts/update_credentials": {"PATCH": CredentialAccount},
    "/api/v1/profile": {"GET": Profile, "PATCH": Profile},
    "/api/v1/profile/avatar": {"DELETE": CredentialAccount},
    "/api/v1/profile/header": {"DELETE": CredentialAccount},
    "/api/v1/reports": {"POST": Report},
    "/api/v1/accounts": {"GET": list[Account], "POST": TokenAnswer},
    "/api/v1/emails/confirmations": {"POST": Nothing},
    "/api/v1/emails/check_confirmation": {"GET": bool},
    "/api/v1/accounts/relationships": {"GET": list[Relationship]},
    "/api/v1/accounts/familiar_followers": {"GET": list[FamiliarFollowers]},
    "/api/v1/accounts/search": {"GET": list[Account]},
    "/api/v1/accounts/lookup": {"GET": Account},
    "/api/v1/accounts/{id}": {"GET": Account},
    "/api/v1/accounts/{id}/statuses": {"GET": list[Status]},
    "/api/v1/accounts/{id}/followers": {"GET": list[Account]},
    "/api/v1/accounts/{id}/following": {"GET": list[Account]},
    "/api/v1/accounts/{id}/identity_proofs": {"GET": list[Nothing]},
    "/api/v1/accounts/{id}/endorsements": {"GET": list[Account]},
    "/api/v1/accounts/{id}/lists": {"GET": list[ListEntity]},
    "/api/v1/accounts/{id}/featured_tags": {"GET": list[FeaturedTagEntity]},
    **{f"/api/v1/accounts/{{id}}/{each}": {"POST": Relationship} for each in ACCOUNT_ACTS},
    "/api/v1/blocks": {"GET": list[Account]},
    "/api/v1/mutes": {"GET": list[Account]},
    "/api/v1/endorsements": {"GET": list[Account]},
    "/api/v1/domain_blocks": {"GET": list[str], "POST": Nothing, "DELETE": Nothing},
    "/api/v1/domain_blocks/preview": {"GET": FollowsThere},
    "/api/v1/favourites": {"GET": list[Status]},
    "/api/v1/bookmarks": {"GET": list[Status]},
    "/api/v1/statuses": {"GET": list[Status], "POST": (Status, ScheduledStatus)},
    "/api/v1/statuses/{id}": {"GET": Status, "PUT": Status, "DELETE": Status},
    "/api/v1/statuses/{id}/context": {"GET": Context},
    "/api/v1/statuses/{id}/source": {"GET": StatusSource},
    "/api/v1/statuses/{id}/history": {"GET": list[StatusEdit]},
    "/api/v1/statuses/{id}/translate": {"POST": Translation},
    "/api/v1/statuses/{id}/card": {"GET": (PreviewCard, Nothing)},
    "/api/v1/statuses/{id}/quotes": {"GET": list[Status]},
    "/api/v1/statuses/{id}/quotes/{quote_id}/revoke": {"POST": Status},
    "/api/v1/statuses/{id}/interaction_policy": {"PUT": Status},
    "/api/v1/statuses/{id}/favourited_by": {"GET": list[Account]},
    "/api/v1/statuses/{id}/reblogged_by": {"GET": list[Account]},
    **{f"/api/v1/statuses/{{id}}/{each}": {"POST": Status} for each in STATUS_ACTS},
    "/api/v1/media": {"POST": MediaAttachment},
    "/api/v2/media": {"POST": MediaAttachment},
    "/api/v1/media/{id}": {"GET": MediaAttachment, "PUT": MediaAttachment, "DELETE": Nothing},
    "/api/v1/polls/{id}": {"GET": Poll},
    "/api/v1/polls/{id}/votes": {"POST": Poll},
    "/api/v1/scheduled_statuses": {"GET": list[ScheduledStatus]},
    "/api/v1/scheduled_statuses/{id}": {
        "GET": ScheduledStatus,
        "PUT": ScheduledStatus,
        "DELETE": Nothing,
    },
    "/api/v1/timelines/home": {"GET": list[Status]},
    "/api/v1/timelines/public": {"GET": list[Status]},
    "/api/v1/timelines/link": {"GET": list[Status]},
    "/api/oembed": {"GET": OEmbed},
    "/api/v1/timelines/tag/{tag}": {"GET": list[Status]},
    "/api/v1/timelines/list/{id}": {"GET": list[Status]},
    "/api/v1/lists": {"GET": list[ListEntity], "POST": ListEntity},
    "/api/v1/lists/{id}": {"GET": ListEntity, "PUT": ListEntity, "DELETE": Nothing},
    "/api/v1/lists/{id}/accounts": {"GET": list[Account], "POST": Nothing, "DELETE": Nothing},
    "/api/v2/filters": {"GET": list[Filter], "POST": Filter},
    "/api/v2/filters/{id}": {"GET": Filter, "PUT": Filter, "DELETE": Nothing},
    "/api/v2/filters/{id}/keywords": {"GET": list[FilterKeyword], "POST": FilterKeyword},
    "/api/v2/filters/keywords/{id}": {
        "GET": FilterKeyword,
        "PUT": FilterKeyword,
        "DELETE": Nothing,
    },
    "/api/v2/filters/{id}/statuses": {"GET": list[FilterStatus], "POST": FilterStatus},
    "/api/v2/filters/statuses/{id}": {"GET": FilterStatus, "DELETE": Nothing},
    "/api/v1/filters": {"GET": list[V1Filter], "POST": V1Filter},
    "/api/v1/filters/{id}": {"GET": V1Filter, "PUT": V1Filter, "DELETE": Nothing},
    "/api/v1/tags/{name}": {"GET": TagEntity},
    "/api/v1/tags/{name}/follow": {"POST": TagEntity},
    "/api/v1/tags/{name}/unfollow": {"POST": TagEntity},
    "/api/v1/tags/{name}/feature": {"POST": TagEntity},
    "/api/v1/tags/{name}/unfeature": {"POST": TagEntity},
    "/api/v1/followed_tags": {"GET": list[TagEntity]},
    "/api/v1/featured_tags": {"GET": list[FeaturedTagEntity], "POST": FeaturedTagEntity},
    "/api/v1/featured_tags/{id}": {"DELETE": Nothing},
    "/api/v1/featured_tags/suggestions": {"GET": list[TagEntity]},
    "/api/v1/notifications": {"GET": list[Notification]},
    "/api/v1/notifications/{id}": {"GET": Notification},
    "/api/v1/notifications/unread_count": {"GET": Count},
    "/api/v1/notifications/clear": {"POST": Nothing},
    "/api/v1/notifications/{id}/dismiss": {"POST": Nothing},
    "/api/v1/notifications/destroy_multiple": {"DELETE": Nothing},
    "/api/v2/notifications": {"GET": GroupedNotificationsResults},
    "/api/v2/notifications/unread_count": {"GET": Count},
    "/api/v2/notifications/{key}": {"GET": GroupedNotificationsResults},
    "/api/v2/notifications/{key}/dismiss": {"POST": Nothing},
    "/api/v2/notifications/{key}/accounts": {"GET": list[Account]},
    "/api/v2/notifications/policy": {"GET": NotificationPolicy, "PATCH": NotificationPolicy},
    "/api/v1/notifications/policy": {"GET": V1NotificationPolicy, "PATCH": V1NotificationPolicy},
    "/api/v1/notifications/requests": {"GET": list[NotificationRequest]},
    "/api/v1/notifications/requests/merged": {"GET": Merged},
    "/api/v1/notifications/requests/{id}": {"GET": NotificationRequest},
    "/api/v1/notifications/requests/accept": {"POST": Nothing},
    "/api/v1/notifications/requests/dismiss": {"POST": Nothing},
    "/api/v1/notifications/requests/{id}/accept": {"POST": Nothing},
    "/api/v1/notifications/requests/{id}/dismiss": {"POST": Nothing},
    "/api/v1/markers": {"GET": dict[str, MarkerEntity], "POST": dict[str, MarkerEntity]},
    "/api/v1/follow_requests": {"GET": list[Account]},
    "/api/v1/follow_requests/{id}/authorize": {"POST": Relationship},
    "/api/v1/follow_requests/{id}/reject": {"POST": Relationship},
    "/api/rubric/v1/groups": {"GET": list[GroupAccount], "POST": GroupAccount},
    "/api/rubric/v1/groups/{id}": {"GET": GroupAccount, "PATCH": GroupAccount},
    "/api/rubric/v1/groups/{id}/threads": {"GET": list[Status]},
    "/api/rubric/v1/groups/{id}/threads/{status_id}/flair": {"PUT": Status},
    "/api/rubric/v1/groups/{id}/members": {"GET": list[GroupMember]},
    "/api/rubric/v1/groups/{id}/requests": {"GET": list[GroupMember]},
    "/api/rubric/v1/groups/{id}/requests/{account_id}/accept": {"POST": GroupMember},
    "/api/rubric/v1/groups/{id}/requests/{account_id}/decline": {"POST": GroupMember},
    "/api/rubric/v1/groups/{id}/invitations": {"GET": list[GroupMember], "POST": GroupMember},
    "/api/rubric/v1/groups/{id}/members/{account_id}": {"PATCH": GroupMember},
    "/api/rubric/v1/groups/{id}/bans": {"GET": list[GroupMember], "POST": GroupMember},
    "/api/rubric/v1/groups/{id}/bans/{account_id}": {"DELETE": GroupMember},
    **{
        f"/api/rubric/v1/groups/{{id}}/{each}": {"GET": list[Status], "POST": Nothing}
        for each in ("pins", "locks", "removals")
    },
    **{
        f"/api/rubric/v1/groups/{{id}}/{each}/{{status_id}}": {"DELETE": Nothing}
        for each in ("pins", "locks", "removals")
    },
    "/api/rubric/v1/groups/{id}/record": {"GET": list[dict[str, Any]]},
    "/api/rubric/v1/groups/{id}/transfer": {"POST": GroupAccount},
    "/api/rubric/v1/groups/{id}/closing": {"POST": GroupAccount, "DELETE": GroupAccount},
    "/api/rubric/v1/groups/{id}/candidates": {"POST": GroupAccount},
    "/api/rubric/v1/groups/{id}/flair": {"GET": list[Flair], "PUT": list[Flair]},
    "/api/rubric/v1/groups/{id}/queue": {"GET": list[Status]},
    "/api/rubric/v1/groups/{id}/queue/{status_id}/accept": {"POST": Nothing},
    "/api/rubric/v1/groups/{id}/queue/{status_id}/decline": {"POST": Nothing},
    "/api/rubric/v1/groups/{id}/reports": {"GET": list[GroupReport]},
    "/api/rubric/v1/groups/{id}/reports/{report_id}": {"GET": WholeGroupReport},
    "/api/rubric/v1/groups/{id}/reports/{report_id}/decide": {"POST": WholeGroupReport},
    "/api/rubric/v1/groups/{id}/reports/{report_id}/hand_on": {"POST": Nothing},
    "/api/rubric/v1/groups/{id}/appeals": {"GET": list[GroupAppeal]},
    "/api/rubric/v1/groups/{id}/appeals/{appeal_id}": {"GET": GroupAppeal},
    **{
        f"/api/rubric/v1/groups/{{id}}/appeals/{{appeal_id}}/{each}": {"POST": GroupAppeal}
        for each in ("take", "settle", "refuse")
    },
    "/api/rubric/v1/decisions": {"GET": list[AccountWarning]},
    "/api/rubric/v1/decisions/{id}": {"GET": AccountWarning},
    "/api/rubric/v1/decisions/{id}/appeal": {"POST": AccountWarning},
    "/api/rubric/v1/boards": {"GET": list[BoardEntity], "POST": BoardEntity},
    "/api/rubric/v1/boards/{id}": {"GET": BoardEntity, "PATCH": BoardEntity, "DELETE": Nothing},
    "/api/rubric/v1/boards/{id}/statuses": {"GET": list[Status], "POST": Nothing},
    "/api/rubric/v1/boards/{id}/statuses/{status_id}": {"DELETE": Nothing},
    "/api/rubric/v1/accounts/{id}/boards": {"GET": list[BoardEntity]},
    "/api/rubric/v1/circles": {"GET": list[CircleEntity], "POST": CircleEntity},
    "/api/rubric/v1/circles/{id}": {
        "GET": CircleEntity,
        "PATCH": CircleEntity,
        "DELETE": Nothing,
    },
    "/api/rubric/v1/circles/{id}/accounts": {
        "GET": list[Account],
        "POST": Nothing,
        "DELETE": Nothing,
    },
    "/api/rubric/v1/reach": {"GET": CircleReach},
    "/api/rubric/v1/statuses/{id}/audience": {"POST": Status},
    "/api/v1/push/subscription": {
        **dict.fromkeys(("GET", "POST", "PUT"), WebPushSubscription),
        "DELETE": Nothing,
    },
    "/api/v1/streaming": {"GET": Other.SOCKET},
    "/api/v1/streaming/health": {"GET": Other.TEXT},
    **{f"/api/v1/streaming/{name.replace(':', '/')}": {"GET": Other.EVENTS} for name in AS_EVENTS},
    "/api/v2/search": {"GET": Found},
    "/api/v1/search": {"GET": V1Found},
    "/api/v1/conversations": {"GET": list[Conversation]},
    "/api/v1/conversations/{id}": {"DELETE": Nothing},
    "/api/v1/conversations/{id}/read": {"POST": Conversation},
    "/api/v1/conversations/{id}/unread": {"POST": Conversation},
    "/api/v1/timelines/direct": {"GET": list[Status]},
    "/api/v1/trends": {"GET": list[TagEntity]},
    "/api/v1/trends/tags": {"GET": list[TagEntity]},
    "/api/v1/trends/statuses": {"GET": list[Status]},
    "/api/v1/trends/links": {"GET": list[TrendingLink]},
    "/api/v2/suggestions": {"GET": list[Suggestion]},
    "/api/v1/suggestions": {"GET": list[Account]},
    "/api/v1/suggestions/{id}": {"DELETE": Nothing},
    "/api/v1/directory": {"GET": list[Account]},
}
