"""The policy → what its pages show, in the reader's language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec.structs import asdict, replace

from core.clock import now
from core.languages import own_name
from moderation.history import changed_rules, changes_of_rules, first_days, since_of
from moderation.languages import is_same_language, said_in
from moderation.policy import Policy, current, is_overtaken, that_counted, versions
from moderation.rules import Rule, numbered, rule_of
from moderation.sections import Entry, Sections, languages_of, steps_of
from moderation.strict import Table
from moderation.vocabulary import Severity
from web.building.measure_words import measure_of
from web.building.policy_keys import ELSEWHERE, SECTIONS, name_of
from web.building.policy_values import said_of_value, value_of
from web.texts import _, locale
from web.views.policy import EntryView, PolicySection, PolicyVersion, PolicyView, RuleView

MARKED_FOR = timedelta(days=90)

_BY = re.compile(
    r"(proposal|emergency|end of emergency|decision) ([0-9]+)"
    r"(: [0-9]+ yes, [0-9]+ no, [0-9]+ abstain)?"
)


async def policy_view(policy: Policy) -> PolicyView:
    """Show a version whole; rules of the one in force are marked where they changed lately."""
    known = [each for each in await versions() if each.version <= policy.version]
    is_current = policy.version == current().version
    marks = changed_rules(known, since=now() - MARKED_FOR) if is_current else {}
    sections = policy.sections
    return PolicyView(
        version=version_view(policy, is_late=await is_overtaken(policy)),
        rules=rule_views(sections, marks),
        sections=(*_tables(sections), *_filters(sections)),
        entries=entry_views(policy, known),
        sha256=policy.sha256,
        languages=tuple(own_name(tag) for tag in languages_of(sections)),
        authoritative=own_name(sections.language),
        current_version=current().version,
    )


async def history_views() -> tuple[PolicyVersion, ...]:
    """List every version, the newest first."""
    known = await versions()
    older: list[Policy | None] = [*known[1:], None]
    counted = {each.version for each in that_counted(known)}
    return tuple(
        version_view(policy, before, is_late=policy.version not in counted)
        for policy, before in zip(known, older, strict=True)
    )


def version_view(
    policy: Policy, before: Policy | None = None, *, is_late: bool = False
) -> PolicyVersion:
    """Show one line of the history."""
    who = {
        "operator": _("adopted by those who run this server"),
        "admin": _("adopted by the admins"),
    }
    return PolicyVersion(
        version=policy.version,
        effective=policy.effective,
        by=who.get(policy.by) or _by_words(policy.by),
        by_url=_by_url(policy.by),
        summary=said_in(policy.summary, locale(), policy.sections.language).text,
        changed_rules=len(changes_of_rules(before, policy)) if before else 0,
        is_current=policy.version == current().version,
        is_coming=policy.effective > now() and not is_late,
        is_overtaken=is_late,
    )


def _by_words(by: str) -> str:
    """Say by whom a version was adopted, where a proposal or an emergency brought it."""
    found = _BY.fullmatch(by)
    kind, number, tally = found.groups() if found else ("", "", "")
    match kind:
        case "proposal":
            said = _("adopted by proposal %(number)s", number=number)
            if not tally:
                return said
            yes, no, abstain = re.findall(r"[0-9]+", tally)
            return f"{said}: " + _(
                "%(yes)s yes, %(no)s no, %(abstain)s abstained", yes=yes, no=no, abstain=abstain
            )
        case "emergency":
            return _("an emergency change by the admins")
        case "end of emergency":
            return _("the end of an emergency change")
        case "decision":
            return _("follows from a decision of the moderators")
    return by


def _by_url(by: str) -> str:
    found = _BY.fullmatch(by)
    is_public = found is not None and found[1] != "decision"
    return f"/policy/proposals/{found[2]}" if found and is_public else ""


def rule_views(sections: Sections, marks: Mapping[str, date] | None = None) -> tuple[RuleView, ...]:
    """Show the rules of a policy; `marks` are the days on which some of them changed."""
    return tuple(
        _rule(rule, number, sections.language, (marks or {}).get(rule.id))
        for number, rule in numbered(sections.rules)
    )


def rule_view(rule_id: str) -> RuleView | None:
    """Show a rule of the policy in force, if it still has it."""
    sections = current().sections
    found = rule_of(sections.rules, rule_id)
    return _rule(found[1], found[0], sections.language, None) if found else None


def entry_views(policy: Policy, known: Sequence[Policy]) -> tuple[EntryView, ...]:
    """Show the servers that are treated differently; what has ended is left out."""
    days, today = first_days(known), now().date()
    counts = policy.sections.language
    shown = [
        entry
        for entry in policy.sections.federation.entries
        if entry.until is None or entry.until >= today
    ]
    return tuple(
        _entry(entry, counts, since_of(entry, days, policy.effective.date()))
        for entry in sorted(shown, key=lambda each: each.domain)
    )


def _entry(entry: Entry, counts: str, since: date) -> EntryView:
    return EntryView(
        host=entry.domain,
        measure=measure_of(Severity(entry.severity)),
        reason=said_in(entry.reason, locale(), counts).text,
        since=since,
        review=entry.until,
        source=entry.source,
    )


def _rule(rule: Rule, number: int, counts: str, changed: date | None) -> RuleView:
    title = said_in(rule.title, locale(), counts)
    return RuleView(
        id=rule.id,
        number=number,
        title=title.text,
        text=said_in(rule.text, locale(), counts).text,
        good=tuple(said_in(each, locale(), counts).text for each in rule.examples.ok),
        bad=tuple(said_in(each, locale(), counts).text for each in rule.examples.not_ok),
        category=rule.category.value,
        measures=tuple(measure_of(each) for each in rule.measures),
        is_appealable=rule.appealable,
        changed=changed,
        language="" if is_same_language(title.language, locale()) else title.language,
    )


def _tables(sections: Sections) -> list[PolicySection]:
    """Tell every key of every table; lists of things have places of their own."""
    found = []
    for name in Sections.__struct_fields__:
        table = getattr(sections, name)
        if name == "governance":
            table = replace(table, **asdict(steps_of(table)))
        if isinstance(table, Table):
            rows = tuple(_rows(table, sections.language))
            found.append(PolicySection(id=name, title=str(SECTIONS[name]), rows=rows))
    return found


def _rows(table: Table, counts: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for key in table.__struct_fields__:
        value = getattr(table, key)
        if isinstance(value, Table):
            yield from _rows(value, counts, (*path, key))
        elif key not in ELSEWHERE and value not in ("", {}, ()):
            yield name_of((*path, key)), said_of_value(key, value, counts)


def _filters(sections: Sections) -> list[PolicySection]:
    if not sections.filters:
        return []
    rows = []
    for each in sections.filters:
        found = rule_of(sections.rules, each.rule)
        words = each.explanation or (found[1].title if found else {})
        why = said_in(words, locale(), sections.language).text
        what = _(
            "%(notes)s: %(action)s",
            notes=value_of("where", each.where),
            action=value_of("then", each.then),
        )
        rows.append((f"¶ {found[0]}" if found else each.rule, f"{what}. {why}"))
    return [PolicySection("filters", str(SECTIONS["filters"]), tuple(rows))]
