from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from moderation.vocabulary import Panel
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0052_pictures_of_appeals')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Panel',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('appeal', fields.OneToOneField('rubric.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='panel', on_delete=OnDelete.CASCADE)),
                ('size', fields.IntField()),
                ('effect', fields.CharEnumField(description='', enum_type=Panel, max_length=20)),
                ('seed', fields.CharField(max_length=64)),
                ('drawn_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ('closes_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('upheld', fields.IntField(default=0)),
                ('overturned', fields.IntField(default=0)),
                ('is_carried', fields.BooleanField(default=False)),
                ('reasons', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('sat', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'panel', 'app': 'rubric', 'indexes': [Index(fields=['closed_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SealedVerdict',
            fields=[
                ('voter', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64, generated=False)),
                ('panel', fields.ForeignKeyField('rubric.Panel', source_field='panel_id', db_constraint=True, to_field='id', related_name='verdicts', on_delete=OnDelete.CASCADE)),
                ('sealed', fields.BinaryField()),
            ],
            options={'table': 'sealed_verdict', 'app': 'rubric', 'indexes': [Index(fields=['panel_id'])], 'pk_attr': 'voter'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Seat',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('panel', fields.ForeignKeyField('rubric.Panel', source_field='panel_id', db_constraint=True, to_field='id', related_name='seats', on_delete=OnDelete.CASCADE)),
                ('actor', fields.ForeignKeyField('rubric.Actor', source_field='actor_id', db_constraint=True, to_field='id', related_name='panel_seats', on_delete=OnDelete.CASCADE)),
                ('asked_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ('is_held', fields.BooleanField(default=True)),
            ],
            options={'table': 'panel_seat', 'app': 'rubric', 'unique_together': [('panel', 'actor')], 'indexes': [Index(fields=['actor_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Account',
            name='panels_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Appeal',
            name='panel_drawn_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
