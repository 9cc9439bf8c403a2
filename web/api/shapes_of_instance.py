"""What apps are told of the server itself, as web/api/entities/instance.py writes it."""

import msgspec

from web.api.entities.accounts import Account


class Said(msgspec.Struct):
    """A text in one language."""

    text: str
    hint: str


class OurRule(msgspec.Struct):
    """The name a rule has in the policy."""

    id: str


class Rule(msgspec.Struct):
    """A rule of the policy in force."""

    id: str
    text: str
    hint: str
    translations: dict[str, Said]
    rubric: OurRule


class Urls(msgspec.Struct):
    """Where more is; clients append the path of the stream to the first."""

    streaming: str
    status: str | None
    about: str
    privacy_policy: str
    terms_of_service: str


class Vapid(msgspec.Struct):
    """The key that pushes are signed by."""

    public_key: str


class AccountLimits(msgspec.Struct):
    """How long things of a profile may be."""

    max_display_name_length: int
    max_note_length: int
    max_avatar_description_length: int
    max_header_description_length: int
    max_featured_tags: int
    max_pinned_statuses: int
    max_profile_fields: int
    profile_field_name_limit: int
    profile_field_value_limit: int


class StatusLimits(msgspec.Struct):
    """How much a status may hold."""

    max_characters: int
    max_media_attachments: int
    characters_reserved_per_url: int
    supported_mime_types: list[str]


class MediaLimits(msgspec.Struct):
    """How large files may be: all of them fit into 32 bits."""

    supported_mime_types: list[str]
    description_limit: int
    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int
    video_frame_rate_limit: int
    video_matrix_limit: int


class PollLimits(msgspec.Struct):
    """How large polls may be, and how long they may last, in seconds."""

    max_options: int
    max_characters_per_option: int
    min_expiration: int
    max_expiration: int


class Switch(msgspec.Struct):
    """Something that is there or not."""

    enabled: bool


class Feed(msgspec.Struct):
    """Who may read a list."""

    local: str
    remote: str


class Feeds(msgspec.Struct):
    """Who may read which list."""

    live_feeds: Feed
    hashtag_feeds: Feed
    trending_link_feeds: Feed


class V1Configuration(msgspec.Struct):
    """The limits, for older clients."""

    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits


class Configuration(msgspec.Struct):
    """The limits."""

    urls: Urls
    vapid: Vapid
    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits
    translation: Switch
    timelines_access: Feeds
    limited_federation: bool


class ActiveUsers(msgspec.Struct):
    """How many were here in the last thirty days."""

    active_month: int


class Usage(msgspec.Struct):
    """How much it is used."""

    users: ActiveUsers


class Thumbnail(msgspec.Struct):
    """The picture of the server."""

    url: str
    versions: dict[str, str]
    description: str | None


class Icon(msgspec.Struct):
    """The picture of the server, small."""

    src: str
    size: str


class Registrations(msgspec.Struct):
    """How one joins."""

    enabled: bool
    approval_required: bool
    reason_required: bool
    message: str | None
    min_age: int | None
    url: str | None


class Contact(msgspec.Struct):
    """Whom to write to; the address may be empty."""

    email: str
    account: Account | None


class OurInstance(msgspec.Struct):
    """Where the policy is, which one, and the record of servers."""

    policy: str
    policy_version: int
    federation: str


class Instance(msgspec.Struct):
    """What this server is and can do."""

    domain: str
    account_domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: Usage
    thumbnail: Thumbnail
    icon: list[Icon]
    languages: list[str]
    configuration: Configuration
    registrations: Registrations
    api_versions: dict[str, int]
    contact: Contact
    rules: list[Rule]
    rubric: OurInstance


class V1Urls(msgspec.Struct):
    """Where streams are."""

    streaming_api: str


class Stats(msgspec.Struct):
    """How much there is."""

    user_count: int
    status_count: int
    domain_count: int


class V1PollLimits(msgspec.Struct):
    """The limits of polls, by their oldest names."""

    max_options: int
    max_option_chars: int
    min_expiration: int
    max_expiration: int


class V1Instance(msgspec.Struct):
    """What this server is and can do, for older clients."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: V1Urls
    stats: Stats
    thumbnail: str
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: V1Configuration
    contact_account: Account | None
    rules: list[Rule]
    max_toot_chars: int
    max_media_attachments: int
    poll_limits: V1PollLimits


class Text(msgspec.Struct):
    """A text of the server, as HTML."""

    updated_at: str
    content: str


class Terms(msgspec.Struct):
    """A version of the policy, as HTML; dates are days."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | None


class Measure(msgspec.Struct):
    """What is done about a server, by the policy's own word."""

    measure: str
    since: str | None
    until: str | None


class DomainBlock(msgspec.Struct):
    """A server that the policy limits or rejects, and why."""

    domain: str
    digest: str
    severity: str
    comment: str
    rubric: Measure


class Week(msgspec.Struct):
    """A week, since 1970 in seconds, and what was counted in it: all of it strings."""

    week: str
    statuses: str
    logins: str
    registrations: str


class Language(msgspec.Struct):
    """A language one can write in."""

    code: str
    name: str
