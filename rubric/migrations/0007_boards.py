from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from notes.boards import Sharing
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0006_what_notes_show')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Board',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('owner', fields.ForeignKeyField('rubric.Actor', source_field='owner_id', db_constraint=True, to_field='id', related_name='boards', on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=80)),
                ('about', fields.CharField(default='', max_length=500)),
                ('sharing', fields.CharEnumField(default=Sharing.PRIVATE, description='', enum_type=Sharing, max_length=10)),
                ('secret', fields.CharField(default='', max_length=43)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'board', 'app': 'rubric', 'unique_together': [('owner', 'name')], 'indexes': [Index(fields=['owner_id', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='BoardNote',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('board', fields.ForeignKeyField('rubric.Board', source_field='board_id', db_constraint=True, to_field='id', related_name='kept', on_delete=OnDelete.CASCADE)),
                ('note', fields.ForeignKeyField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name='on_boards', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'board_note', 'app': 'rubric', 'unique_together': [('board', 'note')], 'indexes': [Index(fields=['board_id', 'id']), Index(fields=['note_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
