"""The index by which one kind of waiting work is found among much of another."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0042_references')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Job',
            index=Index(fields=['parked', 'name', 'lane', 'id']),
        ),
    ]
