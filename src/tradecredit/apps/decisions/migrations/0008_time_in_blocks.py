import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0007_policy_trials'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='decision',
            name='decision_by_time',
        ),
        migrations.AddIndex(
            model_name='decision',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['decided_at'], name='decision_in_blocks_of_time'),
        ),
    ]
