"""How long things are kept (`[policy.retention]`): reports lose their words, and notes from
elsewhere that nobody here had to do with are forgotten; both by the clock."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from core import sql
from core.clock import now
from core.ids import first_id_of
from moderation.appeals import Appeal
from moderation.cases import Case, CaseWord
from moderation.policy import current
from moderation.reports import Report
from moderation.states import LIVE, PENDING
from notes.note import Note
from notes.removal import remove

AT_ONCE = 200
# Older notes of others that nobody here answered, liked, boosted, kept, quoted, voted on or was
# named in, that stand in no thread of ours, and about which nothing was decided.
_UNTOUCHED = (
    "SELECT n.id FROM note n WHERE n.id < ? AND n.is_local = ? AND n.deleted_at IS NULL"
    " AND n.boost_of_id IS NULL AND n.group_id IS NULL AND n.held_at IS NULL"
    " AND (n.fetched_at IS NULL OR n.fetched_at < ?)"
    " AND NOT EXISTS (SELECT 1 FROM note t WHERE t.thread_id = n.thread_id AND t.thread_id <> 0"
    " AND t.is_local = ?)"
    " AND NOT EXISTS (SELECT 1 FROM note t WHERE t.in_reply_to_id = n.id AND t.is_local = ?)"
    " AND NOT EXISTS (SELECT 1 FROM note b WHERE b.boost_of_id = n.id AND b.is_local = ?)"
    " AND NOT EXISTS (SELECT 1 FROM bookmark k WHERE k.note_id = n.id)"
    " AND NOT EXISTS (SELECT 1 FROM board_note k WHERE k.note_id = n.id)"
    " AND NOT EXISTS (SELECT 1 FROM note_quote q WHERE q.quoted_id = n.id)"
    " AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.note_id = n.id)"
    " AND NOT EXISTS (SELECT 1 FROM provisional_hide h WHERE h.note_id = n.id)"
    ' AND NOT EXISTS (SELECT 1 FROM "like" l JOIN actor a ON a.id = l.actor_id'
    " AND a.local_name IS NOT NULL WHERE l.note_id = n.id)"
    " AND NOT EXISTS (SELECT 1 FROM mention m JOIN actor a ON a.id = m.actor_id"
    " AND a.local_name IS NOT NULL WHERE m.note_id = n.id)"
    " AND NOT EXISTS (SELECT 1 FROM poll p JOIN vote v ON v.poll_id = p.id JOIN actor a"
    " ON a.id = v.actor_id AND a.local_name IS NOT NULL WHERE p.note_id = n.id)"
    " ORDER BY n.id LIMIT ?"
)


async def forget_reports() -> None:
    """Take the words and the reporters out of reports whose case was settled longer ago than
    `retention.reports_days`, and the words between moderators; what came of it stays, for the
    figures. A case that is open again, or waits for an appeal, keeps all."""
    days = current().sections.retention.reports_days
    if not days:
        return
    for case_id in await _settled_before(now() - timedelta(days=days)):
        async with in_transaction():
            await Report.filter(case_id=case_id).update(
                reporter_id=None, sender_id=None, comment="", answer="", uris=[]
            )
            await CaseWord.filter(case_id=case_id).delete()


async def _settled_before(moment: datetime) -> list[int]:
    """Return cases that still hold what is to be forgotten."""
    old = Case.filter(decided_at__lt=moment).exclude(state__in=list(LIVE)).order_by("id")
    appeals = Appeal.filter(state__in=list(PENDING)).values_list("decision__case_id", flat=True)
    waiting = {int(str(each)) for each in await appeals}
    holding = await sql.rows(
        "SELECT DISTINCT case_id AS id FROM report WHERE comment <> '' OR answer <> ''"
        " OR reporter_id IS NOT NULL UNION SELECT case_id FROM case_word"
    )
    wanted = {row["id"] for row in holding} - waiting
    return [row["id"] for row in await old.values("id") if row["id"] in wanted][:AT_ONCE]


async def forget_remote_notes() -> None:
    """Forget notes from elsewhere that are older than `retention.remote_days`, unless somebody
    here had to do with them; who asks for one again gets it again."""
    days = current().sections.retention.remote_days
    if not days:
        return
    since = now() - timedelta(days=days)
    values = [first_id_of(since), False, since, True, True, True, AT_ONCE]
    ids = [row["id"] for row in await sql.rows(_UNTOUCHED, values)]
    reported = await _reported()
    for note in await Note.filter(id__in=[each for each in ids if each not in reported]):
        async with in_transaction():
            await remove(note)
            await Note.filter(id=note.id).delete()


async def _reported() -> set[int]:
    """Return the notes of cases that are not settled."""
    live = [row["id"] for row in await Case.filter(state__in=list(LIVE)).values("id")]
    found = {number for each in await Report.filter(case_id__in=live) for number in each.notes}
    cases = await Case.filter(id__in=live, notes__isnull=False)
    return found | {number for each in cases for number in each.notes}
