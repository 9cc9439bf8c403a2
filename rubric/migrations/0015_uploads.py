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
    dependencies = [('rubric', '0014_waiting_notes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Arrival',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('owner', fields.ForeignKeyField('rubric.Actor', source_field='owner_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('length', fields.BigIntField()),
                ('metadata', fields.CharField(default='', max_length=1000)),
                ('attachment', fields.ForeignKeyField('rubric.Attachment', source_field='attachment_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('touched_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'arrival', 'app': 'rubric', 'indexes': [Index(fields=['owner_id']), Index(fields=['touched_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Doorstep',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('visit', fields.CharField(max_length=64)),
                ('written', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('files', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('size', fields.BigIntField(default=0)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'doorstep', 'app': 'rubric', 'indexes': [Index(fields=['visit']), Index(fields=['created_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
