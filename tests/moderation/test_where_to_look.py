"""What moderators and workers ask often is found by an index, however many rows there are."""

import pytest

from core import sql
from core.jobs import Job
from moderation.reports import Report
from web.pages.mod_held import policy_holds


async def plan_of(statement: str) -> str:
    """Return how SQLite would go about it."""
    values = [0] * statement.count("?")
    rows = await sql.rows(f"EXPLAIN QUERY PLAN {statement}", values)
    return " ".join(str(row["detail"]) for row in rows)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (lambda: policy_holds().limit(9), "idx_note_held"),
        (lambda: Report.filter(group_id=7).order_by("-id").limit(9), "idx_report_group"),
        (lambda: Job.filter(parked=False, name="x", leased=False), "idx_job_parked"),
    ],
)
async def test_DOS_no_table_is_gone_through_whole(here, query, index):
    if sql.is_postgres():
        pytest.skip("a small table is read whole there, whatever indexes it has")

    plan = await plan_of(query().order_by("id").sql(params_inline=False))

    assert index in plan, plan
