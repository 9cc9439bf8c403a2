"""Proposals said to be in force before their version is wait for its day again."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# What a proposal became, and what was written anew of it when others came before.
_ITS_OWN = (
    "(v.adopted_by = 'proposal ' || proposal.id OR v.adopted_by LIKE 'proposal ' || proposal.id || ':%')"
)
# A version still to come is in force nowhere, so whatever says so is wrong, and nothing else is told
# apart from here. What was overtaken meanwhile and left out is left alone: nobody knows why it was.
_TOO_SOON = (
    " WHERE state = 'in_force' AND NOT is_emergency AND EXISTS (SELECT 1 FROM policy_version v"
    " WHERE v.number = proposal.version AND v.adopted_at < v.effective_at"
    " AND v.effective_at > CURRENT_TIMESTAMP"
)
RENUMBER = (
    f"UPDATE proposal SET version = (SELECT MAX(v.number) FROM policy_version v WHERE {_ITS_OWN})"
    f"{_TOO_SOON}) AND EXISTS (SELECT 1 FROM policy_version v WHERE {_ITS_OWN})"
)
WAIT = (
    "UPDATE proposal SET state = 'adopted', in_force_at = NULL, due_at = (SELECT v.effective_at"
    f" FROM policy_version v WHERE v.number = proposal.version){_TOO_SOON}"
    " AND NOT EXISTS (SELECT 1 FROM policy_version w WHERE w.number > v.number"
    " AND w.effective_at < v.effective_at))"
)


class Migration(migrations.Migration):
    dependencies = [("rubric", "0053_panels")]

    initial = False

    operations = [
        ops.RunSQL(RENUMBER, ops.RunSQL.noop),
        ops.RunSQL(WAIT, ops.RunSQL.noop),
    ]
