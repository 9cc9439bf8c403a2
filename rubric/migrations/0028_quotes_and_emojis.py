from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from notes.quotes import State
from notes.quoting import Quoting
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0027_blind')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Emoji',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('shortcode', fields.CharField(max_length=64)),
                ('host', fields.CharField(max_length=255)),
                ('url', fields.CharField(max_length=2000)),
                ('changed_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'emoji', 'app': 'rubric', 'unique_together': [('shortcode', 'host')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Quote',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('note', fields.OneToOneField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('quoted', fields.ForeignKeyField('rubric.Note', source_field='quoted_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('quoted_uri', fields.CharField(max_length=1000)),
                ('state', fields.CharEnumField(default=State.PENDING, description='', enum_type=State, max_length=10)),
                ('is_legacy', fields.BooleanField(default=False)),
                ('request_uri', fields.CharField(default='', max_length=1000)),
                ('stamp_uri', fields.CharField(default='', max_length=1000)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ('checked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'note_quote', 'app': 'rubric', 'indexes': [Index(fields=['quoted_id', 'note_id']), Index(fields=['quoted_uri']), Index(fields=['stamp_uri']), Index(fields=['request_uri']), Index(fields=['state', 'checked_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Actor',
            name='emojis',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Note',
            name='quotes_count',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='SavedDraft',
            name='quoted',
            field=fields.ForeignKeyField('rubric.Note', source_field='quoted_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='SavedDraft',
            name='quoting',
            field=fields.CharEnumField(default=Quoting.PUBLIC, description='', db_default='public', enum_type=Quoting, max_length=10),
        ),
        ops.AddIndex(
            model_name='SavedDraft',
            index=Index(fields=['quoted_id']),
        ),
    ]
