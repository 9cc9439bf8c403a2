"""Indexes by which references of cases, decisions and invitations are found."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("rubric", "0033_proposals")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="Appeal",
            index=Index(fields=["reviewer_id"]),
        ),
        ops.AddIndex(
            model_name="Case",
            index=Index(fields=["decided_by_id"]),
        ),
        ops.AddIndex(
            model_name="Case",
            index=Index(fields=["merged_into_id"]),
        ),
        ops.AddIndex(
            model_name="CaseWord",
            index=Index(fields=["case_id", "id"]),
        ),
        ops.AddIndex(
            model_name="CaseWord",
            index=Index(fields=["author_id"]),
        ),
        ops.AddIndex(
            model_name="Decision",
            index=Index(fields=["drafted_by_id"]),
        ),
        ops.AddIndex(
            model_name="Decision",
            index=Index(fields=["second_by_id"]),
        ),
        ops.AddIndex(
            model_name="Invitation",
            index=Index(fields=["person_id"]),
        ),
        ops.AddIndex(
            model_name="ProvisionalHide",
            index=Index(fields=["by_id"]),
        ),
        ops.AddIndex(
            model_name="ProvisionalHide",
            index=Index(fields=["case_id"]),
        ),
    ]
