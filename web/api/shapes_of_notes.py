"""What stands within a status, as apps read it (mastodon-api.md 6.1, 6.3, 6.9)."""

from typing import Any

import msgspec

from web.api.entities.group_places import GroupOfStatus


class CustomEmoji(msgspec.Struct):
    """A picture that stands for `:shortcode:` in a text."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool
    category: str | msgspec.UnsetType | None = msgspec.UNSET
    featured: bool | msgspec.UnsetType = msgspec.UNSET


class BoardOfStatus(msgspec.Struct):
    """A board that a status is on."""

    id: str
    name: str
    sharing: str
    url: str
    account_id: str


class OurStatus(msgspec.Struct):
    """What Mastodon has no word for: the title, the audience by our own name, the group, boards."""

    title: str
    audience: str
    group: GroupOfStatus | None
    boards: list[BoardOfStatus] | msgspec.UnsetType = msgspec.UNSET


class StatusApplication(msgspec.Struct):
    """The app that posted a status."""

    name: str
    website: str | None


class QuoteApproval(msgspec.Struct):
    """Who may quote, and whether the reader may."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class Quote(msgspec.Struct, kw_only=True):
    """What a status quotes; one level deep, below that by its id alone."""

    state: str
    quoted_status: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    quoted_status_id: str | msgspec.UnsetType | None = msgspec.UNSET


class CardAuthor(msgspec.Struct):
    """Who wrote what a card leads to."""

    name: str
    url: str
    account: dict[str, Any] | None


class PreviewCard(msgspec.Struct, kw_only=True):
    """What the first link of a status leads to; texts are empty where nothing is known."""

    url: str
    title: str
    description: str
    language: str | None
    type: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    blurhash: str | None
    published_at: str | None
    authors: list[CardAuthor]
    missing_attribution: bool | msgspec.UnsetType = msgspec.UNSET


class Focus(msgspec.Struct):
    """Where a picture matters most: from -1 to 1, up is positive."""

    x: float
    y: float


class MediaSize(msgspec.Struct, kw_only=True):
    """How large a picture is, as it is shown."""

    width: int
    height: int
    size: str
    aspect: float


class Original(msgspec.Struct, kw_only=True):
    """The file itself: a picture has `size` and `aspect`, a film what follows them."""

    width: int | msgspec.UnsetType = msgspec.UNSET
    height: int | msgspec.UnsetType = msgspec.UNSET
    size: str | msgspec.UnsetType = msgspec.UNSET
    aspect: float | msgspec.UnsetType = msgspec.UNSET
    frame_rate: str | msgspec.UnsetType = msgspec.UNSET
    duration: float | msgspec.UnsetType = msgspec.UNSET
    bitrate: int | msgspec.UnsetType = msgspec.UNSET


class Colors(msgspec.Struct):
    """The colours of a cover."""

    background: str
    foreground: str
    accent: str


class Meta(msgspec.Struct, kw_only=True):
    """What is known of a file; films say more than pictures."""

    focus: Focus | msgspec.UnsetType = msgspec.UNSET
    original: Original | msgspec.UnsetType = msgspec.UNSET
    small: MediaSize | msgspec.UnsetType = msgspec.UNSET
    length: str | msgspec.UnsetType = msgspec.UNSET
    duration: float | msgspec.UnsetType = msgspec.UNSET
    fps: int | msgspec.UnsetType = msgspec.UNSET
    size: str | msgspec.UnsetType = msgspec.UNSET
    width: int | msgspec.UnsetType = msgspec.UNSET
    height: int | msgspec.UnsetType = msgspec.UNSET
    aspect: float | msgspec.UnsetType = msgspec.UNSET
    audio_encode: str | msgspec.UnsetType = msgspec.UNSET
    audio_bitrate: str | msgspec.UnsetType = msgspec.UNSET
    audio_channels: str | msgspec.UnsetType = msgspec.UNSET
    colors: Colors | msgspec.UnsetType = msgspec.UNSET


class PollWanted(msgspec.Struct):
    """A poll that is to come."""

    options: list[str]
    expires_in: int
    multiple: bool
    hide_totals: bool


class OurDraft(msgspec.Struct):
    """What of a status to come Mastodon has no word for."""

    title: str
    audience: str
    circles: list[str]


class ScheduledParams(msgspec.Struct, kw_only=True):
    """What was sent, by the names it was sent by."""

    text: str
    visibility: str
    sensitive: bool
    spoiler_text: str
    media_ids: list[str]
    in_reply_to_id: str | None
    language: str | None
    poll: PollWanted | None
    scheduled_at: str | None
    quoted_status_id: str | None
    quote_approval_policy: str | None
    idempotency: str | None
    application_id: int
    with_rate_limit: bool
    rubric: OurDraft
