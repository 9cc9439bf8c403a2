from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0024_thought_over')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Invitation',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('group', fields.ForeignKeyField('rubric.Actor', source_field='group_id', db_constraint=True, to_field='id', related_name='invitations_out', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('rubric.Actor', source_field='person_id', db_constraint=True, to_field='id', related_name='invitations_in', on_delete=OnDelete.CASCADE)),
                ('uri', fields.CharField(max_length=1000)),
            ],
            options={'table': 'group_invitation', 'app': 'rubric', 'unique_together': [('group', 'person')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LockedComment',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('note', fields.OneToOneField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name='comment_lock', on_delete=OnDelete.CASCADE)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'locked_comment', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RemoteGroup',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('actor', fields.OneToOneField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='as_remote_group', on_delete=OnDelete.CASCADE)),
                ('is_joined', fields.BooleanField(default=False)),
                ('owners', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('moderators', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('moderators_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('filled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'remote_group', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
