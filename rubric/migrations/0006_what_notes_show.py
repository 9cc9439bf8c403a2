from tortoise import migrations
from tortoise.migrations import operations as ops
from notes.note import Shows
from tortoise import fields
from tortoise.indexes import PartialIndex

class Migration(migrations.Migration):
    dependencies = [('rubric', '0005_drafts')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Note',
            name='shows',
            field=fields.CharEnumField(default=Shows.TEXT, description='', db_default='text', enum_type=Shows, max_length=10),
        ),
        ops.RunSQL(
            "UPDATE note SET shows = CASE WHEN EXISTS (SELECT 1 FROM attachment a"
            " WHERE a.note_id = note.id AND a.media = 'video') THEN 'video'"
            " WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.note_id = note.id"
            " AND a.media IN ('image', 'gifv')) THEN 'photos' ELSE 'text' END",
            ops.RunSQL.noop,
        ),
        ops.AddIndex(
            model_name='Note',
            index=PartialIndex(fields=['audience', 'is_local', 'id'], name='idx_note_of_video', condition={'shows': 'video'}),
        ),
    ]
