from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0037_announcements')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PolicyDraft',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('owner', fields.OneToOneField('rubric.Actor', source_field='owner_id', db_constraint=True, to_field='id', related_name='policy_draft', on_delete=OnDelete.CASCADE)),
                ('document', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('based_on', fields.IntField()),
                ('changed_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'policy_draft', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
