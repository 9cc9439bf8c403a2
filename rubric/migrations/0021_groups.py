from tortoise import migrations
from tortoise.migrations import operations as ops
from actors.groups import Join, Posting, RemoteMembers, See
from actors.memberships import Role, State
from core.clock import now
from core.ids import new_id
from notes.group_posts import Standing
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0020_trending')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Group',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('actor', fields.OneToOneField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='group', on_delete=OnDelete.CASCADE)),
                ('join', fields.CharEnumField(default=Join.OPEN, description='', enum_type=Join, max_length=10)),
                ('see', fields.CharEnumField(default=See.EVERYONE, description='', enum_type=See, max_length=10)),
                ('post', fields.CharEnumField(default=Posting.EVERYONE, description='', enum_type=Posting, max_length=10)),
                ('remote_members', fields.CharEnumField(default=RemoteMembers.AWARE, description='', enum_type=RemoteMembers, max_length=10)),
                ('rules', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('flair', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('language', fields.CharField(default='', max_length=20)),
                ('is_sensitive', fields.BooleanField(default=False)),
                ('closes_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_settings', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GroupPost',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('note', fields.OneToOneField('rubric.Note', source_field='note_id', db_constraint=True, to_field='id', related_name='group_post', on_delete=OnDelete.CASCADE)),
                ('group', fields.ForeignKeyField('rubric.Actor', source_field='group_id', db_constraint=True, to_field='id', related_name='threads', on_delete=OnDelete.CASCADE)),
                ('standing', fields.CharEnumField(default=Standing.ACCEPTED, description='', enum_type=Standing, max_length=10)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('by_id', fields.BigIntField(null=True)),
                ('letter', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('flair', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('active', fields.BigIntField(default=0)),
                ('locked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('pinned_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_post', 'app': 'rubric', 'indexes': [Index(fields=['group_id', 'standing', 'note_id']), Index(fields=['group_id', 'standing', 'active'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Membership',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('group', fields.ForeignKeyField('rubric.Actor', source_field='group_id', db_constraint=True, to_field='id', related_name='memberships_here', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('rubric.Actor', source_field='person_id', db_constraint=True, to_field='id', related_name='memberships', on_delete=OnDelete.CASCADE)),
                ('state', fields.CharEnumField(default=State.MEMBER, description='', enum_type=State, max_length=10)),
                ('role', fields.CharEnumField(default=Role.MEMBER, description='', enum_type=Role, max_length=10)),
                ('since', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ('until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('by_id', fields.BigIntField(null=True)),
            ],
            options={'table': 'membership', 'app': 'rubric', 'unique_together': [('group', 'person')], 'indexes': [Index(fields=['group_id', 'state', 'id']), Index(fields=['person_id', 'state'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Note',
            name='group_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name='Note',
            index=Index(fields=['group_id', 'id']),
        ),
    ]
