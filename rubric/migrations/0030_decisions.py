from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0029_drafts_in_groups')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Decision',
            name='appealable_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Decision',
            name='final_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='RecordEntry',
            name='appeal',
            field=fields.CharField(default='', db_default='', max_length=20),
        ),
    ]
