"""/api/v1/instance and /api/v2/instance: what this server is, its rules, and whom it knows."""

from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any

from aiohttp import web
from cachetools import TTLCache
from markupsafe import escape

from actors.accounts import Account
from actors.domains import Domain
from actors.emojis import all_own
from core import sql
from core.clock import now
from core.ids import first_id_of
from core.languages import OFFERED, own_name
from core.settings import settings
from moderation.languages import said_in
from moderation.policy import Policy, current, versions
from moderation.rules import numbered
from moderation.sections import Entry
from moderation.vocabulary import Severity
from notes.note import Audience, Note
from web.api.access import account_of
from web.api.answers import answer, ts
from web.api.asked import asked
from web.api.entities import instance as entities
from web.api.entities.accounts import VISIBILITY
from web.api.entities.emojis import own_in_picker
from web.errors import Missing
from web.render import absolute
from web.texts import _, choose, locale, use_locale

WEEKS = 12
WEEK = timedelta(days=7)
MOST_PEERS = 20_000
MOST_FOUND = 10
LONGEST_HOST = 253
PRESENT = {"closed_at": None, "disabled_at": None, "approved_at__not_isnull": True}
# Mastodon knows two of our measures by name; the others are told in words beside them.
SEVERITIES = {Severity.REJECT: "suspend", Severity.DROP: "suspend"}

# Counting reads many rows, and anyone may ask.
_usage: TTLCache[str, dict[str, int]] = TTLCache(8, 300)
_activity: TTLCache[str, list[dict[str, str]]] = TTLCache(8, 3600)


async def show(request: web.Request) -> web.Response:
    """What this server is and can do."""
    _speak(request)
    return answer(await entities.instance(await _counted()))


async def show_v1(request: web.Request) -> web.Response:
    """The same for older clients."""
    _speak(request)
    return answer(await entities.instance_v1(await _counted()))


async def rules(request: web.Request) -> web.Response:
    """The rules of the policy in force."""
    _speak(request)
    return answer(entities.rules(current()))


async def extended_description(request: web.Request) -> web.Response:
    """What this place is for."""
    _speak(request)
    content = f"<p>{escape(entities.purpose(current()))}</p>"
    return answer({"updated_at": ts(current().effective), "content": content})


async def privacy_policy(request: web.Request) -> web.Response:
    """What this server keeps of people, and for how long, as it really does."""
    _speak(request)
    return answer({"updated_at": ts(current().effective), "content": _privacy(current())})


async def terms_of_service(request: web.Request) -> web.Response:
    """The policy in force as a text; with a date, the one that was in force then."""
    _speak(request)
    known = await versions()
    wanted = request.match_info.get("date")
    known_days = (each for each in known if _day(each) == wanted)
    found = current() if wanted is None else next(known_days, None)
    if found is None:
        raise Missing(request.path)
    later = next((each for each in known if each.version == found.version + 1), None)
    return answer(
        {
            "effective_date": _day(found),
            "effective": found.version == current().version,
            "content": _terms(found),
            "succeeded_by": _day(later) if later else None,
        }
    )


async def domain_blocks(request: web.Request) -> web.Response:
    """Which servers the policy limits or rejects, and why: nothing of it is secret."""
    _speak(request)
    entries = current().sections.federation.entries
    return answer([_block(each) for each in entries if each.severity is not Severity.ACCEPT])


async def peers(request: web.Request) -> web.Response:
    """The servers we know of."""
    rows = await Domain.filter(is_rejected=False).limit(MOST_PEERS).values("host")
    return answer(sorted(row["host"] for row in rows))


async def search_peers(request: web.Request) -> web.Response:
    """The servers we know of whose names begin so."""
    begin = ((await asked(request)).text("q") or "").strip().lower()
    if not begin or len(begin) > LONGEST_HOST:
        return answer([])
    found = Domain.filter(is_rejected=False, host__startswith=begin).order_by("host")
    return answer([row["host"] for row in await found.limit(MOST_FOUND).values("host")])


async def activity(request: web.Request) -> web.Response:
    """Notes, active members and new members of the last twelve weeks."""
    mark = settings().database.url
    if mark not in _activity:
        _activity[mark] = [await _week(number) for number in range(WEEKS)]
    return answer(_activity[mark])


async def languages(request: web.Request) -> web.Response:
    """The languages one can write in."""
    return answer([{"code": each, "name": own_name(each)} for each in OFFERED])


async def custom_emojis(request: web.Request) -> web.Response:
    """The pictures one can write as :words: here."""
    return answer(own_in_picker(await all_own()))


async def preferences(request: web.Request) -> web.Response:
    """How someone posts by default, and how they like to read."""
    account = account_of(request)
    wishes = account.preferences
    audience = str(wishes.get("audience", Audience.PUBLIC.value))
    return answer(
        {
            "posting:default:visibility": VISIBILITY.get(audience, "public"),
            "posting:default:sensitive": bool(wishes.get("sensitive", False)),
            "posting:default:language": wishes.get("language") or None,
            "posting:default:quote_policy": str(wishes.get("quote_policy", "public")),
            "reading:expand:media": str(wishes.get("expand_media", "default")),
            "reading:expand:spoilers": bool(wishes.get("expand_spoilers", False)),
            "reading:autoplay:gifs": bool(wishes.get("autoplay_gifs", False)),
        }
    )


def _speak(request: web.Request) -> None:
    """Answer in the language the app asks for."""
    accept = request.headers.get("Accept-Language", "")
    use_locale(choose(account=request.query.get("lang", ""), accept=accept))


async def _counted() -> dict[str, int]:
    mark = settings().server.base_url
    if mark not in _usage:
        people = Account.filter(**PRESENT)
        notes = Note.filter(is_local=True, deleted_at=None, boost_of_id=None)
        _usage[mark] = {
            "people": await people.count(),
            "active_month": await people.filter(seen_at__gt=now() - timedelta(days=30)).count(),
            "posts": await notes.filter(audience__in=("public", "quiet")).count(),
            "peers": await Domain.filter(is_rejected=False).count(),
        }
    return _usage[mark]


async def _week(number: int) -> dict[str, str]:
    """Count a week, 0 for this one; who posted in it, or was seen last in it, was active."""
    today = now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = today - timedelta(days=today.weekday()) - number * WEEK
    end = begin + WEEK
    notes = await sql.rows(
        "SELECT COUNT(*) AS notes, COUNT(DISTINCT author_id) AS people FROM note"
        " WHERE id >= ? AND id < ? AND is_local = ? AND boost_of_id IS NULL",
        [first_id_of(begin), first_id_of(end), True],
    )
    seen = await Account.filter(seen_at__gte=begin, seen_at__lt=end).count()
    joined = await Account.filter(created_at__gte=begin, created_at__lt=end).count()
    return {
        "week": str(int(begin.timestamp())),
        "statuses": str(notes[0]["notes"]),
        "logins": str(max(int(notes[0]["people"]), seen)),
        "registrations": str(joined),
    }


def _block(entry: Entry) -> dict[str, Any]:
    counts = current().sections.language
    return {
        "domain": entry.domain,
        "digest": sha256(entry.domain.encode()).hexdigest(),
        "severity": SEVERITIES.get(entry.severity, "silence"),
        "comment": said_in(entry.reason, locale(), counts).text,
        "rubric": {
            "measure": entry.severity.value,
            "since": entry.since.isoformat() if entry.since else None,
            "until": entry.until.isoformat() if entry.until else None,
        },
    }


def _day(policy: Policy) -> str:
    return policy.effective.astimezone(UTC).date().isoformat()


def _terms(policy: Policy) -> str:
    counts = policy.sections.language
    parts = [f"<p>{escape(entities.purpose(policy))}</p>"]
    for number, rule in numbered(policy.sections.rules):
        title, text = (said_in(each, locale(), counts).text for each in (rule.title, rule.text))
        parts.append(f"<h3>{number}. {escape(title)}</h3><p>{escape(text)}</p>")
    address = absolute(f"/policy/{policy.version}")
    return "".join(parts) + f'<p><a href="{address}">{address}</a></p>'


def _privacy(policy: Policy) -> str:
    kept, days = policy.sections.retention, settings().security.session_days
    lines = (
        _(
            "Kept of you: your handle, e-mail address, a hash of your password, what you write and"
            " upload, whom you follow, block and mute, and your settings."
        ),
        _(
            "Kept of your visits: the address and the browser of each session, for %(days)s days"
            " at most.",
            days=days,
        ),
        _("Kept of requests: log lines without content, for %(days)s days.", days=kept.logs_days),
        _(
            "Removed notes are erased after %(removed)s days, reports after %(reports)s days.",
            removed=kept.removed_days,
            reports=kept.reports_days,
        ),
        _(
            "What you publish goes to the servers of those it is for; what they do with it is up"
            " to them."
        ),
        _(
            "Nothing is sold, there is no advertising, and no list is ordered by what you looked"
            " at."
        ),
        _("You can take your account away at any time under Settings."),
    )
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
