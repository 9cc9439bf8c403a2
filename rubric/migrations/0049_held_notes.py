"""Indexes by which notes that are held, and the reports in a group, are found among all others."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from core.indexes import FilledIndex
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0048_letterboxes')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Note',
            index=FilledIndex(fields=['id'], name='idx_note_held', filled='held_at'),
        ),
        ops.AddIndex(
            model_name='Report',
            index=Index(fields=['group_id', 'id']),
        ),
    ]
