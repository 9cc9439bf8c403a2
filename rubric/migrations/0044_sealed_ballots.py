"""Ballots are sealed; what drafts and proposals would have done is attached to them by a job."""

import msgspec

from core.secret import ensure_secret, sealed, unsealed
from core.settings import SettingsError
from moderation.states import Choice
from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

PURPOSE, LENGTH = "sealed ballot", 4_096


async def close_up(apps: object, editor: BaseSchemaEditor) -> None:
    client = editor.client
    is_postgres = client.capabilities.dialect == "postgres"
    change = "UPDATE ballot SET sealed = $1 WHERE voter = $2" if is_postgres else (
        "UPDATE ballot SET sealed = ? WHERE voter = ?"
    )
    _, rows = await client.execute_query("SELECT voter, choice, reason FROM ballot")
    for row in rows:
        ensure_secret()
        said = msgspec.json.encode({"choice": row["choice"], "reason": row["reason"]})
        closed = sealed(PURPOSE, said.ljust(LENGTH), to=row["voter"])
        await client.execute_query(change, [closed, row["voter"]])


async def open_up(apps: object, editor: BaseSchemaEditor) -> None:
    client = editor.client
    is_postgres = client.capabilities.dialect == "postgres"
    change = "UPDATE ballot SET choice = $1, reason = $2 WHERE voter = $3" if is_postgres else (
        "UPDATE ballot SET choice = ?, reason = ? WHERE voter = ?"
    )
    ensure_secret()
    _, rows = await client.execute_query("SELECT voter, sealed FROM ballot")
    for row in rows:
        try:
            plain = unsealed(PURPOSE, bytes(row["sealed"]), to=row["voter"])
        except SettingsError:  # what nobody can open is no ballot
            gone = "DELETE FROM ballot WHERE voter = " + ("$1" if is_postgres else "?")
            await client.execute_query(gone, [row["voter"]])
            continue
        said = msgspec.json.decode(plain)
        await client.execute_query(change, [said["choice"], said["reason"], row["voter"]])


class Migration(migrations.Migration):
    dependencies = [('rubric', '0043_jobs_by_name')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Ballot',
            name='sealed',
            field=fields.BinaryField(null=True),
        ),
        ops.AlterField(
            model_name='Ballot',
            name='choice',
            field=fields.CharEnumField(description='', max_length=10, enum_type=Choice, null=True),
        ),
        ops.AlterField(
            model_name='Ballot',
            name='reason',
            field=fields.TextField(default='', unique=False, null=True),
        ),
        ops.RunPython(close_up, open_up),
        ops.AlterField(
            model_name='Ballot',
            name='sealed',
            field=fields.BinaryField(),
        ),
        ops.RemoveField(model_name='Ballot', name='choice'),
        ops.RemoveField(model_name='Ballot', name='reason'),
        ops.AddField(
            model_name='PolicyDraft',
            name='samples',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='PolicyDraft',
            name='simulated_days',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='PolicyDraft',
            name='simulation',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Proposal',
            name='samples',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
