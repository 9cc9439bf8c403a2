from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0008_once')]

    initial = False

    operations = [
        # SQLite loses indexes where it rebuilds a table: they go first, and come again last.
        ops.RemoveIndex(
            model_name='Attachment',
            name=None, fields=['note_id', 'position'],
        ),
        ops.RemoveIndex(
            model_name='Attachment',
            name=None, fields=['owner_id'],
        ),
        ops.AddField(
            model_name='Attachment',
            name='channels',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Attachment',
            name='frame_rate',
            field=fields.CharField(default='', db_default='', max_length=15),
        ),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['note_id', 'position']),
        ),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['owner_id']),
        ),
    ]
