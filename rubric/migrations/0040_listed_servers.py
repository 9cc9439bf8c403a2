from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from moderation.vocabulary import Severity
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0039_groups_that_end')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ListedServer',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('list_id', fields.CharField(max_length=60)),
                ('host', fields.CharField(max_length=255)),
                ('severity', fields.CharEnumField(description='', enum_type=Severity, max_length=10)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('since', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
                ('gone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ignored_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'listed_server', 'app': 'rubric', 'unique_together': [('list_id', 'host')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
