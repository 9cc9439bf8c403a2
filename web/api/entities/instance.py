"""Instance: what this server is and can do, for apps (mastodon-api.md 6.6)."""

from collections.abc import Iterable
from typing import Any

from actors.accounts import Account, Role
from actors.profiles import LONGEST_ABOUT, LONGEST_LABEL, LONGEST_NAME, LONGEST_VALUE, MOST_FACTS
from core.release import VERSION
from core.settings import settings
from core.vapid import public_key
from inbox.translating import is_offered
from moderation.languages import said_in
from moderation.policy import Policy, current
from moderation.rules import numbered
from moderation.sections import languages_of
from moderation.vocabulary import Registration
from notes.followed_tags import MOST_FEATURED
from notes.text import LINK_CHARACTERS, MOST_CHARACTERS
from notes.uploads import LONGEST_ALT
from notes.video_bounds import LONG_SIDE, MOST_RATE, SHORT_SIDE
from outbox.add import MOST_PINS
from outbox.draft import LONGEST_POLL, MOST_OPTION, MOST_OPTIONS, SHORTEST_POLL
from web.api.entities.accounts import account_of
from web.render import absolute, static_url
from web.texts import _, locale

COMPATIBLE = "4.5.0"
API_VERSION = 7
MEGABYTE = 1024 * 1024
MOST_PIXELS = 33_177_600
IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic")
VIDEOS = ("video/mp4", "video/quicktime", "video/webm", "video/x-matroska")
OPEN_FEED = {"local": "public", "remote": "public"}


def version() -> str:
    """Name the API we speak first, as clients read it, then who we are."""
    return f"{COMPATIBLE} (compatible; Rubric {VERSION})"


async def instance(usage: dict[str, int]) -> dict[str, Any]:
    """Write the second version of Instance; `usage` counts active members."""
    policy, server = current(), settings().server
    contact = policy.sections.about.contact
    return {
        "domain": server.domain,
        "account_domain": server.account_domain,
        "title": server.name,
        "version": version(),
        "source_url": "",
        "description": purpose(policy),
        "usage": {"users": {"active_month": usage["active_month"]}},
        "thumbnail": _thumbnail(),
        "icon": [
            {"src": absolute(static_url(f"icon-{side}.png")), "size": f"{side}x{side}"}
            for side in (180, 512)
        ],
        "languages": languages_of(policy.sections),
        "configuration": configuration(),
        "registrations": _registrations(policy),
        "api_versions": {"mastodon": API_VERSION},
        "contact": {"email": contact if "@" in contact else "", "account": await _admin()},
        "rules": rules(policy),
        "rubric": {
            "policy": absolute("/policy"),
            "policy_version": policy.version,
            "federation": absolute("/federation"),
        },
    }


async def instance_v1(usage: dict[str, int]) -> dict[str, Any]:
    """Write the first version, for older clients."""
    whole = await instance(usage)
    config = {key: value for key, value in whole["configuration"].items() if key in KEPT}
    polls = config["polls"]
    state = whole["registrations"]
    return {
        "uri": whole["domain"],
        "title": whole["title"],
        "short_description": whole["description"],
        "description": whole["description"],
        "email": whole["contact"]["email"],
        "version": whole["version"],
        "urls": {"streaming_api": whole["configuration"]["urls"]["streaming"]},
        "stats": {
            "user_count": usage["people"],
            "status_count": usage["posts"],
            "domain_count": usage["peers"],
        },
        "thumbnail": whole["thumbnail"]["url"],
        "languages": whole["languages"],
        "registrations": state["enabled"],
        "approval_required": state["approval_required"],
        "invites_enabled": current().sections.accounts.invites_per_member > 0,
        "configuration": config,
        "contact_account": whole["contact"]["account"],
        "rules": whole["rules"],
        "max_toot_chars": MOST_CHARACTERS,
        "max_media_attachments": config["statuses"]["max_media_attachments"],
        "poll_limits": {
            "max_options": polls["max_options"],
            "max_option_chars": polls["max_characters_per_option"],
            "min_expiration": polls["min_expiration"],
            "max_expiration": polls["max_expiration"],
        },
    }


def configuration() -> dict[str, Any]:
    """Write the limits; all of them fit into 32 bits, for some clients read no more."""
    media, base = settings().media, settings().server.base_url
    return {
        "urls": {
            "streaming": base.replace("http", "ws", 1),
            "status": None,
            "about": absolute("/about"),
            "privacy_policy": absolute("/about"),
            "terms_of_service": absolute("/policy"),
        },
        "vapid": {"public_key": public_key()},
        "accounts": {
            "max_display_name_length": LONGEST_NAME,
            "max_note_length": LONGEST_ABOUT,
            "max_avatar_description_length": LONGEST_ALT,
            "max_header_description_length": LONGEST_ALT,
            "max_featured_tags": MOST_FEATURED,
            "max_pinned_statuses": MOST_PINS,
            "max_profile_fields": MOST_FACTS,
            "profile_field_name_limit": LONGEST_LABEL,
            "profile_field_value_limit": LONGEST_VALUE,
        },
        "statuses": {
            "max_characters": MOST_CHARACTERS,
            "max_media_attachments": media.max_images,
            "characters_reserved_per_url": LINK_CHARACTERS,
            "supported_mime_types": ["text/markdown", "text/plain"],
        },
        "media_attachments": {
            "supported_mime_types": [*IMAGES, *VIDEOS],
            "description_limit": LONGEST_ALT,
            "image_size_limit": media.max_image_mb * MEGABYTE,
            "image_matrix_limit": MOST_PIXELS,
            "video_size_limit": media.max_video_mb * MEGABYTE,
            "video_frame_rate_limit": MOST_RATE,
            "video_matrix_limit": LONG_SIDE * SHORT_SIDE,
        },
        "polls": {
            "max_options": MOST_OPTIONS,
            "max_characters_per_option": MOST_OPTION,
            "min_expiration": int(SHORTEST_POLL.total_seconds()),
            "max_expiration": int(LONGEST_POLL.total_seconds()),
        },
        "translation": {"enabled": is_offered()},
        "timelines_access": {
            "live_feeds": OPEN_FEED,
            "hashtag_feeds": OPEN_FEED,
            "trending_link_feeds": OPEN_FEED,
        },
        "limited_federation": not settings().federation.enabled,
    }


def rules(policy: Policy) -> list[dict[str, Any]]:
    """Write the rules of the policy, by their stable ids, with their translations."""
    counts = policy.sections.language
    return [
        {
            "id": str(number),
            "text": said_in(rule.title, locale(), counts).text,
            "hint": said_in(rule.text, locale(), counts).text,
            "translations": {
                tag: {"text": title, "hint": said_in(rule.text, tag, counts).text}
                for tag, title in rule.title.items()
            },
            "rubric": {"id": rule.id},
        }
        for number, rule in numbered(policy.sections.rules)
    ]


def rule_numbers(ids: Iterable[str]) -> list[str]:
    """Return the numbers by which apps know rules; those no longer in force have none."""
    numbers = {rule.id: str(number) for number, rule in numbered(current().sections.rules)}
    return [numbers[each] for each in ids if each in numbers]


def purpose(policy: Policy) -> str:
    """Say what this place is for."""
    said = said_in(policy.sections.about.purpose, locale(), policy.sections.language).text
    return said or _("A place for notes with pictures and words, with open rules.")


def _registrations(policy: Policy) -> dict[str, Any]:
    how = policy.sections.accounts.registration
    is_open = how in (Registration.OPEN, Registration.APPROVAL)
    return {
        "enabled": is_open,
        "approval_required": how is Registration.APPROVAL,
        "reason_required": how is Registration.APPROVAL,
        "message": None,
        "min_age": policy.sections.accounts.min_age or None,
        "url": absolute("/join") if how is not Registration.CLOSED else None,
    }


def _thumbnail() -> dict[str, Any]:
    url = absolute(static_url("icon-512.png"))
    return {"url": url, "versions": {"@1x": url, "@2x": url}, "description": None}


async def _admin() -> Any:
    """Return the first admin, who is whom to write to."""
    found = Account.filter(role=Role.ADMIN, closed_at=None, disabled_at=None).order_by("id")
    account = await found.select_related("actor").first()
    return await account_of(account.actor) if account else None


KEPT = ("statuses", "media_attachments", "polls")
