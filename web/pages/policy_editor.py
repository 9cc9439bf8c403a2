"""Writing the next version of the policy in a browser, for admins: the same door as the command."""

from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import Account, Role
from core.clock import now
from core.languages import own_name
from core.paging import number
from moderation.adopting import OutOfDate, Unchanged, adopt
from moderation.audit import write_down
from moderation.foreseeing import foresee_draft
from moderation.languages import said_in
from moderation.policy import Policy, current, newest, refresh, version_of
from moderation.policy_drafts import PolicyDraft, discard, draft_by, keep_draft
from moderation.reading import BadPolicy, Draft
from outbox.refusals import NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.measure_words import measure_of
from web.building.policy_diff import policy_diff
from web.building.policy_form import LISTS, TABLES, fields_of, kind_of, read_table
from web.building.policy_keys import SECTIONS, name_of
from web.errors import Missing
from web.forms import Posted, read_form
from web.pages.settings import saved
from web.pages.typed import is_typed, name_of_all, newly_refused, wrongly
from web.refusals import why
from web.render import render
from web.texts import _, locale
from web.views.frame import Form

PAGE = "/admin/policy"
SPOKEN = ("en", "zh")
NEW = "new"
MOST_NAMED = 20


async def show(request: web.Request) -> web.StreamResponse:
    """Show what one has written so far: what it changes, and where to go on."""
    account = await staff(request, Role.ADMIN)
    return await _overview(request, account, Form(values={"effective": ""}))


async def show_section(request: web.Request) -> web.StreamResponse:
    """Show a table as a form, or the things of a list."""
    account = await staff(request, Role.ADMIN)
    section = _section(request)
    draft = await _draft(account)
    if section in LISTS:
        return render(
            request, "admin/policy_list.html", section=section, title=_title(section),
            things=_names(section, draft),
        )  # fmt: skip
    return _form(request, section, _table(section, draft), draft)


async def show_thing(request: web.Request) -> web.StreamResponse:
    """Show one thing of a list as a form: a rule, a filter, a server, a list."""
    account = await staff(request, Role.ADMIN)
    section, draft = _section(request), await _draft(account)
    return _form(request, section, _thing(request, section, draft), draft)


async def save(request: web.Request) -> web.StreamResponse:
    """Keep a table or a thing in the draft; nothing is published by it."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    section, draft = _section(request), await _draft(account)
    languages = _languages(draft)
    written = read_table(kind_of(section), form, languages)
    document = _with(request, section, draft, None if form.is_on("removed") else written)
    try:
        async with in_transaction():
            await keep_draft(account.actor, document, based_on=draft.based_on)
            await _write_down(request, account, "policy.draft", request.path.removeprefix(PAGE))
    except BadPolicy as error:
        return _form(request, section, written, draft, problem=str(error), status=422)
    return saved(PAGE, _("Kept in your draft. Nothing is published yet."))


async def simulate(request: web.Request) -> web.StreamResponse:
    """Have the draft tried on what was posted; what is found is shown once it is there."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    try:
        async with in_transaction():
            await foresee_draft(account.actor, number(form.text("simulate")) or 0)
            await _write_down(request, account, "policy.simulate")
    except NotValid as error:
        shown = form.shown({error.field: why(error)})
        return await _overview(request, account, shown, status=422)
    return saved(f"{PAGE}#simulation", _("The draft is being tried. Look again in a moment."))


async def throw_away(request: web.Request) -> web.StreamResponse:
    """Forget the draft; what is published stays."""
    account = await staff(request, Role.ADMIN)
    await read_form(request)
    async with in_transaction():
        await discard(account.actor)
        await _write_down(request, account, "policy.discard")
    return saved(PAGE, _("Your draft is deleted."))


async def build_on(request: web.Request) -> web.StreamResponse:
    """Take a draft for a change of the newest version, after both sides were seen."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    draft = await _draft(account)
    seen = number(form.text("newest"))
    if seen == newest().version:
        document = msgspec.to_builtins(draft.sections)
        async with in_transaction():
            await keep_draft(account.actor, document, based_on=newest().version)
            await _write_down(request, account, "policy.base")
    return saved(PAGE, _("Look once more at what your draft changes now."))


async def publish(request: web.Request) -> web.StreamResponse:
    """Publish the draft as the next version, by the same door as `rubric policy apply`."""
    account = await staff(request, Role.ADMIN)
    form = await read_form(request)
    draft = await _draft(account)
    summary = {tag: form.text(f"summary.{tag}") for tag in SPOKEN if form.text(f"summary.{tag}")}
    name = name_of_all(newly_refused(newest().sections, draft.sections))
    if not is_typed(form, name):
        return await _overview(request, account, form.shown(wrongly(name)), status=422)
    try:
        async with in_transaction():
            policy = await adopt(draft, summary=summary, by="admin", effective=_day(form))
            await write_down(
                account.actor_id,
                "policy.publish",
                f"policy:{policy.version}",
                before={"version": draft.based_on},
                after={"version": policy.version, **summary},
                address=address_of(request),
            )
            await discard(account.actor)
    except (BadPolicy, Unchanged) as error:
        return await _overview(request, account, form.shown({"": str(error)}), status=422)
    except OutOfDate as error:
        await refresh(at_once=True)
        return await _overview(request, account, form.shown({"": str(error)}), status=409)
    return saved("/policy/history", _("Version %(number)s is published.", number=policy.version))


async def _write_down(request: web.Request, account: Account, act: str, section: str = "") -> None:
    """Write down what was done with a draft; what it says is seen once it is published."""
    after = {"section": section.strip("/")} if section else None
    about = f"draft:{account.actor.name}"
    await write_down(account.actor_id, act, about, after=after, address=address_of(request))


async def _overview(
    request: web.Request, account: Account, form: Form, status: int = 200
) -> web.Response:
    draft, last = await _draft(account), newest()
    base = await version_of(draft.based_on) or last
    changed = policy_diff(base, _as_version(draft, base.version + 1))
    tried = await PolicyDraft.get_or_none(owner_id=account.actor_id)
    refused = newly_refused(last.sections, draft.sections)
    return render(
        request,
        "admin/policy.html",
        status=status,
        form=form,
        sections=[(name, _title(name)) for name in (*LISTS, *TABLES)],
        diff=changed,
        base=base.version,
        newest=last.version,
        in_force=current().version,
        meanwhile=policy_diff(base, last) if last.version != base.version else None,
        languages=[(tag, own_name(tag)) for tag in SPOKEN],
        refused=refused[:MOST_NAMED],
        more_refused=max(len(refused) - MOST_NAMED, 0),
        to_type=name_of_all(refused),
        least_day=now().date(),
        notice_days=last.sections.governance.notice_days,
        simulation=tried.simulation if tried else None,
        samples=(tried.samples or {}) if tried else {},
        is_simulating=tried is not None and tried.simulated_days > 0 and not tried.simulation,
    )


def _form(
    request: web.Request,
    section: str,
    value: dict[str, Any],
    draft: Draft,
    *,
    problem: str = "",
    status: int = 200,
) -> web.Response:
    return render(
        request,
        "admin/policy_form.html",
        status=status,
        title=_title(section),
        back=f"{PAGE}/{section}" if section in LISTS else PAGE,
        is_thing=section in LISTS and request.match_info.get("place") != NEW,
        fields=list(fields_of(kind_of(section), value, _languages(draft))),
        problem=problem,
    )


def _section(request: web.Request) -> str:
    section = request.match_info["section"]
    if section not in LISTS and section not in TABLES:
        raise Missing(request.path)
    return section


def _title(section: str) -> str:
    return str(SECTIONS.get(section) or name_of([section]))


async def _draft(account: Account) -> Draft:
    await refresh(at_once=True)
    return await draft_by(account.actor)


def _table(section: str, draft: Draft) -> Any:
    value: Any = msgspec.to_builtins(draft.sections)
    for step in (*LISTS.get(section, ()), section):
        value = value[step]
    return value


def _thing(request: web.Request, section: str, draft: Draft) -> dict[str, Any]:
    if section not in LISTS:
        raise Missing(request.path)
    place, things = request.match_info["place"], _table(section, draft)
    if place == NEW:
        return {}
    found = number(place)
    if found is None or found >= len(things):
        raise Missing(request.path)
    thing: dict[str, Any] = things[found]
    return thing


def _with(
    request: web.Request, section: str, draft: Draft, written: dict[str, Any] | None
) -> dict[str, Any]:
    """Put what was written into the whole; None takes the thing of a list away."""
    document: dict[str, Any] = msgspec.to_builtins(draft.sections)
    holder: Any = document
    for step in LISTS.get(section, ()):
        holder = holder[step]
    if section not in LISTS:
        kept = {name: holder[section][name] for name in LISTS if name in holder[section]}
        holder[section] = kept | (written or {})
        return document
    _thing(request, section, draft)
    things, place = list(holder[section]), number(request.match_info["place"])
    if place is None:
        things += [written] if written else []
    else:
        things[place : place + 1] = [written] if written else []
    holder[section] = things
    return document


def _names(section: str, draft: Draft) -> list[str]:
    things = _table(section, draft)
    return [_name(each, draft.sections.language) for each in things]


def _name(thing: dict[str, Any], counts: str) -> str:
    """Name a thing of a list: a rule by its title, a server by what is done, all else by its id."""
    if title := said_in(thing.get("title") or {}, locale(), counts).text:
        return title
    return str(thing.get("id") or f"{thing['domain']} · {measure_of(thing['severity'])}")


def _languages(draft: Draft) -> tuple[str, ...]:
    own = {tag for rule in draft.sections.rules for tag in (*rule.title, *rule.text)}
    return tuple(dict.fromkeys([draft.sections.language, *SPOKEN, *sorted(own)]))


def _as_version(draft: Draft, version: int) -> Policy:
    return Policy(version=version, sections=draft.sections, sha256="", effective=now())


def _day(form: Posted) -> datetime | None:
    """Read from when a version counts; nothing is at once. Raises BadPolicy."""
    written = form.text("effective")
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise BadPolicy(f"{written!r} is no day") from error
    return max(datetime.combine(day, time(), UTC), now())
