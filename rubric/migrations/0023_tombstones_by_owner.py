from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('rubric', '0022_cases')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='Tombstone',
            name='uri',
            field=fields.CharField(max_length=1000),
        ),
        ops.AddConstraint(
            model_name='Tombstone',
            constraint=UniqueConstraint(fields=('uri', 'owner_uri'), name=None),
        ),
    ]
