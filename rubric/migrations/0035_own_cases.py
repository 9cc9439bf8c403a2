from tortoise import migrations
from tortoise.migrations import operations as ops
from moderation.reports import Kind
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('rubric', '0034_indexes')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Case',
            name='notes',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Report',
            name='category',
            field=fields.CharEnumField(null=True, description='', enum_type=Kind, max_length=20),
        ),
    ]
