"""Reports that other servers send."""

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor, Kind
from actors.follows import Follow
from actors.memberships import has_member_at
from core import limits
from core.html import to_text
from federation.activity import Activity
from federation.errors import NotFound, Refused
from federation.read import iris, markup
from federation.urls import host_of
from moderation.filing import add, keep, new_report
from moderation.group_readers import reading_group
from moderation.reports import MOST_COMMENT, MOST_NOTES, Report, open_report
from notes.incoming import is_buried
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.visibility import OPEN
from outbox.flag import pass_to_moderators

FLAGS_AN_HOUR = 60  # new reports from one host (MOD-05)
LONGEST_URI = 1000


async def file_remote(activity: Activity, sender: Actor) -> Report:
    """Keep what another server reports about someone here, once, with its host (federation.md 13).

    A host's open report about the same person is added to. One that is addressed to a group of ours
    is for its moderators, and may be about whatever stands in it; it goes on to those of them who
    live elsewhere. Raises NotFound when nothing that
    was named is ours, Refused when the host has reported too many (MOD-05).
    """
    group = await _group_of(activity)
    target, notes = await _reported(activity.object_ids, sender, group)
    if found := await Report.get_or_none(uri=activity.id):
        return found
    if await is_buried(activity.id, sender.uri):
        raise NotFound("this report was taken back before it came")
    host = host_of(sender.uri)
    # Most servers report in their own name; where a person is named, only moderators learn it.
    person = sender.id if sender.kind == Kind.PERSON else None
    async with in_transaction():
        place = await reading_group(notes, person, target.id) if group else None
        where = place.id if place else None
        by = {"reporter_id": person, "reporter_host": host, "group_id": where}
        known = await open_report(target, **by)
        if known is None:
            await _count(host)
        report = known or new_report(target, activity.id, group_id=where)
        report.reporter_id, report.reporter_host, report.sender_id = person, host, sender.id
        ours = {target.uri, target.url, *(note.uri for note in notes)}
        others = [uri for uri in activity.object_ids if uri not in ours and len(uri) <= LONGEST_URI]
        before = (report.notes, report.comment)
        report.uris = list(dict.fromkeys([*report.uris, *others]))[:MOST_NOTES]
        add(report, [note.id for note in notes], (), _words(activity))
        await keep(report, is_new=known is None)
        if place is not None and (report.notes, report.comment) != before:
            # What says nothing new would cost a letter to each of them (MOD-05).
            await pass_to_moderators(place, activity.document, target)
    return report


async def concerns(number: int, host: str) -> bool:
    """Tell whether a report from here was sent on to a host: that of whom it is about, or that of
    the group where it happened."""
    report = await Report.get_or_none(id=number, is_forwarded=True, reporter_host="")
    if report is None or report.reporter_id is None:
        return False
    groups = Note.filter(id__in=report.notes, group_id__not_isnull=True).values_list(
        "group_id", flat=True
    )
    concerned = [report.target_id, *(await groups)]
    return await Actor.exists(id__in=concerned, local_name=None, host=host)


async def _group_of(activity: Activity) -> Actor | None:
    """Return the group of ours that a report is addressed to, as Lemmy and its kin do."""
    named = [*iris(activity.document.get("to")), *iris(activity.document.get("audience"))]
    found = Actor.filter(uri__in=named, kind=Kind.GROUP, local_name__not_isnull=True)
    return await found.first() if named else None


async def _reported(
    named: list[str], sender: Actor, group: Actor | None
) -> tuple[Actor, list[Note]]:
    """Return whom it is about, and those of the named notes that are theirs.

    What never went to the sender's server is nothing it can report (product.md 5.3).
    """
    found = await Actor.filter(Q(uri__in=named) | Q(url__in=named), local_name__not_isnull=True)
    people = [actor for actor in found if actor.kind != Kind.APPLICATION]
    notes = await Note.filter(uri__in=named, deleted_at=None, boost_of_id=None)
    notes = [each for each in notes if each.is_local or (group and each.group_id == group.id)]
    if not people and not notes:
        raise NotFound("a report about nothing of ours")
    place = {uri: number for number, uri in enumerate(named)}
    people.sort(key=lambda actor: place.get(actor.uri, len(named)))
    target = people[0] if people else await Actor.get(id=notes[0].author_id)
    own = [note for note in notes if note.author_id == target.id]
    return target, [note for note in own if await _reached(sender.host, note)]


async def _reached(host: str, note: Note) -> bool:
    if note.audience == Audience.MEMBERS and note.group_id is not None:
        return await has_member_at(host, await Actor.get(id=note.group_id))
    return await _went_to(host, note)


async def _went_to(host: str, note: Note) -> bool:
    if note.audience in (Audience.SERVER, Audience.SELF):
        return False
    if note.audience in OPEN or await Mention.exists(note_id=note.id, actor__host=host):
        return True
    return note.audience == Audience.FOLLOWERS and await Follow.exists(
        followed_id=note.author_id, follower__host=host, is_accepted=True
    )


async def _count(host: str) -> None:
    try:
        await limits.count(f"flag:{host}", most=FLAGS_AN_HOUR, seconds=3600)
    except limits.TooMany as error:
        raise Refused(f"{host} has reported {FLAGS_AN_HOUR} people within an hour") from error


def _words(activity: Activity) -> str:
    written = markup(activity.document, "content") or markup(activity.document, "summary")
    return to_text(written)[:MOST_COMMENT]
