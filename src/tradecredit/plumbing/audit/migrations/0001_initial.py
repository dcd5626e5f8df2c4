import django.db.models.deletion
import tradecredit.plumbing.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('stream', models.CharField(max_length=80)),
                ('sequence', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=64)),
                ('actor_id', models.UUIDField()),
                ('actor_name', models.CharField(max_length=100)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('payload', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('format', models.PositiveSmallIntegerField(default=1)),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(fields=['stream', 'recorded_at'], name='log_entry_by_time')],
                'constraints': [models.UniqueConstraint(fields=('stream', 'sequence'), name='log_entry_gapless_in_stream')],
            },
        ),
    ]
