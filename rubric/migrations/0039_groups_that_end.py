"""Groups that nobody runs, who would run them, and who was reminded of."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0038_policy_drafts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Candidacy',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('group', fields.ForeignKeyField('rubric.Actor', source_field='group_id', db_constraint=True, to_field='id', related_name='candidacies_in', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('rubric.Actor', source_field='person_id', db_constraint=True, to_field='id', related_name='candidacies', on_delete=OnDelete.CASCADE)),
                ('words', fields.CharField(default='', max_length=1000)),
                ('created_at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_candidacy', 'app': 'rubric', 'unique_together': [('group', 'person')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Group',
            name='asleep_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Membership',
            name='reminded_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
