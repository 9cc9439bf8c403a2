from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0031_cards')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FilterHit',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('filter_id', fields.CharField(max_length=60)),
                ('then', fields.CharField(max_length=10)),
                ('was_trial', fields.BooleanField()),
                ('is_local', fields.BooleanField()),
                ('author', fields.CharField(default='', max_length=320)),
                ('about', fields.CharField(default='', max_length=1000)),
            ],
            options={'table': 'filter_hit', 'app': 'rubric', 'indexes': [Index(fields=['filter_id', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='TrendingNote',
            name='counted_at',
            field=fields.DatetimeField(null=True, default=now, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='TrendingNote',
            name='weight',
            field=fields.FloatField(default=0, db_default=0),
        ),
    ]
