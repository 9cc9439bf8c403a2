"""Polls that hide how they stand until they are closed."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0045_asked_in_words')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Poll',
            name='hides_totals',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
