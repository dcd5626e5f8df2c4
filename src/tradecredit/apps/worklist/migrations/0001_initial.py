import django.db.models.deletion
import tradecredit.plumbing.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('dossier', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncomingDocument',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('number', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('content_hash', models.CharField(max_length=64)),
                ('waits_for', models.CharField(blank=True, help_text='order:SO-1, delivery:DN-1, customer:C001', max_length=100)),
                ('field', models.CharField(blank=True, max_length=64)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('status', models.CharField(choices=[('waiting', 'waiting'), ('recorded', 'recorded since'), ('dismissed', 'dismissed by a person')], default='waiting', max_length=9)),
                ('attempts', models.PositiveIntegerField(default=1)),
                ('first_refused_at', models.DateTimeField()),
                ('latest_refused_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=100)),
                ('reason', models.TextField(blank=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['company', 'waits_for'], name='incoming_waiting')],
                'constraints': [models.UniqueConstraint(fields=('company', 'kind', 'content_hash'), name='incoming_content_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'waiting')), models.Q(models.Q(('status', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='incoming_ended_when_not_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=32)),
                ('role', models.CharField(blank=True, max_length=32)),
                ('assignee_id', models.UUIDField(null=True)),
                ('priority', models.PositiveSmallIntegerField(default=5, help_text='1 first, 9 last')),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('link', models.CharField(blank=True, max_length=200)),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.CharField(blank=True, max_length=100)),
                ('outcome', models.TextField(blank=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['company', 'role'], name='task_open')],
            },
        ),
    ]
