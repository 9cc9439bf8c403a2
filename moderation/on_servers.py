"""What the measures about servers do: entries of the policy, by its one door (product.md 4)."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta

from msgspec.structs import replace

from core.clock import now
from core.settings import settings
from federation.urls import canonical_host
from moderation.adopting import Unchanged
from moderation.decisions import Decision
from moderation.languages import Words
from moderation.overtaking import overtake
from moderation.policy import current, refresh
from moderation.sections import Entry, Sections
from moderation.states import DecisionState
from moderation.strict import LONGEST_REASON
from moderation.vocabulary import Measure, Severity

# Why a version came, as its history and @policy say it.
_BEGINS = {
    "en": {
        Measure.LIMIT: "{} is limited.",
        Measure.NO_MEDIA: "Pictures and videos of {} are not shown.",
        Measure.HOLD: "What comes from {} waits for a moderator.",
        Measure.REJECT: "{} is refused.",
        Measure.DROP: "{} is refused without being told so.",
    },
    "zh": {
        Measure.LIMIT: "限制 {}。",
        Measure.NO_MEDIA: "不显示来自 {} 的图片和视频。",
        Measure.HOLD: "来自 {} 的内容须经协管员查看。",
        Measure.REJECT: "拒绝 {}。",
        Measure.DROP: "静默拒绝 {}。",
    },
}
_ENDS = {
    "en": {
        Measure.LIMIT: "{} is no longer limited.",
        Measure.NO_MEDIA: "Pictures and videos of {} are shown again.",
        Measure.HOLD: "What comes from {} no longer waits for a moderator.",
        Measure.REJECT: "{} is no longer refused.",
        Measure.DROP: "{} is no longer refused.",
    },
    "zh": {
        Measure.LIMIT: "不再限制 {}。",
        Measure.NO_MEDIA: "重新显示来自 {} 的图片和视频。",
        Measure.HOLD: "来自 {} 的内容不再须经协管员查看。",
        Measure.REJECT: "不再拒绝 {}。",
        Measure.DROP: "不再拒绝 {}。",
    },
}


_LET_IN = {"en": "{} is let in by name.", "zh": "按名放行 {}。"}
_LET_IN_NO_MORE = {"en": "{} is no longer let in by name.", "zh": "不再按名放行 {}。"}


def summary_of(
    host: str, why: str, *, begins: Iterable[Severity] = (), ends: Iterable[Severity] = ()
) -> Words:
    """Say in each language what a version does about a server; `why` stays as it was written."""
    found = {}
    for tag, space in (("en", " "), ("zh", "")):
        said = [_begun(tag, each).format(host) for each in begins]
        said += [_ended(tag, each).format(host) for each in ends]
        found[tag] = f"{space.join(said)}{space}{why}"[:LONGEST_REASON]
    return found


def _begun(tag: str, severity: Severity) -> str:
    return _LET_IN[tag] if severity is Severity.ACCEPT else _BEGINS[tag][Measure(severity.value)]


def _ended(tag: str, severity: Severity) -> str:
    if severity is Severity.ACCEPT:
        return _LET_IN_NO_MORE[tag]
    return _ENDS[tag][Measure(severity.value)]


async def add_entry(decision: Decision) -> None:
    """Publish a version of the policy with this measure in it, until its end."""
    await refresh(at_once=True)
    entry = Entry(
        domain=decision.host,
        severity=Severity(decision.measure.value),
        reason={current().sections.language: decision.summary[:1000]},
        since=now().date(),
        # An entry counts through its last day.
        until=(decision.until - timedelta(days=1)).date() if decision.until else None,
    )
    others = [each for each in _entries() if each.key != entry.key]
    decision.undo = {"key": entry.key}
    await _publish([*others, entry], _BEGINS, decision)


async def take_entry_out(decision: Decision) -> None:
    """Publish a version of the policy without this measure."""
    if await _is_wanted(decision):
        return
    await refresh(at_once=True)
    key = dict(decision.undo).get("key", "")
    kept = [each for each in _entries() if each.key != key]
    if len(kept) < len(_entries()):
        await _publish(kept, _ENDS, decision)


def is_ourselves(host: str) -> bool:
    """Tell whether a host is this server."""
    server = settings().server
    return canonical_host(host) in (
        canonical_host(server.domain),
        canonical_host(server.account_domain),
    )


async def _is_wanted(decision: Decision) -> bool:
    """Tell whether another decision in force asks for the same, as one that stands in its place."""
    alike = Decision.filter(
        host=decision.host, measure=decision.measure, state=DecisionState.IN_FORCE
    )
    return await alike.exclude(id=decision.id).exists()


def _entries() -> tuple[Entry, ...]:
    return current().sections.federation.entries


async def _publish(
    entries: list[Entry], words: Mapping[str, Mapping[Measure, str]], decision: Decision
) -> None:
    sections: Sections = current().sections
    said = {tag: each[decision.measure].format(decision.host) for tag, each in words.items()}
    changed = replace(sections, federation=replace(sections.federation, entries=tuple(entries)))
    with suppress(Unchanged):  # another decision said the same before
        await overtake(changed, summary=said, by=f"decision {decision.id}")
