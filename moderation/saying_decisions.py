"""What @policy says of single decisions, where the policy wants that: under which rule, and where
to read it. Nothing of the entry itself, which may be redacted later."""

from collections.abc import Mapping
from typing import Any

from core.clock import now
from core.jobs import put
from core.settings import settings
from moderation.languages import said_in
from moderation.policy import current, version_of
from moderation.record import SERVER, EntryKind, RecordEntry
from moderation.rules import rule_of
from moderation.saying import say

_BY_RULE = {
    "en": "The moderators made a decision by rule {number}, {title}.",
    "zh": "管理员依据规则 {number}「{title}」作出了一项决定。",
}
_BY_LAW = {
    "en": "The moderators made a decision on a legal ground.",
    "zh": "管理员依据法律作出了一项决定。",
}


async def queue_decision(entry: RecordEntry) -> None:
    """Have a decision said once it is shown, in the transaction that puts it into the record."""
    if entry.chain == SERVER and current().sections.transparency.posts_decisions:
        wait = max((entry.shown_at - now()).total_seconds(), 0)
        await put("moderation.say_decision", {"entry": entry.id}, after_seconds=wait)


async def say_decision(payload: Mapping[str, Any]) -> None:
    """Post that there is a decision; job `moderation.say_decision`."""
    entry = await RecordEntry.get_or_none(id=payload["entry"], kind=EntryKind.DECISION)
    if entry is None or not current().sections.transparency.posts_decisions:
        return
    language = current().sections.language
    ground = dict(entry.document).get("ground") or {}
    policy = await version_of(int(ground.get("policy_version") or 0))
    found = rule_of(policy.sections.rules, entry.rule_id) if policy else None
    if found:
        title = said_in(found[1].title, language, language).text
        words = said_in(_BY_RULE, language).text.format(number=found[0], title=title)
    else:
        words = said_in(_BY_LAW, language).text
    address = settings().url(f"/record/{entry.id}")
    await say(f"{words}\n\n{address}", language=language, key=f"decision-{entry.id}")
