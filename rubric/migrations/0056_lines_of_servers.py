"""What went wrong last with a server, and indexes to what an operator looks for."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index, PartialIndex

class Migration(migrations.Migration):
    dependencies = [('rubric', '0055_jobs_by_lane')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Delivery',
            index=PartialIndex(fields=['host', 'id'], name='idx_delivery_stopped', condition={'state': 'stopped'}),
        ),
        ops.AddIndex(
            model_name='Delivery',
            index=PartialIndex(fields=['host', 'id'], name='idx_delivery_parked', condition={'state': 'parked'}),
        ),
        ops.AddField(
            model_name='Domain',
            name='code',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Domain',
            name='erred_at',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Domain',
            name='error',
            field=fields.CharField(default='', db_default='', max_length=500),
        ),
        ops.AddIndex(
            model_name='Domain',
            index=Index(fields=['failing_since', 'host']),
        ),
    ]
