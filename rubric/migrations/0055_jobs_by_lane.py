"""An index that leads to what is due in a lane, however much else is due."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0054_in_force_too_soon')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Job',
            index=Index(fields=['parked', 'lane', 'due', 'id']),
        ),
    ]
