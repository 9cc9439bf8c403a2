"""What the sections and keys of a policy are called where people read it."""

from collections.abc import Iterable, Mapping

from core.languages import own_name
from moderation.languages import TAG
from web.building.measure_words import measure_of
from web.texts import Lazy, lazy

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


def name_of(path: Iterable[str]) -> str:
    """Say what a key is called; languages and other names in it stay as they are."""
    return " · ".join(str(KEYS.get(step, step)) for step in path)


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
