"""Letters for a server that the policy rejected, once it is free again.

What was to go out before, goes if it is no older than any letter that waits may be. What was to be
told meanwhile was never written; what takes something back was, and goes however late
(docs/decisions/0004-rejected-servers-keep-their-follows.md).
"""

from collections.abc import Sequence

from actors.circuit import GIVEN_UP_AFTER
from core import sql
from core.clock import milliseconds
from core.ids import new_id
from outbox.letters import FIRM, REJECTED, TAKING_BACK, call_up

AT_ONCE = 500

# What was deleted meanwhile is not told of, nor what was changed meanwhile as it was before; nor is
# anything to a server that its author blocks.
_KEPT = (
    "SELECT d.id, d.sent_id FROM delivery d JOIN sent s ON s.id = d.sent_id"  # noqa: S608  marks
    " WHERE d.host IN ({hosts}) AND d.state = 'stopped' AND d.error = ? AND d.id > ?"
    f" AND (s.kind IN ({sql.marks(TAKING_BACK)}) OR (d.id > ?"
    " AND NOT EXISTS (SELECT 1 FROM sent e"
    " WHERE e.key = s.key AND s.key <> '' AND e.id > s.id AND (e.kind = 'Delete'"
    " OR (e.kind = 'Update' AND NOT EXISTS (SELECT 1 FROM delivery x"
    " WHERE x.sent_id = e.id AND x.inbox = d.inbox))))"
    " AND NOT EXISTS (SELECT 1 FROM server_block b WHERE b.blocker_id = s.actor_id"
    " AND (d.host = b.host OR d.host LIKE '%.' || b.host))))"
    " ORDER BY d.id LIMIT ?"
)
# Its age is counted from here, so that it has the time of any other letter.
_AGAIN = (
    "UPDATE delivery SET id = ?, state = 'waiting', due = ?, code = 0, error = ''"
    " WHERE id = ? AND state = 'stopped'"
)


async def send_on(hosts: Sequence[str]) -> int:
    """Let what was kept for these servers go out; return how many letters. Call in a transaction.

    They must no longer be marked as rejected.
    """
    count, after, at = 0, 0, milliseconds()
    recent = at - GIVEN_UP_AFTER << 16
    statement = _KEPT.format(hosts=sql.marks(hosts))
    kinds = sorted(TAKING_BACK)
    while found := await sql.rows(statement, [*hosts, REJECTED, after, *kinds, recent, AT_ONCE]):
        after = found[-1]["id"]
        await sql.run_many(_AGAIN, [(new_id(), at, row["id"]) for row in found])
        count += len(found)
    if count:
        await call_up(hosts, lane=FIRM, at=at)
    return count
