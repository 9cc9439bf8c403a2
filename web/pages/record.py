"""The public record of decisions: its pages, its feed, and its chain for programs."""

from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as xml

from aiohttp import web
from tortoise.queryset import QuerySet

from actors.accounts import Role, is_functional
from actors.actor import Actor
from core.clock import now
from core.paging import number
from core.settings import settings
from moderation.policy import current
from moderation.record import SERVER, EntryKind, RecordEntry, roots, sealed
from moderation.redacting import words_of
from moderation.states import AppealState, Thing
from moderation.vocabulary import Measure
from web.asking import asking
from web.building.decisions import APPEAL_WORDS, measure_words, thing_words
from web.building.people import person_card
from web.building.policy import rule_views
from web.building.record import record_line, record_lines
from web.errors import Missing
from web.render import query, render
from web.texts import _
from web.views.frame import Choice, Form, Pager

PAGE = "/record"
LINES = 20
MOST = 25  # so that no page is longer than what servers take of one document
ATOM = "http://www.w3.org/2005/Atom"
LISTED = [EntryKind.DECISION, EntryKind.EMERGENCY, EntryKind.EMERGENCY_ENDED]
FILTERS = ("rule", "measure", "thing", "group", "since", "until", "appeal")


async def show(request: web.Request) -> web.StreamResponse:
    """List the decisions the public can read, the newest first, narrowed as was asked."""
    kinds = [*LISTED, *([EntryKind.ACT] if request.query.get("group") else [])]
    found = _narrowed(_shown().filter(kind__in=kinds), request)
    before = number(request.query.get("max_id", ""))
    rows = await (found.filter(id__lt=before) if before else found).order_by("-id").limit(LINES + 1)
    kept = {name: request.query[name] for name in FILTERS if request.query.get(name)}
    more = query(PAGE, **kept, max_id=rows[LINES - 1].id) if len(rows) > LINES else ""
    rules = rule_views(current().sections)
    first = await _shown().order_by("id").first()
    house = await Actor.get_or_none(id=number(kept.get("group", "")) or 0, kind="Group")
    return render(
        request,
        "record.html",
        entries=record_lines(rows[:LINES], await _stamps(rows)),
        pager=Pager(older_url=more),
        rules=(_any(), *(Choice(each.id, each.title) for each in rules)),
        measures=(_any(), *(Choice(each.value, measure_words(each)) for each in Measure)),
        things=(_any(), *(Choice(each.value, thing_words(each)) for each in Thing)),
        appeals=(_any(), *(Choice(each.value, str(APPEAL_WORDS[each])) for each in _outcomes())),
        since=first.issued_at if first else None,
        group=person_card(house) if house else None,
        form=Form(values=kept),
    )


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show an entry with what became of it, and its seal."""
    entry = await _named(request)
    stamps = await _stamps([entry])
    account = await asking(request)
    return render(
        request,
        "record_entry.html",
        entry=record_line(entry, stamps),
        stamps=tuple(record_line(each) for each in stamps),
        may_redact=account is not None
        and account.role == Role.ADMIN
        and is_functional(account)
        and bool(words_of(entry)),
    )


async def one_document(request: web.Request) -> web.StreamResponse:
    """Answer with an entry for programs."""
    entry = await _named(request)
    stamps = await _stamps([entry])
    body = sealed(entry) | {"stamps": [sealed(each) for each in stamps]}
    return web.json_response(body)


async def document(request: web.Request) -> web.StreamResponse:
    """Answer with a page of the chain, the first entry first, so that it can be verified."""
    chain = request.query.get("chain", SERVER)
    after = number(request.query.get("after", "")) or 0
    found = _shown().filter(chain=chain, number__gt=after).order_by("number")
    rows = await found.limit(MOST + 1)
    body: dict[str, Any] = {
        "chain": chain,
        "digest": "SHA-256 of the entry in canonical JSON (RFC 8785)",
        "hash": "SHA-256 of: prev_hash, space, number, space, digest",
        "entries": [sealed(each) for each in rows[:MOST]],
    }
    if len(rows) > MOST:
        last = rows[MOST - 1].number
        body["next"] = settings().url(query("/record.json", chain=chain, after=last))
    return web.json_response(body)


async def root_document(request: web.Request) -> web.StreamResponse:
    """Answer with the root of each day: the hash of its last entry."""
    chain = request.query.get("chain", SERVER)
    found = await roots(chain)
    return web.json_response(
        {"chain": chain, "roots": {day.isoformat(): root for day, root in found.items()}}
    )


async def feed(request: web.Request) -> web.StreamResponse:
    """Answer with the newest entries as Atom."""
    rows = await _shown().filter(chain=SERVER).order_by("-id").limit(LINES)
    root = xml.Element("feed", {"xmlns": ATOM})
    xml.SubElement(root, "id").text = settings().url(PAGE)
    xml.SubElement(root, "title").text = f"{settings().server.name} · {_('Record of decisions')}"
    xml.SubElement(root, "link", {"rel": "self", "href": settings().url("/record.atom")})
    xml.SubElement(root, "link", {"rel": "alternate", "href": settings().url(PAGE)})
    newest = rows[0].shown_at if rows else now()
    xml.SubElement(root, "updated").text = newest.isoformat()
    for each in rows:
        _feed_entry(root, each)
    body = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return web.Response(body=body, content_type="application/atom+xml")


def _feed_entry(root: xml.Element, entry: RecordEntry) -> None:
    line = record_line(entry)
    made = xml.SubElement(root, "entry")
    xml.SubElement(made, "id").text = settings().url(line.url)
    xml.SubElement(made, "title").text = line.title
    xml.SubElement(made, "link", {"href": settings().url(line.url)})
    xml.SubElement(made, "updated").text = entry.shown_at.isoformat()
    author = xml.SubElement(made, "author")
    xml.SubElement(author, "name").text = settings().server.name
    xml.SubElement(made, "summary").text = line.summary


def _shown() -> QuerySet[RecordEntry]:
    return RecordEntry.filter(shown_at__lte=now())


def _narrowed(found: QuerySet[RecordEntry], request: web.Request) -> QuerySet[RecordEntry]:
    asked = request.query
    if asked.get("rule"):
        found = found.filter(rule_id=asked["rule"])
    if asked.get("measure"):
        found = found.filter(measure=asked["measure"])
    if asked.get("thing"):
        found = found.filter(thing=asked["thing"])
    if group := number(asked.get("group", "")):
        found = found.filter(group_id=group)
    if since := _day(asked.get("since", "")):
        found = found.filter(issued_at__gte=since)
    if until := _day(asked.get("until", "")):
        found = found.filter(issued_at__lt=until)
    if asked.get("appeal") in tuple(_outcomes()):
        found = found.filter(appeal=asked["appeal"])
    return found


async def _stamps(entries: list[RecordEntry]) -> list[RecordEntry]:
    about = [each.id for each in entries]
    return await _shown().filter(about_id__in=about).order_by("number")


async def _named(request: web.Request) -> RecordEntry:
    entry = await _shown().filter(id=number(request.match_info["id"]) or 0).first()
    if entry is None:
        raise Missing(request.path)
    return entry


def _outcomes() -> tuple[AppealState, ...]:
    return (
        AppealState.INADMISSIBLE,
        AppealState.UPHELD,
        AppealState.AMENDED,
        AppealState.OVERTURNED,
    )


def _any() -> Choice:
    return Choice("", _("any"))


def _day(written: str) -> datetime | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
