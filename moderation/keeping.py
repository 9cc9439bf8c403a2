"""How long things are kept (`[policy.retention]`): reports lose their words, and notes from
elsewhere that nobody here had to do with are forgotten; both by the clock."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from core import sql
from core.clock import now
from core.ids import first_id_of
from core.settings import settings
from moderation.cases import Case, CaseWord
from moderation.exhibits import forget_pictures
from moderation.policy import current
from moderation.reports import Report
from moderation.states import LIVE, PENDING
from notes.note import Note
from notes.removal import remove

AT_ONCE = 200
# So many notes are looked at each time, from where the last look ended: what is kept for good shall
# not be gone through every few minutes.
LOOKED_AT = 5_000
_looked_to: dict[str, int] = {}
# Older notes of others that nobody here answered, liked, boosted, kept, quoted, voted on or was
# named in, that stand in no thread of ours, and about which nothing was decided.
_UNTOUCHED = (
    "SELECT n.id FROM note n WHERE n.id > ? AND n.id <= ? AND n.is_local = ?"
    " AND n.deleted_at IS NULL"
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
# Cases that were settled before a moment, wait for no appeal, and still hold what is forgotten.
_HOLDING = (
    "SELECT c.id FROM moderation_case c WHERE c.decided_at < ? AND c.state NOT IN ({live})"
    " AND NOT EXISTS (SELECT 1 FROM appeal a JOIN decision d ON d.id = a.decision_id"
    " WHERE d.case_id = c.id AND a.state IN ({pending}))"
    " AND (EXISTS (SELECT 1 FROM case_word w WHERE w.case_id = c.id) OR EXISTS"
    " (SELECT 1 FROM report r WHERE r.case_id = c.id AND (r.comment <> '' OR r.answer <> ''"
    " OR r.reporter_id IS NOT NULL OR r.sender_id IS NOT NULL)) OR EXISTS"
    " (SELECT 1 FROM attachment p JOIN appeal a ON a.id = p.appeal_id"
    " JOIN decision d ON d.id = a.decision_id WHERE d.case_id = c.id))"
    " ORDER BY c.id LIMIT ?"
)


async def forget_reports() -> None:
    """Take the words and the reporters out of reports whose case was settled longer ago than
    `retention.reports_days`, the words between moderators and the pictures of appeals; what came of
    it stays, for the figures. A case that is open again, or waits for an appeal, keeps all."""
    days = current().sections.retention.reports_days
    if not days:
        return
    for case_id in await _settled_before(now() - timedelta(days=days)):
        async with in_transaction():
            await Report.filter(case_id=case_id).update(
                reporter_id=None, sender_id=None, comment="", answer="", uris=[]
            )
            await CaseWord.filter(case_id=case_id).delete()
            await forget_pictures(case_id)


async def _settled_before(moment: datetime) -> list[int]:
    """Return cases that still hold what is to be forgotten."""
    live, pending = [each.value for each in LIVE], [each.value for each in PENDING]
    text = _HOLDING.format(live=sql.marks(live), pending=sql.marks(pending))
    return [row["id"] for row in await sql.rows(text, [moment, *live, *pending, AT_ONCE])]


async def forget_remote_notes() -> None:
    """Forget notes from elsewhere that are older than `retention.remote_days`, unless somebody
    here had to do with them; who asks for one again gets it again."""
    days = current().sections.retention.remote_days
    if not days:
        return
    since = now() - timedelta(days=days)
    reported = await _reported()
    ids = [
        each for each in await _untouched(since, AT_ONCE + len(reported)) if each not in reported
    ]
    for note in await Note.filter(id__in=ids):
        async with in_transaction():
            await remove(note)
            await Note.filter(id=note.id).delete()


async def _untouched(since: datetime, most: int) -> list[int]:
    """Look on from where the last look ended, and from the oldest again after the newest."""
    place = settings().server.base_url
    begin = _looked_to.get(place, 0)
    span = "SELECT id FROM note WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
    rows = await sql.rows(
        f"SELECT MAX(id) AS id, COUNT(*) AS count FROM ({span}) AS s",  # noqa: S608  ours
        [begin, first_id_of(since), LOOKED_AT],
    )
    end = rows[0]["id"] or begin
    values = [begin, end, False, since, True, True, True, most]
    ids = [row["id"] for row in await sql.rows(_UNTOUCHED, values)]
    is_last = rows[0]["count"] < LOOKED_AT
    _looked_to[place] = ids[-1] if len(ids) == most else 0 if is_last else end
    return ids


async def _reported() -> set[int]:
    """Return the notes of cases that are not settled."""
    live = [row["id"] for row in await Case.filter(state__in=list(LIVE)).values("id")]
    found = {number for each in await Report.filter(case_id__in=live) for number in each.notes}
    cases = await Case.filter(id__in=live, notes__isnull=False)
    return found | {number for each in cases for number in each.notes}
