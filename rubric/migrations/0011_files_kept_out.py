from tortoise import migrations
from tortoise.migrations import operations as ops
from core.clock import now
from core.ids import new_id
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0010_ties')]

    initial = False

    operations = [
        ops.CreateModel(
            name='BlockedFile',
            fields=[
                ('id', fields.BigIntField(primary_key=True, default=new_id, unique=True, db_index=True, generated=False)),
                ('digest', fields.CharField(unique=True, max_length=64)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('at', fields.DatetimeField(default=now, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'blocked_file', 'app': 'rubric', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['seen_at']),
        ),
    ]
