import django.db.models.deletion
import tradecredit.plumbing.ids
import tradecredit.plumbing.outbox.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('sequence', models.BigIntegerField(db_default=tradecredit.plumbing.outbox.models.NextEvent(), editable=False, unique=True)),
                ('name', models.CharField(max_length=64)),
                ('subject', models.CharField(blank=True, max_length=64)),
                ('payload', models.JSONField(default=dict)),
                ('emitted_at', models.DateTimeField()),
                ('processed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('failure', models.TextField(blank=True)),
                ('company', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('processed_at__isnull', True)), fields=['sequence'], name='event_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(max_length=16)),
                ('recipient', models.CharField(max_length=254)),
                ('language', models.CharField(default='zh-hans', max_length=16)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField()),
                ('cause_kind', models.CharField(max_length=32)),
                ('cause_id', models.UUIDField(null=True)),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('status', models.CharField(choices=[('pending', 'pending'), ('sent', 'sent'), ('dropped', 'dropped'), ('failed', 'failed')], default='pending', max_length=8)),
                ('created_at', models.DateTimeField()),
                ('send_after', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('failure', models.TextField(blank=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['created_at'], name='message_pending')],
            },
        ),
    ]
