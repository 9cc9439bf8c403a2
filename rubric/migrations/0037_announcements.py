from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0036_second_factor')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Announcement',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('words', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('starts_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'announcement', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AnnouncementReaction',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('announcement', fields.ForeignKeyField('rubric.Announcement', source_field='announcement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=64)),
            ],
            options={'table': 'announcement_reaction', 'app': 'rubric', 'unique_together': [('announcement', 'actor', 'name')], 'indexes': [Index(fields=['actor_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AnnouncementRead',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('announcement', fields.ForeignKeyField('rubric.Announcement', source_field='announcement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'announcement_read', 'app': 'rubric', 'unique_together': [('announcement', 'actor')], 'indexes': [Index(fields=['actor_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Actor',
            name='header_alt',
            field=fields.CharField(default='', db_default='', max_length=1500),
        ),
    ]
