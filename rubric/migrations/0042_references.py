"""Indexes by which references of proposals, ideas and candidacies are found."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('rubric', '0041_figures')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Candidacy',
            index=Index(fields=['person_id']),
        ),
        ops.AddIndex(
            model_name='Elector',
            index=Index(fields=['actor_id']),
        ),
        ops.AddIndex(
            model_name='Idea',
            index=Index(fields=['author_id']),
        ),
        ops.AddIndex(
            model_name='Idea',
            index=Index(fields=['thread_id']),
        ),
        ops.AddIndex(
            model_name='Idea',
            index=Index(fields=['answered_by_id']),
        ),
        ops.AddIndex(
            model_name='IdeaSupport',
            index=Index(fields=['actor_id']),
        ),
        ops.AddIndex(
            model_name='Proposal',
            index=Index(fields=['thread_id']),
        ),
        ops.AddIndex(
            model_name='Proposal',
            index=Index(fields=['answered_by_id']),
        ),
        ops.AddIndex(
            model_name='Sponsor',
            index=Index(fields=['actor_id']),
        ),
    ]
