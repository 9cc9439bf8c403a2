"""What the keys and values of a policy are called where people read it."""

from collections.abc import Iterable, Mapping

from core.languages import own_name
from moderation.languages import TAG, said_in
from moderation.vocabulary import (
    AltText,
    Category,
    GroupMaking,
    GroupSight,
    ListFormat,
    Measure,
    Mode,
    Naming,
    OnOverdue,
    OnRetraction,
    Panel,
    Preset,
    PurgeNow,
    Quoting,
    Registration,
    Reserved,
    Severity,
    Then,
    Trust,
    Unconfirmed,
    Where,
)
from web.texts import Lazy, _, lazy, locale

SECTIONS: dict[str, Lazy] = {
    "about": lazy("About this place"),
    "accounts": lazy("Joining"),
    "content": lazy("Notes"),
    "filters": lazy("What happens by itself"),
    "federation": lazy("Other servers"),
    "moderation": lazy("Moderation"),
    "appeals": lazy("Appeals"),
    "governance": lazy("Who decides about the rules"),
    "groups": lazy("Groups"),
    "ranking": lazy("The order of what is trending"),
    "transparency": lazy("What is made public"),
    "retention": lazy("How long things are kept"),
    "language": lazy("The language that counts"),
    "rules": lazy("Rules"),
}

# What the policy page shows in a place of its own.
ELSEWHERE = ("entries", "lists", "purpose", "operator", "contact")

KEYS: dict[str, Lazy] = {
    "purpose": lazy("What this place is for"),
    "operator": lazy("Run by"),
    "contact": lazy("Contact"),
    "title": lazy("Title"),
    "text": lazy("Text"),
    "number": lazy("Number"),
    "examples": lazy("Examples"),
    "ok": lazy("Fine"),
    "not_ok": lazy("Not fine"),
    "category": lazy("Kind of rule"),
    "measures": lazy("Usual measures"),
    "appealable": lazy("Can be appealed"),
    "registration": lazy("Who may join"),
    "min_age": lazy("Youngest age"),
    "unconfirmed": lazy("Before the e-mail address is confirmed"),
    "invites_per_member": lazy("Invitations of a member"),
    "first_days": lazy("New members"),
    "days": lazy("Days"),
    "mentions": lazy("Mentions"),
    "alt_text": lazy("Descriptions of pictures"),
    "sensitive": lazy("What has to be marked"),
    "paid_recommendations": lazy("Recommending something for pay"),
    "blocked_tags": lazy("Tags kept out of public lists"),
    "max_tags": lazy("Most tags in a note"),
    "rule": lazy("Rule"),
    "when": lazy("Looks for"),
    "words": lazy("Words"),
    "links": lazy("Links"),
    "more_links_than": lazy("More links than"),
    "then": lazy("What happens"),
    "where": lazy("Which notes"),
    "explanation": lazy("Explanation"),
    "shadow_until": lazy("Only written down until"),
    "mode": lazy("Servers that are not named"),
    "severity": lazy("Measure"),
    "reason": lazy("Reason"),
    "since": lazy("Since"),
    "until": lazy("Until"),
    "source": lazy("From the list"),
    "domain": lazy("Server"),
    "ack_hours": lazy("Hours until a report is seen"),
    "decide_days": lazy("Days until the answer"),
    "second_person_for": lazy("Decided by two people"),
    "sunset_days": lazy("Days until measures end"),
    "notify_remote": lazy("People elsewhere are told"),
    "purge_now": lazy("Removed at once and for good"),
    "window_days": lazy("Days to appeal"),
    "panel": lazy("Members drawn by lot"),
    "panel_effect": lazy("What they say"),
    "on_overdue": lazy("When the answer is late"),
    "preset": lazy("How a rule is changed"),
    "create": lazy("Who makes groups"),
    "see": lazy("Who may see what is in one"),
    "succession_days": lazy("Days until members may take a group over"),
    "save": lazy("A bookmark counts"),
    "comment": lazy("A reply counts"),
    "boost": lazy("A boost counts"),
    "like": lazy("A like counts"),
    "half_life_hours": lazy("Hours until it counts half"),
    "window_hours": lazy("Hours that are looked at"),
    "least_people": lazy("Fewest people"),
    "least_notes": lazy("Fewest notes"),
    "least_account_days": lazy("Fewest days of an account"),
    "moderator_names": lazy("Moderators are named by"),
    "quote": lazy("Notes that may be quoted"),
    "delay_hours": lazy("Hours before a decision is shown"),
    "mask_below": lazy("Smaller numbers are not shown"),
    "posts_decisions": lazy("Decisions are posted by @policy"),
    "sponsors": lazy("Sponsors of a proposal"),
    "discussion_days": lazy("Days of discussion"),
    "vote_days": lazy("Days of voting"),
    "threshold_percent": lazy("Percent of yes that carry"),
    "quorum_people": lazy("Fewest who have to vote"),
    "quorum_percent": lazy("Percent who have to vote"),
    "sponsor_days": lazy("Days to find sponsors"),
    "final_hours": lazy("Hours the final text stands before the vote"),
    "notice_days": lazy("Days between adopting and coming into force"),
    "account_days": lazy("Days of an account"),
    "active_days": lazy("Days since it was last used"),
    "emergency_days": lazy("Days an emergency change lasts"),
    "emergency_open_days": lazy("Days until it has to be proposed"),
    "reserved": lazy("Not voted on"),
    "lists": lazy("Lists we follow"),
    "url": lazy("Address"),
    "format": lazy("Form"),
    "trust": lazy("What it says"),
    "cap": lazy("Strictest measure"),
    "priority": lazy("Priority"),
    "on_retraction": lazy("When the list takes it back"),
    "regex": lazy("Patterns"),
    "media": lazy("Files, by SHA-256"),
    "rate": lazy("More notes than"),
    "notes": lazy("Notes"),
    "minutes": lazy("Minutes"),
    "entries": lazy("Servers"),
    "language": lazy("Language"),
    "id": lazy("Short name"),
    "removed_days": lazy("Days removed notes are kept"),
    "reports_days": lazy("Days reports are kept"),
    "logs_days": lazy("Days logs are kept"),
    "remote_days": lazy("Days notes of other servers are kept"),
}

VALUES: dict[str, Lazy] = {
    f"registration.{Registration.OPEN}": lazy("anyone"),
    f"registration.{Registration.APPROVAL}": lazy("after a moderator has read the request"),
    f"registration.{Registration.INVITE}": lazy("by invitation of a member"),
    f"registration.{Registration.CLOSED}": lazy("nobody at the moment"),
    f"unconfirmed.{Unconfirmed.LOCAL}": lazy("notes stay on this server"),
    f"unconfirmed.{Unconfirmed.NONE}": lazy("reading only"),
    f"alt_text.{AltText.OFF}": lazy("as you like"),
    f"alt_text.{AltText.REMIND}": lazy("you are reminded"),
    f"alt_text.{AltText.REQUIRE}": lazy("every picture needs one"),
    f"mode.{Mode.OPEN}": lazy("let in"),
    f"mode.{Mode.APPROVAL}": lazy("their notes wait for a moderator"),
    f"mode.{Mode.ALLOWLIST}": lazy("refused"),
    f"preset.{Preset.STEWARD}": lazy("members suggest, the admins decide and answer in writing"),
    f"preset.{Preset.CONSULT}": lazy("members vote, the admins decide and give their reasons"),
    f"preset.{Preset.ASSEMBLY}": lazy("members decide by vote"),
    f"on_overdue.{OnOverdue.NOTHING}": lazy("it stays"),
    f"on_overdue.{OnOverdue.LIFT}": lazy("it is lifted"),
    f"panel_effect.{Panel.ADVICE}": lazy("is advice"),
    f"panel_effect.{Panel.BINDING}": lazy("counts"),
    f"moderator_names.{Naming.ROLE}": lazy("their role"),
    f"moderator_names.{Naming.NAME}": lazy("their name"),
    f"quote.{Quoting.NEVER}": lazy("none"),
    f"quote.{Quoting.PUBLIC}": lazy("those that are public"),
    f"trust.{Trust.SUGGEST}": lazy("is suggested to moderators"),
    f"trust.{Trust.AUTO}": lazy("counts by itself"),
    f"on_retraction.{OnRetraction.SUGGEST}": lazy("moderators are told"),
    f"on_retraction.{OnRetraction.LIFT}": lazy("our measure is lifted"),
    f"on_retraction.{OnRetraction.KEEP}": lazy("our measure stays"),
    f"format.{ListFormat.CSV}": lazy("CSV, as Mastodon writes it"),
    f"format.{ListFormat.JSON}": lazy("JSON, as domain_blocks of Mastodon's API"),
    f"format.{ListFormat.FIRES}": lazy("FIRES"),
    f"create.{GroupMaking.MEMBERS}": lazy("every member"),
    f"create.{GroupMaking.MODERATORS}": lazy("the moderators of this server"),
    f"create.{GroupMaking.NOBODY}": lazy("nobody"),
    f"see.{GroupSight.EVERYONE}": lazy("Everyone"),
    f"see.{GroupSight.MEMBERS}": lazy("Members"),
    f"see.{GroupSight.SERVER}": lazy("People of this server"),
    f"then.{Then.NUDGE}": lazy("its author is asked to think again"),
    f"then.{Then.LABEL}": lazy("it gets a content note"),
    f"then.{Then.LIMIT}": lazy("it is kept out of public lists"),
    f"then.{Then.HOLD}": lazy("it waits for a moderator"),
    f"then.{Then.REJECT}": lazy("it is not taken"),
    f"where.{Where.LOCAL}": lazy("Notes written here"),
    f"where.{Where.REMOTE}": lazy("Notes from other servers"),
    f"where.{Where.BOTH}": lazy("All notes"),
    PurgeNow.CHILD_ABUSE.value: lazy("child abuse"),
    PurgeNow.INTIMATE_IMAGES.value: lazy("intimate pictures without consent"),
    PurgeNow.COURT_ORDER.value: lazy("what a court ordered"),
    Reserved.LEGAL_DUTIES.value: lazy("what the law demands"),
    Reserved.SECRETS.value: lazy("secrets"),
    f"category.{Category.NONE}": lazy("none of these"),
    f"category.{Category.ANIMAL_WELFARE}": lazy("animal welfare"),
    f"category.{Category.CONSUMER_INFORMATION}": lazy("missing information for consumers"),
    f"category.{Category.CYBER_VIOLENCE}": lazy("violence online"),
    f"category.{Category.CYBER_VIOLENCE_AGAINST_WOMEN}": lazy("violence online against women"),
    f"category.{Category.PRIVACY}": lazy("privacy and personal data"),
    f"category.{Category.ILLEGAL_OR_HARMFUL_SPEECH}": lazy("illegal or harmful speech"),
    f"category.{Category.INTELLECTUAL_PROPERTY}": lazy("work of others"),
    f"category.{Category.CIVIC_DISCOURSE}": lazy("harm to public debate or elections"),
    f"category.{Category.NOT_SPECIFIED}": lazy("not said"),
    f"category.{Category.OTHER}": lazy("another rule of this server"),
    f"category.{Category.PROTECTION_OF_MINORS}": lazy("protection of minors"),
    f"category.{Category.PUBLIC_SECURITY}": lazy("risk for public security"),
    f"category.{Category.SCAMS_AND_FRAUD}": lazy("scams and fraud"),
    f"category.{Category.SELF_HARM}": lazy("self-harm"),
    f"category.{Category.UNSAFE_PRODUCTS}": lazy("unsafe or prohibited products"),
    f"category.{Category.VIOLENCE}": lazy("violence"),
    # Nothing looks for it: it is a rule for people, like those above it.
    "paid_recommendations.True": lazy("allowed"),
    "paid_recommendations.False": lazy(
        "not allowed; nothing looks for it by itself, so report what you see"
    ),
    "min_age.0": lazy("nobody is asked"),
    "True": lazy("yes"),
    "False": lazy("no"),
}

MEASURES: dict[str, Lazy] = {
    Measure.NONE: lazy("advice"),
    Measure.LABEL: lazy("content note"),
    Measure.QUIET: lazy("kept out of public lists"),
    Measure.CLOSE: lazy("no new replies"),
    Measure.AGE: lazy("behind an age question"),
    Measure.HIDE: lazy("hidden"),
    Measure.REMOVE: lazy("removed"),
    Measure.WARN: lazy("warning"),
    Measure.SLOW: lazy("fewer notes"),
    Measure.READ_ONLY: lazy("reading only"),
    Measure.SUSPEND: lazy("suspended"),
    Measure.CLOSE_ACCOUNT: lazy("account closed"),
    Measure.LEAVE_GROUP: lazy("out of the group"),
    Measure.RESTRICT_GROUP: lazy("group restricted"),
    Measure.CLOSE_GROUP: lazy("group closed"),
    Measure.LIMIT: lazy("limited"),
    Measure.NO_MEDIA: lazy("without pictures"),
    Measure.HOLD: lazy("waits for a moderator"),
    Measure.REJECT: lazy("refused"),
    Measure.DROP: lazy("refused in silence"),
    Severity.ACCEPT: lazy("let in"),
}

ACTIONS: dict[str, Lazy] = {
    Then.NUDGE: lazy("its author is asked to think again"),
    Then.LABEL: lazy("it gets a content note"),
    Then.LIMIT: lazy("it is kept out of public lists"),
    Then.HOLD: lazy("it waits for a moderator"),
    Then.REJECT: lazy("it is not taken"),
}

PLACES: dict[str, Lazy] = {
    Where.LOCAL: lazy("Notes written here"),
    Where.REMOTE: lazy("Notes from other servers"),
    Where.BOTH: lazy("All notes"),
}


def value_of(key: str, value: object) -> str:
    """Say a value in words, or as it stands."""
    return str(VALUES.get(f"{key}.{value}") or VALUES.get(str(value)) or value)


def choice_of(key: str, value: str) -> str:
    """Say one of the values a key can have: by its key first, for many keys have a `none`."""
    return str(VALUES.get(f"{key}.{value}") or MEASURES.get(value) or value_of(key, value))


def said_of_value(key: str, value: object, counts: str) -> str:
    """Say a value of any kind in words: lists and tables as well, texts in the reader's language.

    `counts` is the language of the policy.
    """
    if isinstance(value, Mapping):
        if all(TAG.fullmatch(str(each)) and each not in MEASURES for each in value):
            return said_in(value, locale(), counts).text
        return ", ".join(f"{measure_of(str(name))}: {each}" for name, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(str(MEASURES.get(each) or value_of(key, each)) for each in value)
    return value_of(key, value)


def name_of(path: Iterable[str]) -> str:
    """Say what a key is called; languages and other names in it stay as they are."""
    return " · ".join(str(KEYS.get(step, step)) for step in path)


def treated_words(severities: str) -> str:
    """Say how a server is treated, from measures with commas between them; "" is like any other."""
    found = [measure_of(each) for each in severities.split(", ") if each]
    return ", ".join(found) if found else _("like any other")


def keys_in_words(said: str, rules: Mapping[str, str]) -> tuple[str, ...]:
    """Say keys of a policy, as `content.max_tags, rules.no-ads.text.en`, in the reader's language.

    `rules` are titles by id. A sentence, which names no keys, is returned as it is.
    """
    keys = said.split(", ")
    if all(each.partition(".")[0] in SECTIONS for each in keys):
        return tuple(_key_in_words(each, rules) for each in keys)
    return (said,)


def _key_in_words(key: str, rules: Mapping[str, str]) -> str:
    section, _dot, rest = key.partition(".")
    if rest.startswith("entries."):  # names of servers have dots themselves
        domain, _space, rest = rest.removeprefix("entries.").partition(" ")
        measure, *inside = rest.split(".")
        steps = [domain, measure_of(measure), *inside]
    else:
        steps = rest.split(".")
    shown = [
        str(KEYS[step])
        if step in KEYS
        else own_name(step)
        if place and TAG.fullmatch(step)
        else rules.get(step, step)
        for place, step in enumerate(steps)
    ]
    return " · ".join(filter(None, (str(SECTIONS[section]), *shown)))


def measure_of(value: str) -> str:
    """Say what a measure does."""
    return str(MEASURES.get(value, value))
