"""Who is affected by what is reported."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from moderation.reports import Affected
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0050_circles')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Report',
            name='affected',
            field=fields.CharEnumField(null=True, description='', enum_type=Affected, max_length=10),
        ),
    ]
