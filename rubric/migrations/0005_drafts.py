from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from notes.note import Audience
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("rubric", "0004_server_blocks")]

    initial = False

    operations = [
        ops.CreateModel(
            name='SavedDraft',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('author', fields.ForeignKeyField('rubric.Actor', source_field='author_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('title', fields.TextField(default='', unique=False)),
                ('text', fields.TextField(default='', unique=False)),
                ('tags', fields.TextField(default='', unique=False)),
                ('summary', fields.TextField(default='', unique=False)),
                ('is_sensitive', fields.BooleanField(default=False)),
                ('language', fields.CharField(default='', max_length=20)),
                ('audience', fields.CharEnumField(default=Audience.PUBLIC, description='', enum_type=Audience, max_length=10)),
                ('in_reply_to', fields.ForeignKeyField('rubric.Note', source_field='in_reply_to_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('poll', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('publish_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('zone', fields.CharField(default='', max_length=64)),
                ('problem', fields.TextField(default='', unique=False)),
                ('held_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('tries', fields.SmallIntField(default=0)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ('changed_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'draft', 'app': 'rubric', 'indexes': [Index(fields=['author_id', 'id']), Index(fields=['publish_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DraftMedia',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('draft', fields.ForeignKeyField('rubric.SavedDraft', source_field='draft_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('attachment', fields.OneToOneField('rubric.Attachment', source_field='attachment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('position', fields.SmallIntField(default=0)),
            ],
            options={'table': 'draft_media', 'app': 'rubric', 'indexes': [Index(fields=['draft_id', 'position'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        # SQLite forgets the indexes of a table that it rebuilds to take a column away.
        ops.RunSQL(
            ops.RunSQL.noop,
            [
                'CREATE INDEX IF NOT EXISTS "idx_attachment_note_id_d40ab4"'
                ' ON "attachment" ("note_id", "position")',
                'CREATE INDEX IF NOT EXISTS "idx_attachment_owner_i_7452d3" ON "attachment" ("owner_id")',
            ],
        ),
        ops.AddField(
            model_name='Attachment',
            name='is_decorative',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
