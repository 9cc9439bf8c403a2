from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0003_apps')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ServerBlock',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('blocker', fields.ForeignKeyField('rubric.Actor', source_field='blocker_id', db_constraint=True, to_field='id', related_name='blocked_servers', on_delete=OnDelete.CASCADE)),
                ('host', fields.CharField(max_length=255)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'server_block', 'app': 'rubric', 'unique_together': [('blocker', 'host')], 'indexes': [Index(fields=['host'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
