"""`rubric policy plan | simulate | apply | export`: config.toml → a version, and back."""

from collections.abc import Iterable
from datetime import datetime

from tortoise.transactions import in_transaction

from core.clock import now
from core.settings import Settings, settings
from moderation.adopting import OutOfDate, Unchanged, adopt
from moderation.audit import SHELL, write_down
from moderation.breaking import MOST
from moderation.consequences import MOST_KNOWN, Consequences, consequences
from moderation.difference import Change, Leaf, difference, pieces
from moderation.enforce import settle
from moderation.policy import current, newest, refresh, version_of
from moderation.reading import Draft, draft_from
from moderation.simulating import LeftOut, simulate
from moderation.writing import toml_of

MOST_SERVERS = 50
LEFT_OUT = {
    LeftOut.FEW: "notes that only some may read",
    LeftOut.REFUSED: "what was refused, or deleted since then",
    LeftOut.FILES: "files of notes from other servers",
    LeftOut.FOLLOWS: "follows that have ended since then",
}
MARKS = {"added": "+", "removed": "-", "changed": "~"}


class Impossible(Exception):
    """The draft cannot be planned or published; the text says why and what to do."""


async def plan(chosen: Settings) -> str:
    """Say how `[policy]` differs from the version in force, and what publishing it would do.

    Raises BadPolicy, or Impossible when config.toml holds no draft.
    """
    draft = await _draft(chosen)
    policy = newest()
    lines = [
        f"Version {current().version} is in force; the draft is based on {draft.based_on}.",
        *_coming(),
    ]
    changes = difference(policy.sections, draft.sections)
    if not changes:
        hint = f"Write based_on = {policy.version} before you change it."
        return "\n".join([*lines, f"The draft says the same: there is nothing to publish. {hint}"])
    if draft.based_on != policy.version:
        lines += ["", *await _both_sides(draft)]
    lines += ["", *_written(changes)]
    lines += ["", *_told(await consequences(policy.sections, draft.sections))]
    if draft.based_on == policy.version:
        lines += ["", f'rubric policy apply --summary "…" makes this version {policy.version + 1}.']
    return "\n".join(lines)


def _coming() -> list[str]:
    waits = newest()
    if waits.version == current().version:
        return []
    return [f"Version {waits.version} comes into force on {waits.effective:%Y-%m-%d %H:%M} UTC."]


async def apply(chosen: Settings, summary: str, effective: datetime | None = None) -> str:
    """Publish `[policy]` as the next version and say so; raise Impossible, BadPolicy."""
    draft = await _draft(chosen)
    words = {draft.sections.language: summary.strip()}
    try:
        async with in_transaction():
            policy = await adopt(draft, summary=words, effective=effective)
            await write_down(
                None,
                "policy.publish",
                f"policy:{policy.version}",
                before={"version": draft.based_on},
                after={"version": policy.version, **words},
                address=SHELL,
            )
    except OutOfDate as error:
        await refresh(at_once=True)
        raise Impossible("\n".join(await _both_sides(draft))) from error
    except Unchanged as error:
        raise Impossible(f"nothing to publish: {error}") from error
    await _bring_about()
    if policy.effective > now():
        day = f"{policy.effective:%Y-%m-%d %H:%M} UTC"
        return f"policy version {policy.version} is published, and in force from {day}"
    return f"policy version {policy.version} is in force"


async def _bring_about() -> None:
    """Have what was published be true of every row; the server, told by a job, finds it done."""
    await refresh(at_once=True)
    await settle()


async def simulate_draft(chosen: Settings, days: int) -> str:
    """Say what the changed filters of `[policy]` would have met, and what servers would notice.

    Raises BadPolicy, or Impossible when config.toml holds no draft.
    """
    draft, before = await _draft(chosen), newest().sections
    found = await simulate(before, draft.sections, days=days)
    whole = "" if found.is_whole else " There are more; these are the last that could be looked at."
    lines = [
        f"{found.notes} notes that everyone may read, of the last {found.days} days, were looked"
        f" at.{whole} {found.matched} of them, by {len(found.authors)} authors, would have been"
        f" treated otherwise; {found.acted_on} of these were acted on anyway."
    ]
    for each in found.trials:
        lines.append(
            f"  {each.filter_id}: {each.matches} notes ({each.local} written here) by"
            f" {len(each.authors)} authors; {each.share_acted_on:.0%} were acted on anyway"
        )
        lines += [f"      {settings().url(f'/n/{number}')}" for number in sorted(each.sample)]
    if not found.trials:
        lines.append("No filter is new or says something else.")
    lines += [f"Not looked at: {LEFT_OUT[each]}." for each in found.left_out]
    return "\n".join([*lines, "", *_told(found.servers)])


async def export() -> str:
    """Write the version in force as TOML, with `based_on`, ready to be changed."""
    await refresh(at_once=True)
    return toml_of(newest())


async def _draft(chosen: Settings) -> Draft:
    if not chosen.policy:
        raise Impossible(
            "config.toml holds no [policy]; `rubric policy export` writes the one in force"
        )
    await refresh(at_once=True)
    return draft_from(chosen.policy)


async def _both_sides(draft: Draft) -> list[str]:
    """Show what the draft changes, and what was changed meanwhile, from where both began."""
    policy = newest()
    base = await version_of(draft.based_on)
    if base is None:
        return [f"There is no version {draft.based_on}; version {policy.version} is in force."]
    return [
        f"The draft is based on version {base.version},"
        f" but version {policy.version} is the newest.",
        f"Bring both together, and write based_on = {policy.version}.",
        "",
        f"What changed since version {base.version}:",
        *_written(difference(base.sections, policy.sections)),
        "",
        f"What the draft changes in version {base.version}:",
        *_written(difference(base.sections, draft.sections)),
    ]


def _written(changes: Iterable[Change]) -> list[str]:
    lines: list[str] = []
    section = ""
    for change in changes:
        if change.path[0] != section:
            section = change.path[0]
            lines.append(f"[{section}]")
        lines += _change(change)
    return lines or ["nothing"]


def _change(change: Change) -> list[str]:
    key = ".".join(change.path[1:]) or change.path[0]
    head = f"  {MARKS[change.kind]} {key}"
    if isinstance(change.before, str) and isinstance(change.after, str) and _is_text(change):
        return [head, *_compared(change.before, change.after)]
    if change.kind == "changed":
        return [f"{head}: {_leaf(change.before)} → {_leaf(change.after)}"]
    return [f"{head}: {_leaf(change.before if change.after is None else change.after)}"]


def _is_text(change: Change) -> bool:
    return " " in f"{change.before}{change.after}" or len(f"{change.before}{change.after}") > 60


def _compared(before: str, after: str) -> list[str]:
    """Mark within both texts what is different: [-so-] and {+so+}."""
    marked = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    found = pieces(before, after)
    old = "".join(marked[kind].format(text) for kind, text in found if kind != "added")
    new = "".join(marked[kind].format(text) for kind, text in found if kind != "removed")
    return [f"      - {old}", f"      + {new}"]


def _leaf(value: Leaf | None) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(_item(each) for each in value)
    return str(value)


def _item(value: object) -> str:
    """Write one of a list; words in several languages come as pairs."""
    if isinstance(value, tuple):
        return " / ".join(f"{name}: {text}" for name, text in value)
    return str(value)


def _told(found: Consequences) -> list[str]:
    rest = (
        [] if found.is_whole else [f"  … of more than {MOST_KNOWN} servers not all were looked at"]
    )
    if not found.servers:
        return ["No server we know would be treated differently.", *rest]
    lines = ["What it would do:"]
    for each in found.servers[:MOST_SERVERS]:
        lines.append(
            f"  {each.host}: {each.before or 'as any other'} → {each.after or 'as any other'};"
            f" people known there: {each.people}, follows from here: {each.follows},"
            f" followers there: {each.followers}, notes: {each.notes}, members here affected:"
            f" {each.members}, memberships in groups there: {each.groups}, here: {each.guests}"
            + ("" if each.is_whole else f"; there are more than {MOST} of some of these")
        )
    if more := found.more + len(found.servers[MOST_SERVERS:]):
        lines.append(f"  … and {more} more servers")
    return [*lines, *rest]
