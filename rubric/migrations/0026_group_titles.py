from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0025_remote_groups')]

    initial = False

    operations = [
        ops.AddField(
            model_name='GroupPost',
            name='title',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
    ]
