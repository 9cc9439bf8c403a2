"""Pictures that belong to an appeal."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0051_who_is_affected')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Attachment',
            name='appeal_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['appeal_id']),
        ),
    ]
