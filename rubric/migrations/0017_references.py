from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0016_told')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Arrival',
            index=Index(fields=['attachment_id']),
        ),
        ops.AddIndex(
            model_name='SavedDraft',
            index=Index(fields=['in_reply_to_id']),
        ),
    ]
