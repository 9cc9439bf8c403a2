"""What the values of a policy are called where people read it."""

from collections.abc import Mapping

from moderation.languages import TAG, said_in
from moderation.vocabulary import (
    AltText,
    Category,
    GroupMaking,
    GroupSight,
    ListFormat,
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
    Then,
    Trust,
    Unconfirmed,
    Where,
)
from web.building.measure_words import MEASURES, measure_of
from web.texts import Lazy, lazy, locale

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
