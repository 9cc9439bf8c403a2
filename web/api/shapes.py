"""What apps are answered that no single struct of web/api/entities writes: joined, or by hand."""

from typing import Any

import msgspec

from web.api.entities.accounts import Account, Field, Role, Source
from web.api.entities.filters import FilterResult
from web.api.entities.media import MediaAttachment
from web.api.entities.polls import Poll
from web.api.entities.tags import FeaturedTagEntity
from web.api.entities.words import Words
from web.api.shapes_of_notes import (
    CustomEmoji,
    Meta,
    OurStatus,
    PreviewCard,
    Quote,
    QuoteApproval,
    ScheduledParams,
)


class CredentialAccount(Account, kw_only=True):
    """An account for its owner."""

    source: Source
    role: Role


class Status(Words, kw_only=True):
    """A status for a reader; `text` is only in the answer to its deletion."""

    account: Account
    reblog: dict[str, Any] | None
    quote: Quote | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    poll: Poll | None
    quote_approval: QuoteApproval
    favourited: bool | msgspec.UnsetType = msgspec.UNSET
    reblogged: bool | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET
    bookmarked: bool | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    filtered: list[FilterResult] | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET


# What is written as an object of any kind, and is one of these: the schema says which.
WITHIN: dict[tuple[str, str], type[msgspec.Struct]] = {
    ("Status", "reblog"): Status,
    ("Status", "emojis"): CustomEmoji,
    ("Status", "card"): PreviewCard,
    ("Status", "rubric"): OurStatus,
    ("Quote", "quoted_status"): Status,
    ("CardAuthor", "account"): Account,
    ("Account", "moved"): Account,
    ("Account", "emojis"): CustomEmoji,
    ("CredentialAccount", "moved"): Account,
    ("CredentialAccount", "emojis"): CustomEmoji,
    ("GroupAccount", "moved"): Account,
    ("GroupAccount", "emojis"): CustomEmoji,
    ("Poll", "emojis"): CustomEmoji,
    ("StatusEdit", "emojis"): CustomEmoji,
    ("MediaAttachment", "meta"): Meta,
    ("ScheduledStatus", "params"): ScheduledParams,
}


class Nothing(msgspec.Struct):
    """`{}`: it is done."""


class Context(msgspec.Struct):
    """What stands above a status, oldest first, and below it, branch by branch."""

    ancestors: list[Status]
    descendants: list[Status]


class StatusEdit(msgspec.Struct):
    """A version of a status."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    media_attachments: list[MediaAttachment]
    emojis: list[dict[str, Any]]


class FamiliarFollowers(msgspec.Struct):
    """Whom the reader follows that follow somebody."""

    id: str
    accounts: list[Account]


class FollowsThere(msgspec.Struct):
    """How many follows in each direction would end with a block of a server."""

    following_count: int
    followers_count: int


class OurReport(msgspec.Struct):
    """Who answers a report, where it is not the server's moderators."""

    group_id: str | None


class Report(msgspec.Struct):
    """What somebody thinks was broken."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str] | None
    rule_ids: list[str] | None
    collection_ids: list[str]
    rubric: OurReport
    target_account: Account


class Profile(msgspec.Struct):
    """A profile as it was typed, for its owner."""

    id: str
    display_name: str
    note: str
    fields: list[Field]
    formatted_note: str
    formatted_fields: list[Field]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool | None
    discoverable: bool | None
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
    featured_tags: list[FeaturedTagEntity]


class Preferences(msgspec.Struct):
    """How someone posts and reads."""

    visibility: str = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    language: str | None = msgspec.field(name="posting:default:language")
    quote_policy: str = msgspec.field(name="posting:default:quote_policy")
    media: str = msgspec.field(name="reading:expand:media")
    spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    gifs: bool = msgspec.field(name="reading:autoplay:gifs")


class AuthorizationServer(msgspec.Struct):
    """Where OAuth is, and which ways there are (RFC 8414)."""

    issuer: str
    service_documentation: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    userinfo_endpoint: str
    app_registration_endpoint: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]


class Removed(msgspec.Struct):
    """By which decision a status went; `record_url` is its entry in the public record."""

    decided_on: str
    rule: str
    record_url: str
    appeal: str


class Gone(msgspec.Struct):
    """What is ours alone in an error."""

    removed: Removed


class Error(msgspec.Struct):
    """What is wrong, in a sentence; `details` tells of fields, `rubric` why a status is gone."""

    error: str
    error_description: str | msgspec.UnsetType = msgspec.UNSET
    details: dict[str, list[dict[str, str]]] | msgspec.UnsetType = msgspec.UNSET
    unexpected_accounts: list[Account] | msgspec.UnsetType = msgspec.UNSET
    rubric: Gone | msgspec.UnsetType = msgspec.UNSET
