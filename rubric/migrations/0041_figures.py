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
    dependencies = [('rubric', '0040_listed_servers')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ClosedPeriod',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('name', fields.CharField(unique=True, max_length=10)),
                ('begins_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('months', fields.IntField()),
                ('document', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('closed_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'closed_period', 'app': 'rubric', 'indexes': [Index(fields=['months', 'begins_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FigureCorrection',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('period', fields.ForeignKeyField('rubric.ClosedPeriod', source_field='period_id', db_constraint=True, to_field='id', related_name='corrections', on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('changes', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'figure_correction', 'app': 'rubric', 'unique_together': [('period', 'number')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
